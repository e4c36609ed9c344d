"""The attacker of tests.differencing is no straw man: it finds what subtraction finds, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from tests.differencing import Found, attack

ONE, TWO = date(2026, 1, 31), date(2026, 2, 28)
SIZES = {"A": 2, "B": 8, "C": 9}


@pytest.mark.parametrize(
    ("named", "sizes", "found"),
    [
        pytest.param({ONE: ["C"]}, {ONE: SIZES}, [], id="hidden with the next smallest"),
        pytest.param({ONE: ["B", "C"]}, {ONE: SIZES}, [(ONE, "A", 2)], id="hidden alone: all but one are told"),
        pytest.param({ONE: []}, {ONE: {"A": 2}}, [], id="the whole company is no secret"),
        pytest.param(
            {ONE: ["C"], TWO: ["B"]},
            {ONE: SIZES, TWO: {"A": 2, "B": 9, "C": 8}},
            [(ONE, "A", 2), (TWO, "A", 2)],
            id="another one beside it every month: two months subtracted",
        ),
        pytest.param(
            {ONE: ["C"], TWO: ["A", "B", "C"]},
            {ONE: SIZES, TWO: {"A": 8, "B": 8, "C": 9}},
            [(ONE, "A", 2)],
            id="grown and named: found in the month in which it was small",
        ),
        pytest.param(
            {ONE: ["A", "B", "C"], TWO: ["C"]},
            {ONE: {"A": 8, "B": 8, "C": 9}, TWO: SIZES},
            [],
            id="lawfully named before",
        ),
    ],
)
def test_what_subtraction_finds(
    named: dict[date, list[str]], sizes: dict[date, dict[str, int]], found: list[tuple[date, str, int]]
) -> None:
    assert attack(named, sizes, 8) == [Found(day, frozenset(area), people) for day, area, people in found]


def test_one_who_did_nearly_all_is_a_group_of_one() -> None:
    assert not attack({ONE: ["A"]}, {ONE: {"A": 9, "B": 9, "C": 9}}, 8, {ONE: ["B"]})
    assert attack({ONE: ["A", "C"]}, {ONE: {"A": 9, "B": 9, "C": 9}}, 8, {ONE: ["B"]}) == [
        Found(ONE, frozenset("B"), 9)
    ]
