"""The data files of a version: what has changed is written, the rest is shared with the version before.

Belongs here: exporting the tables, filling the audiences' databases beside it, hard links and copies. Not here: manifest and pointer
(release), how a table or a database is written (export, serving).
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from queue import SimpleQueue
from typing import Self

import duckdb

from pipelines import contents, duck, durable, steps
from pipelines.home import Home
from pipelines.publishing import export, serving
from pipelines.publishing.manifest import Manifest, PublishedFile
from pipelines.publishing.tables import AUDIENCES, PublishedTable


@dataclass(frozen=True, slots=True)
class Before:
    """The version files may be shared with: where it lies and what it says it holds."""

    directory: Path
    manifest: Manifest

    def intact(self, path: str, sha256: str) -> Path | None:
        """The file of that path if it really has that content; a manifest's word is not enough to share a file."""
        entry = self.manifest.file(path)
        file = self.directory / path
        if entry is None or entry.sha256 != sha256 or file.is_symlink() or not file.is_file():
            return None
        return file if contents.of_file(file) == sha256 else None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A table, what its file follows from, and the entry of the file before if that is still right."""

    table: PublishedTable
    content: str | None
    kept: PublishedFile | None


def build(
    home: Home, tables: Sequence[PublishedTable], building: Path, before: Before | None, latest: date
) -> tuple[tuple[PublishedFile, ...], int]:
    """Write all data files into `building`; returns their manifest entries by path, and how many are shared.

    A table that holds what it held is not written again. A database is filled while the next tables are exported; it holds the tables in
    the order of their paths, whatever was shared. `latest` is the version's last as-of date. Raises KundenwertError as `export.check` and
    `duck.coded` do.
    """
    for audience in AUDIENCES:
        (building / audience).mkdir(mode=0o700, parents=True)
    with duck.reading(home.warehouse, home.temporary) as warehouse:
        wanted = _wanted(warehouse, tables, before)
        with _Databases(home, building, _audiences_with_news(wanted, before, latest), latest) as databases:
            with steps.step("publish: export", home.logs):
                export.check(warehouse, [each.table for each in wanted if each.kept is None])
                made = [_table_file(warehouse, each, building, before, databases) for each in wanted]
            with steps.step("publish: serving", home.logs):
                databases.finish()
    files = [entry for entry, _ in made]
    files += [_database_file(building, audience, tables, files, before, latest) for audience in AUDIENCES]
    return tuple(sorted(files, key=lambda file: file.path)), sum(linked for _, linked in made)


class _Databases:
    """The databases being filled by one thread, audience by audience."""

    def __init__(self, home: Home, building: Path, audiences: Collection[str], latest: date) -> None:
        self._ready: dict[str, SimpleQueue[tuple[PublishedTable, Path] | None]] = {
            each: SimpleQueue() for each in AUDIENCES if each in audiences
        }
        self._pool = ThreadPoolExecutor(1)
        self._filled: list[Future[None]] = [
            # The queue ends with None.
            self._pool.submit(serving.write, home, iter(ready.get, None), building / serving.path_of(audience), latest)
            for audience, ready in self._ready.items()
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        self._pool.shutdown()

    def add(self, table: PublishedTable, file: Path) -> None:
        """The next table is there."""
        if table.audience in self._ready:
            self._ready[table.audience].put((table, file))

    def finish(self) -> None:
        """Wait for all databases. Raises what filling them raised."""
        self._end()
        for filled in self._filled:
            filled.result()

    def _end(self) -> None:
        for ready in self._ready.values():
            ready.put(None)


def _wanted(
    warehouse: duckdb.DuckDBPyConnection, tables: Sequence[PublishedTable], before: Before | None
) -> list[_Wanted]:
    states = contents.states(warehouse)
    found = []
    for table in sorted(tables, key=lambda each: each.path):
        content = export.content(states, table)
        found.append(_Wanted(table, content, _kept(before, table.path, content)))
    return found


def _kept(before: Before | None, path: str, content: str | None) -> PublishedFile | None:
    entry = before.manifest.file(path) if before is not None else None
    if before is None or entry is None or content is None or entry.content != content:
        return None
    return entry if before.intact(path, entry.sha256) is not None else None


def _audiences_with_news(wanted: Sequence[_Wanted], before: Before | None, latest: date) -> frozenset[str]:
    """The audiences whose database cannot be that of the version before."""
    news = {each.table.audience for each in wanted if each.kept is None}
    for audience in AUDIENCES:
        kept = [each.kept for each in wanted if each.kept is not None and each.table.audience == audience]
        form = serving.form((each.table for each in wanted if each.table.audience == audience), latest)
        if _unchanged_database(before, audience, kept, form) is None:
            news.add(audience)
    return frozenset(news)


def _table_file(
    warehouse: duckdb.DuckDBPyConnection, wanted: _Wanted, building: Path, before: Before | None, databases: _Databases
) -> tuple[PublishedFile, bool]:
    """The table's file: shared as it is, or written and shared where it came out the same."""
    table, target = wanted.table, building / wanted.table.path
    entry, is_linked = wanted.kept, False
    if entry is not None and before is not None:
        is_linked = durable.share_file(before.directory / table.path, target)
    if entry is None or not is_linked:
        rows = export.export(warehouse, table, target)
        entry = _entry(building, table.path, rows, table.order_by, wanted.content)
        same = before.intact(entry.path, entry.sha256) if before is not None else None
        is_linked = same is not None and durable.share_file(same, target)
    databases.add(table, target)
    return entry, is_linked


def _database_file(
    building: Path,
    audience: str,
    tables: Sequence[PublishedTable],
    files: Sequence[PublishedFile],
    before: Before | None,
    latest: date,
) -> PublishedFile:
    """The audience's database: filled by now, or a copy of the one before. Never a link: who opens a database to write changes its file,
    which would then be that of every version."""
    path = serving.path_of(audience)
    own = sorted((table for table in tables if table.audience == audience), key=lambda each: each.path)
    form = serving.form(own, latest)
    same = _unchanged_database(before, audience, [file for file in files if file.audience == audience], form)
    if same is not None:
        shutil.copyfile(same, building / path)
    (building / path).chmod(serving.READ_ONLY)
    return _entry(building, path, None, (), form)


def _unchanged_database(
    before: Before | None, audience: str, tables: Sequence[PublishedFile], form: str
) -> Path | None:
    """The database of the version before, if it holds exactly these tables with these bytes, and says the same of them."""
    path = serving.path_of(audience)
    if before is None or (entry := before.manifest.file(path)) is None or entry.content != form:
        return None
    then = {(file.path, file.sha256) for file in before.manifest.files if file.is_table and file.audience == audience}
    if then != {(file.path, file.sha256) for file in tables}:
        return None
    return before.intact(path, entry.sha256)


def _entry(building: Path, path: str, rows: int | None, key: tuple[str, ...], content: str | None) -> PublishedFile:
    file = building / path
    sha256, size = contents.of_file(file), file.stat().st_size
    return PublishedFile(path=path, sha256=sha256, bytes=size, rows=rows, key=key, content=content)
