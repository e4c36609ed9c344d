"""A preset is a valid method whatever is delivered, and holds only what can be answered."""

from __future__ import annotations

from itertools import combinations

import pytest

from pipelines.settings.portfolio import Portfolio
from pipelines.settings.presets import PRESETS, preset
from pipelines.vocabulary.measures import MEASURES

SOURCES = (
    "invoice_lines.cogs",
    "invoice_lines.revenue_deductions",
    "open_items.due_date",
    "open_items.cleared_date",
)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_valid_whatever_is_delivered(name: str) -> None:
    for count in range(len(SOURCES) + 1):
        for delivered in combinations(SOURCES, count):
            chosen = preset(name, delivered)
            portfolio = Portfolio.model_validate(
                {"version": 1, "criteria": chosen.criteria, "scorecards": chosen.scorecards}
            )
            written = {"criteria": frozenset(chosen.criteria)}
            assert list(portfolio.references(written, None)) == []
            for criterion in portfolio.criteria.values():
                assert list(criterion.violations()) == []


def test_what_is_not_delivered_carries_no_weight() -> None:
    chosen = preset("erp_only")
    assert set(chosen.left_out) == {"margin", "price_realisation"}
    assert set(chosen.scorecards["customer"]["attractiveness"]) == {"recency", "tenure", "order_regularity"}
    assert "margin" in preset("erp_only", ["invoice_lines.cogs"]).scorecards["customer"]["attractiveness"]


def test_invoices_alone_answer_both_axes_of_a_customer() -> None:
    """Else every customer of a company with two files would stay without a zone."""
    chosen = preset("erp_only")
    for axis in ("potential", "attractiveness", "value_of_customer", "contribution"):
        for name in chosen.scorecards["customer"][axis]:
            measure = chosen.criteria[name].get("measure")
            assert measure in MEASURES
            assert MEASURES[str(measure)].model.startswith(("int_contribution", "int_loyalty"))
