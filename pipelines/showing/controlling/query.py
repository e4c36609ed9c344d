"""Reads what the controllers' page and workbook show from a published version. Belongs here: running sql/, nothing it could say itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeVar

from pipelines.errors import VerifyError
from pipelines.publishing import layout, reading
from pipelines.publishing import manifest as manifests
from pipelines.publishing.manifest import Manifest
from pipelines.quoting import literal
from pipelines.showing.controlling.model import (
    Booking,
    Controlling,
    Doubt,
    Facts,
    Month,
    Override,
    Rating,
    Reason,
    Restated,
    RestatedCustomer,
    Setting,
    Source,
    Urgent,
    Waiver,
    Warned,
)
from pipelines.showing.version import Table, Tables, Version
from pipelines.showing.worklist.model import Task
from pipelines.vocabulary import code_groups

_SQL: Final = Path(__file__).parent / "sql"
_PREPARED: Final = ("10_sources", "20_months", "30_waivers", "40_doubts")
_SETTINGS: Final = "mart_method_settings"
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class _Portfolio:
    """Columns of mart_portfolio."""

    as_of_date: date
    ultimate_parent_id: str
    customer_name: str
    zone: str
    zone_status: str
    reporting_currency: str
    override_zone: str
    override_reason: str
    override_expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Zone:
    """A further column of mart_worklist."""

    zone: str | None = None


@dataclass(frozen=True, slots=True)
class _Setting:
    """Columns of mart_method_settings."""

    setting: str | None = None
    value: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class _Restatement:
    """Columns of mart_restatements."""

    restated_version: int | None = None
    month_start: date | None = None
    ultimate_parent_id: str | None = None
    old_net_revenue: Decimal | None = None
    new_net_revenue: Decimal | None = None
    delta_net_revenue: Decimal | None = None
    old_contribution_4: Decimal | None = None
    new_contribution_4: Decimal | None = None
    delta_contribution_4: Decimal | None = None
    is_method_changed: bool | None = None


@dataclass(frozen=True, slots=True)
class _Quality:
    """Columns of mart_input_quality."""

    as_of_date: date | None = None
    check_id: str | None = None
    area: str | None = None
    month_start: date | None = None
    severity: str | None = None
    table_name: str | None = None
    check_text_en: str | None = None
    check_text_de: str | None = None
    affected_rows: int | None = None
    checked_rows: int | None = None
    affected_amount: Decimal | None = None
    first_seen: date | None = None
    trend: str | None = None


@dataclass(frozen=True, slots=True)
class _QualityRow:
    """Columns of mart_input_quality_rows."""

    as_of_date: date | None = None
    check_id: str | None = None
    area: str | None = None
    ultimate_parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Quarantined:
    """Columns of quarantined_rows; month and money came later."""

    table_name: str | None = None
    file_name: str | None = None
    line_number: int | None = None
    quarantine_reason: str | None = None
    rejected_column: str | None = None
    month_start: date | None = None
    amount: Decimal | None = None
    currency_code: str | None = None


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """Columns of unreadable_values."""

    table_name: str | None = None
    column_name: str | None = None
    reason: str | None = None
    file_name: str | None = None
    line_number: int | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Result:
    """Columns of check_results; waivers came later."""

    check_id: str | None = None
    area: str | None = None
    subject: str | None = None
    severity: str | None = None
    is_passed: bool | None = None
    finding: str | None = None
    remedy: str | None = None
    observed_value: str | None = None
    limit_value: str | None = None
    affected_rows: int | None = None
    affected_amount: Decimal | None = None
    code: str | None = None
    waived_by: str | None = None
    waived_why: str | None = None
    waived_until: date | None = None


TABLES: Final[Tables] = {
    "mart_contribution_month": Table(),
    "mart_portfolio": Table.of(_Portfolio),
    "mart_reconciliation": Table(),
    _SETTINGS: Table((_Setting,), is_later=True),
    "mart_restatements": Table((_Restatement,), is_later=True),
    "mart_worklist": Table((Task, _Zone), is_later=True),
    "mart_input_quality": Table((_Quality,), is_later=True),
    "mart_input_quality_rows": Table((_QualityRow,), "controlling", is_later=True),
    "quarantined_rows": Table((_Quarantined,), "controlling", is_later=True),
    "unreadable_values": Table((_Unreadable,), "controlling", is_later=True),
    "check_results": Table((_Result,), "controlling", is_later=True),
}
"""What is read of a version; sql/ names these tables. A field here without a value is a column older versions lack."""


def read_controlling(version_dir: Path) -> Controlling:
    """What the version in `version_dir` says of its sources, bookings and checks, as of its latest as-of date.

    The settings of the version before are read where that version still lies beside it. Raises VerifyError (MANIFEST_..., VERSION_...)
    if this is no published version, or not a whole one.
    """
    before = _settings_before(version_dir)
    with Version.opened(version_dir, TABLES, [before[0]] if before else []) as version:
        return _read(version, before)


def _settings_before(version_dir: Path) -> tuple[Path, Manifest] | None:
    """The settings the version before published, with its manifest; None where it is gone, is not readable, or published none."""
    previous = manifests.read(version_dir).previous_version
    if previous is None:
        return None
    directory = version_dir.absolute().parent / layout.name_of(previous)
    file = reading.table_file(directory, _SETTINGS)
    try:
        return (file, manifests.read(directory)) if file.is_file() else None
    except VerifyError:
        return None


def _read(version: Version, before: tuple[Path, Manifest] | None) -> Controlling:
    manifest = version.manifest
    as_of_date = max(manifest.as_of_dates)
    _prepare(version, as_of_date, before[0] if before else None)
    for script in _PREPARED:
        version.connection.execute(_sql(script))
    currency = version.connection.execute("select max(reporting_currency) from mart_portfolio").fetchone()
    return Controlling(
        facts=Facts(
            version=manifest.version,
            previous_version=manifest.previous_version,
            known_at=manifest.known_at,
            as_of_date=as_of_date,
            method_version=manifest.method_version,
            previous_method_version=before[1].method_version if before else None,
            why=manifest.why,
            reporting_currency=str(currency[0] or "") if currency else "",
        ),
        has_previous=before is not None,
        urgent=_rows(version, "urgent", Urgent),
        sources=_rows(version, "sources", Source),
        months=_rows(version, "months", Month),
        reasons=_rows(version, "reasons", Reason),
        bookings=_rows(version, "bookings", Booking),
        doubts=_rows(version, "doubts", Doubt),
        ratings=_rows(version, "ratings", Rating),
        restated=_rows(version, "restated", Restated),
        restated_customers=_rows(version, "restated_customers", RestatedCustomer),
        warned=_rows(version, "warned", Warned),
        waivers=_rows(version, "waivers", Waiver),
        overrides=_rows(version, "overrides", Override),
        settings=_rows(version, "settings", Setting),
    )


def _rows(version: Version, query: str, model: type[Row]) -> tuple[Row, ...]:
    return version.query(model, _sql(query))


def _sql(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")


def _prepare(version: Version, as_of_date: date, before: Path | None) -> None:
    """What sql/ needs beside the tables: the day, the manifest's sources, the vocabulary's order, the settings before."""
    connection, manifest = version.connection, version.manifest
    connection.execute(
        "create temp table page as select $1::date as as_of_date, last_day($1::date + interval 1 month) as next_as_of_date, "
        "$2::timestamp as known_at, $3::boolean as has_previous",
        [as_of_date, manifest.known_at.astimezone(UTC).replace(tzinfo=None), before is not None],
    )
    version.order_codes()
    connection.execute(
        """create temp table manifest_sources (
            source_name varchar, domain varchar, is_mapped boolean, is_delivered boolean, delivered_at timestamp, data_to date,
            rows_used bigint, rows_set_aside bigint, rows_filtered bigint, rows_lost bigint, agreed_age_days bigint, note varchar,
            place integer
        )"""
    )
    place = code_groups()["source"].place
    rows = [
        (
            source.table,
            source.domain,
            source.is_mapped,
            source.is_delivered,
            None if source.delivered_at is None else source.delivered_at.astimezone(UTC).replace(tzinfo=None),
            source.data_to,
            source.rows_accepted,
            source.rows_quarantined,
            source.rows_filtered,
            source.rows_lost_in_mapping,
            source.agreed_age_days,
            source.note,
            place(source.table),
        )
        for source in manifest.sources
    ]
    if rows:
        connection.executemany(f"insert into manifest_sources values ({', '.join('?' * len(rows[0]))})", rows)
    settings = (
        "select null::varchar as setting, null::varchar as value, null::varchar as unit where false"
        if before is None
        else f"select setting, value, unit from read_parquet({literal(before)})"
    )
    connection.execute(f"create temp table settings_before as {settings}")
