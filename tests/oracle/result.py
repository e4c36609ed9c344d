"""What the oracle returns: frozen rows whose fields are named like the columns of the marts.

Belongs here: shapes only. Money has 2 places, ratios 6, scores, levels, points and hours 4; all rounded half away from
zero. None is NULL. Does not belong here: any formula.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .campaigns import Effect
    from .claims import Claim


@dataclass(frozen=True)
class Contribution:
    """Multi-level contribution of 12 months (METHOD 1.3, 1.4)."""

    gross_list_revenue: Decimal
    revenue_deductions: Decimal
    net_revenue: Decimal
    cogs: Decimal | None
    imputed_cogs: Decimal | None
    contribution_1: Decimal | None
    marketing_cost: Decimal | None
    contribution_2: Decimal | None
    field_hours: Decimal
    inside_hours: Decimal
    sales_cost: Decimal | None
    contribution_3: Decimal | None
    service_logistics_cost: Decimal | None
    contribution_4: Decimal | None
    contribution_4_margin_ratio: Decimal | None
    contribution_depth: int
    customer_contribution: Decimal | None
    customer_contribution_margin_ratio: Decimal | None
    contribution_4_low: Decimal | None
    logged_capacity_ratio: Decimal | None
    contribution_reliability: str | None
    price_realisation_ratio: Decimal | None
    discount_rate_ratio: Decimal | None


@dataclass(frozen=True)
class ContributionMonth:
    """The contribution of one month."""

    gross_list_revenue: Decimal
    revenue_deductions: Decimal
    net_revenue: Decimal
    cogs: Decimal | None
    imputed_cogs: Decimal | None
    contribution_1: Decimal | None
    marketing_cost: Decimal | None
    contribution_2: Decimal | None
    sales_cost: Decimal | None
    contribution_3: Decimal | None
    service_logistics_cost: Decimal | None
    contribution_4: Decimal | None
    customer_contribution: Decimal | None


@dataclass(frozen=True)
class Reconciliation:
    """One account group in one period ('YYYY-MM' or 'YYYY'), result-signed: revenue positive, costs negative."""

    company_id: str
    period: str
    account_group: str
    customers: Decimal | None
    leads: Decimal | None
    intercompany: Decimal | None
    unassigned_unknown_customer: Decimal | None
    unassigned_missing_cost_centre: Decimal | None
    unassigned: Decimal | None
    quarantined: Decimal | None
    unused_capacity: Decimal | None
    imputed_cogs: Decimal | None
    advance: Decimal | None
    ledger: Decimal | None
    difference: Decimal | None
    status: str


@dataclass(frozen=True)
class ActivityQuality:
    """Activity ids found by each check of the sales input."""

    duplicate: tuple[str, ...]
    future_dated: tuple[str, ...]
    recorded_after_known_at: tuple[str, ...]
    duration_imputed: tuple[str, ...]
    unknown_customer: tuple[str, ...]
    backdated: tuple[str, ...]


@dataclass(frozen=True)
class Capacity:
    """One resource pool in the window."""

    practical_capacity_hours: Decimal
    logged_hours: Decimal | None
    unused_hours: Decimal | None
    logged_capacity_ratio: Decimal | None
    pool_cost: Decimal
    assigned_cost: Decimal | None
    unused_capacity_cost: Decimal | None
    is_over_recorded: bool | None


@dataclass(frozen=True)
class WalletGroup:
    """Share of wallet of one product group."""

    product_group: str | None
    annual_demand: Decimal | None
    net_revenue: Decimal
    sow_raw_ratio: Decimal | None
    sow_capped_ratio: Decimal | None
    achievable_share_ratio: Decimal | None
    achievable_gap: Decimal | None
    is_white_space: bool | None
    flags: tuple[str, ...] | None
    demand_basis: str | None = None
    is_duplicated: bool | None = None
    sow_capped_ratio_before: Decimal | None = None
    sow_change_ratio: Decimal | None = None


@dataclass(frozen=True)
class FunnelStage:
    """One stage of a product group's demand (METHOD 1.18)."""

    amount: Decimal | None
    passed_on_ratio: Decimal | None
    is_contradicted: bool


@dataclass(frozen=True)
class Wallet:
    """Share of wallet and potential of a parent (METHOD 1.6); `netted_gap` is the wrong number, for contrast."""

    annual_demand: Decimal | None
    sow_raw_ratio: Decimal | None
    sow_capped_ratio: Decimal | None
    achievable_gap: Decimal | None
    netted_gap: Decimal | None
    potential_revenue: Decimal | None
    potential_contribution: Decimal | None
    next_best_product_group: str | None
    is_contradicted: bool | None
    is_stale: bool | None
    flags: tuple[str, ...] | None
    groups: tuple[WalletGroup, ...]
    demand_basis: str | None
    sow_change_ratio: Decimal | None
    is_share_falling: bool | None
    funnel: dict[tuple[str | None, str], FunnelStage]


@dataclass(frozen=True)
class Growth:
    """Growth of net revenue."""

    revenue_cagr_3y: Decimal | None
    revenue_yoy: Decimal | None


@dataclass(frozen=True)
class Payment:
    """Payment behaviour over items due."""

    weighted_days_beyond_terms: Decimal | None
    payment_deviation_days: Decimal | None
    items: int
    is_low_n: bool


@dataclass(frozen=True)
class Loyalty:
    """Tenure and order rhythm."""

    customer_since: date | None
    tenure_years: int | None
    is_tenure_censored: bool | None
    order_basis: str
    days_since_last_order: int | None
    median_interval_days: Decimal | None
    recency_ratio: Decimal | None
    churn_risk: bool | None
    interval_cv_squared: Decimal | None
    order_regularity: Decimal | None
    repeat_probability: Decimal | None
    repeat_n: int | None
    repeat_k: int | None
    repeat_class: str | None
    repeat_base_rate: Decimal | None
    repeat_base_n: int | None
    repeat_base_k: int | None
    loyalty_level: int | None


@dataclass(frozen=True)
class Criterion:
    """One criterion of one axis; a missing one has no level and the points of the middle."""

    criterion_id: str
    weight_points: int
    raw_value: Decimal | None
    level: Decimal | None
    points: Decimal
    points_low: Decimal
    points_high: Decimal
    is_imputed: bool


@dataclass(frozen=True)
class Axis:
    """A score and the parts it adds up from."""

    score: Decimal
    low: Decimal
    high: Decimal
    coverage_weight: int
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Zone:
    """Zone, status and treatment (METHOD 1.7, 1.8)."""

    raw_zone: str | None
    plain_zone: str | None
    """What is published as raw zone: of observed customers also where too little is known."""

    zone: str
    zone_status: str | None
    zone_status_reasons: tuple[str, ...]
    possible_zones: tuple[str, ...]
    service_zone: str | None
    is_hysteresis_hold: bool
    is_treatment_frozen: bool
    is_rating_due: bool
    zone_since: date | None
    is_since_before_history: bool
    previous_zone: str | None
    potential_state: str | None
    attractiveness_state: str | None
    override_zone: str | None
    override_reason: str | None
    override_by: str | None
    override_expires_on: date | None
    is_key_account: bool


@dataclass(frozen=True)
class Sensitivity:
    """How firmly a parent stands in its raw zone; all NULL while unrated."""

    threshold_stability: Decimal | None
    weight_stability: Decimal | None
    distance_to_threshold: Decimal | None


@dataclass(frozen=True)
class Value:
    """Customer value, ranks, ABC and its five dangers; customers only."""

    contribution_score: Decimal | None
    customer_value_score: Decimal | None
    rank_customer_value: int
    rank_revenue: int
    rank_contribution_4: int | None
    abc_class: str
    cumulative_share_before: Decimal | None
    danger_1_high_revenue_negative_contribution: bool | None
    danger_2_declining_or_weak_credit: bool | None
    danger_3_order_behaviour: bool | None
    danger_4_c_class_high_potential: bool | None
    danger_5_untapped_wallet: Decimal | None


@dataclass(frozen=True)
class WhalePoint:
    """One customer on the whale curve."""

    rank: int
    ultimate_parent_id: str
    customer_contribution: Decimal
    cumulative_contribution: Decimal
    cumulative_contribution_ratio: Decimal | None


@dataclass(frozen=True)
class WhaleSummary:
    """The whale curve in five numbers."""

    total: Decimal
    peak: Decimal
    peak_share: Decimal | None
    destroyed_by_tail: Decimal
    unprofitable_customers: int


@dataclass(frozen=True)
class SmallThreshold:
    """The portfolio's threshold; NULL where the target ratio is not below the DB II ratio (an error)."""

    standard_field_service_cost: Decimal | None
    portfolio_contribution_2_ratio: Decimal | None
    target_contribution_3_ratio: Decimal
    threshold_revenue: Decimal | None


@dataclass(frozen=True)
class SmallCustomer:
    """Small by potential, and by revenue as the contrast; NULL without a threshold."""

    is_small_customer: bool | None
    is_small_by_revenue: bool | None
    is_hidden_champion: bool | None


@dataclass(frozen=True)
class LoyaltyProfit:
    """Customers of one loyalty level and one class of margin."""

    field: str | None
    customer_count: int
    net_revenue: Decimal
    customer_contribution: Decimal | None


@dataclass(frozen=True)
class ServiceLevel:
    """Planned and actual effort, and the hours of next year."""

    planned_visits: int
    actual_visits: int | None
    over_visits: int | None
    under_visits: int | None
    compliance_ratio: Decimal | None
    over_service_cost: Decimal | None
    last_contact_date: date | None
    days_since_last_contact: int | None
    max_contact_gap_days: int | None
    contact_gap_breach: bool | None
    is_never_contacted: bool | None
    effort_share_ratio: Decimal | None
    value_share_ratio: Decimal | None
    effort_value_index: Decimal | None
    minimum_hours: Decimal
    allocated_field_hours: int


@dataclass(frozen=True)
class Allocation:
    """Next year's field hours as a whole."""

    practical_field_hours: Decimal
    minimum_hours: Decimal
    capacity_gap_hours: Decimal
    unallocated_hours: Decimal


@dataclass(frozen=True)
class Development:
    """What blocks a customer in zone development."""

    blocking_criterion_id: str | None
    lost_points: Decimal | None
    points_to_protection: Decimal


@dataclass(frozen=True)
class ZoneChange:
    """Change since the as-of date before (or the opening portfolio); customers only."""

    contribution_4_delta: dict[str, Decimal]
    migration: dict[str, tuple[str | None, str]]
    net_change_high_value_segment: Decimal | None
    net_change_low_value_segment: Decimal | None
    overcompensation_ratio: Decimal | None


@dataclass(frozen=True)
class Consequence:
    """What to do about a parent (METHOD 1.18)."""

    customer_status: str
    recommended_action: str
    action_reason: str
    action_unknown_inputs: str
    is_gap_shown: bool
    care_cost: Decimal | None
    avoidable_cost: Decimal | None
    lever: str | None
    lever_amount: Decimal | None


@dataclass(frozen=True)
class Task:
    """One row of the work list; they come in the list's order."""

    ultimate_parent_id: str
    task: str
    money: Decimal
    money_kind: str
    due_on: date
    happened: str
    next_step: str


@dataclass(frozen=True)
class ToLastOrder:
    """What a customer brought in the 12 months up to its last order."""

    customer_contribution_to_last_order: Decimal | None
    net_revenue_to_last_order: Decimal


@dataclass(frozen=True)
class Earlier:
    """A judged month before, as far as a later one is compared with it."""

    zone: dict[str, Zone]
    contribution: dict[str, Contribution]


@dataclass(frozen=True)
class AsOf:
    """Everything of one as-of date; dictionaries by ultimate_parent_id unless said otherwise.

    `scored` customers and leads; `contribution_intercompany` the entities never scored, by parent; `unassigned` by
    reason; `contribution_month` by (YYYY-MM, parent) of scored parents; `axes` by (parent, axis); `capacity` by pool;
    `loyalty_profit` by (loyalty level, margin level).
    """

    as_of_date: date
    known_at: datetime
    relationship_type: dict[str, str]
    customer_status: dict[str, str]
    contribution: dict[str, Contribution]
    contribution_intercompany: dict[str, Contribution]
    unassigned: dict[str, Contribution]
    contribution_month: dict[tuple[str, str], ContributionMonth]
    reconciliation: tuple[Reconciliation, ...]
    activity_quality: ActivityQuality
    capacity: dict[str, Capacity]
    wallet: dict[str, Wallet]
    growth: dict[str, Growth]
    payment: dict[str, Payment]
    loyalty: dict[str, Loyalty]
    credit_index: dict[str, int | None]
    penetration_ratio: dict[str, Decimal | None]
    axes: dict[tuple[str, str], Axis]
    zone: dict[str, Zone]
    sensitivity: dict[str, Sensitivity]
    customer_type: dict[str, str | None]
    value: dict[str, Value]
    whale_curve: tuple[WhalePoint, ...]
    whale_summary: WhaleSummary
    small_threshold: SmallThreshold
    small: dict[str, SmallCustomer]
    service: dict[str, ServiceLevel]
    allocation: Allocation
    field_pool: str
    development: dict[str, Development]
    zone_change: ZoneChange
    visits: dict[str, int]
    problems: tuple[str, ...]
    consequence: dict[str, Consequence] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    to_last_order: dict[str, ToLastOrder] = field(default_factory=dict)
    campaigns: dict[str, Effect] = field(default_factory=dict)
    steps: dict[int, dict[str, object]] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    loyalty_profit: dict[tuple[int | None, int | None], LoyaltyProfit] = field(default_factory=dict)
    potential_check: dict[str, dict[str, object]] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """All evaluated as-of dates in order."""

    as_of: tuple[AsOf, ...]

    def at(self, as_of_date: date) -> AsOf:
        """One as-of date; KeyError if it was not evaluated."""
        for row in self.as_of:
            if row.as_of_date == as_of_date:
                return row
        raise KeyError(as_of_date)
