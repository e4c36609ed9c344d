"""SQL that stands in a mapping: is it one query, which tables and columns does it read, how is it said otherwise? Nothing
is bound, read or run.

Belongs here: understanding and rewriting the text, by DuckDB's own tree of it. Not here: which tables there are
(sources), running it (landing).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import duckdb

from pipelines import duck

Node = dict[str, Any]
"""A node of the tree DuckDB makes of a text."""

QUOTIENT: Final = "_kw_quotient"
"""Division in an expression: exact, where DuckDB's own makes floats of decimals. Landing defines it."""

TABLE_FUNCTIONS = frozenset({"generate_series", "range", "unnest"})
"""What may stand as a function after FROM: nothing that reaches a file or a network."""


class SqlTextError(ValueError):
    """The text is not one query over tables; the message says why."""


@lru_cache(maxsize=256)
def tables_read(sql: str) -> frozenset[str]:
    """The tables one SELECT reads, in lower case, without its own CTEs. Raises SqlTextError."""
    return frozenset(_tables(statement(sql), frozenset()))


def statement(sql: str) -> Node:
    """The tree of the one SELECT `sql`, the caller's own to change. Raises SqlTextError."""
    tree = json.loads(_serialized(sql))
    if tree.get("error"):
        position = str(tree.get("position", ""))
        line = f" in line {sql.count(chr(10), 0, int(position)) + 1} of the text" if position.isdigit() else ""
        raise SqlTextError(f"{tree.get('error_message')}{line}")
    if len(tree["statements"]) != 1:
        raise SqlTextError(f"it holds {len(tree['statements'])} statements instead of one")
    found: Node = tree["statements"][0]
    return found


def text_of(tree: Node) -> str:
    """The SELECT a tree stands for."""
    return _deserialized(json.dumps({"error": False, "statements": [tree]}))


def expression(text: str) -> Node:
    """The tree of an expression over one delivered record: no other table, no aggregate or window, nothing that depends on the
    moment or on chance. Raises SqlTextError."""
    node = _only_item(f"select (\n{text}\n) from delivered")
    for inner in nodes(node):
        kind = inner.get("class")
        if kind in _NOT_OF_A_RECORD:
            raise SqlTextError(f"{_NOT_OF_A_RECORD[kind]} is not allowed")
        if kind == "FUNCTION":
            name = str(inner["function_name"]).lower()
            known = _functions().get(name)
            if known is None and not inner["is_operator"]:
                raise SqlTextError(f"the function {name} is not known")
            if known is not None and known != "scalar":
                raise SqlTextError(f"the function {name} is not allowed: {known}")
    return node


def condition(text: str) -> Node:
    """The tree of a condition. Raises SqlTextError."""
    return _only_item(f"select (\n{text}\n) from delivered")


def expression_text(node: Node) -> str:
    """The text of an expression's tree, in brackets."""
    tree = statement("select 1")
    tree["node"]["select_list"] = [node | {"alias": ""}]
    return f"({text_of(tree).removeprefix('SELECT ')})"


def nodes(tree: object) -> Iterator[Node]:
    """Every node of a tree, outer ones first."""
    if isinstance(tree, list):
        for item in tree:
            yield from nodes(item)
    if isinstance(tree, dict):
        yield tree
        for item in tree.values():
            yield from nodes(item)


def is_aggregate(node: Node) -> bool:
    """Whether a node is a function over several records."""
    return node.get("class") == "FUNCTION" and _functions().get(str(node["function_name"]).lower()) == _OF_SEVERAL


def columns_in(tree: object) -> tuple[tuple[str, ...], ...]:
    """The columns a tree names, each with what it is qualified by."""
    found = (node["column_names"] for node in nodes(tree) if node.get("class") == "COLUMN_REF")
    return tuple(dict.fromkeys(tuple(map(str, names)) for names in found))


def renamed(node: Node, names: Mapping[str, str]) -> Node:
    """An expression in which the columns `names` (in lower case) are called otherwise, and divisions are exact."""

    def change(inner: Node) -> Node:
        if inner.get("class") == "COLUMN_REF":
            own = names.get(str(inner["column_names"][-1]).lower())
            return inner if own is None else inner | {"column_names": [own]}
        if inner.get("class") == "FUNCTION" and inner["function_name"] == "/":
            return inner | {"function_name": QUOTIENT, "is_operator": False}
        return inner

    changed: Node = _changed(node, change)
    return changed


def casts_to_number(tree: object) -> tuple[tuple[str, ...], ...]:
    """The columns a tree casts to a number as they are delivered, each with what it is qualified by. What was rewritten before (replace,
    substr ...) is somebody's own reading and not among them."""
    found: list[tuple[str, ...]] = []
    for node in nodes(tree):
        if node.get("class") == "CAST" and node["cast_type"]["id"] in _NUMBERS:
            found += _untouched(node["child"])
    return tuple(dict.fromkeys(found))


_NUMBERS: Final = frozenset(
    f"{sign}{size}" for sign in ("", "U") for size in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
) | {"DECIMAL", "FLOAT", "DOUBLE"}
_TRANSPARENT: Final = frozenset({"trim", "ltrim", "rtrim", "nullif", "upper", "lower", "ifnull", "||", "concat"})


def _untouched(node: Node) -> Iterator[tuple[str, ...]]:
    kind = node.get("class")
    if kind == "COLUMN_REF":
        yield tuple(map(str, node["column_names"]))
    elif kind == "FUNCTION" and str(node["function_name"]).lower() not in _TRANSPARENT:
        return
    elif kind in ("FUNCTION", "OPERATOR"):
        for child in node["children"]:
            yield from _untouched(child)
    elif kind == "CASE":
        for check in node["case_checks"]:
            yield from _untouched(check["then_expr"])
        yield from _untouched(node["else_expr"])
    elif kind == "CAST" and node["cast_type"]["id"] == "VARCHAR":
        yield from _untouched(node["child"])


def null_safe(node: Node) -> Node:
    """A condition that knows what to say where a value is missing: nothing is equal to nothing, and to nothing else; it is in no list
    and like no pattern. What is larger or smaller than nothing stays unknown."""
    changed: Node = _changed(node, _two_valued)
    return changed


_DISTINCT: Final = {"COMPARE_EQUAL": "COMPARE_NOT_DISTINCT_FROM", "COMPARE_NOTEQUAL": "COMPARE_DISTINCT_FROM"}
_LISTS: Final = {"COMPARE_IN": "false", "COMPARE_NOT_IN": "true"}
_PATTERNS: Final = {"~~": "false", "~~*": "false", "!~~": "true", "!~~*": "true"}


def _two_valued(node: Node) -> Node:
    kind = node.get("class")
    if kind == "COMPARISON" and node["type"] in _DISTINCT:
        return node | {"type": _DISTINCT[node["type"]]}
    answer = _LISTS.get(node["type"]) if kind == "OPERATOR" else None
    if kind == "FUNCTION":
        answer = _PATTERNS.get(str(node["function_name"]))
    return node if answer is None else _coalesced(node, answer)


def _coalesced(node: Node, answer: str) -> Node:
    outer = _only_item(f"select coalesce(x, {answer})")
    outer["children"][0] = node
    return outer


def _changed(node: Any, change: Callable[[Node], Node]) -> Any:
    """A tree in which every node is what `change` makes of it, inner ones first."""
    if isinstance(node, list):
        return [_changed(item, change) for item in node]
    if isinstance(node, dict):
        return change({key: _changed(item, change) for key, item in node.items()})
    return node


_NOT_OF_A_RECORD: Final = {
    "SUBQUERY": "a query of its own",
    "WINDOW": "a window function",
    "PARAMETER": "a parameter",
    "STAR": "*",
    "LAMBDA_REF": "a lambda",
}

_OF_SEVERAL: Final = "it speaks of several records"
_OF_THE_PROGRAM: Final = frozenset({"current_setting", "getvariable", "getenv", "version"})


@lru_cache(maxsize=1)
def _functions() -> Mapping[str, str]:
    """Function -> `scalar`, or why it does not stand in an expression."""
    with duck.closed() as connection:
        rows = connection.execute(
            "select lower(function_name), bool_or(function_type in ('scalar', 'macro')), "
            "bool_and(coalesce(stability, 'CONSISTENT') = 'CONSISTENT') from duckdb_functions() group by 1"
        ).fetchall()
    found = {}
    for name, is_scalar, is_consistent in rows:
        if not is_scalar:
            found[str(name)] = _OF_SEVERAL
        elif not is_consistent or name in _OF_THE_PROGRAM:
            found[str(name)] = "the same delivery must give the same rows"
        else:
            found[str(name)] = "scalar"
    return found


def _only_item(sql: str) -> Node:
    node = statement(sql)["node"]
    if node["type"] != "SELECT_NODE" or len(node["select_list"]) != 1 or node["where_clause"] or node["modifiers"]:
        raise SqlTextError("it is more than one expression")
    found: Node = node["select_list"][0]
    return found


@lru_cache(maxsize=256)
def _serialized(sql: str) -> str:
    with duck.closed() as connection:
        try:
            row = connection.execute("select json_serialize_sql(?::varchar)", [sql]).fetchone()
        except duckdb.Error as error:
            raise SqlTextError(str(error).splitlines()[0]) from None
    return "{}" if row is None else str(row[0])


@lru_cache(maxsize=256)
def _deserialized(tree: str) -> str:
    with duck.closed() as connection:
        row = connection.execute("select json_deserialize_sql(?::json)", [tree]).fetchone()
    return "" if row is None else str(row[0])


def _tables(node: object, own: frozenset[str]) -> Iterator[str]:
    """Names of base tables below `node`; `own` are the names the query defines itself, as far as seen from here."""
    if isinstance(node, list):
        for item in node:
            yield from _tables(item, own)
    if not isinstance(node, dict):
        return
    if node.get("type") == "TABLE_FUNCTION":
        name = str(node["function"]["function_name"]).lower()
        if name not in TABLE_FUNCTIONS:
            raise SqlTextError(f"the table function {name} is not allowed; declare what it reads under `files`")
    if node.get("type") == "BASE_TABLE":
        parts = (node["catalog_name"], node["schema_name"], node["table_name"])
        name = ".".join(part for part in parts if part).lower()
        if name not in own:
            yield name
    if node.get("type") == "RECURSIVE_CTE_NODE":
        own |= {str(node["cte_name"]).lower()}
    for cte in node.get("cte_map", {}).get("map", []):
        # A CTE sees those before it and, unless recursive, a table of its own name.
        yield from _tables(cte["value"], own)
        own |= {str(cte["key"]).lower()}
    for key, item in node.items():
        if key != "cte_map":
            yield from _tables(item, own)
