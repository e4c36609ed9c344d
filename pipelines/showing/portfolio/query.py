"""Reads the portfolio page's numbers from a published version. Belongs here: running sql/ and nothing it could say itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import duckdb
from pydantic import BaseModel

from pipelines.publishing import manifest as manifests
from pipelines.showing.portfolio.model import (
    ActionRow,
    DangerRow,
    Detail,
    ListEntry,
    MissingSource,
    Part,
    PortfolioPage,
    Provenance,
    Reconciliation,
    ReconciliationGroup,
    Summary,
    WhaleFacts,
    WhalePoint,
    ZoneRow,
)

_SQL: Final = Path(__file__).parent / "sql"
_PREPARED: Final = ("10_scope", "15_reconciliation", "20_lists")
_MARTS: Final = (
    "fct_criterion_score",
    "mart_abc_vs_value",
    "mart_portfolio",
    "mart_reconciliation",
    "mart_share_of_wallet",
    "mart_whale_curve",
)

_LATER: Final = {
    "fct_criterion_score": "null::varchar as criterion_name_en, null::varchar as criterion_name_de",
    "mart_portfolio": "null::decimal(9, 4) as zone_threshold",
}
"""Columns that versions published before they existed do not have; NULL there."""

Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a page may hold, so that it stays usable with hundreds of thousands of customers."""

    bubbles: int = 2_000
    leads: int = 500
    table_rows: int = 15
    examples: int = 3
    whale_points: int = 800


def read_page(version_dir: Path, limits: Limits) -> PortfolioPage:
    """Everything the page shows, as of the latest as-of date of the version in `version_dir`.

    Raises VerifyError (MANIFEST_...) if this is no published version. Reads the Parquet files, so no reader is in the way.
    """
    manifest = manifests.read(version_dir)
    with duckdb.connect(
        config={"threads": 2, "autoinstall_known_extensions": False, "autoload_known_extensions": False}
    ) as connection:
        for mart in _MARTS:
            published = f"select * from read_parquet({_text(version_dir / 'bi' / f'{mart}.parquet')})"
            if mart in _LATER:
                published += f" union all by name select {_LATER[mart]} where false"
            connection.execute(f"create view {mart} as {published}")
        _limit(connection, limits)
        for script in _PREPARED:
            connection.execute((_SQL / f"{script}.sql").read_text(encoding="utf-8"))
        details = _rows(connection, "details", Detail)
        parts: defaultdict[int, list[Part]] = defaultdict(list)
        for part in _rows(connection, "parts", Part):
            parts[part.detail_number].append(part)
        lists: defaultdict[str, list[Detail]] = defaultdict(list)
        for entry in _rows(connection, "lists", ListEntry):
            lists[entry.list_name].append(details[entry.detail_number])
        ((as_of_date,),) = connection.execute("select as_of_date from page_date").fetchall()
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
                warnings=_warnings(connection, version_dir),
            ),
            summary=_rows(connection, "summary", Summary)[0],
            zones=_rows(connection, "zones", ZoneRow),
            actions=_rows(connection, "actions", ActionRow),
            details=details,
            parts={number: tuple(found) for number, found in parts.items()},
            lists={name: tuple(found) for name, found in lists.items()},
            dangers=_rows(connection, "dangers", DangerRow),
            whale=_rows(connection, "whale", WhalePoint),
            whale_facts=_rows(connection, "whale_facts", WhaleFacts)[0],
            reconciliation=_rows(connection, "reconciliation", Reconciliation)[0],
            reconciliation_groups=_rows(connection, "reconciliation_groups", ReconciliationGroup),
        )


def _rows(connection: duckdb.DuckDBPyConnection, query: str, model: type[Row]) -> tuple[Row, ...]:
    cursor = connection.execute((_SQL / f"{query}.sql").read_text(encoding="utf-8"))
    names = [column[0] for column in cursor.description or ()]
    return tuple(model.model_validate(dict(zip(names, row, strict=True))) for row in cursor.fetchall())


def _limit(connection: duckdb.DuckDBPyConnection, limits: Limits) -> None:
    connection.execute(
        "create temp table limits as select $1 as bubbles, $2 as leads, $3 as table_rows, $4 as examples, "
        "$5 as whale_points",
        [limits.bubbles, limits.leads, limits.table_rows, limits.examples, limits.whale_points],
    )


def _warnings(connection: duckdb.DuckDBPyConnection, version_dir: Path) -> int | None:
    """Checks that failed as warnings (a critical one publishes nothing); their text is for controlling only."""
    file = version_dir / "controlling" / "check_results.parquet"
    if not file.is_file():
        return None
    sql = f"select count(*) from read_parquet({_text(file)}) where not is_passed and severity = 'warning'"
    ((count,),) = connection.execute(sql).fetchall()
    return int(count)


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
