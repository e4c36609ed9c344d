"""Which delivered file drives the query of a mapping, and the query said again so that each of its rows names its record.

Belongs here: understanding and rewriting the query's tree. Not here: running anything (by_sql.py).

One row of the query comes from one record of the driving file: the one whose file_name it shows, else the one its amounts, else its
keys come from, else the first it names. What the query makes of a record's way is FROM (which joins can lose it) and WHERE.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipelines.settings import sql_text
from pipelines.settings.sql_text import Node, SqlTextError
from pipelines.sources import FILE, LINE, NAME

_PLACE: Final = (NAME, LINE, FILE)
KEPT: Final = "_kw_kept"


def driving_view(file: str) -> str:
    """The view of a file that shows its records' places, too."""
    return f"_kw_driving_{file}"


@dataclass(frozen=True, slots=True)
class Branch:
    """One SELECT of the query. `seen` yields FILE, LINE, KEPT (what WHERE says) and m0, m1 ... (the amounts asked for) of what FROM makes
    of the records of `file`; `alone` FILE, LINE and the amounts of its records by themselves. An amount is NULL where `knows` says
    False: it cannot be told without what was joined."""

    file: str
    seen: str
    alone: str
    knows: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Driven:
    """`sql` is the query with NAME, LINE and FILE of each row's record, None where its rows are made of several records."""

    sql: str | None
    branches: tuple[Branch, ...]


def drive(
    sql: str, columns: Mapping[str, frozenset[str]], amounts: Sequence[str], keys: Sequence[str]
) -> Driven | None:
    """What drives `sql`, which reads the files `columns` (name -> columns in lower case) and shows `amounts` and `keys` among others; None
    where that cannot be seen."""
    try:
        tree = sql_text.statement(sql)
        return _Query(columns, amounts, keys).driven(tree)
    except (SqlTextError, KeyError, RuntimeError):
        return None


def output(node: Node, name: str) -> list[Node] | None:
    """The expressions that make the column `name` of a query's result, one for each SELECT of a union; None where that cannot be seen."""
    selects = _selects(node)
    if selects is None:
        return None
    found: list[Node] = []
    position: int | None = None
    for select in selects:
        items = select["select_list"]
        has_star = any(item.get("class") == "STAR" for item in items)
        if position is None:
            position = next((number for number, item in enumerate(items) if _name(item) == name.lower()), None)
        if position is None or position >= len(items) or (has_star and len(selects) > 1):
            return None
        found.append(items[position])
    return found


def leaves(table: Node) -> Iterator[Node]:
    """What stands in a FROM, in its order."""
    if table["type"] == "JOIN":
        yield from leaves(table["left"])
        yield from leaves(table["right"])
    elif table["type"] in ("BASE_TABLE", "SUBQUERY"):
        yield table


def called(leaf: Node) -> str:
    """The name by which a query speaks of what stands in its FROM."""
    return str(leaf["alias"] or leaf.get("table_name", "")).lower()


@dataclass(slots=True)
class _Driver:
    """The leaf that drives a SELECT, and the file behind it."""

    alias: str
    file: str
    is_direct: bool


@dataclass(slots=True)
class _Query:
    columns: Mapping[str, frozenset[str]]
    amounts: Sequence[str]
    keys: Sequence[str]
    _ctes: list[dict[str, Node]] = field(default_factory=list)

    def driven(self, tree: Node) -> Driven | None:
        placed = copy.deepcopy(tree)
        node = placed["node"]
        selects = _selects(node)
        if selects is None:
            return None
        self._ctes.append(_own(node))
        branches: list[Branch] = []
        is_placed = not _is_distinct(node)
        for select in selects:
            wanted = [self._item(select, node, name) for name in self.amounts]
            driver = self._drive(select, self.amounts, self.keys)
            if driver is None:
                return None
            branches.append(self._branch(placed, select, driver, wanted))
            is_placed = is_placed and _is_simple(select)
        if not is_placed:
            return Driven(None, tuple(branches))
        for select in selects:
            _show_places(select, self._alias[id(select)])
        return Driven(sql_text.text_of(placed), tuple(branches))

    _alias: dict[int, str] = field(default_factory=dict)

    def _drive(self, select: Node, amounts: Sequence[str], keys: Sequence[str]) -> _Driver | None:
        """Find what drives a SELECT and make its FROM show the places; None where that cannot be seen."""
        own = _own(select)
        self._ctes.append(own)
        try:
            found = list(leaves(select["from_table"]))
            leaf = self._chosen(select, found, amounts, keys)
            if leaf is None:
                return None
            alias = leaf["alias"] or leaf.get("table_name", "")
            self._alias[id(select)] = alias
            if leaf["type"] == "SUBQUERY":
                file = self._nested(leaf["subquery"]["node"], amounts, keys)
                return None if file is None else _Driver(alias, file, is_direct=False)
            name = str(leaf["table_name"]).lower()
            for scope in reversed(self._ctes):
                if name in scope:
                    file = self._nested(scope[name], amounts, keys)
                    return None if file is None else _Driver(alias, file, is_direct=False)
            if name not in self.columns:
                return None
            leaf["alias"], leaf["table_name"] = alias, driving_view(name)
            return _Driver(alias, name, is_direct=True)
        finally:
            self._ctes.pop()

    def _nested(self, node: Node, amounts: Sequence[str], keys: Sequence[str]) -> str | None:
        """Make an inner query show the places; the file behind it, None where that cannot be seen."""
        if node["type"] != "SELECT_NODE" or not _is_simple(node):
            return None
        if id(node) in self._alias:
            return None
        driver = self._drive(node, amounts, keys)
        if driver is None:
            return None
        _show_places(node, driver.alias)
        return driver.file

    def _chosen(self, select: Node, found: Sequence[Node], amounts: Sequence[str], keys: Sequence[str]) -> Node | None:
        for name in ("file_name", *amounts, *reversed(keys)):
            item = next((item for item in select["select_list"] if _name(item) == name.lower()), None)
            for parts in sql_text.columns_in(item) if item is not None else ():
                leaf = self._leaf(parts, found)
                if leaf is not None:
                    return leaf
        return found[0] if found else None

    def _leaf(self, parts: tuple[str, ...], found: Sequence[Node]) -> Node | None:
        if len(parts) > 1:
            return next((leaf for leaf in found if called(leaf) == parts[-2].lower()), None)
        if len(found) == 1:
            return found[0]
        name = parts[0].lower()
        tables = ((leaf, self.columns.get(str(leaf.get("table_name", "")).lower(), frozenset())) for leaf in found)
        return next((leaf for leaf, columns in tables if name in columns), None)

    def _item(self, select: Node, node: Node, name: str) -> Node | None:
        """The amount `name` of one record in a SELECT of the query `node`, None where there is none."""
        made = output(node, name)
        selects = _selects(node) or []
        if made is None:
            return None
        item = made[next(number for number, each in enumerate(selects) if each is select)]
        if item.get("class") == "FUNCTION" and str(item["function_name"]).lower() == "sum":
            item = item["children"][0]
        is_of_several = any(
            inner.get("class") == "WINDOW" or sql_text.is_aggregate(inner) for inner in sql_text.nodes(item)
        )
        return None if is_of_several else copy.deepcopy(item)

    def _branch(self, placed: Node, select: Node, driver: _Driver, wanted: Sequence[Node | None]) -> Branch:
        seen = copy.deepcopy(select)
        where = seen["where_clause"]
        if any(item.get("class") == "STAR" for item in select["select_list"]) and driver.is_direct:
            own = self.columns[driver.file]
            wanted = [
                _column(driver.alias, name) if item is None and name.lower() in own else item
                for name, item in zip(self.amounts, wanted, strict=True)
            ]
        has_cross = any(inner.get("ref_type") == "CROSS" for inner in sql_text.nodes(seen["from_table"]))
        if not has_cross:
            seen["where_clause"] = None
        kept = _constant("true") if has_cross or where is None else copy.deepcopy(where)
        shown = [item | {"alias": f"m{number}"} for number, item in enumerate(map(_or_nothing, wanted))]
        place = [_column(driver.alias, name) for name in (FILE, LINE)]
        _bare(seen, [*place, kept | {"alias": KEPT}, *shown])
        alone = copy.deepcopy(seen)
        knows = tuple(item is not None and self._is_of(item, driver) for item in wanted)
        known = [item if known else None for item, known in zip(wanted, knows, strict=True)]
        # By itself is by its file, whatever a query within the query makes of it.
        leaf = {"type": "BASE_TABLE", "table_name": driving_view(driver.file), "alias": driver.alias}
        base = next(leaves(sql_text.statement("select x from y")["node"]["from_table"]))
        alone["where_clause"], alone["from_table"] = None, base | leaf
        _bare(alone, [*place, *(_or_nothing(item) | {"alias": f"m{n}"} for n, item in enumerate(known))])
        outer = placed["node"]["cte_map"] if placed["node"] is not select else None
        return Branch(driver.file, _text(seen, outer), _text(alone, outer), knows)

    def _is_of(self, item: Node, driver: _Driver) -> bool:
        """Whether an expression speaks of the driving file only."""
        own = self.columns[driver.file]
        return driver.is_direct and all(
            parts[-2].lower() == driver.alias.lower() if len(parts) > 1 else parts[0].lower() in own
            for parts in sql_text.columns_in(item)
        )


def _selects(node: Node) -> list[Node] | None:
    """The SELECTs whose rows are the query's, None where rows of several meet (UNION without ALL, EXCEPT ...)."""
    if node["type"] == "SELECT_NODE":
        return [node]
    if node["type"] == "SET_OPERATION_NODE" and node["setop_type"] == "UNION" and node["setop_all"]:
        parts = [_selects(node["left"]), _selects(node["right"])] if "left" in node else []
        if parts and all(part is not None for part in parts):
            return [select for part in parts for select in part or []]
    return None


def _own(node: Node) -> dict[str, Node]:
    return {str(cte["key"]).lower(): cte["value"]["query"]["node"] for cte in node["cte_map"]["map"]}


def _name(item: Node) -> str:
    """The name of a column of a result, in lower case; "" where DuckDB makes one up."""
    if item["alias"]:
        return str(item["alias"]).lower()
    return str(item["column_names"][-1]).lower() if item.get("class") == "COLUMN_REF" else ""


def _is_distinct(node: Node) -> bool:
    return any(modifier["type"] == "DISTINCT_MODIFIER" for modifier in node["modifiers"])


def _is_simple(select: Node) -> bool:
    """Whether each row is made of one row of the FROM."""
    if select["group_expressions"] or select["group_sets"] or select["having"] or _is_distinct(select):
        return False
    if select["aggregate_handling"] != "STANDARD_HANDLING":
        return False
    return not any(sql_text.is_aggregate(inner) for item in select["select_list"] for inner in _without_queries(item))


def _without_queries(tree: object) -> Iterator[Node]:
    if isinstance(tree, list):
        for item in tree:
            yield from _without_queries(item)
    if isinstance(tree, dict) and tree.get("class") not in ("SUBQUERY", "WINDOW"):
        yield tree
        for item in tree.values():
            yield from _without_queries(item)


def _show_places(select: Node, alias: str) -> None:
    """Let a SELECT show the places of its driving file, and only once."""
    for item in select["select_list"]:
        if item.get("class") == "STAR":
            if item["columns"] or item["expr"] is not None:
                raise SqlTextError("COLUMNS(...) may take any column")
            if item["relation_name"].lower() in ("", alias.lower()):
                item["exclude_list"] = [*item["exclude_list"], *_PLACE]
    select["select_list"] += [_column(alias, name) | {"alias": name} for name in _PLACE]


def _bare(select: Node, items: list[Node]) -> None:
    select.update(select_list=items, modifiers=[], group_expressions=[], group_sets=[], having=None, qualify=None)
    select["aggregate_handling"] = "STANDARD_HANDLING"


def _column(alias: str, name: str) -> Node:
    found: Node = sql_text.statement("select x")["node"]["select_list"][0]
    return found | {"column_names": [alias, name]}


def _constant(text: str) -> Node:
    found: Node = sql_text.statement(f"select {text}")["node"]["select_list"][0]
    return found


def _or_nothing(item: Node | None) -> Node:
    return _constant("null") if item is None else item


def _text(select: Node, outer: Node | None) -> str:
    tree = sql_text.statement("select 1")
    if outer is not None:
        select["cte_map"] = {"map": [*copy.deepcopy(outer["map"]), *select["cte_map"]["map"]]}
    tree["node"] = select
    return sql_text.text_of(tree)
