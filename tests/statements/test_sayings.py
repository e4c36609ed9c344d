"""What people are told is true: every sentence of explanations and pages against its condition.

Belongs here: generated companies against the oracle's numbers, the worked example and the published examples against their rows.
Not here: that every text has an entry (tests/pipelines/vocabulary/test_statements.py).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.vocabulary import Saying
from pipelines.vocabulary.statements import statements
from tests.conftest import REPOSITORY, SHARED
from tests.end_to_end.demo import demo_published
from tests.end_to_end.example import golden_published
from tests.end_to_end.kundenwert import Company
from tests.generated.companies import NASTY, generate
from tests.generated.compiled import Warehouse
from tests.oracle import evaluate
from tests.statements import conditions, telling
from tests.statements.columns import Asked

FEW, MANY, BATCH = 1, 65, 4
"""Batches of four companies: in every run of the tests, and in the endless one."""


SEEN = (65, 103, 114, 118, 143, 152, 157, 236)
"""Companies of whom something was said that was not so, found among hundreds."""


def lies(warehouse: Warehouse, seed: int, kind: str = "") -> list[str]:
    """What a generated company's people would be told that is not so."""
    case = generate(seed, kind)
    truth = evaluate(case.company, case.settings, list(case.as_of))
    version = telling.version_of(warehouse.build(case.delivered()), case)
    heard: list[Saying] = []
    telling.told_of(version, telling.scored(version.connection), heard)
    telling.told_by_the_page(version, heard)
    found = [*conditions.untrue(heard, truth, case), *Asked(version).untrue(heard)]
    return [f"{case}: {line}" for line in found]


@pytest.mark.parametrize(
    "batch", [*range(FEW), *(pytest.param(batch, marks=pytest.mark.endless) for batch in range(FEW, MANY))]
)
def test_generated_companies_are_told_the_truth(speaking: Warehouse, batch: int) -> None:
    found = [line for seed in range(batch * BATCH, (batch + 1) * BATCH) for line in lies(speaking, seed)]
    assert not found, "\n".join(found[:20])


@pytest.mark.slow
def test_companies_once_told_untruths_are_told_the_truth(speaking: Warehouse) -> None:
    found = [line for seed in SEEN for line in lies(speaking, seed)]
    assert not found, "\n".join(found[:20])


@pytest.mark.parametrize(
    "kind", [*list(NASTY)[:4], *(pytest.param(k, marks=pytest.mark.endless) for k in list(NASTY)[4:])]
)
def test_odd_companies_are_told_the_truth(speaking: Warehouse, kind: str) -> None:
    found = [line for seed in range(2) for line in lies(speaking, seed, kind)]
    assert not found, "\n".join(found[:20])


def test_the_worked_example_is_told_the_truth(tmp_path_factory: pytest.TempPathFactory) -> None:
    version = golden_published(tmp_path_factory).home / "published" / "CURRENT"
    with telling.opened(version) as opened:
        heard: list[Saying] = []
        telling.told_of(opened, telling.scored(opened.connection), heard)
        telling.told_by_the_page(opened, heard)
        found = list(Asked(opened).untrue(heard))
    assert not found, "\n".join(found[:20])


def told_untruly(home: Path, some: int = 60) -> list[str]:
    """What the page of a home's current version, and explanations of some of its customers, say that its rows do not."""
    heard: list[Saying] = []
    with telling.opened(home / "published" / "CURRENT") as version:
        everybody = telling.scored(version.connection)
        telling.told_of(version, everybody[:: max(1, len(everybody) // some)], heard)
        telling.told_by_the_page(version, heard)
        return list(Asked(version).untrue(heard))


@pytest.mark.endless
def test_the_demo_company_is_told_the_truth(tmp_path_factory: pytest.TempPathFactory) -> None:
    found = told_untruly(demo_published(tmp_path_factory).home)
    assert not found, "\n".join(found[:20])


@pytest.mark.endless
@pytest.mark.needs("shared")
@pytest.mark.parametrize(
    ("example", "variable", "data"),
    [
        ("classicmodels", "CLASSICMODELS_DIR", SHARED / "data" / "classicmodels"),
        ("machine_maker", "KUNDENWERT_DEMO_DIR", None),
    ],
)
def test_the_examples_are_told_the_truth(
    example: str, variable: str, data: Path | None, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The oracle reads neither's deliveries, so the conditions are asked of what is published."""
    deliveries = data or demo_published(tmp_path_factory).config.parent / "demo"
    company = Company(config=REPOSITORY / "examples" / example / "config", home=tmp_path / "home")
    company.fork_and_succeed("run", **{variable: str(deliveries)})
    found = told_untruly(company.home)
    assert not found, "\n".join(found[:20])


def test_every_statement_has_a_condition_or_a_reason() -> None:
    known = {*conditions.CONDITIONS, *conditions.NOT_THE_ORACLES}
    without = [
        key
        for key in statements().statements
        if key not in known and not any(key.startswith(begin) for begin in known if begin.endswith((".", "_")))
    ]
    assert not without, "write the condition over the oracle's numbers into tests/statements/conditions.py"
    assert {key for key in conditions.CONDITIONS if key not in statements().statements} == set()
    assert {*conditions.OF_CODES} <= statements().codes.keys()
