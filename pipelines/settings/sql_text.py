"""SQL that stands in a mapping: is it one query, and which tables does it read? Nothing is bound, read or run.

Belongs here: understanding the text. Not here: which tables there are (sources), running it (landing).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache

import duckdb

from pipelines import duck

TABLE_FUNCTIONS = frozenset({"generate_series", "range", "unnest"})
"""What may stand as a function after FROM: nothing that reaches a file or a network."""


class SqlTextError(ValueError):
    """The text is not one query over tables; the message says why."""


@lru_cache(maxsize=256)
def tables_read(sql: str) -> frozenset[str]:
    """The tables one SELECT reads, in lower case, without its own CTEs. Raises SqlTextError."""
    with duck.closed() as connection:
        try:
            row = connection.execute("select json_serialize_sql(?::varchar)", [sql]).fetchone()
        except duckdb.Error as error:
            raise SqlTextError(str(error).splitlines()[0]) from None
    tree = json.loads(row[0]) if row is not None else {}
    if tree.get("error"):
        position = str(tree.get("position", ""))
        line = f" in line {sql.count(chr(10), 0, int(position)) + 1} of the text" if position.isdigit() else ""
        raise SqlTextError(f"{tree.get('error_message')}{line}")
    if len(tree["statements"]) != 1:
        raise SqlTextError(f"it holds {len(tree['statements'])} statements instead of one")
    return frozenset(_tables(tree["statements"][0], frozenset()))


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
