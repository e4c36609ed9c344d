"""docs/sources_words.md is what the settings model says, every word is explained, and every example is read."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.settings.sources import read_sources
from tests.conftest import REPOSITORY
from tools import source_words
from tools.source_words import Word

WORDS = tuple(word for section in source_words.sections() for word in section.words)


def test_the_page_is_up_to_date() -> None:
    written = (REPOSITORY / source_words.DOCUMENT).read_text(encoding="utf-8")
    assert written == source_words.document(), "run `python -m tools.source_words`"


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.name)
def test_a_word_is_explained_and_its_example_is_read(word: Word, tmp_path: Path) -> None:
    assert word.meaning, f"write a text below the field {word.name}, or a meaning in tools/source_words.yml"
    assert word.example, f"write an example of {word.name} into tools/source_words.yml, or `Example: ...` into its text"
    whole = _without(source_words.base(), word.without)
    _put(whole, yaml.safe_load(word.example))
    path = tmp_path / "sources.yml"
    text = yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)
    # YAML's own spelling of a time has a blank, the strict one of the file a T.
    path.write_text(re.sub(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)", r"\1T\2", text), encoding="utf-8")
    read_sources(path, environment={"ERP_URL": "set"})
    assert _holds(yaml.safe_load(word.example), word.key), f"the example of {word.name} does not hold it"


def _without(whole: Any, paths: tuple[str, ...]) -> Any:
    left = copy.deepcopy(whole)
    for path in paths:
        *above, last = path.split(".")
        node = left
        for part in above:
            node = node[part]
        del node[last]
    return left


def _put(whole: dict[str, Any], part: dict[str, Any]) -> None:
    for key, value in part.items():
        if isinstance(value, dict) and isinstance(whole.get(key), dict):
            _put(whole[key], value)
        else:
            whole[key] = value


def _holds(part: Any, key: str) -> bool:
    if isinstance(part, dict):
        return key in part or any(_holds(value, key) for value in part.values())
    return False
