"""What people read over a column: every mart's, in both languages, told apart, no word of the catalogues a second time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import pytest
from pydantic import ValidationError

from pipelines.vocabulary import Voice, catalogue, places
from pipelines.vocabulary.columns import LONGEST, Words, both_labels, column_labels, label_of
from tools.mart_dictionary import Mart, MartColumn, MartConfig, MartMeta, read_marts

ENGLISH, GERMAN = Voice("en"), Voice("de")
IN_BOTH = {"region", "scorecard", "team", "zone"}
"""Columns whose word is the same in English and German."""


def complaints(labels: Mapping[str, Words | str], marts: Iterable[Mart]) -> Iterator[str]:
    """What is wrong with the labels of these marts."""
    columns = [(mart.name, column.name) for mart in marts for column in mart.columns]
    used = {f"{mart}.{name}" if f"{mart}.{name}" in labels else name for mart, name in columns}
    yield from (f"{name}: no column is called so" for name in labels.keys() - used)
    yield from (f"{name}: has no label" for name in used - labels.keys())
    for name, found in labels.items():
        if isinstance(found, str):
            yield from (f"{name}: {found} {fault}" for fault in _faults_of_key(found))
        else:
            key = _said_as(name.rpartition(".")[2], found)
            yield from () if key is None else (f"{name}: say `{name}: {key}`, the catalogues have these words",)


def _faults_of_key(key: str) -> Iterator[str]:
    for language in ("en", "de"):
        text = catalogue(language).get(key)
        if text is None:
            yield "is no key of the catalogues"
        elif places(text) or len(text) > LONGEST:
            yield f"is no label in {language}: {text}"


def _said_as(column: str, words: Words) -> str | None:
    """The key that ends in the column's name and has the same words."""
    english, german = catalogue("en"), catalogue("de")
    keys = (key for key in english if key.endswith(f".{column}"))
    return next((key for key in keys if (english[key], german[key]) == (words.en, words.de)), None)


def mart_of(*columns: str) -> Mart:
    listed = [MartColumn(name=name, data_type="date", description="") for name in columns]
    meta = MartConfig(meta=MartMeta(unique_key=[columns[0]]))
    return Mart(name="mart_example", description="One row per day.", config=meta, columns=listed)


def test_every_column_has_a_label_and_every_label_a_column() -> None:
    assert list(complaints(column_labels(), read_marts())) == []


def test_a_planted_fault_is_found() -> None:
    found: dict[str, Words | str] = {
        "region": Words(en="Region", de="Region"),
        "cogs": Words(en="Cost of sales", de="Wareneinsatz"),
        "zone_since": "explain.zone.since",
        "day": Words(en="Day", de="Tag"),
    }
    wrong = sorted(complaints(found, [mart_of("region", "cogs", "zone_since", "period")]))
    assert [each.partition(" ")[0] for each in wrong] == ["day:", "period:", "region:", "zone_since:", "zone_since:"]


@pytest.mark.parametrize("voice", [ENGLISH, GERMAN], ids=["en", "de"])
def test_two_columns_of_a_mart_are_told_apart(voice: Voice) -> None:
    for mart in read_marts():
        heads = Counter(label_of(mart.name, column.name, voice) for column in mart.columns)
        assert [head for head, count in heads.items() if count > 1] == [], f"{mart.name}: tell these apart"


def test_german_is_german() -> None:
    names = {column.name for mart in read_marts() for column in mart.columns}
    assert {name for name in names if len(both_labels("", name)) == 1} == IN_BOTH


def test_a_mart_may_call_a_column_otherwise_and_the_rest_of_the_world_nothing() -> None:
    assert label_of("dim_criterion", "measure", GERMAN) == "Messgröße"
    assert label_of("mart_programme", "measure", GERMAN) == "Messwert"
    assert both_labels("mart_portfolio", "net_revenue") == ("Net revenue", "Nettoumsatz")
    assert label_of("mart_portfolio", "prior_net_revenue", Voice("fr")) == "Net revenue, previous year"
    assert label_of("mart_portfolio", "nothing", ENGLISH) is None and both_labels("mart_portfolio", "nothing") == ()


def test_a_label_is_short() -> None:
    with pytest.raises(ValidationError):
        Words(en="x" * (LONGEST + 1), de="kurz")
