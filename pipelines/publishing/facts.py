"""What the manifest says about a run, read from the control and settings tables. Not here: making those tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from pipelines import checks, duck
from pipelines.errors import KundenwertError, Problem
from pipelines.home import Home
from pipelines.publishing.manifest import ManifestFacts, SourceState, WaivedFault, completeness_ratio


def read_facts(
    home: Home, project_version: str, pseudonym_key_id: str | None = None, why: tuple[str, ...] = ()
) -> ManifestFacts:
    """The facts of the run whose control and settings tables lie in the home; `why`: what the run knows of its reason.

    Raises KundenwertError CONTROL_MISSING if one of the tables is not there.
    """
    files = {
        "as_of_dates": home.control / "as_of_dates.parquet",
        "source_coverage": home.control / "source_coverage.parquet",
        "load_batches": home.control / "load_batches.parquet",
        "parameters": home.settings / "parameters.parquet",
    }
    absent = [name for name, path in files.items() if not path.is_file()]
    if absent:
        what = f"the control tables of this run are not there: {', '.join(absent)}"
        raise KundenwertError(Problem("CONTROL_MISSING", what, "control/", "kundenwert run writes them"))
    with duck.memory(home.temporary) as connection:
        for name, path in files.items():
            connection.from_parquet(str(path)).create_view(name)
        dates = connection.execute(
            "select as_of_date, known_at, is_open_month from as_of_dates where is_shown order by as_of_date"
        ).fetchall()
        method = connection.execute("select method_version from parameters").fetchone()
        batches = connection.execute(
            "select distinct batch_id from load_batches where is_active order by batch_id"
        ).fetchall()
        rows = connection.execute(
            """
            with delivered as (
                select table_name, max(delivered_at) as delivered_at
                from load_batches
                where is_active
                group by table_name
            )
            select
                coverage.table_name, coverage.domain, coverage.is_mapped, coverage.is_delivered, delivered.delivered_at,
                coverage.data_from, coverage.data_to, coalesce(coverage.rows_accepted, 0),
                coalesce(coverage.rows_quarantined, 0), coalesce(coverage.rows_filtered, 0), coalesce(coverage.note, ''),
                coverage.rows_lost_in_mapping, coverage.amount_filtered, coverage.amount_lost_in_mapping,
                coverage.max_age_days
            from source_coverage as coverage
            left join delivered on coverage.table_name = delivered.table_name
            order by coverage.domain, coverage.table_name
            """
        ).fetchall()
    if not dates or method is None:
        what = "the run has no as-of date or no method version"
        raise KundenwertError(Problem("CONTROL_MISSING", what, "control/", "kundenwert run writes them"))
    return ManifestFacts(
        known_at=_utc(max(known_at for _, known_at, _ in dates)),
        as_of_dates=tuple(as_of for as_of, _, _ in dates),
        open_months=tuple(as_of for as_of, _, is_open in dates if is_open),
        why=why,
        method_version=str(method[0]),
        project_version=project_version,
        pseudonym_key_id=pseudonym_key_id,
        sources=tuple(_source(*row) for row in rows),
        batches=tuple(str(batch_id) for (batch_id,) in batches),
        waivers=_waived(home),
    )


def _waived(home: Home) -> tuple[WaivedFault, ...]:
    """What the gate let through because of a waiver, as it was written down."""
    path = home.checks / checks.FILE_NAME
    found = [result for result in checks.read(path) if result.is_waived] if path.is_file() else []
    return tuple(
        WaivedFault(
            code=result.code or "",
            table=result.subject,
            what=result.what,
            who=result.waived_by or "",
            why=result.waived_why or "",
            until=result.waived_until or date.max,
        )
        for result in found
    )


def _source(
    table: str,
    domain: str | None,
    is_mapped: bool,
    is_delivered: bool,
    delivered_at: datetime | None,
    data_from: date | None,
    data_to: date | None,
    accepted: int,
    quarantined: int,
    filtered: int,
    note: str,
    lost: int | None,
    amount_filtered: Decimal | None,
    amount_lost: Decimal | None,
    agreed_age_days: int | None,
) -> SourceState:
    return SourceState(
        table=table,
        domain=domain,
        is_mapped=is_mapped,
        is_delivered=is_delivered,
        delivered_at=_utc(delivered_at) if delivered_at is not None else None,
        data_from=data_from,
        data_to=data_to,
        rows_accepted=accepted,
        rows_quarantined=quarantined,
        rows_filtered=filtered,
        rows_lost_in_mapping=lost,
        amount_filtered=amount_filtered,
        amount_lost_in_mapping=amount_lost,
        completeness_ratio=completeness_ratio(accepted, quarantined) if is_delivered else None,
        note=note,
        agreed_age_days=agreed_age_days,
    )


def _utc(moment: datetime) -> datetime:
    """Control tables keep UTC without a zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
