"""No text and no doc block states what a company may set: change it once, and every text says the new value.

Belongs here: the digits of settings in the catalogues, in the marts' doc blocks and in the models' descriptions. Not here: how a
version's limits fill a text (tests/pipelines/showing).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml

from pipelines.settings.portfolio import Portfolio, read_portfolio
from pipelines.settings.tables import settings_tables
from pipelines.settings.validation import validated
from pipelines.settings.yaml_file import parse
from pipelines.showing.limits import PLACES, Limits
from pipelines.vocabulary import Voice, catalogue, languages, places
from tools import mart_dictionary

REPOSITORY = Path(__file__).resolve().parents[3]
SHIPPED = REPOSITORY / "config" / "portfolio.yml"

TRIVIAL = frozenset((Decimal(0), Decimal(1)))
"""Settings of 0 and 1 are not looked for: they bound ratios, begin counts and name the highest rank everywhere."""

NO_SETTING = (
    (r"METHOD [\d., ]+", "a section of the method"),
    (r"\d+\.\.\d+", "the range of a scale: 0..1, 0..100, levels 1..5"),
    (r"\b-?\d+ (?:to|bis) \d+", "the range of a scale, in words"),
    (
        r"\b(?:12|[Tt]welve|zwölf) (?:\w+ )?(?:[Mm]on\w+)|(?:current|aktuellen) 12\b|month of the 12\b",
        "the window of the method",
    ),
    (r"\b24 (?:months|Monate\w*)", "how long the method remembers who did what, and who was too few to be named"),
    (r"\b3 (?:years|Jahre)\b|\bthree years\b|\bdrei Jahre\w*", "the growth rate is one over three years"),
    (
        r"\b(?:[Ll]evel|Stufe) [1-5]\b|\b1 (?:and|und) 5\b|\b1 \(\w+\) (?:to|bis) 5\b|\b(?:were|wäre|stünde) [15]\b",
        "the ends of the levels",
    ),
    (r"\b(?:[Cc]ontribution|Deckungsbeitrag\w*|Danger|Gefahr|Axis|Achse|step|Schritt) [1-6]\b", "a name of the method"),
    (r"\(level - 1\) / 4|\(Stufe - 1\) / 4|\b25 x \(", "the formula from level to points"),
    (r"\b60 x\b|/ 60\b", "minutes of an hour"),
    (r"\b(?:of|von|to|auf|[Ss]umm\w+) 100\b|\bergeben (?:nicht )?100\b", "weights and scores are of 100"),
    (r"\b\d[.,]\d+ = [^;,.)]*?\d+ %", "an example of how a ratio reads"),
    (r"\b100 (?:best|am besten|\(best|beste)\w*[^;.]*?600", "the scale of the rating agency"),
    (r"\b4 (?:decimals|Nachkommastellen|Dezimal\w+)", "digits of a number"),
    (r"\b(?:basic|differentiating|delighting|fascinating|need|demand|potential) [1-4]\b", "a place in an order"),
    (
        r"\b[1-4] (?:need|demand|effective_demand|potential)\b|\b4 = \w+ (?:fasci|begei|faszi)\w+",
        "a place in an order",
    ),
    (r"ISO 4217|UTF-8|#2\b", "a name"),
    (r"\bclaimed 0\.8\b|\bbehaupteten 0,8\b", "what a text claims, not what a company sets"),
    (r"\b(?:Sunday|Sonntag) 7\b|\b1 January|31 December|1\. Januar|31\. Dezember", "a day of the calendar"),
)
"""What numbers may stand in a text, and why it is no setting."""

WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "twice": 2, "second": 2, "nine": 9,
    "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "zehn": 10, "doppelte": 2, "doppelten": 2, "zweiten": 2, "neun": 9,
}  # fmt: skip
UNITS = (
    r"(?:years?|months?|days?|hours?|invoices?|items?|points?|periods?|as-of|the|full|"
    r"Jahr\w*|Monat\w*|Tag\w*|Stunden?|Rechnung\w*|Posten|Punkt\w*|Stichtag\w*|des|der|volle\w*|aufeinander\w*)"
)
YEAR = re.compile(
    r"\b(?:first (?:full )?year|(?:one|a) full year|erste\w* (?:volle\w* )?Jahr|ein volles Jahr|volles Jahr)\b"
)
"""The usual first year of a customer: its setting is 1, too common to be looked for as a digit."""


def settings_of(portfolio: Portfolio) -> dict[Decimal, str]:
    """Value -> one setting that has it, for every numeric leaf; shares also as per cent."""
    found: dict[Decimal, str] = {}
    for row in settings_tables(portfolio)["method_settings"].to_pylist():
        numbers = [row["value_number"]] if row["value_number"] is not None else []
        if row["setting"] == "sensitivity.thresholds":
            numbers = [Decimal(each) for each in row["value"].split(", ")]
        for number in numbers:
            for value in (abs(number), *((abs(number) * 100,) if row["unit"] == "ratio" else ())):
                found.setdefault(value.normalize(), row["setting"])
    return {value: setting for value, setting in found.items() if value not in TRIVIAL}


@cache
def shipped() -> dict[Decimal, str]:
    return settings_of(read_portfolio(SHIPPED))


def stated(text: str, settings: dict[Decimal, str]) -> Iterator[str]:
    """The numbers in a text that are settings' values, each with a setting that has it."""
    for pattern, _ in NO_SETTING:
        text = re.sub(pattern, " ", text)
    text = re.sub(r"\{\w+\}|contribution_\d|\w+_\d\w*", " ", text)
    for digits in re.findall(r"(?<![\w.])\d+(?:[.,]\d+)?(?!\w)", text):
        number = Decimal(digits.replace(",", ".")).normalize()
        if number in settings:
            yield f"{digits} ({settings[number]})"
    for word in re.findall(rf"\b(\w+) {UNITS}\b", text):
        if Decimal(WORDS.get(word, 0)) in settings:
            yield f"{word} ({settings[Decimal(WORDS[word])]})"
    if match := YEAR.search(text):
        yield f"{match[0]} (zones.new_customer_tenure_years_below)"


def texts() -> Iterator[tuple[str, str]]:
    """(where, text) of everything people read about the method."""
    for language in languages():
        for key, text in catalogue(language).items():
            yield f"{language}.po {key}", text
    for name, block in mart_dictionary.read_doc_blocks().items():
        yield f"doc block {name}, English", block.english
        yield f"doc block {name}, German", block.german
    for path in sorted((REPOSITORY / "dbt_project" / "models").rglob("_*__models.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
            yield f"{path.name} {model['name']}", " ".join(str(model["description"]).split())
            meta = model.get("config", {}).get("meta", {})
            yield f"{path.name} {model['name']}, question", meta.get("question", "")
            yield f"{path.name} {model['name']}, German", meta.get("description_de", "")


def test_no_text_states_a_setting() -> None:
    wrong = [f"{where}: {', '.join(found)}" for where, text in texts() if (found := list(stated(text, shipped())))]
    assert not wrong, "name the setting, or let the version fill it in (pipelines/showing/limits.py):\n" + "\n".join(
        wrong
    )


@pytest.mark.parametrize(
    "planted",
    [
        "high from score 50",
        "ein Wert ab 50 Punkten",
        "below 60 the zone is unrated",
        "A while the share is below 80 %",
        "revenue_cagr_3y below -0.05",
        "unter -0,05",
        "more than 730 days old",
        "more than twice the usual interval",
        "in its first year a customer is observed",
        "less than one full year a customer",
        "das erste Jahr mit uns",
        "needs 14 days",
    ],
)
def test_a_planted_setting_is_found(planted: str) -> None:
    assert list(stated(planted, shipped()))


def test_a_changed_setting_is_looked_for_at_once() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert text.count("  threshold: 50\n") == 1
    changed = settings_of(validated(parse(text.replace("  threshold: 50\n", "  threshold: 52.5\n"), "x"), Portfolio))
    assert list(stated("high from score 52.5", changed)) == ["52.5 (zones.threshold)"]
    assert not list(stated("high from score 52.5", shipped()))


# --- how a version fills its limits in -------------------------------------------------------------------------------


def test_every_place_is_filled_by_a_setting_that_is_published() -> None:
    published = {row["setting"] for row in settings_tables(read_portfolio(SHIPPED))["method_settings"].to_pylist()}
    assert {setting for setting, _ in PLACES.values()} <= published


def test_every_limited_text_has_a_plain_one_and_is_used() -> None:
    texts_of = catalogue("en")
    limited = {key for key in texts_of if key.endswith(".limit")}
    assert {key.removesuffix(".limit") for key in limited} <= texts_of.keys()
    said = frozenset().union(*(places(texts_of[key]) for key in texts_of))
    assert PLACES.keys() <= said, "a place no text has: take it out of PLACES"
    for key in limited:
        own = places(texts_of[key]) - places(texts_of[key.removesuffix(".limit")])
        assert own, f"{key} names no limit"
        assert own <= PLACES.keys(), f"{key} names a limit no setting fills"


def test_a_limit_that_is_not_known_leaves_the_plain_text() -> None:
    known = Limits({"zones.stale_after_days": Decimal("400.0000000000")})
    key = "zone_status_reason.ratings_stale.meaning"
    assert known.say(Voice("en"), key) == "A rating is older than 400 days."
    assert known.say(Voice("de"), key) == "Eine Bewertung ist älter als 400 Tage."
    assert Limits().say(Voice("en"), key) == "A rating is too old."
