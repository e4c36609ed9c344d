"""What the portfolio page shows, as strict frozen models: one class per query of sql/, one whole for the template.

Belongs here: shapes. Not here: reading them (query), words (words, pipelines.vocabulary), the look (bi/portfolio).
Money is in the reporting currency; ratios are 0..1, scores 0..100; None where the mart has NULL.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from pipelines.showing.limits import Limits
from pipelines.showing.worklist.model import Count, Money, Task

_STRICT = ConfigDict(frozen=True, strict=True, extra="forbid")


class Summary(BaseModel):
    """The whole portfolio in one row; counts and sums are of customers unless the name says leads."""

    model_config = _STRICT

    customers: int
    net_revenue: Decimal | None
    contribution_depth: int | None
    customer_contribution: Decimal | None
    customer_contribution_margin_ratio: Decimal | None
    is_cogs_known: bool
    is_marketing_cost_known: bool
    is_sales_cost_known: bool
    is_service_logistics_cost_known: bool
    contribution_4_low: Decimal | None
    achievable_gap: Decimal | None
    customers_with_estimate: int
    potential_contribution: Decimal | None
    loss_makers: int
    losses: Decimal
    lapsed_customers: int
    placed_customers: int
    placed_leads: int
    provisional_customers: int
    unrated_customers: int
    unrated_revenue: Decimal | None
    placed_ratio: Decimal | None
    new_customers: int
    new_customer_revenue: Decimal | None
    leads: int
    target_leads: int
    unrated_leads: int
    lead_gap: Decimal | None
    ratings_due: int
    held_by_hysteresis: int
    logged_capacity_ratio: Decimal | None
    contribution_reliability: str | None
    zone_threshold: Decimal | None
    reporting_currency: str
    drawn_customers: int
    drawn_leads: int


class ZoneRow(BaseModel):
    """A zone of the customers, or all leads together (`lead`): what it costs to sell to, what it earns."""

    model_config = _STRICT

    zone: str
    parents: int
    provisional: int
    net_revenue: Decimal | None
    customer_contribution: Decimal | None
    sales_cost: Decimal | None
    sales_cost_ratio: Decimal | None
    earned_ratio: Decimal | None
    effort_value_index: Decimal | None


class ActionRow(BaseModel):
    """A recommended action and for how many it is recommended."""

    model_config = _STRICT

    recommended_action: str
    recommended_action_en: str | None
    recommended_action_de: str | None
    customers: int
    leads: int
    net_revenue: Decimal | None
    achievable_gap: Decimal | None


class Part(BaseModel):
    """A criterion's part in a score of the portfolio's two axes; `level` is None where the midpoint stands in."""

    model_config = _STRICT

    detail_number: int
    axis: str
    criterion_id: str
    criterion_name_en: str | None
    criterion_name_de: str | None
    level: Decimal | None
    weight_points: int
    points: Decimal
    is_imputed: bool


class Detail(BaseModel):
    """Everything the page says of one customer or lead; `drawn_number` is None for those not in the matrix."""

    model_config = _STRICT

    detail_number: int
    drawn_number: int | None
    ultimate_parent_id: str
    customer_name: str
    relationship_type: str
    zone: str
    raw_zone: str | None
    zone_status: str | None
    zone_status_reasons: str | None
    service_zone: str | None
    possible_zones: str | None
    is_hysteresis_hold: bool
    is_treatment_frozen: bool
    is_rating_due: bool
    override_zone: str | None
    override_reason: str | None
    potential_score: Decimal | None
    potential_score_low: Decimal | None
    potential_score_high: Decimal | None
    attractiveness_score: Decimal | None
    attractiveness_score_low: Decimal | None
    attractiveness_score_high: Decimal | None
    net_revenue: Decimal | None
    customer_contribution: Decimal | None
    contribution_4_low: Decimal | None
    customer_contribution_margin_ratio: Decimal | None
    sales_cost: Decimal | None
    effort_value_index: Decimal | None
    achievable_gap: Decimal | None
    potential_contribution: Decimal | None
    sow_capped_ratio: Decimal | None
    next_product_group: str | None
    customer_value_score: Decimal | None
    rank_customer_value: int | None
    abc_class: str | None
    customer_type: str | None
    is_key_account: bool
    blocking_criterion_id: str | None
    recommended_action: str
    recommended_action_en: str | None
    recommended_action_de: str | None
    action_reason: str
    tenure_years: int | None
    last_order_date: date | None
    revenue_yoy: Decimal | None
    revenue_change: Decimal | None
    revenue_to_last_order: Decimal | None


class Somebody(BaseModel):
    """A customer or lead the page can be searched for; `detail_number` is None of those it has no card of."""

    model_config = _STRICT

    detail_number: int | None
    ultimate_parent_id: str
    customer_name: str
    relationship_type: str
    zone: str
    region: str | None
    owner_area: str | None
    net_revenue: Decimal | None
    customer_contribution: Decimal | None
    achievable_gap: Decimal | None
    sow_capped_ratio: Decimal | None
    customer_value_score: Decimal | None


class Due(BaseModel):
    """A task of one of them, by its place among them; of each the most urgent first."""

    model_config = _STRICT

    place: int
    task: str
    due_on: date


class Sheet(BaseModel):
    """What the sheet of a customer or lead tells beside its card: the steps of its contribution, care planned and done."""

    model_config = _STRICT

    detail_number: int
    region: str | None
    owner_area: str | None
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
    planned_visits: int | None
    actual_visits: int | None
    last_contact_date: date | None
    is_never_contacted: bool
    field_hours: Decimal | None
    inside_hours: Decimal | None
    avoidable_cost: Decimal | None


class SheetMonths(BaseModel):
    """A customer's last delivered months, the oldest first: in each list one value a month, None where nothing was booked. Amounts are
    rounded to whole units."""

    model_config = _STRICT

    detail_number: int
    months: list[date]
    net_revenue: list[int | None]
    contribution: list[int | None]
    visits: list[int | None]


class SheetGroup(BaseModel):
    """A product group of a customer; `achievable_gap` only where something is to be sold."""

    model_config = _STRICT

    detail_number: int
    product_group: str
    annual_demand: Decimal | None
    net_revenue: Decimal | None
    sow_capped_ratio: Decimal | None
    achievable_gap: Decimal | None
    is_next: bool


class SheetRole(BaseModel):
    """Whom we know in a role of the buying centre: how many, and the best access to one of them."""

    model_config = _STRICT

    detail_number: int
    buying_role: str
    contact_count: int | None
    max_access_level: int | None


class ListEntry(BaseModel):
    """A place in one of the short lists, in order."""

    model_config = _STRICT

    list_name: str
    detail_number: int


class Move(BaseModel):
    """Who stands in another zone than a quarter ago, and what changed its scores in the month in which it last moved.

    `contribution_change` is of contribution IV since a quarter ago, `..._before` are the scores then. The others are points of that month:
    of the criterion that changed most, of all of them by other weights and by data delivered late. None where that month was not
    published. `is_set`: a person set it.
    """

    model_config = _STRICT

    detail_number: int
    moved_on: date | None
    from_zone: str
    to_zone: str
    is_set: bool
    net_revenue: Decimal | None
    contribution_change: Decimal | None
    potential_before: Decimal | None
    attractiveness_before: Decimal | None
    potential_change: Decimal | None
    attractiveness_change: Decimal | None
    criterion_id: str | None
    criterion_points: Decimal | None
    weight_points: Decimal | None
    late_data_points: Decimal | None


class Overlap(BaseModel):
    """Who is drawn at the same place of the matrix as somebody else, to the point; `place` numbers the places, the most money first."""

    model_config = _STRICT

    place: int
    detail_number: int
    potential: int
    attractiveness: int


class OverlapFacts(BaseModel):
    """All of them, and on how many places."""

    model_config = _STRICT

    parents: int
    places: int


class MoveFacts(BaseModel):
    """All who moved; `before_date` is None where the history does not reach back that far."""

    model_config = _STRICT

    before_date: date | None
    customers: int
    net_revenue: Decimal | None


class OverServed(BaseModel):
    """Who costs more to sell to than the care that is planned: visits, hours and what could be saved."""

    model_config = _STRICT

    detail_number: int
    planned_visits: int | None
    actual_visits: int | None
    actual_hours: Decimal | None
    allocated_field_hours: int | None
    avoidable_cost: Decimal


class OverServedFacts(BaseModel):
    """All of them; `avoidable_cost` is None where there are none."""

    model_config = _STRICT

    customers: int
    avoidable_cost: Decimal | None


class GridGroup(BaseModel):
    """A product group of the grid of open wallets."""

    model_config = _STRICT

    product_group: str


class GridCell(BaseModel):
    """What of a product group a customer could still buy of us, and the share it buys already."""

    model_config = _STRICT

    detail_number: int
    product_group: str
    achievable_gap: Decimal | None
    sow_capped_ratio: Decimal | None
    is_white_space: bool


class Grid(BaseModel):
    """Customers by product groups, of both those with most left to win, in that order."""

    model_config = _STRICT

    groups: tuple[str, ...]
    cells: tuple[GridCell, ...]

    def rows(self) -> tuple[tuple[int, tuple[GridCell | None, ...]], ...]:
        """The number of a customer's detail, with a cell per group; None of a group nothing is estimated of."""
        found: dict[int, dict[str, GridCell]] = {}
        for cell in self.cells:
            found.setdefault(cell.detail_number, {})[cell.product_group] = cell
        return tuple((number, tuple(map(row.get, self.groups))) for number, row in found.items())


class Campaign(BaseModel):
    """A campaign and what it did to the contribution of its members; `effect` and its interval are None before it is measured."""

    model_config = _STRICT

    campaign_id: str
    campaign_name: str | None
    focus_criterion_id: str | None
    starts_on: date
    ends_on: date
    phase: str
    n_treated: int
    n_control: int
    effect: Decimal | None
    interval_low: Decimal | None
    interval_high: Decimal | None
    verdict: str | None


class PlaygroundParents(BaseModel):
    """Everybody with a score by one scorecard, column by column, the most money first. Money in hundredths.

    `zones` are the raw zones, None: unrated. `judged_by`: 0 by the scores, 1 observed (never unrated), 2 disqualified by the CRM.
    """

    model_config = _STRICT

    scorecard: str
    ids: list[str]
    names: list[str | None]
    zones: list[str | None]
    judged_by: list[int]
    net_revenue: list[int | None]
    customer_contribution: list[int | None]


class PlaygroundCriterion(BaseModel):
    """A criterion of a scorecard, its weight, and which level each of its parents has: a number, 0 where it is not known."""

    model_config = _STRICT

    scorecard: str
    axis: str
    criterion_id: str
    weight_points: int
    levels: list[int]


class PlaygroundFacts(BaseModel):
    """The levels by their number, from 1, in units of 10^-10: a mean of ratings is exact so; how many have a score at all."""

    model_config = _STRICT

    levels: list[int]
    parents: int


class Playground(BaseModel):
    """What the weights can be tried on."""

    model_config = _STRICT

    parents: tuple[PlaygroundParents, ...]
    criteria: tuple[PlaygroundCriterion, ...]
    facts: PlaygroundFacts


class DangerRow(BaseModel):
    """One of the five dangers of believing the ABC class, and of how many it could be asked; `amount` is None of no customer."""

    model_config = _STRICT

    danger: str
    customers: int
    judged: int
    amount: Decimal | None


class WhalePoint(BaseModel):
    """A point of the whale curve."""

    model_config = _STRICT

    whale_rank: int
    cumulative_contribution: Decimal
    customer_contribution: Decimal
    customer_name: str | None
    is_peak: bool


class WhaleFacts(BaseModel):
    """The whale curve's numbers; `peak_share_ratio` is None unless the total is positive."""

    model_config = _STRICT

    customers: int
    total_contribution: Decimal
    peak_contribution: Decimal
    peak_share_ratio: Decimal | None
    destroyed_by_tail: Decimal
    unprofitable_customers: int
    peak_rank: int


class Reconciliation(BaseModel):
    """The last 12 months against the ledger; `ledger` and `difference` are None where any month has no ledger."""

    model_config = _STRICT

    months: int
    customers: Decimal
    leads: Decimal
    intercompany: Decimal
    unassigned_unknown_customer: Decimal
    unassigned_missing_cost_centre: Decimal
    quarantined: Decimal
    unused_capacity: Decimal
    total: Decimal
    ledger: Decimal | None
    difference: Decimal | None
    cells_with_difference: int
    months_with_ledger: int
    status: str
    undated_quarantined: Decimal


class ReconciliationGroup(BaseModel):
    """One ledger group over the same months, or its latest complete year where the ledger is yearly.

    `total` is None where its cost is not known.
    """

    model_config = _STRICT

    account_group: str
    grain: str
    first_period: str
    last_period: str
    total: Decimal | None
    ledger: Decimal | None
    difference: Decimal | None
    status: str


class MissingSource(BaseModel):
    """A source that contributes nothing, with the company's own reason if there is one."""

    model_config = _STRICT

    table: str
    note: str


class Waived(BaseModel):
    """A fault of a delivery that was published all the same, and who took responsibility for it."""

    model_config = _STRICT

    code: str
    table: str
    who: str
    why: str
    until: date


class Provenance(BaseModel):
    """From where the numbers come: the version and what its sources delivered. `warnings` is None if not published.

    `is_open_month`: the month was not over when it was known. `is_asked`: no version, but the answer to a question about the past.
    """

    model_config = _STRICT

    version: int
    known_at: datetime
    as_of_date: date
    method_version: str
    rows_accepted: int
    rows_quarantined: int
    completeness_ratio: Decimal | None
    missing: tuple[MissingSource, ...]
    warnings: int | None
    is_open_month: bool = False
    is_asked: bool = False
    waived: tuple[Waived, ...] = ()

    def is_missing(self, table: str) -> bool:
        """True of a table nothing was delivered of."""
        return any(source.table == table for source in self.missing)


class PortfolioPage(BaseModel):
    """The whole page.

    `method` are the limits its texts say; `has_worklist` is False for a version of a release that had none; `tasks` are the first of each
    area and task, `task_counts` count all of them; `lists` maps a short list's name to its details, in order; `parts` a detail's number to
    its parts.
    """

    model_config = _STRICT

    provenance: Provenance
    method: Limits
    summary: Summary
    zones: tuple[ZoneRow, ...]
    actions: tuple[ActionRow, ...]
    has_worklist: bool
    tasks: tuple[Task, ...]
    task_counts: tuple[Count, ...]
    task_money: tuple[Money, ...]
    moves: tuple[Move, ...]
    moves_facts: MoveFacts
    overlaps: tuple[Overlap, ...]
    overlaps_facts: OverlapFacts
    over_served: tuple[OverServed, ...]
    over_served_facts: OverServedFacts
    grid: Grid
    campaigns: tuple[Campaign, ...]
    playground: Playground
    details: tuple[Detail, ...]
    parts: Mapping[int, tuple[Part, ...]]
    lists: Mapping[str, tuple[Detail, ...]]
    everybody: tuple[Somebody, ...]
    due: tuple[Due, ...]
    sheets: tuple[Sheet, ...]
    sheet_months: tuple[SheetMonths, ...]
    sheet_groups: tuple[SheetGroup, ...]
    sheet_roles: tuple[SheetRole, ...]
    dangers: tuple[DangerRow, ...]
    whale: tuple[WhalePoint, ...]
    whale_facts: WhaleFacts
    reconciliation: Reconciliation
    reconciliation_groups: tuple[ReconciliationGroup, ...]
