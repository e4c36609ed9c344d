"""A room in which some models of the project are asked alone: rows go in where they read, rows come out.

Belongs here: empty relations of the right types, filling them, executing the compiled SQL of what lies between. Not here: what a case
says (sections/), comparing (compare.py).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from pipelines.settings.portfolio import Portfolio
from pipelines.settings.tables import settings_tables
from pipelines.settings.validation import validated
from pipelines.settings.yaml_file import Document, read
from tests.dbt_project.conftest import Node
from tests.generated.compiled import LAYERS, Project, Sources

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "config" / "portfolio.yml"
"""The method of the worked example: what a case does not say is as there."""

COMPANY: Final = "staging.stg_control__company"

Row = Mapping[str, Any]
Given = Mapping[str, Sequence[Row]]
"""Relation (`schema.name`) -> its rows. A column that no row names is NULL."""


class Room:
    """All relations of the project, empty; every question begins and leaves them so."""

    def __init__(self, project: Project) -> None:
        self.connection = duckdb.connect(":memory:", config={"threads": 1})
        for name, value in project.settings.items():
            self.connection.execute(f"set {name} = '{value}'")
        Sources(self.connection).make()
        for schema in (*LAYERS, *sorted({seed.partition(".")[0] for seed in project.seeds})):
            self.connection.execute(f"create schema if not exists {schema}")
        for seed, file in project.seeds.items():
            self.connection.execute(
                f"create table {seed} as select * from read_csv('{file}', header = true, all_varchar = true)"
            )
        self._models = {f"{node.schema}.{node.name}": node for node in project.models}
        self._by_id = {node.unique_id: name for name, node in self._models.items()}
        for name, node in self._models.items():
            self.connection.execute(f"create table {name} as {node.compiled}")
            self.connection.execute(f"delete from {name}")
        self._schemas: dict[str, pa.Schema] = {}
        # A day of a company of which a case says nothing is a day in UTC.
        self.connection.execute(f"insert into {COMPANY} (time_zone) values ('UTC')")

    def ask(self, given: Given, *wanted: str) -> dict[str, list[dict[str, Any]]]:
        """The rows of the `wanted` relations, computed by their SQL from the `given` ones and nothing else.

        Every model between them is computed too; what lies above and is not given stays empty. Rows come in a total order.
        """
        self.connection.execute("begin")
        try:
            if {COMPANY, "control.company"} & set(given):
                self.connection.execute(f"delete from {COMPANY}")
            for relation, rows in given.items():
                self._fill(relation, rows)
            for name in self._between(set(given), wanted):
                try:
                    self.connection.execute(f"insert into {name} {self._models[name].compiled}")
                except duckdb.Error as error:
                    error.add_note(f"in {name}")
                    raise
            return {name: self._rows(name) for name in wanted}
        finally:
            self.connection.execute("rollback")

    def evaluate(self, expression: str, rows: Sequence[Row]) -> list[Any]:
        """One SQL expression over rows whose cells are text; for types a section wants to see as the engine does."""
        self.connection.register("evaluated", pa.Table.from_pylist([dict(row) for row in rows]))
        try:
            return [value for (value,) in self.connection.execute(f"select {expression} from evaluated").fetchall()]
        finally:
            self.connection.unregister("evaluated")

    def _between(self, given: set[str], wanted: Iterable[str]) -> list[str]:
        needed: set[str] = set()

        def add(name: str) -> bool:
            """Whether `name` follows from what is given."""
            if name in given:
                return True
            if name in needed:
                return True
            node: Node | None = self._models.get(name)
            if node is None:
                return False
            follows = any([add(self._relation(one)) for one in node.reads] + [one in given for one in _sources(node)])
            if follows:
                needed.add(name)
            return follows

        for name in wanted:
            add(name)
        return [name for name in self._models if name in needed]

    def _relation(self, unique_id: str) -> str:
        return self._by_id.get(unique_id, unique_id)

    def _fill(self, relation: str, rows: Sequence[Row]) -> None:
        if relation not in self._schemas:
            empty = self.connection.execute(f"select * from {relation} limit 0").to_arrow_table()
            self._schemas[relation] = empty.schema
        schema = self._schemas[relation]
        unknown = {name for row in rows for name in row} - set(schema.names)
        if unknown:
            raise KeyError(f"{relation} has no column {sorted(unknown)}; it has {schema.names}")
        if not rows:
            return
        columns = [
            pa.array([_cell(row.get(field.name), field.type) for row in rows], type=field.type) for field in schema
        ]
        self.connection.register("given", pa.Table.from_arrays(columns, schema=schema))
        self.connection.execute(f"insert into {relation} select * from given")
        self.connection.unregister("given")

    def _rows(self, relation: str) -> list[dict[str, Any]]:
        cursor = self.connection.execute(f"select * from {relation} order by all")
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def method(changes: Mapping[str, Any] | None = None) -> dict[str, list[Row]]:
    """The settings tables of the worked example's method, `settings.<table>` -> rows, with `changes` by dotted path (`zones.threshold`).

    A whole block is replaced where a path names one. Not validated twice: an invalid method raises as the product does.
    """
    content = read(GOLDEN).value
    assert isinstance(content, dict)
    content = _copied(content)
    for path, value in (changes or {}).items():
        *parents, last = path.split(".")
        block = content
        for name in parents:
            block = block.setdefault(name, {})
        block[last] = value
    portfolio = validated(Document("statements", content, {}), Portfolio)
    return {f"settings.{name}": table.to_pylist() for name, table in settings_tables(portfolio).items()}


_SOURCE = re.compile(r"\b(raw|quarantine|control|settings)\.(\w+)")


def _sources(node: Node) -> set[str]:
    return {f"{schema}.{name}" for schema, name in _SOURCE.findall(node.compiled)}


def _cell(value: Any, kind: pa.DataType) -> Any:
    """A value of a case (text, mostly) as the column's type."""
    if value is None:
        return None
    if pa.types.is_decimal(kind) and isinstance(value, str | int | Decimal):
        return Decimal(value).quantize(Decimal(1).scaleb(-kind.scale))
    if not isinstance(value, str):
        return value
    if pa.types.is_integer(kind):
        return int(value)
    if pa.types.is_date(kind):
        return datetime.date.fromisoformat(value)
    return _moment(value) if pa.types.is_timestamp(kind) else value


def _moment(text: str) -> datetime.datetime:
    """A time as the models hold it: UTC without a zone."""
    moment = datetime.datetime.fromisoformat(text)
    return moment.astimezone(datetime.UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _copied(value: Any) -> Any:
    return {key: _copied(item) for key, item in value.items()} if isinstance(value, dict) else value
