"""Makes the demo company in DuckDB and writes its files. Belongs here: running sql/ and writing; not what it holds."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable
from dataclasses import astuple
from datetime import date, datetime
from pathlib import Path

import duckdb

from pipelines import duck
from pipelines.demo import cast
from pipelines.demo.files import DEMO_FILES, write_file
from pipelines.demo.plan import (
    FIELD_POOL_YEAR_CENTS,
    FULL_EFFORT_CUSTOMERS,
    INSIDE_POOL_YEAR_CENTS,
    DemoPlan,
    DemoSummary,
)

_SQL = Path(__file__).parent / "sql"
_IN_MEMORY_UP_TO = 2_000
"""Customers; larger demos are made in a file, so that memory stays bounded."""


def write_demo(
    out: Path,
    customers: int = 400,
    months: int = 40,
    seed: int = 1,
    last_month: str = "2026-09",
    is_corrected: bool = False,
) -> DemoSummary:
    """Write the demo's deliveries to `out`/erp and `out`/crm (0700, files 0600), replacing files of the same names.

    The same arguments give the same bytes. Raises ConfigError (`DEMO_RANGE`) for a size no demo can have.
    """
    started = time.monotonic()
    plan = DemoPlan(customers, months, seed, last_month, is_corrected)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".making-", dir=out))
    try:
        in_memory = plan.customers <= _IN_MEMORY_UP_TO
        with duck.memory(scratch) if in_memory else duck.writing(scratch / "demo.duckdb", scratch) as connection:
            connection.execute("set preserve_insertion_order = false")
            _make(connection, plan)
            files = tuple(write_file(connection, file, out, scratch) for file in DEMO_FILES)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return DemoSummary(plan, out, files, time.monotonic() - started)


def _make(connection: duckdb.DuckDBPyConnection, plan: DemoPlan) -> None:
    variables: dict[str, int | str | date | datetime | list[str]] = {
        "seed": plan.seed,
        "customers": plan.customers,
        "months": plan.months,
        "first_day": plan.first_day,
        "last_day": plan.last_day,
        "opening_day": plan.opening_day,
        "is_corrected": plan.is_corrected,
        "delivered_at": plan.delivered_at,
        "full_effort_customers": FULL_EFFORT_CUSTOMERS,
        "first_number": cast.FIRST_CUSTOMER_NUMBER,
        "field_pool_year_cents": FIELD_POOL_YEAR_CENTS,
        "inside_pool_year_cents": INSIDE_POOL_YEAR_CENTS,
        "rep_who_left": cast.REP_WHO_LEFT,
        "rep_who_leaves": cast.REP_WHO_LEAVES,
        "places": list(cast.PLACES),
        "trades": list(cast.TRADES),
        "legal_forms": list(cast.LEGAL_FORMS),
        "industries": list(cast.INDUSTRIES),
        "regions": list(cast.REGIONS),
    }
    for name, value in variables.items():
        connection.execute(f"set variable {name} = $value", {"value": value})
    _table(connection, "role", "number, case_name, archetype, revenue, name, country, parent", map(astuple, cast.CAST))
    shares = [sum(kind.share for kind in cast.ARCHETYPES[:position]) for position in range(len(cast.ARCHETYPES))]
    _table(
        connection,
        "archetype",
        "name, share, size, growth, discount, cogs, late_days, demand, achievable, levels, visits, calls, trouble, "
        "share_from, share_to",
        (
            (
                *(list(field) if isinstance(field, tuple) else field for field in astuple(kind)),
                start,
                start + kind.share,
            )
            for kind, start in zip(cast.ARCHETYPES, shares, strict=True)
        ),
    )
    _table(connection, "product_group", "position, name", enumerate(cast.PRODUCT_GROUPS))
    levels = ("Basis", "Differenzierend", "Begeisternd", "Faszinierend")
    _table(
        connection,
        "service",
        "position, name, offering_level, level",
        ((position, name, level, levels.index(level) + 1) for position, (name, level) in enumerate(cast.SERVICES)),
    )
    _table(connection, "rep", "rep_id, team", (*cast.FIELD_REPS, *cast.INSIDE_REPS))
    _table(connection, "criterion", "position, name", enumerate(cast.CRITERIA, 1))
    for script in sorted(_SQL.glob("*.sql")):
        connection.execute(script.read_text(encoding="utf-8"))


def _table(connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Iterable[tuple[object, ...]]) -> None:
    """A small table from Python rows; types follow from the values."""
    values = list(rows)
    marks = ", ".join(f"({', '.join('?' for _ in row)})" for row in values)
    connection.execute(
        f"create table {name} as select * from (values {marks}) as given ({columns})",
        [value for row in values for value in row],
    )
