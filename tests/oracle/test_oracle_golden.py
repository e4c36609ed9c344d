"""The oracle against the golden example: every leaf of expected.json, to the last digit."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from . import golden
from .example import expected as as_example
from .result import AsOf

EXPECTED: dict[str, Any] = json.loads((golden.EXAMPLE / "expected.json").read_text(encoding="utf-8"))
LEAVES = 1168  # empty lists count as one


@cache
def truth() -> AsOf:
    """The oracle's result for the golden example."""
    return golden.evaluated()


def test_every_leaf_is_met_to_the_last_digit(capsys: pytest.CaptureFixture[str]) -> None:
    """Both trees have the same leaves and each is equal."""
    actual = _leaves(as_example(truth(), EXPECTED["unit_vectors"]))
    expected = _leaves(EXPECTED)
    wrong = {
        path: (actual.get(path, "absent"), leaf)
        for path, leaf in expected.items()
        if repr(actual.get(path, "absent")) != repr(leaf)
    }
    assert wrong == {}, "oracle and expected.json differ (oracle, expected)"
    assert actual.keys() == expected.keys()
    assert len(expected) == LEAVES
    in_units = sum(path.startswith("unit_vectors/") for path in expected)
    with capsys.disabled():
        print(f"\ngolden example: {len(expected)} leaves compared, {in_units} of them in unit_vectors")


def test_reconciliation_adds_up_in_every_account_group() -> None:
    """The ledger is met per account group, not only in total."""
    rows = golden.of_the_year(truth())
    assert [row.account_group for row in rows] == sorted(golden.ACCOUNT_GROUPS)
    assert {(row.period, row.difference, row.status) for row in rows} == {("2025", Decimal("0.00"), "reconciled")}


def test_scores_are_the_sum_of_their_stored_parts() -> None:
    """METHOD 0.6: exactly, for score and both bounds."""
    for axis in truth().axes.values():
        assert axis.score == sum(one.points for one in axis.criteria)
        assert axis.low == sum(one.points_low for one in axis.criteria)
        assert axis.high == sum(one.points_high for one in axis.criteria)


def _leaves(tree: Any, path: str = "") -> dict[str, Any]:
    if isinstance(tree, dict):
        return {key: leaf for name, part in tree.items() for key, leaf in _leaves(part, f"{path}{name}/").items()}
    if isinstance(tree, list):
        found = {key: leaf for index, part in enumerate(tree) for key, leaf in _leaves(part, f"{path}{index}/").items()}
        return found | ({path.rstrip("/"): []} if not tree else {})
    return {path.rstrip("/"): tree}
