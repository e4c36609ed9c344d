"""One catalogue of measures: what follows from it is current, its models compute what it names, settings and words read it."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from pydantic import ValidationError

from pipelines.settings.portfolio import Criterion
from pipelines.vocabulary.measures import MEASURES, REPOSITORY, Measure, generated_files
from pipelines.vocabulary.units import unit_of

MODELS = {path.stem: path for path in (REPOSITORY / "dbt_project" / "models").rglob("int_*.sql")}


@pytest.mark.parametrize("path", generated_files())
def test_what_follows_from_the_catalogue_is_current(path: str) -> None:
    written = (REPOSITORY / path).read_text(encoding="utf-8")
    assert written == generated_files()[path], "run `python -m pipelines.vocabulary.measures`"


@pytest.mark.parametrize("name", MEASURES)
def test_its_model_computes_it(name: str) -> None:
    """By name; that the column is there is told by every build."""
    model, column = MEASURES[name].model, MEASURES[name].column or name
    assert model in MODELS, f"{name}: there is no model {model}"
    assert re.search(rf"\b{column}\b", MODELS[model].read_text(encoding="utf-8")), f"{model} has no column {column}"


def test_no_model_lists_measures_by_hand() -> None:
    """The wide table and the level of a criterion take all of the catalogue."""
    for model in ("int_scores__measures", "int_scores__judged_levels"):
        assert "measure_catalogue()" in MODELS[model].read_text(encoding="utf-8")


def test_a_name_tells_its_unit() -> None:
    """A figure without one is read as a number; only this one is."""
    assert [name for name in MEASURES if unit_of(name) is None] == ["order_regularity"]


@pytest.mark.parametrize(("measure", "direction"), [("net_revenue", "higher"), ("weighted_days_beyond_terms", "lower")])
def test_a_criterion_without_a_direction_takes_that_of_its_measure(measure: str, direction: str) -> None:
    levels = {level: Decimal(10 * level) for level in (2, 3, 4)}
    criterion = Criterion(name_en="A", name_de="A", method="breakpoints", measure=measure, levels=levels)
    assert criterion.direction == direction
    stated = Criterion(name_en="A", name_de="A", method="rating", direction="higher")
    assert stated.direction == "higher"


def test_an_entry_says_everything() -> None:
    with pytest.raises(ValidationError) as error:
        Measure.model_validate({"model": "mart_portfolio", "direction": "up", "of_leads": "no", "en": "A"})
    assert {each["loc"][0] for each in error.value.errors()} == {"model", "direction", "of_leads", "en", "de"}
