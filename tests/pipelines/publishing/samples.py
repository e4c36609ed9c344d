"""A small warehouse as dbt leaves it, and ways to publish from it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from pipelines import checks
from pipelines.checks import CheckResult
from pipelines.home import Home
from pipelines.publishing import (
    ManifestFacts,
    PublishedTable,
    PublishedVersion,
    Rule,
    SourceState,
    publish,
    retention,
    versions,
)

PUBLISHED_AT = datetime(2026, 1, 2, 7, 0, tzinfo=UTC)

FACTS = ManifestFacts(
    known_at=datetime(2026, 1, 2, 6, 0, tzinfo=UTC),
    as_of_dates=(date(2025, 12, 31), date(2025, 11, 30)),
    method_version="0123456789ab",
    project_version="0.1.0",
    pseudonym_key_id="k-1",
    sources=(
        SourceState(table="ratings", domain="crm", is_mapped=False, is_delivered=False, note="no CRM"),
        SourceState(
            table="customers", domain="erp", is_mapped=True, is_delivered=True, rows_accepted=5_000, rows_quarantined=1
        ),
    ),
)


def published_tables(home: Home) -> tuple[PublishedTable, ...]:
    """Two marts for BI, one for controlling from the warehouse, one from a file; nothing for team."""
    return (
        PublishedTable("mart_portfolio", "bi", "marts.mart_portfolio", ("as_of_date", "ultimate_parent_id")),
        PublishedTable("dim_customer", "bi", "marts.dim_customer", ("customer_id",)),
        PublishedTable("mart_reconciliation", "controlling", "marts.mart_reconciliation", ("period", "account_group")),
        PublishedTable("check_results", "controlling", home.checks / checks.FILE_NAME, checks.KEY),
    )


def fill(home: Home, *, order: str = "number", changed: bool = False, threads: int = 2, rows: int = 5_000) -> None:
    """(Re)build the warehouse; `order` is the physical order of the rows, `changed` moves one cent of one customer."""
    home.prepare()
    home.warehouse.unlink(missing_ok=True)
    cent = "case when number = 77 then 0.01 else 0.00 end" if changed else "0.00"
    with duckdb.connect(str(home.warehouse), config={"threads": threads}) as connection:
        connection.execute("create schema marts")
        connection.execute(
            f"""
            create table marts.mart_portfolio as
            select
                case when number % 10 = 9 then date '2025-11-30' else date '2025-12-31' end as as_of_date,
                'C' || lpad(number::varchar, 7, '0') as ultimate_parent_id,
                cast(number * 1.37 + {cent} as decimal(18, 2)) as net_revenue,
                case when number % 7 = 0 then null else cast(number % 5 as decimal(9, 4)) end as potential_score,
                case number % 3 when 0 then 'protection' when 1 then 'withdrawal' end as zone
            from range({rows}) as numbers (number)
            order by {order}
            """
        )
        connection.execute(
            f"""
            create table marts.dim_customer as
            select 'C' || lpad(number::varchar, 7, '0') as customer_id, 'Müller & Söhne ' || number as customer_name
            from range(300) as numbers (number)
            order by {order}
            """
        )
        connection.execute(
            f"""
            create table marts.mart_reconciliation as
            select '2025-' || lpad((number + 1)::varchar, 2, '0') as period, 'cogs' as account_group,
                cast(0 as decimal(18, 2)) as difference
            from range(12) as numbers (number)
            order by {order}
            """
        )
    found = CheckResult(check_id="batch.x", area="batch", subject="x", severity="info", passed=True, what="fine")
    checks.write([found], home.checks / checks.FILE_NAME)


def publish_again(home: Home, keep: int = 10) -> PublishedVersion:
    """The next version, a day later and of another release each time, or there would be none. `keep`: so many stay, as after a run."""
    newest = max((version.number for version in versions(home)), default=0)
    facts = FACTS.model_copy(update={"project_version": f"0.1.{newest}"})
    day = PUBLISHED_AT + timedelta(days=newest)
    made = publish(home, published_tables(home), facts, published_at=day)
    retention.prune(home, Rule(days=keep), day)
    return made


def publish_the_same(home: Home) -> PublishedVersion:
    """Once more what the first version says."""
    facts = FACTS.model_copy(update={"project_version": "0.1.0"})
    return publish(home, published_tables(home), facts, published_at=PUBLISHED_AT + timedelta(days=1))


def parquet_bytes(directory: Path) -> dict[str, bytes]:
    """Every Parquet file of a version by its path: what must be identical."""
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in sorted(directory.rglob("*.parquet"))}
