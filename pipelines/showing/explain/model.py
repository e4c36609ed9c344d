"""The facts of an explanation, as published. Belongs here: their shape. Not here: reading them, putting them into words.

A class that stands for a mart's row has the mart's columns as fields (docs/marts tells their units and meaning): the
field is the column that is read. A field with a default is read from versions that publish the column, else it keeps
the default.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from pipelines.publishing.manifest import WaivedFault
from pipelines.showing.limits import Limits

COSTS: Final = ("cogs", "marketing_cost", "sales_cost", "service_logistics_cost")
"""The costs between net revenue and the last contribution, in their order."""
DEEPEST: Final = len(COSTS)
CASCADE: Final = (
    "gross_list_revenue",
    "revenue_deductions",
    "net_revenue",
    "cogs",
    "contribution_1",
    "marketing_cost",
    "contribution_2",
    "sales_cost",
    "contribution_3",
    "service_logistics_cost",
    "contribution_4",
)
"""From gross list revenue down: a result, what is taken off it, the next result."""


@dataclass(frozen=True, slots=True)
class Who:
    """Row of mart_portfolio: who it is."""

    ultimate_parent_id: str
    customer_name: str
    relationship_type: str
    customer_status: str | None
    region: str | None
    country_code: str | None
    industry_code: str | None
    owner_area: str | None
    is_key_account: bool | None
    reporting_currency: str
    method_version: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """Row of mart_portfolio: from gross list revenue to contribution IV, 12 months; money in the reporting currency."""

    gross_list_revenue: Decimal | None
    revenue_deductions: Decimal | None
    net_revenue: Decimal | None
    cogs: Decimal | None
    contribution_1: Decimal | None
    marketing_cost: Decimal | None
    contribution_2: Decimal | None
    sales_cost: Decimal | None
    contribution_3: Decimal | None
    service_logistics_cost: Decimal | None
    contribution_4: Decimal | None
    contribution_4_margin_ratio: Decimal | None
    contribution_4_low: Decimal | None
    logged_capacity_ratio: Decimal | None
    contribution_reliability: str | None
    effort_value_index: Decimal | None
    contribution_depth: int | None = None
    customer_contribution: Decimal | None = None
    customer_contribution_margin_ratio: Decimal | None = None
    imputed_cogs: Decimal | None = None

    @property
    def depth(self) -> int:
        """How deep contributions are known: 0 not even the first, 4 the last. Older versions took every cost as delivered."""
        return DEEPEST if self.contribution_depth is None else self.contribution_depth

    @property
    def margin_ratio(self) -> Decimal | None:
        """The known contribution over net revenue."""
        is_older = self.contribution_depth is None
        return self.contribution_4_margin_ratio if is_older else self.customer_contribution_margin_ratio

    @property
    def unknown_costs(self) -> tuple[str, ...]:
        """Costs nobody delivered and nobody said there are none of."""
        return tuple(name for name in COSTS if getattr(self, name) is None)


@dataclass(frozen=True, slots=True)
class Wallet:
    """Row of mart_portfolio: demand, our share of it, what could still be won a year."""

    annual_demand: Decimal | None
    sow_capped_ratio: Decimal | None
    achievable_share_ratio: Decimal | None
    achievable_gap: Decimal | None
    potential_revenue: Decimal | None
    potential_contribution: Decimal | None
    sow_change_ratio: Decimal | None = None
    is_share_falling: bool | None = None


@dataclass(frozen=True, slots=True)
class ProductGroup:
    """Row of mart_share_of_wallet: one product group, those with the largest gap first."""

    product_group: str
    annual_demand: Decimal | None
    net_revenue: Decimal | None
    sow_capped_ratio: Decimal | None
    achievable_gap: Decimal | None
    is_white_space: bool | None
    is_next_best_product_group: bool
    is_potential_contradicted: bool | None
    is_potential_stale: bool | None
    estimate_valid_from: date | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """Row of fct_criterion_score: one part of an axis. `level` and `raw_value` are None where nothing is known."""

    axis: str
    criterion_id: str
    method: str
    raw_value: Decimal | None
    level: Decimal | None
    weight_points: int
    points: Decimal
    points_low: Decimal
    points_high: Decimal
    is_imputed: bool
    is_rating_stale: bool
    measure: str | None = None
    criterion_name_en: str | None = None
    criterion_name_de: str | None = None


@dataclass(frozen=True, slots=True)
class Axis:
    """A score (0..100) and the criteria whose points add up to it.

    `points`, `points_low`, `points_high`, `weight_points` are the sums over the criteria; `score`, `score_low`,
    `score_high` and `coverage_points` are the published figures, None where a mart publishes none.
    """

    axis: str
    weight_points: int
    points: Decimal
    points_low: Decimal
    points_high: Decimal
    score: Decimal | None
    score_low: Decimal | None
    score_high: Decimal | None
    coverage_points: Decimal | None
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class ValuePart:
    """One weighted part of the customer value: `points` = `weight` x `score`, unrounded."""

    axis: str
    weight: Decimal
    score: Decimal | None
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class Value:
    """Row of mart_portfolio: the customer value and its contrasts; all None for leads."""

    contribution_score: Decimal | None
    customer_value_score: Decimal | None
    rank_customer_value: int | None
    abc_class: str | None
    customer_type: str | None
    value_weight_contribution: Decimal | None = None
    value_weight_potential: Decimal | None = None
    value_weight_attractiveness: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Dangers:
    """Row of mart_abc_vs_value: what the ABC class does not show."""

    danger_1_high_revenue_negative_contribution: bool | None
    danger_2_declining_or_weak_credit: bool | None
    danger_3_order_behaviour: bool | None
    danger_4_c_class_high_potential: bool | None
    rank_revenue: int | None
    rank_contribution_4: int | None


@dataclass(frozen=True, slots=True)
class Zone:
    """Row of mart_portfolio: where it stands, and what keeps it there."""

    raw_zone: str | None
    zone: str
    zone_status: str | None
    zone_status_reasons: str | None
    service_zone: str | None
    possible_zones: str | None
    is_hysteresis_hold: bool | None
    is_treatment_frozen: bool | None
    is_rating_due: bool | None
    zone_since: date | None
    previous_zone: str | None
    override_zone: str | None
    override_reason: str | None
    override_expires_on: date | None
    zone_threshold: Decimal | None = None
    hysteresis_band: Decimal | None = None
    is_since_before_history: bool | None = None


@dataclass(frozen=True, slots=True)
class Distance:
    """Points by which a score passes (positive) or misses (negative) the zone threshold."""

    axis: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Action:
    """Row of mart_portfolio: what to do and why."""

    recommended_action: str
    action_reason: str | None
    recommended_action_en: str | None
    recommended_action_de: str | None
    blocking_criterion_id: str | None
    lost_points: Decimal | None
    points_to_protection: Decimal | None
    action_unknown_inputs: str | None = None
    is_gap_shown: bool | None = None
    lever: str | None = None
    lever_amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Row of mart_sensitivity: does the zone hold when the method is shaken? Unrated ones have none."""

    threshold_stability: Decimal | None
    weight_stability: Decimal | None
    distance_to_threshold: Decimal | None


@dataclass(frozen=True, slots=True)
class Payment:
    """Row of mart_customer_finance: what payment morale rests on; insolvency and block, possibly in the future."""

    items_due: int | None
    is_payment_low_n: bool | None
    weighted_days_beyond_terms: Decimal | None
    insolvent_from: date | None
    blocked_from: date | None


@dataclass(frozen=True, slots=True)
class Loyalty:
    """Row of mart_loyalty_growth: growth, and the next order."""

    tenure_years: int | None
    last_order_date: date | None
    churn_risk: bool | None
    repeat_probability: Decimal | None
    revenue_cagr_3y: Decimal | None
    revenue_yoy: Decimal | None
    is_tenure_censored: bool | None = None
    repeat_n: int | None = None
    repeat_k: int | None = None
    repeat_base_n: int | None = None
    repeat_base_k: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Row of mart_service_levels: when somebody of ours was last in touch, of all time."""

    last_contact_date: date | None = None
    is_never_contacted: bool | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Row of mart_data_coverage: does a delivered table tell anything about this customer?"""

    source_name: str
    source_system: str
    is_mapped: bool | None
    is_delivered: bool | None
    has_data: bool
    row_count: int
    last_data_date: date | None
    coverage_note: str | None


@dataclass(frozen=True, slots=True)
class Check:
    """A published figure beside the sum of its published parts; `difference` = total - parts, 0 if all is well."""

    figure: str
    parts: Decimal | None
    total: Decimal | None
    difference: Decimal | None
    adds_up: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything published about one customer or lead as of one date; `version` is the version's name.

    `judged_from` is the first month its zones were judged for.
    `entities` are the customer ids booked under the parent (as of the version's latest date), `ranked_customers` how
    many share the ranking, `unscored` the criteria of axes that have no score. What the version does not hold (leads
    have no ranking, unrated ones no sensitivity) is None or empty.
    """

    version: str
    as_of_date: date
    is_open_month: bool
    """Whether its month was not over when the version was known."""
    who: Who
    entities: tuple[str, ...]
    contribution: Contribution
    wallet: Wallet
    product_groups: tuple[ProductGroup, ...]
    axes: tuple[Axis, ...]
    unscored: tuple[Criterion, ...]
    value: Value
    value_parts: tuple[ValuePart, ...]
    ranked_customers: int
    dangers: Dangers | None
    zone: Zone
    distances: tuple[Distance, ...]
    action: Action
    sensitivity: Sensitivity | None
    payment: Payment | None
    loyalty: Loyalty | None
    contact: Contact | None
    judged_from: date | None
    sources: tuple[Source, ...]
    checks: tuple[Check, ...]
    limits: Limits = field(default_factory=Limits)
    waived: tuple[WaivedFault, ...] = ()
    """What the version was published with in spite of a fault."""

    @property
    def adds_up(self) -> bool:
        """True if every published figure is exactly the sum of its published parts."""
        return all(check.adds_up for check in self.checks)

    @property
    def missing(self) -> tuple[Criterion, ...]:
        """Criteria nothing is known of: the midpoint stands in for them, or their axis has no score."""
        scored = (each for axis in self.axes for each in axis.criteria)
        return tuple(each for each in (*scored, *self.unscored) if each.is_imputed)

    @property
    def stale(self) -> tuple[Criterion, ...]:
        """Criteria whose rating in use is too old."""
        return tuple(each for axis in self.axes for each in axis.criteria if each.is_rating_stale)

    @property
    def silent_sources(self) -> tuple[Source, ...]:
        """Delivered tables that say nothing about this customer, or are not there at all."""
        return tuple(source for source in self.sources if not source.has_data)
