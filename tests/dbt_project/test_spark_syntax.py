"""Every model's and singular test's text for Spark parses as Spark SQL and holds nothing that only DuckDB understands.

Not here: that Spark computes the same (the lane with a real Spark).
"""

from __future__ import annotations

import re

import pytest
import sqlglot
from sqlglot import errors, exp

from tests.dbt_project.conftest import Node, Run

DUCKDB_ONLY = {
    "type of DuckDB": r"\b(hugeint|uhugeint|utinyint|usmallint|uinteger|ubigint|varchar(?!\s*\()|text)\b",
    "whole division": r"//",
    "quoted date part": r"\bdate_(diff|sub|part|add)\s*\(\s*'",
    "function of DuckDB": r"\b(strftime|strptime|string_agg|list_\w+|struct_pack|unnest|strpos|isodow|epoch\w*|"
    r"quantile_cont|regexp_matches|regexp_full_match|generate_series|date_diff|make_date|arg_max|arg_min|try_strptime|printf|hash)\s*\(",
    "group or order by all": r"\b(group|order)\s+by\s+all\b",
    "clause not in all engines": r"\b(qualify|asof|positional|pivot|unpivot|exclude)\b",
    "cast with ::": r"::",
    "list literal": r"=\s*\[|\(\s*\[",
    "ignore nulls inside": r"ignore\s+nulls\s*\)",
    "quoted identifier": r'"',
    "interval text": r"interval\s*'\d+\s+\w+'",
    "concat": r"\bconcat\s*\(",
    "every/list_aggregate": r"\bevery\s*\(",
}
"""What -> how it looks in the text (ENGINES: the dialect table)."""


def texts(run: Run) -> list[Node]:
    """Models and singular tests."""
    return [*run.models, *run.singular_tests]


def bare(sql: str) -> str:
    """Without comments and without what stands in quotes."""
    return re.sub(r"'[^']*'", "''", re.sub(r"--[^\n]*|/\*.*?\*/", "", sql, flags=re.DOTALL))


def test_every_text_is_compiled(spark: Run) -> None:
    assert texts(spark)
    assert not [node.name for node in texts(spark) if not node.compiled.strip()]


def test_every_text_parses_as_spark_sql(spark: Run) -> None:
    for node in texts(spark):
        try:
            statements = sqlglot.parse(node.compiled, read="spark")
        except errors.ParseError as error:
            pytest.fail(f"{node.name} is no Spark SQL: {error}")
        assert len(statements) == 1, f"{node.name} holds {len(statements)} statements"
        statement = statements[0]
        assert isinstance(statement, exp.Query), f"{node.name} is understood as {type(statement).__name__}"
        opaque = [command.sql() for command in statement.find_all(exp.Command)]
        assert not opaque, f"{node.name} holds what the parser does not understand: {opaque}"


@pytest.mark.parametrize("what", sorted(DUCKDB_ONLY))
def test_nothing_only_duckdb_understands_is_left(spark: Run, what: str) -> None:
    pattern = re.compile(DUCKDB_ONLY[what], re.IGNORECASE)
    # Quoted date parts stand in quotes, so that one is looked for in the whole text.
    found = {
        node.name: match[0]
        for node in texts(spark)
        if (match := pattern.search(node.compiled if "'" in DUCKDB_ONLY[what] else bare(node.compiled)))
    }
    assert not found, f"{what}: give it a macro in dbt_project/macros/engine.sql: {found}"


def test_the_patterns_find_what_they_are_for() -> None:
    samples = {
        "type of DuckDB": "cast(x as hugeint)",
        "whole division": "a // b",
        "quoted date part": "date_diff('day', a, b)",
        "function of DuckDB": "string_agg(x, ',')",
        "group or order by all": "group by all",
        "clause not in all engines": "select 1 qualify row_number() over () = 1",
        "cast with ::": "x::date",
        "list literal": "in_list([1, 2])",
        "ignore nulls inside": "first_value(x ignore nulls)",
        "quoted identifier": 'select 1 as "X"',
        "interval text": "d + interval '1 months'",
        "concat": "concat(a, b)",
        "every/list_aggregate": "every(x)",
    }
    assert samples.keys() == DUCKDB_ONLY.keys()
    for what, sample in samples.items():
        assert re.search(DUCKDB_ONLY[what], sample, re.IGNORECASE), what
