"""The catalogue of statements is complete, and everything a person is told goes through one door.

Belongs here: entries against texts, codes, columns and the method, in both directions. Not here: whether what is said is true
(tests/statements).
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from pipelines.vocabulary import catalogue, code_groups, is_known
from pipelines.vocabulary.statements import FILE, Statement, plain_key, statements
from tools import mart_dictionary

REPOSITORY = Path(__file__).resolve().parents[3]
CATALOGUE = statements()
ENTRIES = {**{f"codes: {group}": entry for group, entry in CATALOGUE.codes.items()}, **CATALOGUE.statements}
OWN_PAGE = "error."
"""Errors have their own page and their own test (test_error_codes)."""
NOT_A_MART = frozenset(("manifest", "check_results"))


def test_every_text_is_a_word_a_code_or_a_statement() -> None:
    texts = [key for key in catalogue("en") if not key.startswith(OWN_PAGE)]
    assert [key for key in texts if not CATALOGUE.is_catalogued(key)] == [], f"give it an entry in {FILE.name}"


def test_every_entry_has_a_text() -> None:
    said = {plain_key(key) for key in catalogue("en")}
    assert [key for key in CATALOGUE.statements if key not in said] == [], "a statement nobody can read"
    assert sorted(CATALOGUE.words_keys() - said) == [], "a word nobody can read"


def test_a_text_has_one_entry() -> None:
    assert not CATALOGUE.words_keys() & CATALOGUE.statements.keys()
    assert not set(CATALOGUE.names) & CATALOGUE.codes.keys()
    entered = {*CATALOGUE.names, *CATALOGUE.codes}
    assert entered == code_groups().keys(), "every group of codes has one entry"


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_stands_on_a_rule_and_on_published_columns(name: str) -> None:
    entry = ENTRIES[name]
    has_section = re.search(rf"^#+ {re.escape(entry.rule)}[ .]", _method(), re.MULTILINE)
    assert has_section, "the method has no such section"
    marts = {mart.name: {column.name for column in mart.columns} for mart in mart_dictionary.read_marts()}
    unknown = [each for each in entry.inputs if not _is_published(each, marts)]
    assert not unknown, f"no mart publishes {unknown}"
    assert [each for each in entry.inputs if each.rpartition(".")[2] not in entry.when and "*" not in entry.when] == []
    assert entry.unknown is None or CATALOGUE.entry(entry.unknown), f"{entry.unknown} has no entry itself"


def _method() -> str:
    return (REPOSITORY / "docs" / "method.md").read_text(encoding="utf-8")


def _is_published(name: str, marts: dict[str, set[str]]) -> bool:
    table, _, column = name.partition(".")
    return table in NOT_A_MART or column in marts.get(table, set())


def test_a_text_for_what_is_unknown_is_there() -> None:
    unknown = {entry.unknown for entry in ENTRIES.values() if entry.unknown}
    assert [key for key in unknown if not is_known(key)] == []


DOORS = {
    "pipelines/showing/limits.py": "asks which places a text has",
    "pipelines/showing/portfolio/payload.py": "hands the script its words, no statement (test_texts)",
    "tools/mart_dictionary.py": "writes the documentation, which speaks of nobody",
    "tools/error_codes.py": "writes the documentation, which speaks of nobody",
}
"""Who may read texts beside `Voice.say`, and why."""


def test_texts_are_said_through_one_door() -> None:
    """`Voice.say` tells whoever listens; who takes a text out of the catalogue and fills it himself tells nobody."""
    found = []
    for folder in ("pipelines", "orchestration", "data_quality", "tools"):
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            name = path.relative_to(REPOSITORY).as_posix()
            if name not in DOORS and not name.startswith("pipelines/vocabulary/"):
                found += [f"{name}:{line}" for line in reads_texts(path.read_text(encoding="utf-8"))]
    assert not found, "say it by Voice.say, Voice.label, Voice.meaning or vocabulary.text"


def reads_texts(source: str) -> list[int]:
    """Lines that call `catalogue(...)` or `<voice>.text(...)`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            function = node.func
            is_catalogue = isinstance(function, ast.Name) and function.id == "catalogue"
            is_text = (
                isinstance(function, ast.Attribute)
                and function.attr == "text"
                and "voice" in ast.unparse(function.value).lower()
            )
            if is_catalogue or is_text:
                found.append(node.lineno)
    return found


def test_a_second_door_is_found() -> None:
    assert reads_texts("x = catalogue('en')['zone.maintain']\ny = self.voice.text('zone.maintain').format()") == [1, 2]
    assert not reads_texts("voice.say('zone.maintain'); text('a'); Text(lambda: 1); row.text('x')")


def test_an_entry_is_parsed_strictly() -> None:
    with pytest.raises(ValueError, match="condition"):
        Statement.model_validate({"rule": "1.8", "about": "customer", "inputs": (), "when": "x", "condition": "y"})
    with pytest.raises(ValueError, match="rule"):
        Statement.model_validate({"rule": "METHOD", "about": "customer", "inputs": (), "when": "x"})
