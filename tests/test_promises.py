"""Every promise of docs/operations.md names its test, in a footnote or in a cell; and there is that test.

Belongs here: that it is named, and there. Not here: whether the test shows what the sentence says, which a reader judges.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import pytest

from tests.conftest import REPOSITORY
from tests.documents import text_of

DOCUMENT: Final = "docs/operations.md"
NO_PROMISES: Final = frozenset(("Operations", "Limits of this release"))
"""Headings below which the document says whom it is for, and what there is not."""

_NOTE = re.compile(r"\[\^(\w+)\]")
_DEFINED = re.compile(r"^\[\^(\w+)\]: (.+)$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")
_CODE = re.compile(r"^ *```.*?^ *```\n?", re.MULTILINE | re.DOTALL)
_ITEM = re.compile(r"\s*(?:- |\d+\. )")


class Block(NamedTuple):
    """A paragraph, an item of a list or a row of a table, with the heading it stands below."""

    heading: str
    text: str

    @property
    def is_row(self) -> bool:
        return self.text.startswith("|")


def blocks(text: str) -> Iterator[Block]:
    """What the text says, but for blocks of code, heads of tables and definitions of footnotes."""
    heading, lines = "", list[str]()
    for line in [*_CODE.sub("\n", _DEFINED.sub("", text)).splitlines(), ""]:
        is_apart = not line.strip() or line.startswith(("#", "|"))
        if (is_apart or _ITEM.match(line)) and lines:
            yield Block(heading, " ".join(lines))
            lines = []
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.strip():
            lines.append(line.strip())


def without_test(text: str) -> Iterator[Block]:
    """Promises that name no test. A table of figures, or of what the sentence above it ends in a colon for, needs none in its rows."""
    before = Block("", "")
    found = [*blocks(text)]
    for block, after in zip(found, [*found[1:], before], strict=True):
        is_head = block.is_row and (after.text.startswith("|---") or block.text.startswith("|---"))
        is_named = bool(_NOTE.search(block.text) or _TEST.search(block.text))
        is_covered = block.is_row and bool(_NOTE.search(before.text)) and before.text.endswith(":")
        if not (is_head or is_named or is_covered or block.heading in NO_PROMISES):
            yield block
        if not block.is_row:
            before = block


def named_tests(text: str) -> Iterator[tuple[str, str]]:
    """(file, function) of every test the text names; no function where a whole file is meant."""
    yield from _TEST.findall(text)


def is_there(file: str, function: str) -> bool:
    """Whether the file has that test."""
    path = REPOSITORY / file
    return path.is_file() and f"\ndef {function}" in path.read_text(encoding="utf-8")


def test_every_promise_names_its_test() -> None:
    assert [f"{block.heading}: {block.text[:90]}" for block in without_test(text_of(DOCUMENT))] == []


def test_the_tests_it_names_are_there() -> None:
    text = text_of(DOCUMENT)
    tests = set(named_tests(text))
    assert len(tests) > 100
    assert [f"{file}::{function}" for file, function in sorted(tests) if not is_there(file, function)] == []
    defined = dict(_DEFINED.findall(text))
    used = set(_NOTE.findall(_DEFINED.sub("", text)))
    assert used == defined.keys(), "a footnote nobody defines, or nobody names"
    assert [name for name, said in defined.items() if not _TEST.search(said)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("## A\n\nIt is kept.[^a]\n\nIt goes.\n", ["It goes."]),
        ("## A\n\n- It is kept\n  for long.[^a]\n- It goes\n  at once.\n", ["- It goes at once."]),
        ("## A\n\n| a | b |\n|---|---|\n| x[^a] | y |\n| z | y |\n", ["| z | y |"]),
        ("## A\n\nThese:[^a]\n\nWords[^a] before:\n\n| a |\n|---|\n| z |\n", []),
        ("## A\n\nShown by `tests/test_promises.py`.\n\n```sh\nrun it\n```\n", []),
        ("## Limits of this release\n\n- It flies not.\n", []),
    ],
)
def test_a_promise_without_a_test_is_found(text: str, found: list[str]) -> None:
    assert [block.text for block in without_test(text)] == found


def test_a_test_that_is_not_there_is_found() -> None:
    assert is_there("tests/test_promises.py", "test_a_test_that_is_not_there_is_found")
    assert not is_there("tests/test_promises.py", "test_that_it_flies")
    assert not is_there("tests/test_promise.py", "")
