"""Whatever is quoted comes back from DuckDB as it was; and nobody quotes by hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest

from pipelines.quoting import constant, identifier, literal, literals
from tests.doors import product_modules

HOSTILE = ("", "'", "''", '"', "a'; drop table t; --", "\0", "a\0'b", "\\", "\n", "Ä€😀", "{x}", "%s", "$1", "?")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_literal_is_the_text(text: str) -> None:
    assert duckdb.execute(f"select {literal(text)}").fetchall() == [(text,)]


def test_literals_are_a_list() -> None:
    assert duckdb.execute(f"select [{literals(HOSTILE)}]").fetchall() == [(list(HOSTILE),)]
    assert literals([]) == ""


@pytest.mark.parametrize("name", [name for name in HOSTILE if name and "\0" not in name])
def test_an_identifier_is_the_name(name: str) -> None:
    assert duckdb.sql(f"select 1 as {identifier(name)}").columns == [name]


@pytest.mark.parametrize(
    "value",
    [Decimal("-0.10"), 7, date(2026, 2, 28), datetime(2026, 2, 28, 23, 59, 59, 5)],  # noqa: DTZ001
)
def test_a_constant_has_its_own_type(value: Decimal | int | date | datetime) -> None:
    ((found,),) = duckdb.execute(f"select {constant(value)}").fetchall()
    assert (found, type(found)) == (value, type(value))


_SQL_BEFORE = re.compile(
    r"(?:[(=<>]|\|\||\b(?:select|from|to|then|else|like|date|timestamp|attach|describe|view|storage_version))\s*$",
    re.IGNORECASE,
)


_SIGNS = {ast.unparse(ast.Constant(sign)) for sign in "'\""} | {"chr(39)", "chr(34)"}


def _hand_made(tree: ast.AST) -> Iterator[int]:
    """Lines that double quotes themselves, or put a value between quotes where SQL has a value or a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "replace":
            yield from (node.lineno for sign in node.args[:-1] if ast.unparse(sign) in _SIGNS)
        if isinstance(node, ast.JoinedStr):
            for before, value, after in zip(node.values, node.values[1:], node.values[2:], strict=False):
                if not isinstance(value, ast.FormattedValue) or not (_is_text(before) and _is_text(after)):
                    continue
                opening, closing = str(before.value), str(after.value)  # type: ignore[attr-defined]
                for sign in ("'", '"'):
                    if opening.endswith(sign) and closing.startswith(sign) and _SQL_BEFORE.search(opening[:-1]):
                        yield value.lineno


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ("""f"select '{x}' as y" """, True),
        ("""f"where table_name = '{x}'" """, True),
        ("""f"read_parquet('{x}')" """, True),
        ("""f'describe "{x}"'""", True),
        ("""x.replace("'", "''")""", True),
        ("""x.replace('"', '""')""", True),
        ("""x.replace(chr(39), chr(39) * 2)""", True),
        ("""f"'{x}' is not a setting of {y}" """, False),
        ("""f"the column '{x}' is not delivered" """, False),
        ("""f"select {literal(x)}" """, False),
    ],
)
def test_hand_made_quoting_is_recognised(code: str, is_found: bool) -> None:
    assert bool(list(_hand_made(ast.parse(code.strip())))) is is_found


def test_nobody_quotes_by_hand() -> None:
    found = [
        f"{name}:{line}"
        for name, tree in product_modules()
        if name != "pipelines/quoting.py"
        for line in _hand_made(tree)
    ]
    assert found == [], "use pipelines.quoting: literal, literals, identifier, constant"
