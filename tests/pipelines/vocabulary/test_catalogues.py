"""The catalogues: English complete, every language with the same places, what one lacks said in English and listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.errors import ConfigError, ExitCode
from pipelines.vocabulary import Voice, catalogue, code_groups, languages, missing, places
from pipelines.vocabulary.catalogue import DIRECTORY

REPOSITORY = Path(__file__).resolve().parents[3]
SPEAKERS = ("pipelines", "orchestration", "bi", "tools")

HALF = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "zone.protection"
msgstr "Zone de protection"

msgid "explain.zone.since"
msgstr "{zone} depuis le {day}."

msgid "explain.title.do"
msgstr ""
"""


@pytest.fixture
def french(tmp_path: Path) -> Path:
    (tmp_path / "fr.po").write_text(HALF, encoding="utf-8")
    return tmp_path


def test_every_language_says_the_same_things() -> None:
    english = catalogue("en")
    for language in languages():
        own = catalogue(language)
        assert own.keys() == english.keys(), f"{language}.po has keys nobody says"
        assert [key for key in own if places(own[key]) != places(english[key])] == []
        assert [key for key, text in own.items() if text != text.rstrip() or not text] == []


def test_the_shipped_languages_lack_nothing() -> None:
    assert {language: missing(language) for language in languages()} == {"en": (), "de": ()}


def test_catalogues_stand_in_order_each_key_once() -> None:
    for path in sorted(DIRECTORY.glob("*.po")):
        keys = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
        assert keys == sorted(set(keys)), f"{path.name}: write keys once, in order"


def test_a_label_has_no_place_that_nobody_fills() -> None:
    for group, each in code_groups().items():
        for code in each.codes:
            assert not places(catalogue("en").get(f"{group}.{code}", "")) - {"criterion", *_rule_places(group)}


def _rule_places(group: str) -> frozenset[str]:
    return frozenset(("tenure", "min_invoices")) if group == "observation_rule" else frozenset()


def test_no_text_is_left_unsaid() -> None:
    """A text stands under a code, or its key stands in what speaks: whole, or built from its beginning and an end.

    What the pages say is told by their own tests (tests/pipelines/showing/portfolio, controlling, potential_check).
    """
    spoken = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in SPEAKERS
        for path in sorted((REPOSITORY / folder).rglob("*"))
        if path.suffix in (".py", ".js", ".j2", ".sql") and "vocabulary" not in path.parts
    )
    own = {f"{group}.{code}" for group, each in code_groups().items() for code in each.codes if each.texts is None}
    built = set(re.findall(r"""["'`]((?:explain|page|unknown|writeback)\.[\w.]*)[{$]""", spoken)) | {"error."}

    def is_said(key: str) -> bool:
        if key.startswith(("page.", "control.", "potential_check.")):
            return True
        plain = key.removesuffix(".limit").removesuffix(".meaning").removesuffix(".short")
        return plain in own or plain in spoken or any(plain.startswith(begin) for begin in built)

    assert [key for key in catalogue("en") if not is_said(key)] == []


# --- a third language ------------------------------------------------------------------------------------------------


def test_what_a_language_lacks_is_said_in_english_and_listed(french: Path) -> None:
    voice = Voice("fr", french)
    assert languages(french) == ("en", "de", "fr")
    assert voice.label("zone", "protection") == "Zone de protection"
    assert voice.label("zone", "maintain") == "Maintain"
    assert voice.say("explain.title.do") == catalogue("en")["explain.title.do"]
    lacking = missing("fr", french)
    assert len(lacking) == len(catalogue("en")) - 2
    assert "explain.title.do" in lacking
    assert "zone.protection" not in lacking


def test_a_language_without_a_catalogue_is_refused(french: Path) -> None:
    with pytest.raises(ConfigError, match=r"LANGUAGE_UNKNOWN.*'xx'") as caught:
        catalogue("xx", french)
    assert caught.value.exit_code is ExitCode.USAGE
    assert "en, de, fr" in caught.value.problems[0].remedy


@pytest.mark.parametrize("language", ["../en", "", "EN"])
def test_only_names_of_catalogues_are_languages(language: str, french: Path) -> None:
    with pytest.raises(ConfigError, match="LANGUAGE_UNKNOWN"):
        catalogue(language, french / "deeper")


def test_a_broken_catalogue_names_itself(tmp_path: Path) -> None:
    (tmp_path / "fr.po").write_text('msgid "zone.protection"\nZone de protection\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="CATALOGUE_INVALID") as caught:
        catalogue("fr", tmp_path)
    assert caught.value.problems[0].where == "fr.po"
