"""Whether a new delivery lies ready: complete, no longer changing, and not the one of before. Belongs here: only that.

It looks at names, sizes and times, and reads contents only once something has changed and come to rest. What a database holds cannot be
seen from outside: its rows are read by every run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pipelines.settings.sources import SourceMap
from pipelines.sources.locate import locate


@dataclass(frozen=True, slots=True)
class Cursor:
    """What earlier looks saw: `outside` of the last one, `handled` of the set whose content was read last, `content` of it.

    `number` counts the sets: what was delivered, corrected and delivered back has the bytes of before, and is a delivery all the same.
    """

    outside: str = ""
    handled: str = ""
    content: str = ""
    number: int = 0

    @classmethod
    def read(cls, text: str | None) -> Cursor:
        """As `written`; an unknown text is none."""
        try:
            return cls(**json.loads(text or "{}"))
        except (ValueError, TypeError):
            return cls()

    def written(self) -> str:
        """As text, for Dagster."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Look:
    """What one look says: `new` names the delivery set that is to be run, or `why` there is none."""

    cursor: Cursor
    new: str | None = None
    why: str = ""


def look(sources: SourceMap, before: Cursor) -> Look:
    """Look at the deliveries once. Raises SourceError where a name is refused or a directory cannot be read."""
    files = tuple(_files(sources))
    if missing := sorted(_missing(sources, files)):
        return Look(replace(before, outside=""), why=f"not delivered yet: {', '.join(missing)}")
    outside = _outside(files)
    if outside == before.handled:
        return Look(before, why="nothing was delivered since the last run began by itself")
    if outside != before.outside:
        return Look(
            replace(before, outside=outside),
            why="something is being delivered; it has to lie still until the next look",
        )
    return _read(sources, files, before)


def _read(sources: SourceMap, files: tuple[tuple[str, Path], ...], before: Cursor) -> Look:
    """What is at rest, by its bytes."""
    outside = _outside(files)
    try:
        content = _content(files)
    except OSError as error:
        return Look(replace(before, outside=""), why=f"a delivered file cannot be read: {error.strerror}")
    if _outside(tuple(_files(sources))) != outside:
        return Look(replace(before, outside=""), why="something was delivered while it was read")
    if content == before.content:
        seen = replace(before, outside=outside, handled=outside)
        return Look(seen, why="the same bytes as before were delivered again")
    seen = Cursor(outside, outside, content, before.number + 1)
    return Look(seen, new=f"{seen.number}-{content}")


def _files(sources: SourceMap) -> Iterator[tuple[str, Path]]:
    """Name of sources.yml and path of every file that lies there, of the files that tables are made of."""
    of_tables = {name for table in sources.tables for name in sources.files_of(table)}
    sheets = {mapping.sheets for mapping in sources.tables.values() if mapping.sheets is not None}
    for name in sorted(of_tables | sheets):
        declared = sources.files[name]
        if declared.database is None:
            for delivery in locate(sources.root, declared.path):
                yield from ((name, found.path) for found in delivery.files if hasattr(found, "path"))


def _missing(sources: SourceMap, files: tuple[tuple[str, Path], ...]) -> set[str]:
    """The files of full deliveries of which there is none: each replaces what was there before, so each has to be there."""
    there = {name for name, _ in files}
    needed = {
        name
        for table, mapping in sources.tables.items()
        if mapping.load == "full" and not mapping.may_be_empty
        for name in sources.files_of(table)
        if sources.files[name].database is None
    }
    return needed - there


def _outside(files: tuple[tuple[str, Path], ...]) -> str:
    """Names, sizes and times, as one word; a file that went meanwhile has neither."""
    digest = hashlib.sha256()
    for name, path in files:
        try:
            told = path.stat()
        except OSError:
            digest.update(f"{name}\0{path}\0gone\n".encode("utf-8", "surrogateescape"))
            continue
        digest.update(f"{name}\0{path}\0{told.st_size}\0{told.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _content(files: tuple[tuple[str, Path], ...]) -> str:
    """SHA-256 over names and bytes, in the order of their names."""
    digest = hashlib.sha256()
    for name, path in files:
        with path.open("rb") as file:
            digest.update(
                f"{name}\0{path.name}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode(
                    "utf-8", "surrogateescape"
                )
            )
    return digest.hexdigest()
