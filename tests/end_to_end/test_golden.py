"""The worked example through the whole chain: an ordinary source mapping, an ordinary configuration, published marts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.kundenwert import REPOSITORY, Company
from tests.golden.compare import SECTIONS, Marts, compare, expected_values

GOLDEN = REPOSITORY / "tests" / "golden"


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Company:
    company = Company(config=GOLDEN / "config", home=tmp_path_factory.mktemp("golden"))
    company.succeed("run", "--as-of", "2025-12-31", "--known-at", "2025-12-31T23:59:59")
    return company


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_published_marts_equal_the_example_to_the_last_digit(golden: Company, section: str) -> None:
    expected = expected_values(GOLDEN)
    with golden.serving() as connection, golden.serving("controlling") as controlling:
        marts = Marts(connection, as_of=str(expected["as_of_date"]), controlling=controlling)
        leaves = list(compare(expected, marts, [section]))
    assert leaves, "the section has no leaf, the comparison proves nothing"
    different = [
        f"{leaf.path}: expected {leaf.expected!r}, published {leaf.actual!r}" for leaf in leaves if not leaf.is_equal
    ]
    assert not different, "\n".join(different)


def test_the_copy_of_the_example_is_the_example() -> None:
    """The project carries its own copy; it must not drift from the shared one where that is there."""
    shared = REPOSITORY.parent / "shared" / "golden"
    if not shared.is_dir():
        pytest.skip("needs shared")
    for path in sorted((GOLDEN / "deliveries").glob("*.csv")):
        assert path.read_bytes() == (shared / path.name).read_bytes(), path.name
    assert (GOLDEN / "expected.json").read_bytes() == (shared / "expected.json").read_bytes()


def test_the_comparison_notices_a_wrong_digit(golden: Company, tmp_path: Path) -> None:
    expected = expected_values(GOLDEN)
    contribution = expected["contribution"]
    assert isinstance(contribution, dict)
    contribution["C1"]["contribution_4"] = "148400.01"
    with golden.serving() as connection:
        leaves = compare(expected, Marts(connection, as_of="2025-12-31"), ["contribution"])
        assert [leaf.path for leaf in leaves if not leaf.is_equal] == ["contribution.C1.contribution_4"]
