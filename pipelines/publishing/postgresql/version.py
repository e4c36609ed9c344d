"""What is loaded of a published version. Belongs here: from its directory to its tables. Not here: loading them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from pipelines import contents
from pipelines.home import Home
from pipelines.publishing import layout, manifest, serving
from pipelines.publishing.serving import Meaning
from pipelines.publishing.tables import AUDIENCES, Audience

_FORM: Final = 1
"""Counts up when the database is written in another way; what an earlier release wrote is then loaded again."""


@dataclass(frozen=True, slots=True)
class ServedTable:
    """One table: where its rows are, its total key, what it means."""

    name: str
    file: Path
    key: tuple[str, ...]
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class ServedVersion:
    """A version as it is loaded. `content` names it and everything its schemas follow from: they carry it as their comment."""

    number: int
    content: str
    latest: date
    tables: dict[Audience, tuple[ServedTable, ...]]


def read(home: Home, number: int) -> ServedVersion:
    """A published version. Raises VerifyError VERSION_UNKNOWN, and as the manifest's `read` does."""
    directory = layout.existing_directory(home, number)
    told = manifest.read(directory)
    latest = max(told.as_of_dates)
    seal = (directory / manifest.SEAL).read_text(encoding="utf-8")
    content = (
        f"{layout.name_of(number)}, published {told.published_at.isoformat(timespec='seconds')}, "
        f"as of {latest}; content {contents.digest([_FORM, seal])}"
    )
    return ServedVersion(number, content, latest, {each: _tables(directory, told, each) for each in AUDIENCES})


def _tables(directory: Path, told: manifest.Manifest, audience: Audience) -> tuple[ServedTable, ...]:
    meanings = serving.meanings(directory / serving.path_of(audience))
    files = [(Path(each.path).stem, each) for each in told.tables_of(audience)]
    return tuple(
        ServedTable(name, directory / each.path, each.key, meanings.get(name, Meaning("", ()))) for name, each in files
    )
