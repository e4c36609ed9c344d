"""Where a column comes from: from the mart through every model back to what was delivered, read from the queries dbt compiled.

Belongs here: following values through queries (sqlglot reads them), level by level. Not here: which rows a query keeps or joins (they
decide, too, but are no values), how a delivered column is read from a file (config/sources.yml).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlglot import exp, parse_one
from sqlglot.lineage import to_node
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope
from sqlglot.schema import MappingSchema

from orchestration.dbt import manifest, plan
from pipelines import duck
from pipelines.contents import Relation
from pipelines.errors import Problem, UsageError, did_you_mean
from pipelines.home import Home

DIALECT: Final = "duckdb"
DELIVERED: Final = "raw"
"""The schema of what was landed: as delivered, typed."""


@dataclass(frozen=True, slots=True, order=True)
class Column:
    """A column of a table, model or landed delivery."""

    schema: str
    table: str
    name: str

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where `column` comes from: `levels` are the columns of models, the nearest first, each where it is met first; `delivered` those of
    deliveries, `configured` those of settings, control tables and seeds at their end."""

    column: Column
    levels: tuple[tuple[Column, ...], ...]
    delivered: tuple[Column, ...]
    configured: tuple[Column, ...]


class Queries:
    """The queries of the models as they were compiled, and the columns in the warehouse of `home`; a query is understood when it is needed.

    Raises as `duck.reading` and `plan.read` do.
    """

    def __init__(self, home: Home, project_dir: Path = manifest.PROJECT_DIR) -> None:
        project = plan.read(manifest.ensure_manifest(project_dir))
        self._nodes = {node.relation: node for node in project.nodes.values() if node.kind == "model"}
        self._columns = _columns(home)
        self._schema = MappingSchema(self._columns, dialect=DIALECT)
        self._scopes: dict[Relation, tuple[Any, dict[Any, Any]]] = {}

    def trace(self, wanted: str) -> Lineage:
        """The lineage of `model.column`. Raises KundenwertError COLUMN_UNKNOWN if no model has it."""
        column = self._find(wanted)
        levels, ends, seen = [], set[Column](), {column}
        level: tuple[Column, ...] = (column,)
        while level:
            parents = {parent for each in level for parent in self._parents(each)} - seen
            seen |= parents
            ends |= {each for each in parents if not self._is_built(each)}
            level = tuple(sorted(parents - ends))
            levels += [level] if level else []
        delivered = {each for each in ends if each.schema == DELIVERED}
        return Lineage(column, tuple(levels), tuple(sorted(delivered)), tuple(sorted(ends - delivered)))

    def direct(self) -> dict[str, dict[str, list[list[str]]]]:
        """`schema.table` -> column -> the columns it is made of, one step back, of every model that was built."""
        return {
            f"{relation.schema}.{relation.name}": {
                name: sorted(
                    [each.schema, each.table, each.name]
                    for each in set(self._parents(Column(relation.schema, relation.name, name)))
                )
                for name in self._columns[relation.schema][relation.name]
            }
            for relation in self._nodes
            if relation.name in self._columns.get(relation.schema, {})
        }

    def _find(self, wanted: str) -> Column:
        table, _, name = wanted.partition(".")
        known = {node.name: relation for relation, node in self._nodes.items()}
        relation = known.get(table)
        if relation is None:
            raise _unknown(f"there is no model '{table}'", table, known)
        columns = self._columns.get(relation.schema, {}).get(relation.name, {})
        if name not in columns:
            raise _unknown(f"{table} has no column '{name}'", name, columns)
        return Column(relation.schema, relation.name, name)

    def _is_built(self, column: Column) -> bool:
        return Relation(column.schema, column.table) in self._nodes

    def _parents(self, column: Column) -> Iterator[Column]:
        """The columns of other tables whose values it is made of."""
        scope, cache = self._scope(Relation(column.schema, column.table))
        found = to_node(column.name, scope, DIALECT, self._schema, trim_selects=False, _cache=cache)
        for node in found.walk():
            if isinstance(node.expression, exp.Table) and not node.downstream:
                name = exp.to_column(node.name, dialect=DIALECT).name
                yield Column(node.expression.db, node.expression.name, name)

    def _scope(self, relation: Relation) -> tuple[Any, dict[Any, Any]]:
        if relation not in self._scopes:
            parsed = parse_one(self._nodes[relation].sql, dialect=DIALECT)
            qualified = qualify(
                parsed, dialect=DIALECT, schema=self._schema, validate_qualify_columns=False, identify=False
            )
            self._scopes[relation] = build_scope(qualified), {}
        return self._scopes[relation]


def _columns(home: Home) -> dict[str, dict[str, dict[str, str]]]:
    """Schema -> table -> column -> type of all that lies in the warehouse."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    with duck.reading(home.warehouse, home.temporary) as connection:
        rows = connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal order by all"
        ).fetchall()
    for schema, table, column, kind in rows:
        found.setdefault(schema, {}).setdefault(table, {})[column] = kind
    return found


def _unknown(what: str, name: str, known: Mapping[str, object]) -> UsageError:
    remedy = did_you_mean(name, known, "docs/marts.md lists the marts, kundenwert dbt ls all models")
    return UsageError(Problem("COLUMN_UNKNOWN", what, "kundenwert lineage", remedy))
