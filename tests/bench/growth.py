"""How much work a statement is, counted and not timed. Belongs here: reading it from the plan of a statement that really ran.

Seconds would do on one quiet machine; a shared one, or the first touch of a page, moves a model of milliseconds by its half. Rows do not
move: with one thread the same statement on the same rows counts the same on every machine. What an operator costs is taken as the
rows that come in and go out; one that compares rows with rows costs every pair. Sorting is counted as if it were linear: its logarithm is
0.02 of an exponent at these sizes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import duckdb

from tests.dbt_project.plans import PAIRWISE


def work(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    """Rows moved and pairs compared by a statement, which is run."""
    row = connection.execute(f"explain (analyze, format json) {sql}").fetchone()
    assert row is not None
    return _counted(json.loads(row[1]))


def _counted(operator: Mapping[str, Any]) -> int:
    inputs = operator.get("children", [])
    came = [_rows(each) for each in inputs]
    own = sum(came) + _rows(operator)
    if operator.get("operator_type") in PAIRWISE:
        own += math.prod(came[:2])
    return own + sum(_counted(each) for each in inputs)


def _rows(operator: Mapping[str, Any]) -> int:
    return max(int(operator.get("operator_cardinality", 0)), int(operator.get("operator_rows_scanned", 0)))


def exponent(small: float, large: float, lines: float) -> float:
    """The power of the lines with which work grew: 1 is in proportion, 2 is every row with every row."""
    return math.log(max(large, 1) / max(small, 1)) / math.log(lines)
