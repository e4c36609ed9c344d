"""Reads the portfolio page's numbers from a published version. Belongs here: running sql/ and nothing it could say itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeVar

from pipelines.publishing import manifest as manifests
from pipelines.showing.limits import SETTINGS, read_limits
from pipelines.showing.monthly import months_of
from pipelines.showing.portfolio.model import (
    ActionRow,
    Campaign,
    DangerRow,
    Detail,
    Due,
    Grid,
    GridCell,
    GridGroup,
    ListEntry,
    MissingSource,
    Move,
    MoveFacts,
    Overlap,
    OverlapFacts,
    OverServed,
    OverServedFacts,
    Part,
    Playground,
    PlaygroundCriterion,
    PlaygroundFacts,
    PlaygroundParents,
    PortfolioPage,
    Provenance,
    Reconciliation,
    ReconciliationGroup,
    Sheet,
    SheetGroup,
    SheetMonths,
    SheetRole,
    Somebody,
    Summary,
    Waived,
    WhaleFacts,
    WhalePoint,
    ZoneRow,
)
from pipelines.showing.version import Table, Tables, Version
from pipelines.showing.worklist.model import Count, Money, Task

_SQL: Final = Path(__file__).parent / "sql"
_PREPARED: Final = (
    "10_scope",
    "15_reconciliation",
    "18_tables",
    "20_lists",
    "25_overlaps",
    "30_everybody",
    "35_playground",
)
# A chart has no cents, and thousands of sheets would carry them.
_BY_MONTH: Final = f"""
    select
        detailed.detail_number,
        list(months.month_start order by months.month_start) as months,
        list(round(months.net_revenue)::bigint order by months.month_start) as net_revenue,
        list(round(months.contribution)::bigint order by months.month_start) as contribution,
        list(months.visits order by months.month_start) as visits
    from detailed
    inner join ({months_of("detailed", "(select as_of_date from page_date)")}) as months using (ultimate_parent_id)
    group by detailed.detail_number
    order by detailed.detail_number
"""
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class _Titles:
    """Later columns of fct_criterion_score."""

    criterion_name_en: str | None = None
    criterion_name_de: str | None = None
    method: str | None = None
    raw_value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Method:
    """Later columns of mart_portfolio."""

    zone_threshold: Decimal | None = None
    contribution_depth: int | None = None
    customer_contribution: Decimal | None = None
    customer_contribution_margin_ratio: Decimal | None = None
    is_gap_shown: bool | None = None
    is_disqualified_lead: bool | None = None
    region: str | None = None
    owner_area: str | None = None


@dataclass(frozen=True, slots=True)
class _Curve:
    """Later columns of mart_whale_curve."""

    customer_contribution: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _History:
    """Where everybody stood, of mart_zone_history."""

    as_of_date: date | None = None
    ultimate_parent_id: str | None = None
    zone: str | None = None
    potential_score: Decimal | None = None
    attractiveness_score: Decimal | None = None
    override_zone: str | None = None
    is_zone_change: bool | None = None
    net_revenue: Decimal | None = None
    contribution_4: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    """What changed a score, of mart_score_change."""

    as_of_date: date | None = None
    ultimate_parent_id: str | None = None
    axis: str | None = None
    criterion_id: str | None = None
    change_points: Decimal | None = None
    weight_effect_points: Decimal | None = None
    late_data_effect_points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Service:
    """Planned and done, of mart_service_levels."""

    as_of_date: date | None = None
    ultimate_parent_id: str | None = None
    planned_visits: int | None = None
    actual_visits: int | None = None
    field_hours: Decimal | None = None
    inside_hours: Decimal | None = None
    avoidable_cost: Decimal | None = None
    last_contact_date: date | None = None
    is_never_contacted: bool | None = None


@dataclass(frozen=True, slots=True)
class _Hours:
    """Proposed, of mart_hours_allocation."""

    as_of_date: date | None = None
    ultimate_parent_id: str | None = None
    allocated_field_hours: int | None = None


@dataclass(frozen=True, slots=True)
class _Wallet:
    """Later columns of mart_share_of_wallet."""

    annual_demand: Decimal | None = None
    achievable_gap: Decimal | None = None
    sow_capped_ratio: Decimal | None = None
    is_white_space: bool | None = None
    is_next_best_product_group: bool | None = None


@dataclass(frozen=True, slots=True)
class _Booked:
    """Later columns of mart_contribution_month; before them every cost counted as delivered."""

    contribution_depth: int | None = None
    customer_contribution: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Role:
    """Columns of mart_buying_centre."""

    as_of_date: date | None = None
    ultimate_parent_id: str | None = None
    buying_role: str | None = None
    contact_count: int | None = None
    max_access_level: int | None = None


@dataclass(frozen=True, slots=True)
class _Growth:
    """What the rule of observation looks at, and what became of revenue and orders."""

    as_of_date: date | None = None
    ultimate_parent_id: str | None = None
    tenure_years: int | None = None
    last_order_date: date | None = None
    prior_net_revenue: Decimal | None = None
    revenue_yoy: Decimal | None = None


TABLES: Final[Tables] = {
    **SETTINGS,
    "fct_criterion_score": Table.of(_Titles),
    "mart_abc_vs_value": Table(),
    "mart_buying_centre": Table((_Role,), is_later=True),
    "mart_campaign_effects": Table((Campaign,), is_later=True),
    "mart_contribution_month": Table.of(_Booked),
    "mart_hours_allocation": Table((_Hours,), is_later=True),
    "mart_loyalty_growth": Table((_Growth,), is_later=True),
    "mart_portfolio": Table.of(_Method),
    "mart_reconciliation": Table(),
    "mart_score_change": Table((_Change,), is_later=True),
    "mart_service_levels": Table((_Service,), is_later=True),
    "mart_share_of_wallet": Table.of(_Wallet),
    "mart_whale_curve": Table.of(_Curve),
    "mart_worklist": Table((Task,), is_later=True),
    "mart_zone_history": Table((_History,), is_later=True),
    # Whoever was handed the folder bi alone has none.
    "check_results": Table(audience="controlling", is_later=True),
}
"""What the page reads of a version; sql/ names these tables. A field here is a column older versions lack."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a page may hold, so that it stays usable with hundreds of thousands of customers."""

    bubbles: int = 2_000
    leads: int = 500
    table_rows: int = 15
    examples: int = 3
    whale_points: int = 800
    tasks: int = 400
    moves: int = 60
    grid_groups: int = 8
    overlaps: int = 300
    playground: int = 20_000
    everybody: int = 20_000
    cards: int = 1_000


def read_page(version_dir: Path, limits: Limits) -> PortfolioPage:
    """Everything the page shows, as of the latest as-of date of the version in `version_dir`.

    Raises VerifyError (MANIFEST_..., VERSION_...) if this is no published version, or not a whole one.
    """
    with Version.opened(version_dir, TABLES) as version:
        return read_page_in(version, limits)


def read_page_in(version: Version, limits: Limits) -> PortfolioPage:
    """As `read_page`, from a version that is open with TABLES; leaves temporary tables in its connection."""
    manifest = version.manifest
    _limit(version, limits)
    version.order_codes()
    for script in _PREPARED:
        version.connection.execute(_sql(script))
    details = _rows(version, "details", Detail)
    parts: defaultdict[int, list[Part]] = defaultdict(list)
    for part in _rows(version, "parts", Part):
        parts[part.detail_number].append(part)
    lists: defaultdict[str, list[Detail]] = defaultdict(list)
    for entry in _rows(version, "lists", ListEntry):
        lists[entry.list_name].append(details[entry.detail_number])
    ((as_of_date,),) = version.connection.execute("select as_of_date from page_date").fetchall()
    sources = [source for source in manifest.sources if source.is_delivered]
    accepted = sum(source.rows_accepted for source in sources)
    quarantined = sum(source.rows_quarantined for source in sources)
    return PortfolioPage(
        provenance=Provenance(
            version=manifest.version,
            known_at=manifest.known_at,
            as_of_date=as_of_date or max(manifest.as_of_dates),
            method_version=manifest.method_version,
            rows_accepted=accepted,
            rows_quarantined=quarantined,
            completeness_ratio=manifests.completeness_ratio(accepted, quarantined),
            missing=tuple(
                MissingSource(table=source.table, note=source.note)
                for source in manifest.sources
                if not source.is_delivered
            ),
            warnings=_warnings(version),
            is_open_month=(as_of_date or max(manifest.as_of_dates)) in manifest.open_months,
            waived=tuple(
                dict.fromkeys(
                    Waived(code=each.code, table=each.table, who=each.who, why=each.why, until=each.until)
                    for each in manifest.waivers
                )
            ),
            is_asked="asked" in manifest.why and manifest.previous_version is None,
        ),
        method=read_limits(version),
        summary=_rows(version, "summary", Summary)[0],
        zones=_rows(version, "zones", ZoneRow),
        actions=_rows(version, "actions", ActionRow),
        has_worklist=version.has("mart_worklist"),
        tasks=_rows(version, "tasks", Task),
        task_counts=_rows(version, "task_counts", Count),
        task_money=_rows(version, "task_money", Money),
        moves=_rows(version, "moves", Move),
        moves_facts=_rows(version, "moves_facts", MoveFacts)[0],
        overlaps=_rows(version, "overlaps", Overlap),
        overlaps_facts=_rows(version, "overlaps_facts", OverlapFacts)[0],
        over_served=_rows(version, "over_served", OverServed),
        over_served_facts=_rows(version, "over_served_facts", OverServedFacts)[0],
        grid=Grid(
            groups=tuple(group.product_group for group in _rows(version, "grid_groups", GridGroup)),
            cells=_rows(version, "grid", GridCell),
        ),
        campaigns=_rows(version, "campaigns", Campaign),
        playground=Playground(
            parents=_rows(version, "playground_parents", PlaygroundParents),
            criteria=_rows(version, "playground_criteria", PlaygroundCriterion),
            facts=_rows(version, "playground_facts", PlaygroundFacts)[0],
        ),
        details=details,
        parts={number: tuple(found) for number, found in parts.items()},
        lists={name: tuple(found) for name, found in lists.items()},
        everybody=_rows(version, "everybody", Somebody),
        due=_rows(version, "due", Due),
        sheets=_rows(version, "sheets", Sheet),
        sheet_months=version.query(SheetMonths, _BY_MONTH),
        sheet_groups=_rows(version, "sheet_groups", SheetGroup),
        sheet_roles=_rows(version, "sheet_roles", SheetRole),
        dangers=_rows(version, "dangers", DangerRow),
        whale=_rows(version, "whale", WhalePoint),
        whale_facts=_rows(version, "whale_facts", WhaleFacts)[0],
        reconciliation=_rows(version, "reconciliation", Reconciliation)[0],
        reconciliation_groups=_rows(version, "reconciliation_groups", ReconciliationGroup),
    )


def _rows(version: Version, query: str, model: type[Row]) -> tuple[Row, ...]:
    return version.query(model, _sql(query))


def _sql(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")


def _limit(version: Version, limits: Limits) -> None:
    version.connection.execute(
        "create temp table limits as select $1 as bubbles, $2 as leads, $3 as table_rows, $4 as examples, "
        "$5 as whale_points, $6 as tasks, $7 as moves, $8 as grid_groups, $9 as playground, "
        "$10 as overlapping, $11 as everybody, $12 as cards",
        [
            limits.bubbles,
            limits.leads,
            limits.table_rows,
            limits.examples,
            limits.whale_points,
            limits.tasks,
            limits.moves,
            limits.grid_groups,
            limits.playground,
            limits.overlaps,
            limits.everybody,
            limits.cards,
        ],
    )


def _warnings(version: Version) -> int | None:
    """Checks that failed as warnings (a critical one publishes nothing); their text is for controlling only."""
    if not version.has("check_results"):
        return None
    sql = "select count(*) from check_results where not is_passed and severity = 'warning'"
    ((count,),) = version.connection.execute(sql).fetchall()
    return int(count)
