"""Marts and oracle agree on every cell of companies of every nasty kind, also on statements planned as a run plans them."""

from __future__ import annotations

import pytest

from tests.generated.companies import NASTY, generate
from tests.generated.comparing import assert_equal, compared
from tests.generated.compiled import Project, Warehouse


@pytest.mark.parametrize("kind", NASTY)
def test_a_nasty_company_comes_out_as_the_method_says(warehouse: Warehouse, kind: str) -> None:
    assert_equal(warehouse, generate(0, kind))


@pytest.mark.endless
@pytest.mark.parametrize("kind", NASTY)
def test_more_nasty_companies_come_out_as_the_method_says(warehouse: Warehouse, kind: str) -> None:
    for seed in range(1, 4):
        assert_equal(warehouse, generate(seed, kind))


@pytest.mark.endless
def test_statements_planned_for_the_rows_they_meet_say_the_same(project: Project) -> None:
    """What a run does: a new plan for every company, with all optimizers a run has; and with the checks of the sales input."""
    planned_anew = compared(project, prepared=False, checks=True)
    for kind in ("exact_bounds", "merges", "huge_amounts", "no_crm"):
        assert_equal(planned_anew, generate(0, kind))
