"""What Spark makes of decimals that grow too long, read from a model's text: products and sums that would lose digits.

Belongs here: Spark's rule of types (`spark.sql.decimalOperations.allowPrecisionLoss`, which is on) and walking a query with it. Not here:
which models there are (test_decimals). A result that could have more than 38 digits keeps those in front of the point, and six of those
behind it: the others are rounded away, without a word. DuckDB refuses such a product, or has room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, traverse_scope

LONGEST: Final = 38
KEPT: Final = 6
"""So many decimals stay, however long the result."""

WHOLE: Final[Mapping[str, int]] = {
    "TINYINT": 3,
    "SMALLINT": 5,
    "INT": 10,
    "INTEGER": 10,
    "BIGINT": 20,
    "HUGEINT": 38,
}
"""Whole numbers as the decimals Spark takes them for beside one."""


@dataclass(frozen=True, slots=True)
class Decimal:
    """A type, and how many decimals a value of it can really have that are not zero."""

    precision: int
    scale: int
    used: int

    @classmethod
    def of(cls, precision: int, scale: int) -> Decimal:
        """All of them."""
        return cls(precision, scale, scale)


Columns = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Lost:
    """Arithmetic whose result has fewer decimals than its value."""

    text: str
    has: int
    keeps: int


def declared(kind: str) -> Decimal | None:
    """A type as an engine writes it; None if it is no exact number."""
    name, _, rest = kind.upper().replace(" ", "").partition("(")
    if name in ("DECIMAL", "NUMERIC"):
        precision, _, scale = rest.rstrip(")").partition(",")
        return Decimal.of(int(precision or 10), int(scale or 0))
    return Decimal.of(WHOLE[name], 0) if name in WHOLE else None


def lost(sql: str, relations: Mapping[str, Columns]) -> Iterator[Lost]:
    """What a query in Spark's words loses; `relations`: `schema.name` -> its columns."""
    schema: dict[str, Any] = {}
    for relation, columns in relations.items():
        database, _, table = relation.partition(".")
        schema.setdefault(database, {})[table] = dict.fromkeys(columns, "INT")
    tree = qualify(
        sqlglot.parse_one(sql, dialect="spark"), schema=schema, dialect="spark", validate_qualify_columns=False
    )
    of_scopes: dict[int, dict[str, Decimal | None]] = {}
    for scope in traverse_scope(tree):
        walk = _Walk(_sources(scope, relations, of_scopes))
        of_scopes[id(scope.expression)] = dict(_projected(scope, walk, of_scopes))
        for node in scope.walk():
            if isinstance(node, (exp.Add, exp.Sub, exp.Mul)):
                walk.of(node)
        yield from walk.found.values()


def _sources(scope: Scope, relations: Mapping[str, Columns], of_scopes: Mapping[int, Columns]) -> dict[str, Columns]:
    found: dict[str, Columns] = {}
    for name, source in scope.sources.items():
        if isinstance(source, Scope):
            found[name] = of_scopes.get(id(source.expression), {})
        elif isinstance(source, exp.Table):
            found[name] = relations.get(f"{source.db}.{source.name}", {})
    return found


def _projected(scope: Scope, walk: _Walk, of_scopes: Mapping[int, Columns]) -> Iterator[tuple[str, Decimal | None]]:
    expression = scope.expression
    if isinstance(expression, exp.SetOperation):
        sides = [of_scopes.get(id(each.unnest()), {}) for each in (expression.left, expression.right)]
        names = list(sides[0]) if sides else []
        columns = [list(side.values()) for side in sides]
        for place, name in enumerate(names):
            yield name, _wider([side[place] if place < len(side) else None for side in columns])
        return
    for each in getattr(expression, "selects", ()):
        yield each.alias_or_name, walk.of(each.unalias())


class _Walk:
    """Types of the expressions of one query."""

    def __init__(self, sources: Mapping[str, Columns]) -> None:
        self._sources = sources
        self.found: dict[int, Lost] = {}

    def of(self, node: exp.Expression) -> Decimal | None:  # noqa: PLR0911 - one per kind of expression
        """The type; None if it is no exact number, or nobody knows."""
        if isinstance(node, exp.Column):
            if node.table:
                return self._sources.get(node.table, {}).get(node.name)
            return next((columns[node.name] for columns in self._sources.values() if node.name in columns), None)
        if isinstance(node, exp.Literal):
            return None if node.is_string else _literal(node.name)
        if isinstance(node, (exp.Cast, exp.TryCast)):
            to, of = declared(node.to.sql(dialect="duckdb")), self.of(node.this)
            if to is None:
                return None
            return Decimal(to.precision, to.scale, min(to.scale, of.used) if of is not None else to.scale)
        if isinstance(node, (exp.Add, exp.Sub, exp.Mul)):
            return self._arithmetic(node)
        if isinstance(node, (exp.Paren, exp.Neg, exp.Abs, exp.Window, exp.Filter, exp.Min, exp.Max, exp.Lag, exp.Lead)):
            return self.of(node.this)
        if isinstance(node, (exp.FirstValue, exp.LastValue, exp.AnyValue, exp.IgnoreNulls, exp.Nullif)):
            return self.of(node.this)
        if isinstance(node, exp.Sum):
            of = self.of(node.this)
            return None if of is None else Decimal(min(LONGEST, of.precision + 10), of.scale, of.used)
        if isinstance(node, exp.Round):
            of, places = self.of(node.this), node.args.get("decimals")
            scale = int(places.name) if isinstance(places, exp.Literal) else 0
            return None if of is None else Decimal(of.precision, min(of.scale, scale), min(of.used, scale))
        if isinstance(node, exp.Case):
            given = [each.args["true"] for each in node.args["ifs"]] + [node.args.get("default")]
            return _wider([self.of(each) for each in given if each is not None and not isinstance(each, exp.Null)])
        if isinstance(node, exp.If):
            given = [node.args["true"], node.args.get("false")]
            return _wider([self.of(each) for each in given if each is not None and not isinstance(each, exp.Null)])
        if isinstance(node, (exp.Coalesce, exp.Greatest, exp.Least)):
            return _wider([self.of(each) for each in (node.this, *node.expressions) if not isinstance(each, exp.Null)])
        if isinstance(node, (exp.Count, exp.CountIf, exp.RowNumber)):
            return Decimal.of(20, 0)
        if isinstance(node, exp.Extract):
            return Decimal.of(10, 0)
        return None

    def _arithmetic(self, node: exp.Binary) -> Decimal | None:
        left, right = self.of(node.left), self.of(node.right)
        if left is None or right is None:
            return None
        if isinstance(node, exp.Mul):
            precision, scale = left.precision + right.precision + 1, left.scale + right.scale
            used = max(0, left.used + right.used - _tens(node.left) - _tens(node.right))
        else:
            scale = max(left.scale, right.scale)
            precision = max(left.precision - left.scale, right.precision - right.scale) + scale + 1
            used = max(left.used, right.used)
        kept = scale if precision <= LONGEST else max(LONGEST - (precision - scale), min(scale, KEPT))
        if kept < used:
            self.found[id(node)] = Lost(" ".join(node.sql(dialect="spark").split()), used, kept)
        return Decimal(min(LONGEST, precision), kept, min(kept, used))


def _literal(text: str) -> Decimal | None:
    whole, _, decimals = text.partition(".")
    if not (whole + decimals).isdigit():
        return None
    return Decimal.of(max(1, len(whole.lstrip("0")) + len(decimals)), len(decimals))


def _tens(node: exp.Expression) -> int:
    """How many zeros a literal that is a power of ten has: as a factor it takes so many decimals away."""
    text = node.name if isinstance(node, exp.Literal) else ""
    return len(text) - 1 if text and text == "1" + "0" * (len(text) - 1) else 0


def _wider(kinds: list[Decimal | None]) -> Decimal | None:
    """The type that holds all of them; None if one is none."""
    if not kinds or None in kinds:
        return None
    known = [each for each in kinds if each is not None]
    scale = max(each.scale for each in known)
    precision = min(LONGEST, max(each.precision - each.scale for each in known) + scale)
    return Decimal(precision, scale, max(each.used for each in known))
