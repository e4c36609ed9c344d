"""The example's unit vectors are proven where their logic lives; here: each has its test, and that test has its numbers.

Belongs here: which test proves which vector, and that the two cannot drift apart. Not here: running them
(tests/dbt_project/test_unit_tests.py runs dbt's, pytest its own).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest
import yaml

from tests.conftest import REPOSITORY
from tests.golden.compare import expected_values
from tests.golden.settings import EXAMPLE

VECTORS: dict[str, Any] = expected_values(EXAMPLE)["unit_vectors"]  # type: ignore[assignment]

DBT_UNIT_TESTS = {
    "hysteresis": "zones_replayed_hysteresis_vector",
    "small_group_suppression": "small_groups_are_hidden",
    "rank_tie": "rank_tie_of_the_example",
    "largest_remainder": "allocation_by_the_largest_remainder",
    "cagr_cases": "cagr_cases_of_the_example",
    "diff_in_diff": "diff_in_diff",
}
PYTEST_TESTS = {"weights_not_100": "test_the_worked_examples_weights_that_do_not_sum_to_100_are_refused_not_rescaled"}
"""They read the vector itself."""

NUMBERS: dict[str, Callable[[Any], list[object]]] = {
    "hysteresis": lambda v: [v["threshold"], v["band"], *v["scores"], *v["states"]],
    "small_group_suppression": lambda v: [v["min_group_size"], *v["team_sizes"], *v["team_sizes"].values()],
    "rank_tie": lambda v: [*v["values"], *v["values"].values()],
    "largest_remainder": lambda v: [*v["keys"], v["total"], *v["expected"].values()],
    "cagr_cases": lambda v: [case[key] for case in v for key in ("start", "end", "expected")],
    "diff_in_diff": lambda v: [v["effect_abs"].split()[0]],
}
"""What of a vector must stand in its test; sentences and the number of years (the model's name) need not."""


def test_every_vector_has_a_test() -> None:
    assert set(VECTORS) == set(DBT_UNIT_TESTS) | set(PYTEST_TESTS)
    assert set(NUMBERS) == set(DBT_UNIT_TESTS)


@pytest.mark.parametrize(("vector", "name"), DBT_UNIT_TESTS.items())
def test_the_unit_test_has_the_numbers_of_its_vector(vector: str, name: str) -> None:
    found = {_plain(value) for row in _rows(_unit_test(name)) for value in row.values()}
    missing = [number for number in NUMBERS[vector](VECTORS[vector]) if _plain(number) not in found]
    assert not missing, f"{vector}: {name} lacks {missing}"


@pytest.mark.parametrize(("vector", "name"), PYTEST_TESTS.items())
def test_the_test_reads_its_vector(vector: str, name: str) -> None:
    assert vector in _constants(name)


def test_the_remainders_are_those_of_their_vector() -> None:
    test, vector = _unit_test(DBT_UNIT_TESTS["largest_remainder"]), VECTORS["largest_remainder"]
    rows = [row for row in _given(test, "int_effort__allocation_ideal") if row["hours_to_allocate"] == vector["total"]]
    ideal = {row["ultimate_parent_id"]: Decimal(row["ideal_numerator"]) / row["ideal_denominator"] for row in rows}
    assert ideal == dict(zip(vector["keys"], map(Decimal, vector["ideal"]), strict=True))
    given = {row["ultimate_parent_id"]: row["allocated_field_hours"] for row in test["expect"]["rows"][: len(rows)]}
    assert given == vector["expected"]


@pytest.mark.parametrize("axis", ["potential", "attractiveness"])
def test_the_hysteresis_vector_is_in_its_order(axis: str) -> None:
    test, vector = _unit_test(DBT_UNIT_TESTS["hysteresis"]), VECTORS["hysteresis"]
    customer = {"potential": "C1", "attractiveness": "C2"}[axis]
    scores = [row for row in _given(test, "int_zones__raw") if row["ultimate_parent_id"] == customer]
    states = [row for row in test["expect"]["rows"] if row["ultimate_parent_id"] == customer]
    assert [Decimal(row[f"{axis}_score"]) for row in scores] == vector["scores"]
    assert [row[f"{axis}_state"] for row in states] == vector["states"]
    assert [row["as_of_date"] for row in scores] == [row["as_of_date"] for row in states]


def test_the_tied_customers_are_in_the_order_of_their_vector() -> None:
    test, vector = _unit_test(DBT_UNIT_TESTS["rank_tie"]), VECTORS["rank_tie"]
    values = {
        row["ultimate_parent_id"]: Decimal(row["contribution_4"]) for row in _given(test, "int_contribution__parent")
    }
    assert values == vector["values"]
    for rank in ("rank_customer_value", "rank_revenue", "rank_contribution_4"):
        order = sorted(test["expect"]["rows"], key=lambda row: row[rank])
        assert [row["ultimate_parent_id"] for row in order] == vector["expected_order"]


def test_the_cagr_cases_are_those_of_their_vector() -> None:
    test, vector = _unit_test(DBT_UNIT_TESTS["cagr_cases"]), VECTORS["cagr_cases"]
    growth = {row["ultimate_parent_id"]: row["revenue_cagr_3y"] for row in test["expect"]["rows"]}
    cases = [
        (row["base_net_revenue"], row["current_net_revenue"], growth[row["ultimate_parent_id"]])
        for row in _given(test, "int_contribution__revenue_windows")
    ]
    assert cases == [(case["start"], case["end"], case["expected"]) for case in vector]
    assert {case.get("years", 3) for case in vector} == {3}, "the column is the growth over three years"


def test_the_arms_of_the_campaign_add_up_to_those_of_their_vector() -> None:
    test, vector = _unit_test(DBT_UNIT_TESTS["diff_in_diff"]), VECTORS["diff_in_diff"]
    members = [row for row in _given(test, "int_campaigns__member_results") if row["campaign_id"] == "VECTOR"]
    for arm in ("treated", "control"):
        for when in ("pre", "post"):
            amounts = [Decimal(row[f"net_revenue_{when}"]) for row in members if row["arm"] == arm]
            assert sum(amounts) == Decimal(vector[f"{arm}_{when}"]), (arm, when)


def _unit_test(name: str) -> dict[str, Any]:
    for path in sorted((REPOSITORY / "dbt_project" / "models").rglob("*__unit_tests.yml")):
        for test in yaml.safe_load(path.read_text(encoding="utf-8"))["unit_tests"]:
            if test["name"] == name:
                found: dict[str, Any] = test
                return found
    pytest.fail(f"no dbt unit test is called {name}")


def _given(test: dict[str, Any], model: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = next(given["rows"] for given in test["given"] if given["input"] == f"ref('{model}')")
    return rows


def _rows(test: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for given in test["given"]:
        yield from given["rows"]
    yield from test["expect"]["rows"]


def _constants(name: str) -> list[object]:
    """Every literal of the test function called `name`, its parameters included."""
    for path in sorted((REPOSITORY / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if f"def {name}(" in text:
            (function,) = (
                node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef) and node.name == name
            )
            return [node.value for node in ast.walk(function) if isinstance(node, ast.Constant)]
    pytest.fail(f"no test is called {name}")


def _plain(value: object) -> str:
    """A number by its value (10 is "10.00"), anything else by its text."""
    try:
        return format(Decimal(str(value)).normalize(), "f")
    except InvalidOperation:
        return str(value)
