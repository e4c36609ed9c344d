"""The dbt project's compiled SQL on a warehouse in memory: a small company in a quarter of a second, without dbt.

Belongs here: compiling once, the order of the models, tables of the contracts' and settings' types, filling them. Not
here: what a company looks like (companies.py), what its numbers should be (tests.oracle).

Planning these statements takes longer than running them on a few rows. So a Warehouse prepares them once and executes
them for every company. DuckDB keeps a prepared plan even if the rows it was planned for have gone, and with
`statistics_propagation` it would have planned for empty tables; prepared plans are made without. A Warehouse that is
not `prepared` runs each statement as a run of the product does, under exactly its settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pytest
import yaml

from pipelines.contracts import load_contracts
from pipelines.landing import judged
from pipelines.landing.control import AS_OF_DATES, COMPANY, COST_SOURCES, LOAD_BATCHES, SOURCE_COVERAGE
from pipelines.landing.write import QUARANTINE_COLUMNS
from pipelines.publishing.previous import PUBLISHED_VERSION, REMEMBERED
from pipelines.settings.tables import COSTS, SCHEMAS
from tests.dbt_project.conftest import PROJECT, Node, dbt, read
from tests.once import once

Row = Mapping[str, Any]

SOURCES: Final = ("raw", "quarantine", "control", "settings")
LAYERS: Final = ("staging", "intermediate", "marts")
ALWAYS: Final = datetime(1990, 1, 1)  # noqa: DTZ001 - UTC without a zone, as everywhere


@dataclass(frozen=True)
class Batch:
    """Rows of one table that came together."""

    table: str
    rows: Sequence[Row]
    quarantined: Sequence[Row] = ()
    mode: str = "full"
    delivered_at: datetime = ALWAYS


@dataclass(frozen=True)
class Replay:
    """Where the method of a company says that judging begins."""

    judged_from: date | None = None
    max_months: int = 36


@dataclass(frozen=True)
class Delivered:
    """Everything a warehouse is filled with. Batches of one table stand in the order they were landed in."""

    batches: Sequence[Batch]
    settings: Mapping[str, Sequence[Row]]
    as_of: Sequence[tuple[date, datetime]]
    """The dates to show. Known at one time: that of the last."""

    replay: Replay = Replay()
    time_zone: str = "UTC"


@dataclass(frozen=True)
class Project:
    """The compiled project: its models in the order of their dependencies, its singular tests."""

    models: Sequence[Node]
    tests: Sequence[Node]
    settings: Mapping[str, str]
    """What the product's profile sets for every connection."""
    seeds: Mapping[str, Path]
    """Relation -> its file."""


def compile_project(folder: Path) -> None:
    """Compile models and singular tests into `folder`; needs no table."""
    dbt(["compile", "--no-introspect", "--no-populate-cache", "--select", "path:models", "test_type:singular"], folder)


def load_project(target: Path) -> Project:
    """The compiled project in dbt's target folder."""
    run = read(target)
    models = {node.unique_id: node for node in run.models}
    ordered: dict[str, Node] = {}

    def add(unique_id: str) -> None:
        if unique_id in models and unique_id not in ordered:
            for dependency in models[unique_id].reads:
                add(dependency)
            ordered[unique_id] = models[unique_id]

    for unique_id in sorted(models):
        add(unique_id)
    profiles = yaml.safe_load((PROJECT / "profiles.yml").read_text(encoding="utf-8"))
    settings = profiles["kundenwert"]["outputs"]["duckdb"]["settings"]
    fixed = {name: str(value) for name, value in settings.items() if name not in ("threads", "memory_limit")}
    seeds = {
        f"{raw['schema']}.{raw['alias']}": PROJECT / raw["original_file_path"]
        for raw in run.manifest["nodes"].values()
        if raw["resource_type"] == "seed"
    }
    return Project(tuple(ordered.values()), run.singular_tests, fixed, seeds)


def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The compiled project; of several test processes one compiles it."""
    return load_project(once(tmp_path_factory, "dbt_compiled", compile_project) / "target")


def _as_of_dates(delivered: Delivered) -> list[Row]:
    """control.as_of_dates as a run would write it."""
    postings = [
        row["posting_date"] for batch in delivered.batches if batch.table == "invoice_lines" for row in batch.rows
    ]
    openings = [
        row["as_of_date"] for batch in delivered.batches if batch.table == "opening_portfolio" for row in batch.rows
    ]
    beginning = judged.Beginning(
        delivered.replay.judged_from, delivered.replay.max_months, min(postings, default=None), tuple(openings)
    )
    shown = [day for day, _ in delivered.as_of]
    known_at = max(at for _, at in delivered.as_of)
    return [
        {
            "as_of_date": month.as_of_date,
            "known_at": known_at,
            "is_latest": month.as_of_date == max(shown),
            "is_open_month": False,
            "judged_from": month.judged_from,
            "is_shown": month.is_shown,
        }
        for month in judged.judged_months(shown, beginning)
    ]


class Sources:
    """The tables models read, of the contracts' and settings' types."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._filled: dict[str, pa.Schema] = {}

    def make(self) -> None:
        """Make the tables, without rows."""
        for schema in SOURCES:
            self.connection.execute(f"create schema {schema}")
        for name, contract in load_contracts().items():
            columns = [f"{column.load_name} {column.sql_type}" for column in contract.columns]
            columns += ["batch_id varchar", "file_name varchar", "line_number bigint"]
            reasons = [f"{column} varchar" for column in QUARANTINE_COLUMNS]
            self.connection.execute(f"create table raw.{name} ({', '.join(columns)})")
            self.connection.execute(f"create table quarantine.{name} ({', '.join(columns + reasons)})")
            for schema in ("raw", "quarantine"):
                table = f"{schema}.{name}"
                self._filled[table] = self.connection.execute(f"select * from {table}").to_arrow_table().schema
        control = {"load_batches": LOAD_BATCHES, "as_of_dates": AS_OF_DATES, "source_coverage": SOURCE_COVERAGE}
        control |= {"company": COMPANY, "cost_sources": COST_SOURCES}
        control |= {
            "published_version": PUBLISHED_VERSION,
            **{name: schema for name, (_, schema) in REMEMBERED.items()},
        }
        for schema, tables in (("settings", SCHEMAS), ("control", control)):
            for name, columns_of in tables.items():
                self.connection.register("empty", columns_of.empty_table())
                self.connection.execute(f"create table {schema}.{name} as select * from empty")
                self.connection.unregister("empty")
                self._filled[f"{schema}.{name}"] = columns_of

    def fill(self, delivered: Delivered) -> None:
        """Fill the empty tables."""
        raw: dict[str, list[Row]] = {}
        load_batches: list[Row] = []
        seen: dict[str, int] = {}
        for number, batch in enumerate(delivered.batches, 1):
            batch_id = f"{batch.table}-{number}"
            where = {"batch_id": batch_id, "file_name": f"{batch.table}.csv"}
            for schema, rows in (("raw", batch.rows), ("quarantine", batch.quarantined)):
                raw.setdefault(f"{schema}.{batch.table}", []).extend(
                    {**row, **where, "line_number": line} for line, row in enumerate(rows, 2)
                )
            later = delivered.batches[number:]
            ends = [one.delivered_at for one in later if one.table == batch.table and one.mode == "full"]
            load_batches.append(
                {
                    "batch_id": batch_id,
                    "table_name": batch.table,
                    "sequence": number,
                    "mode": batch.mode,
                    "delivered_at": batch.delivered_at,
                    "is_first": batch.table not in seen,
                    "superseded_at": ends[0] if ends else None,
                    "is_active": not ends,
                }
            )
            seen[batch.table] = seen.get(batch.table, 0) + len(batch.rows)
        for table, rows in raw.items():
            self._insert(table, rows)
        for name, settings in delivered.settings.items():
            if name != "cost_sources":
                self._insert(f"settings.{name}", settings)
        mapped = [{"cost": cost, "is_mapped": True} for cost in COSTS]
        self._insert("control.cost_sources", delivered.settings.get("cost_sources", mapped))
        self._insert("control.load_batches", load_batches)
        self._insert("control.company", [{"time_zone": delivered.time_zone}])
        self._insert(
            "control.as_of_dates",
            _as_of_dates(delivered),
        )
        self._insert(
            "control.source_coverage",
            [
                {
                    "table_name": name,
                    "domain": contract.domain,
                    "is_mapped": name in seen,
                    "is_delivered": name in seen,
                    "rows_accepted": seen.get(name, 0),
                    "rows_quarantined": 0,
                    "rows_filtered": 0,
                    "rows_skipped": 0,
                }
                for name, contract in load_contracts().items()
            ],
        )

    def copy(self, landed: duckdb.DuckDBPyConnection) -> None:
        """Fill the empty tables with those of the same name there."""
        there = landed.execute(
            f"select table_schema || '.' || table_name from information_schema.tables where table_schema in {SOURCES}"
        ).fetchall()
        for (table,) in there:
            if table in self._filled:
                self.connection.register("given", landed.execute(f"select * from {table}").to_arrow_table())
                self.connection.execute(f"insert into {table} by name select * from given")
                self.connection.unregister("given")

    def _insert(self, table: str, rows: Sequence[Row]) -> None:
        if not rows:
            return
        schema = self._filled[table]
        columns = [pa.array([row.get(field.name) for row in rows], type=field.type) for field in schema]
        self.connection.register("given", pa.Table.from_arrays(columns, schema=schema))
        self.connection.execute(f"insert into {table} select * from given")
        self.connection.unregister("given")


class Warehouse:
    """A warehouse in memory that can be filled with one company after the other."""

    def __init__(
        self, project: Project, marts: Iterable[str], tests: Iterable[str] = (), prepared: bool = True
    ) -> None:
        wanted = set(tests)
        self.tests = [node for node in project.tests if node.name in wanted]
        self.models = _needed(project, set(marts), self.tests)
        self.prepared = prepared
        self.bi = duckdb.connect(":memory:", config={"threads": 1})
        """The connection, in the schema of the marts."""
        for name, value in project.settings.items():
            self.bi.execute(f"set {name} = '{value}'")
        if prepared:
            optimizers = project.settings.get("disabled_optimizers", "")
            self.bi.execute(f"set disabled_optimizers = '{optimizers},statistics_propagation'")
        self._sources = Sources(self.bi)
        self._is_built = False
        self._sources.make()
        for schema in (*LAYERS, *sorted({seed.partition(".")[0] for seed in project.seeds})):
            self.bi.execute(f"create schema if not exists {schema}")
        for seed, file in project.seeds.items():
            self.bi.execute(
                f"create table {seed} as select * from read_csv('{file}', header = true, all_varchar = true)"
            )
        for node in self.models:
            is_view = node.config["materialized"] == "view"
            # Empty, whatever it follows from: a sum over nothing is a row.
            query = node.compiled if is_view else f"select * from (\n{node.compiled}\n) limit 0"
            self.bi.execute(f"create {'view' if is_view else 'table'} {node.schema}.{node.name} as {query}")
        self._tables = [node for node in self.models if node.config["materialized"] != "view"]
        if prepared:
            for number, node in enumerate(self._tables):
                self.bi.execute(f"prepare model_{number} as insert into {node.schema}.{node.name} {node.compiled}")
            for number, node in enumerate(self.tests):
                self.bi.execute(f"prepare test_{number} as {node.compiled}")
        self.bi.execute("use memory.marts")

    def build(self, delivered: Delivered) -> duckdb.DuckDBPyConnection:
        """Replace everything by this company's numbers."""
        return self._build(lambda: self._sources.fill(delivered))

    def build_landed(self, landed: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
        """The same from the doors of a home: its schemas raw, quarantine, control and settings."""
        return self._build(lambda: self._sources.copy(landed))

    def _build(self, fill: Callable[[], None]) -> duckdb.DuckDBPyConnection:
        # Nothing is ever committed: rows deleted from tables in memory would be passed over by every later scan.
        if self._is_built:
            self.bi.execute("rollback")
        self.bi.execute("begin")
        self._is_built = True
        fill()
        for number, node in enumerate(self._tables):
            table = f"{node.schema}.{node.name}"
            if self.prepared:
                try:
                    self.bi.execute(f"execute model_{number}")
                except duckdb.Error as error:
                    error.add_note(f"in {table}")
                    raise
            else:
                self.bi.execute(f"create or replace table {table} as {node.compiled}")
        return self.bi

    def violations(self) -> dict[str, list[tuple[Any, ...]]]:
        """The rows every singular test returns, of tests that return any."""
        found = {}
        for number, node in enumerate(self.tests):
            rows = self.bi.execute(f"execute test_{number}" if self.prepared else node.compiled).fetchall()
            if rows:
                found[node.name] = rows
        return found

    def rows(self, table: str, where: str = "true") -> list[dict[str, Any]]:
        """Rows of a table in a total order."""
        cursor = self.bi.execute(f"select * from {table} where {where} order by all")
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def marts(self) -> list[str]:
        """The marts this warehouse builds."""
        return sorted(node.name for node in self.models if node.layer == "marts")


def _needed(project: Project, marts: set[str], tests: Sequence[Node]) -> list[Node]:
    wanted = {node.unique_id for node in project.models if node.name in marts}
    wanted |= {unique_id for node in tests for unique_id in node.reads}
    for node in reversed(project.models):
        if node.unique_id in wanted:
            wanted |= set(node.reads)
    return [node for node in project.models if node.unique_id in wanted]
