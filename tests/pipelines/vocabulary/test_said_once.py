"""What is said about a code is said once, in the catalogues: a second text elsewhere would one day disagree with the first.

Belongs here: finding the words of a code outside the vocabulary, in program, pages, SQL, YAML, seeds and doc blocks. A text is found
if it is a catalogue's label or meaning of a code, also with a capital: in German always, in English where it is more than the code
itself ("Protection" is the code, "Remove what blocks the development" is not). A longer text that contains the words is not found.
"""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from pipelines.vocabulary import catalogue, code_groups, languages
from tools import code_seed

REPOSITORY = Path(__file__).resolve().parents[3]
PROGRAM = ("pipelines", "data_quality", "orchestration", "bi", "tools", "dbt_project")

LONGEST_SIGN = 3
"""Words up to this length are signs: EDI, ERP, A."""

NOT_READ = {
    "pipelines/demo": "what the systems of the demo company call things: data, not our words",
    "pipelines/vocabulary": "the one place",
    "tools/example_systems": "what other systems call things: data, not our words",
    "pipelines/onboarding/names.yml": "what other systems call things: data, not our words",
    "pipelines/settings/presets.yml": "names of criteria as a company may change them",
    "pipelines/contracts": "the contracts' own test tells that descriptions describe columns (names of tables stand there)",
    code_seed.SEED.as_posix(): "generated from the vocabulary, and compared with it (test_codes)",
}
"""What is not looked into, and why."""


@cache
def words() -> dict[str, str]:
    """Words of a code -> the key they stand under."""
    found: dict[str, str] = {}
    for language in languages():
        texts = catalogue(language)
        for group, each in code_groups().items():
            for code in each.codes:
                for key in (f"{group}.{code}", f"{group}.{code}.meaning"):
                    text = texts.get(key, "")
                    said = _bare(text)
                    is_code = said.lower() == code.replace("_", " ").lower() or len(said) <= LONGEST_SIGN
                    if said and not is_code and (language != "en" or " " in said):
                        found.setdefault(said, f"{group}.{code}")
    return found


def _bare(text: str) -> str:
    """Without the full stop and a capital that the place asks for; a noun keeps its own."""
    return text.strip().rstrip(".")


def key_of(text: str) -> str | None:
    """The code whose words a text is; None if it is none's."""
    said = _bare(text)
    return words().get(said) or words().get(said[:1].lower() + said[1:])


def texts_of(path: str, content: str) -> Iterator[str]:
    """Every text in a file that could be shown: literals, scalars, cells, what stands between tags or in brackets behind a code."""
    suffix = path.rpartition(".")[2]
    if suffix == "py":
        tree = ast.parse(content)
        documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
                yield node.value
    elif suffix in ("yml", "yaml"):
        yield from _scalars(yaml.safe_load(content))
    elif suffix == "csv":
        for row in csv.reader(content.splitlines()):
            yield from row
    elif suffix == "md":
        yield from re.findall(r"\b[a-z_]+ \(([^)]*)\)", content)
    elif suffix in ("sql", "js", "j2"):
        for quoted in re.findall(r"'([^'\n]*)'|\"([^\"\n]*)\"|`([^`]*)`", content):
            yield from (each for each in quoted if each)
        if suffix == "j2":
            yield from re.findall(r">([^<>{}]+)<", content)


def _scalars(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _scalars(item)
    elif isinstance(value, list):
        for item in value:
            yield from _scalars(item)
    elif isinstance(value, str):
        yield value


def said_again(path: str, content: str) -> Iterator[str]:
    """`path: 'text' is what group.code says` for every second text."""
    for text in texts_of(path, content):
        key = key_of(text)
        if key is not None:
            yield f"{path}: '{text}' is what {key} says"


def files() -> Iterator[tuple[str, str]]:
    """(path, content) of everything that may speak."""
    for folder in PROGRAM:
        for path in sorted((REPOSITORY / folder).rglob("*")):
            name = path.relative_to(REPOSITORY).as_posix()
            is_left_out = {"target", "logs"} & set(path.parts) or any(name.startswith(each) for each in NOT_READ)
            if path.suffix in (".py", ".yml", ".csv", ".md", ".sql", ".js", ".j2") and not is_left_out:
                yield name, path.read_text(encoding="utf-8")


def test_what_is_said_of_a_code_is_said_once() -> None:
    again = [each for name, content in files() for each in said_again(name, content)]
    assert not again, "say it by pipelines.vocabulary (Voice.label, Voice.meaning):\n" + "\n".join(again)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("x.py", "TITLES = {'protection': 'Schutzzone'}"),
        ("x.py", "def f(): return 'Keep top care'"),
        ("x.js", 'const names = {lead: "Zielkunde"};'),
        ("x.html.j2", "<th>unter Beobachtung</th>"),
        ("x.sql", "select case when zone = 'maintain' then 'Pflegezone' end as zone_de"),
        ("x.yml", "labels: [{zone: development, de: Entwicklungszone}]"),
        ("x.csv", "code,label\nstar,Star\nfree_rider,Trittbrettfahrer\n"),
        ("x.md", "star (beide Seiten gewinnen), free_rider (and so on)"),
    ],
)
def test_a_planted_second_text_is_found(path: str, content: str) -> None:
    assert list(said_again(path, content))


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("x.py", '"""Schutzzone"""\nzone = "protection"'),
        ("x.sql", "where zone = 'protection' and note = 'Die Schutzzone ist eine von vieren'"),
    ],
)
def test_a_code_and_a_text_about_something_else_are_not(path: str, content: str) -> None:
    assert not list(said_again(path, content))
