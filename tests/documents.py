"""What people read about the product: the documents, and the names they hold, by kind.

Belongs here: finding names in prose. Not here: whether there is such a thing (test_documents.py asks the thing itself).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tests.conftest import REPOSITORY

DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    *sorted(str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / "docs").glob("**/*.md")),
    *sorted(str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / "examples").glob("**/README.md")),
)

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)#\s]+)")
_ANCHOR = re.compile(r"\]\(([^)#\s]*)#([^)\s]+)\)")
_COMMAND = re.compile(r"(?:\$ |\.venv/bin/)?(kundenwert|make|python -m)\b(.*)")


class Named(NamedTuple):
    """A name as a document has it."""

    document: str
    text: str

    def __str__(self) -> str:
        return f"{self.document}: `{self.text}`"


def text_of(document: str) -> str:
    """The document as it is written."""
    return (REPOSITORY / document).read_text(encoding="utf-8")


def names() -> Iterator[Named]:
    """Everything between backticks, in sentences."""
    for document in DOCUMENTS:
        for found in _CODE.findall(_BLOCK.sub("", text_of(document))):
            yield Named(document, found.strip())


def links() -> Iterator[Named]:
    """Where a document leads to, but for other sites."""
    for document in DOCUMENTS:
        yield from (Named(document, found) for found in _LINK.findall(text_of(document)) if "://" not in found)


def anchors() -> Iterator[tuple[Named, str]]:
    """(where and to which document, place in it) of every link into a document."""
    for document in DOCUMENTS:
        yield from (
            (Named(document, path), place) for path, place in _ANCHOR.findall(text_of(document)) if "://" not in path
        )


def places(text: str) -> set[str]:
    """What a link into a document may name: its headings as GitHub calls them, and anchors of its own."""
    headings = re.findall(r"^#+ (.+)$", _BLOCK.sub("", text), re.MULTILINE)
    called = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return called | set(re.findall(r'<a id="([^"]+)">', text))


def commands() -> Iterator[tuple[Named, str, list[str]]]:
    """(where, program, words) of every command line, in sentences and in blocks, without its comment."""
    for named in (*names(), *_lines()):
        if match := _COMMAND.fullmatch(named.text):
            yield named, match[1], match[2].partition(" #")[0].split()


def _lines() -> Iterator[Named]:
    for document in DOCUMENTS:
        for _, block in _BLOCK.findall(text_of(document)):
            yield from (Named(document, line.strip()) for line in block.splitlines())
