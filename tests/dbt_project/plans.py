"""How the engine joins, read from the plans of statements that really ran. Belongs here: finding joins that cannot grow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import sqlglot
from sqlglot import exp

PAIRWISE: Final = frozenset(
    {"NESTED_LOOP_JOIN", "BLOCKWISE_NL_JOIN", "CROSS_PRODUCT", "PIECEWISE_MERGE_JOIN", "IE_JOIN"}
)
"""Operators that compare rows with rows instead of looking them up by a key."""

SMALL: Final = 100
"""Rows up to which an input counts as one that does not grow: as-of dates, criteria, zones, thresholds, the months of one table."""


@dataclass(frozen=True, slots=True)
class PairwiseJoin:
    """A join that compared `left` rows with `right` rows one by one."""

    operator: str
    left: int
    right: int
    where: str
    """Its condition; what was made, where a plan does not tell conditions."""

    @property
    def is_growing(self) -> bool:
        """Whether both inputs had more rows than one that does not grow."""
        return min(self.left, self.right) > SMALL


def pairwise_joins(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[PairwiseJoin]:
    """The joins without a key of a statement in which both inputs had more than SMALL rows; runs the statement."""
    row = connection.execute(f"explain (analyze, format json) {sql}").fetchone()
    assert row is not None
    yield from _walk(json.loads(row[1]))


def _walk(operator: Mapping[str, Any]) -> Iterator[PairwiseJoin]:
    inputs = operator.get("children", [])
    if operator.get("operator_type") in PAIRWISE:
        left, right = (int(each["operator_cardinality"]) for each in inputs[:2])
        condition = operator.get("extra_info", {}).get("Condition", operator.get("extra_info", {}))
        join = PairwiseJoin(str(operator["operator_type"]), left, right, str(condition))
        if join.is_growing:
            yield join
    for each in inputs:
        yield from _walk(each)


def left_only_conditions(sql: str) -> Iterator[str]:
    """Conditions of left joins that do not name the joined side: the engine then has no key and compares every pair."""
    for join in sqlglot.parse_one(sql, dialect="duckdb").find_all(exp.Join):
        on = join.args.get("on")
        if join.side != "LEFT" or on is None:
            continue
        for condition in on.flatten() if isinstance(on, exp.And) else [on]:
            tables = {column.table for column in condition.find_all(exp.Column)}
            if join.this.alias_or_name not in tables:
                yield condition.sql(dialect="duckdb")


def line_of(condition: str, source: str) -> int:
    """The line of a model's text that shares most words with a condition; 1 if none does."""
    wanted = set(re.findall(r"[a-z_]+", condition.lower()))
    joins = [number for number, line in enumerate(source.splitlines(), 1) if " join " in f" {line} "]
    ends = [*joins[1:], len(source.splitlines()) + 1]
    lines = source.splitlines()

    def shared(span: tuple[int, int]) -> int:
        return len(wanted & set(re.findall(r"[a-z_]+", " ".join(lines[span[0] - 1 : span[1] - 1]).lower())))

    return max(zip(joins, ends, strict=True), key=shared)[0] if joins else 1
