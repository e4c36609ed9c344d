"""Compares published marts with the worked example, leaf by leaf, to the last printed digit.

Belongs here: how a leaf of expected.json is found in the marts (the names differ as README.md of the example says). Not here:
running the pipeline, any formula: what a mart does not hold cannot come out right. A leaf of expected.json that no section
looks at is missing, never passed over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

Row = Mapping[str, Any]
Section = Callable[[Any, "Marts"], Iterator["Leaf"]]

RENAMED = {
    "contribution_4_margin": "contribution_4_margin_ratio",
    "sow_raw": "sow_raw_ratio",
    "sow_capped": "sow_capped_ratio",
    "achievable_gap_eur": "achievable_gap",
    "netted_gap_eur_wrong": "netted_gap_contrast",
    "potential_revenue_eur": "potential_revenue",
    "dbt_weighted_days": "weighted_days_beyond_terms",
    "cumulative_share_before": "cumulative_share_before_ratio",
    "danger_5_untapped_wallet_eur": "danger_5_untapped_wallet",
    "blocking_criterion": "blocking_criterion_id",
    "cumulative": "cumulative_contribution",
    "cumulative_share": "cumulative_contribution_ratio",
    "rank": "whale_rank",
    "small_by_revenue": "is_small_by_revenue",
    "small_customer": "is_small_customer",
}
AXES = {
    "potential_score": ("potential", "mart_portfolio"),
    "attractiveness_score": ("attractiveness", "mart_portfolio"),
    "value_of_customer": ("value_of_customer", "mart_customer_types"),
    "value_to_customer": ("value_to_customer", "mart_customer_types"),
}
CHECKS = {
    "duplicate": "duplicate_activity",
    "future_dated": "future_dated",
    "recorded_after_known_at": "recorded_after_known_at",
    "duration_imputed": "duration_missing",
    "unknown_customer": "unknown_customer_activity",
    "backdated_gt_14d": "backdated_activity",
}
"""The example's names of the checks of the sales input -> the published ones."""


ELSEWHERE = ("unit_vectors",)
"""Sections that are small cases of their own, not numbers of the company: tests/golden/test_unit_vectors.py."""


class Missing:
    """Stands where the marts hold no value at all, not even NULL."""

    def __repr__(self) -> str:
        return "nothing"


MISSING = Missing()


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of expected.json beside the one the marts hold."""

    path: str
    expected: object
    actual: object

    @property
    def is_missing(self) -> bool:
        return isinstance(self.actual, Missing)

    @property
    def is_equal(self) -> bool:
        return type(self.expected) is type(self.actual) and self.expected == self.actual


class Marts:
    """The published tables, read once; rows by their key without the as-of date."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        as_of: str,
        schema: str = "main",
        known_at: str | None = None,
    ) -> None:
        self._connection = connection
        self._as_of = date.fromisoformat(as_of)
        self._schema = schema
        self.known_at = known_at
        """What the version's manifest says, in the form of expected.json."""

    def is_in_window(self, period: object) -> bool:
        """Whether a month, or the year of a yearly ledger row, lies in the 12 months that end at the as-of date."""
        text = str(period)
        if len(text) == len("YYYY"):
            return text == str(self._as_of.year)
        year, month = (int(part) for part in text.split("-")[:2])
        return 0 <= 12 * (self._as_of.year - year) + self._as_of.month - month < 12

    def digits(self, table: str, column: str) -> int:
        """How many decimals a column holds."""
        found = self._connection.execute(f"select typeof({column}) from {self._schema}.{table} limit 1").fetchone()
        return int(str(found).rpartition(",")[0].rpartition(",")[2].rstrip("')")) if found else -1

    def rows(self, table: str) -> list[Row]:
        """Every row of `table` at the as-of date."""
        cursor = self._connection.execute(f"select * from {self._schema}.{table} where as_of_date = ?", [self._as_of])
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def by_parent(self, table: str) -> dict[str, Row]:
        """The rows of a table whose key is the score object."""
        return {str(row["ultimate_parent_id"]): row for row in self.rows(table)}


def compare(expected: Mapping[str, object], marts: Marts, sections: Iterable[str] | None = None) -> Iterator[Leaf]:
    """Yield every leaf of the sections of expected.json (default: all but ELSEWHERE) with what the marts say.

    A leaf is MISSING if its section, its row or its mart is not there. Paths are those of expected.json.
    """
    for section in [each for each in expected if each not in ELSEWHERE] if sections is None else sections:
        stated = dict(leaves(expected[section], section))
        found = dict(_found(section, expected[section], marts))
        unknown = sorted(found.keys() - stated.keys())
        assert not unknown, f"the section {section} yields paths that are not in expected.json: {unknown[:3]}"
        for path, value in stated.items():
            yield Leaf(path, value, found.get(path, MISSING))


def leaves(tree: object, path: str) -> Iterator[tuple[str, object]]:
    """Every value of a part of expected.json by its path; an empty list is one value."""
    if isinstance(tree, dict):
        for name, part in tree.items():
            yield from leaves(part, f"{path}.{name}")
    elif isinstance(tree, list) and tree:
        for number, part in enumerate(tree):
            yield from leaves(part, f"{path}.{number}")
    else:
        yield path, tree


def _found(section: str, expected: object, marts: Marts) -> Iterator[tuple[str, object]]:
    """What the marts say, by path. A mart or a row that is not there ends the section: the rest is missing."""
    if section not in SECTIONS:
        return
    try:
        for leaf in SECTIONS[section](expected, marts):
            if not (isinstance(leaf.expected, list) and leaf.expected):
                yield leaf.path, leaf.actual
                continue
            values = leaf.actual if isinstance(leaf.actual, list) else []
            for number in range(len(leaf.expected)):
                # A longer list than expected is wrong in each of its places.
                is_comparable = number < len(values) <= len(leaf.expected)
                yield f"{leaf.path}.{number}", values[number] if is_comparable else leaf.actual or MISSING
    except (LookupError, duckdb.CatalogException):
        return


def shown(value: object, like: object) -> object:
    """A mart's value as expected.json prints it: decimals as text with the printed digits, the rest as it is."""
    if isinstance(value, Decimal) and isinstance(like, str):
        digits = len(like.partition(".")[2])
        exponent = Decimal(1).scaleb(-digits)
        return str(value.quantize(exponent)) if value == value.quantize(exponent) else str(value)
    if isinstance(value, Decimal):
        return str(value)
    return value


def _leaves(path: str, expected: Mapping[str, object], row: Row | None) -> Iterator[Leaf]:
    for key, value in expected.items():
        actual = MISSING if row is None else row[RENAMED.get(key, key)]
        yield Leaf(f"{path}.{key}", value, shown(actual, value))


def _contribution(expected: object, marts: Marts) -> Iterator[Leaf]:
    portfolio = marts.by_parent("mart_portfolio")
    beside = _contributions_beside_the_portfolio(marts)
    for parent, values in _items(expected):
        row = portfolio.get(parent) or beside.get(parent)
        yield from _leaves(f"contribution.{parent}", values, row)


def _contributions_beside_the_portfolio(marts: Marts) -> dict[str, Row]:
    """Own companies and the unassigned are never scored: their contributions stand in the month marts."""
    window = [row for row in marts.rows("mart_contribution_month") if marts.is_in_window(row["month_start"])]
    totals: dict[str, dict[str, Any]] = {}
    for row in window:
        if row["relationship_type"] not in ("intercompany", "unassigned"):
            continue
        name = "UNASSIGNED" if row["relationship_type"] == "unassigned" else str(row["ultimate_parent_id"])
        total = totals.setdefault(name, {"contribution_4_margin_ratio": None})
        for column, value in row.items():
            if isinstance(value, Decimal):
                total[column] = total.get(column, Decimal(0)) + value
    return dict(totals)


def _reconciliation(expected: object, marts: Marts) -> Iterator[Leaf]:
    rows = [row for row in marts.rows("mart_reconciliation") if marts.is_in_window(row["period"])]

    def total(*names: str) -> Decimal:
        return sum((row[name] for row in rows for name in names), start=Decimal(0))

    actual = {
        "customers": total("customers"),
        "leads": total("leads"),
        "intercompany": total("intercompany"),
        "unassigned": total("unassigned_unknown_customer", "unassigned_missing_cost_centre"),
        "unused_capacity": total("unused_capacity"),
        "gl_result": total("ledger"),
        "difference": total("difference"),
    }
    unused = {str(row["account_group"]).removesuffix("_sales_cost"): row["unused_capacity"] for row in rows}
    for key, value in _items(expected):
        if key == "unused_capacity_by_pool":
            for pool, cost in value.items():
                amount = unused[pool]
                assert isinstance(amount, Decimal)
                yield Leaf(f"reconciliation.{key}.{pool}", cost, shown(-amount, cost))
        else:
            yield Leaf(f"reconciliation.{key}", value, shown(actual[key], value))


def _share_of_wallet(expected: object, marts: Marts) -> Iterator[Leaf]:
    portfolio = marts.by_parent("mart_portfolio")
    for parent, values in _items(expected):
        row = portfolio[parent]
        flags = [flag for flag in ("sow_above_100", "sow_negative") if row[f"is_{flag}"]]
        yield Leaf(f"share_of_wallet.{parent}.flags", values["flags"], flags)
        rest = {key: value for key, value in values.items() if key != "flags"}
        yield from _leaves(f"share_of_wallet.{parent}", rest, row)


def _as_of_date(expected: object, marts: Marts) -> Iterator[Leaf]:
    (day,) = {row["as_of_date"].isoformat() for row in marts.rows("mart_portfolio")}
    yield Leaf("as_of_date", expected, day)


def _known_at(expected: object, marts: Marts) -> Iterator[Leaf]:
    yield Leaf("known_at", expected, MISSING if marts.known_at is None else marts.known_at)


def _rounding(expected: object, marts: Marts) -> Iterator[Leaf]:
    """The digits as the columns hold them; that halves go away from zero, the numbers prove."""
    money, ratio, score = (
        marts.digits("mart_portfolio", column)
        for column in ("net_revenue", "contribution_4_margin_ratio", "potential_score")
    )
    text = f"money {money}dp per line, ratios {ratio}dp, scores {score}dp, half away from zero"
    yield Leaf("rounding", expected, text)


def _plain(section: str, table: str) -> Section:
    def leaves(expected: object, marts: Marts) -> Iterator[Leaf]:
        rows = marts.by_parent(table)
        for parent, values in _items(expected):
            yield from _leaves(f"{section}.{parent}", values, rows.get(parent))

    return leaves


def _scores(expected: object, marts: Marts) -> Iterator[Leaf]:
    tables = {name: marts.by_parent(name) for name in ("mart_portfolio", "mart_customer_types", "mart_sensitivity")}
    criteria = {
        (str(row["ultimate_parent_id"]), str(row["axis"]), str(row["criterion_id"])): row
        for row in marts.rows("fct_criterion_score")
    }
    for parent, values in _items(expected):
        for key, value in values.items():
            path = f"scores.{parent}.{key}"
            if key in AXES:
                axis, table = AXES[key]
                yield from _axis(path, parent, axis, value, tables[table].get(parent), criteria)
            elif key in ("zone_status_reasons", "possible_zones"):
                text = str(tables["mart_portfolio"][parent][key])
                yield Leaf(path, value, [part for part in text.split(", ") if part])
            else:
                table = (
                    "mart_sensitivity" if key.endswith("stability") or key.startswith("distance") else "mart_portfolio"
                )
                actual = tables[table][parent][RENAMED.get(key, key)]
                yield Leaf(path, value, shown(actual, value))


def _axis(
    path: str,
    parent: str,
    axis: str,
    expected: Mapping[str, object],
    row: Row | None,
    criteria: Mapping[tuple[str, str, str], Row],
) -> Iterator[Leaf]:
    names = {"score": f"{axis}_score", "low": f"{axis}_score_low", "high": f"{axis}_score_high"}
    names["coverage_weight"] = f"{axis}_coverage_points"
    for key, value in expected.items():
        if key != "criteria":
            yield Leaf(f"{path}.{key}", value, shown(MISSING if row is None else row[names[key]], value))
            continue
        for criterion, parts in _items(value):
            found = criteria.get((parent, axis, criterion))
            for part, printed in parts.items():
                actual = MISSING if found is None else found[part]
                if part == "weight_points" and isinstance(actual, int):
                    actual = Decimal(actual)
                yield Leaf(f"{path}.{key}.{criterion}.{part}", printed, shown(actual, printed))


def _whale_curve(expected: object, marts: Marts) -> Iterator[Leaf]:
    rows = {row["whale_rank"]: row for row in marts.rows("mart_whale_curve")}
    assert isinstance(expected, list)
    for number, values in enumerate(expected):
        row = dict(rows[values["rank"]])
        row["customer_id"] = row["ultimate_parent_id"]
        yield from _leaves(f"whale_curve.{number}", values, row)


def _whale_summary(expected: object, marts: Marts) -> Iterator[Leaf]:
    row = marts.rows("mart_whale_curve")[0]
    names = {"total": "total_contribution", "peak": "peak_contribution", "peak_share": "peak_share_ratio"}
    for key, value in _items(expected):
        yield Leaf(f"whale_summary.{key}", value, shown(row[names.get(key, key)], value))


def _zone_change(expected: object, marts: Marts) -> Iterator[Leaf]:
    history = marts.by_parent("mart_zone_history")
    totals = marts.rows("mart_zone_migration")[0]
    for key, value in _items(expected):
        path = f"zone_change.{key}"
        if key == "contribution_4_delta":
            changed = {parent: row["contribution_4_change"] for parent, row in history.items()}
            for parent, delta in value.items():
                yield Leaf(f"{path}.{parent}", delta, shown(changed.get(parent), delta))
        elif key == "migration":
            for parent, zones in value.items():
                row = history.get(parent, {})
                yield Leaf(f"{path}.{parent}.0", zones[0], row.get("previous_zone"))
                yield Leaf(f"{path}.{parent}.1", zones[1], row.get("zone"))
        else:
            yield Leaf(path, value, shown(totals[key], value))


def _small_customer(expected: object, marts: Marts) -> Iterator[Leaf]:
    rows = marts.by_parent("mart_small_customers")
    any_row = next(iter(rows.values()))
    values = dict(_items(expected))
    for parent, flags in _items(values.pop("customers")):
        yield from _leaves(f"small_customer.customers.{parent}", flags, rows.get(parent))
    yield from _leaves("small_customer", values, any_row)


def _field_hours(expected: object, marts: Marts) -> Iterator[Leaf]:
    rows = marts.by_parent("mart_hours_allocation")
    for parent, hours in _items(expected):
        actual = rows[parent]["allocated_field_hours"] if parent in rows else None
        yield Leaf(f"field_hours_allocation_next_year.{parent}", hours, actual)


def _activity_data_quality(expected: object, marts: Marts) -> Iterator[Leaf]:
    rows = marts.rows("mart_input_quality_rows")
    for key, ids in _items(expected):
        found = sorted(str(row["row_id"]) for row in rows if row["check_id"] == CHECKS[key])
        yield Leaf(f"activity_data_quality.{key}", ids, found)


def _items(section: object) -> list[tuple[str, Any]]:
    assert isinstance(section, dict)
    return list(section.items())


SECTIONS: dict[str, Section] = {
    "activity_data_quality": _activity_data_quality,
    "as_of_date": _as_of_date,
    "known_at": _known_at,
    "rounding": _rounding,
    "contribution": _contribution,
    "reconciliation": _reconciliation,
    "share_of_wallet": _share_of_wallet,
    "growth": _plain("growth", "mart_loyalty_growth"),
    "payment": _plain("payment", "mart_customer_finance"),
    "loyalty": _plain("loyalty", "mart_loyalty_growth"),
    "scores": _scores,
    "abc": _plain("abc", "mart_abc_vs_value"),
    "whale_curve": _whale_curve,
    "whale_summary": _whale_summary,
    "zone_change": _zone_change,
    "small_customer": _small_customer,
    "service_levels": _plain("service_levels", "mart_service_levels"),
    "field_hours_allocation_next_year": _field_hours,
}


def expected_values(folder: Path) -> dict[str, object]:
    """expected.json of a golden folder, its keys in their order."""
    loaded: dict[str, object] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return loaded
