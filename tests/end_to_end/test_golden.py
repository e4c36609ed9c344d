"""The worked example through the whole chain: an ordinary source mapping, an ordinary configuration, published marts.

The same with other numbers, so that nothing is right by accident: amounts, ratings, demands and settings drawn anew, expected
values from the independent oracle.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.end_to_end.example import golden_published
from tests.end_to_end.kundenwert import Company
from tests.golden import check
from tests.golden.compare import ELSEWHERE, Leaf, compare, expected_values, leaves
from tests.golden.settings import EXAMPLE
from tests.oracle.variant import write

COMPARED = [section for section in expected_values(EXAMPLE) if section not in ELSEWHERE]


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return golden_published(tmp_path_factory)


@pytest.fixture(scope="module")
def variant(tmp_path_factory: pytest.TempPathFactory) -> list[Leaf]:
    workplace = tmp_path_factory.mktemp("variant")
    folder = write(workplace / "folder", seed=1)
    company = check.company_of(folder, workplace)
    company.fork_and_succeed(*check.as_of(folder))
    return check.leaves_of(folder, company)


# First: meanwhile another process may be making the company of the tests below.
@pytest.mark.slow
@pytest.mark.parametrize("section", COMPARED)
def test_other_numbers_are_met_to_the_last_digit_too(variant: list[Leaf], section: str) -> None:
    compared = [leaf for leaf in variant if leaf.path.partition(".")[0] == section]
    assert compared
    _none_differs(compared)


@pytest.mark.slow
def test_the_other_numbers_are_other_ones(variant: list[Leaf]) -> None:
    expected = expected_values(EXAMPLE)
    example = {path: value for section in COMPARED for path, value in leaves(expected[section], section)}
    changed = sum(example.get(leaf.path) != leaf.expected for leaf in variant)
    assert changed > len(variant) / 3


@pytest.mark.parametrize("section", COMPARED)
def test_published_marts_equal_the_example_to_the_last_digit(golden: Company, section: str) -> None:
    with check.published(golden) as marts:
        compared = list(compare(expected_values(EXAMPLE), marts, [section]))
    assert compared, "the section has no leaf, the comparison proves nothing"
    _none_differs(compared)


def test_the_report_counts_every_leaf_of_the_example(golden: Company) -> None:
    compared = check.leaves_of(EXAMPLE, golden)
    total = next(line for line in check.report(expected_values(EXAMPLE), compared) if line.startswith("total"))
    assert len(compared) == 1103, "1168 leaves, 65 of them unit vectors"
    assert total.split()[2] == "1103"


def test_a_wrong_digit_and_a_section_nobody_compares_are_told(golden: Company, tmp_path: Path) -> None:
    folder = tmp_path / "wrong"
    shutil.copytree(EXAMPLE, folder)
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    expected["contribution"]["C1"]["contribution_4"] = "148400.01"
    expected["contribution"]["C0"] = {"net_revenue": None}
    expected["unheard_of"] = {"number": 1}
    (folder / "expected.json").write_text(json.dumps(expected), encoding="utf-8")
    with check.published(golden) as marts:
        compared = list(compare(expected_values(folder), marts, ["contribution", "unheard_of"]))
    wrong = {leaf.path: leaf.is_missing for leaf in compared if not leaf.is_equal}
    assert wrong == {
        "contribution.C0.net_revenue": True,
        "contribution.C1.contribution_4": False,
        "unheard_of.number": True,
    }
    report = list(check.report(expected_values(folder), compared))
    assert "  contribution.C1.contribution_4: expected '148400.01', published '148400.00'" in report


def _none_differs(compared: list[Leaf]) -> None:
    different = [
        f"{leaf.path}: expected {leaf.expected!r}, published {leaf.actual!r}" for leaf in compared if not leaf.is_equal
    ]
    assert not different, "\n".join(different)
