"""Do the deliveries fit the mapping? Everything `kundenwert check` can tell without loading a row.

Belongs here: running landing's own tests of files and headers over every table, collecting all problems. Not here:
those tests (pipelines.sources, pipelines.landing).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines import duck
from pipelines.errors import Problem, SourceError
from pipelines.landing.grammar import ISO, Surroundings
from pipelines.landing.mapped import from_files, query_run, words_of_a_query
from pipelines.landing.typed import TypedPass, source_columns, typed_sql
from pipelines.settings.workspace import SOURCES_FILE, Workspace
from pipelines.sources import FoundFile, PreparedFile, locate, prepare
from pipelines.workshop import workshop


@dataclass(frozen=True, slots=True)
class TableCheck:
    """What is delivered for one table: file names and records in them. `files` is empty where nothing is delivered."""

    table: str
    files: tuple[str, ...]
    records: int


def check_sources(workspace: Workspace) -> tuple[tuple[TableCheck, ...], tuple[Problem, ...]]:
    """Read every delivered file once (encoding, quotes, header) and compare headers with the mapping; loads nothing.

    Returns one entry per mapped table, and every problem found.
    """
    with workshop(workspace.home.temporary, "check") as work:
        return _Check(workspace, work).run()


class _Check:
    """Problems as they are found, and the files that could not be read: their tables cannot be compared."""

    def __init__(self, workspace: Workspace, work: Path) -> None:
        self._workspace = workspace
        self._work = work
        self._problems: list[Problem] = []
        self._refused: set[str] = set()

    def run(self) -> tuple[tuple[TableCheck, ...], tuple[Problem, ...]]:
        """Check everything."""
        sources = self._workspace.sources
        checked: list[TableCheck] = []
        found = {name: self._located(name) for name in sources.files}
        readable = [file.path for files in found.values() for file in files]
        with duck.locked(self._work, readable) as connection:
            prepared = {name: self._prepared(connection, name, files) for name, files in found.items()}
            for table in sources.tables:
                files = {name: prepared[name] for name in sources.files_of(table)}
                everything = [file for each in files.values() for file in each]
                names = tuple(file.name for file in everything)
                checked.append(TableCheck(table, names, sum(file.records for file in everything)))
                if not self._refused.intersection(files):
                    self._problems += _table_problems(self._workspace, connection, table, files)
        return tuple(checked), tuple(dict.fromkeys(self._problems))

    def _located(self, name: str) -> tuple[FoundFile, ...]:
        """What is delivered under a name of sources.yml."""
        sources = self._workspace.sources
        try:
            deliveries = locate(sources.root, sources.files[name].path)
        except SourceError as error:
            self._refuse(name, error)
            return ()
        return tuple(file for delivery in deliveries for file in delivery.files)

    def _prepared(
        self, connection: duckdb.DuckDBPyConnection, name: str, found: Sequence[FoundFile]
    ) -> tuple[PreparedFile, ...]:
        declared = self._workspace.sources.format_of(name)
        files: list[PreparedFile] = []
        for number, file in enumerate(found):
            try:
                target = self._work / f"{name}-{number}.csv"
                files.append(prepare(file.path, file.name, declared, target, connection))
            except SourceError as error:
                self._refuse(name, error)
        return tuple(files)

    def _refuse(self, name: str, error: SourceError) -> None:
        self._problems += error.problems
        self._refused.add(name)


def _table_problems(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, table: str, files: Mapping[str, Sequence[PreparedFile]]
) -> tuple[Problem, ...]:
    mapping = workspace.sources.tables[table]
    absent = [workspace.sources.files[name].path for name, found in files.items() if not found]
    if absent:
        if mapping.may_be_empty:
            return ()
        what = f"{table}: no delivered file matches"
        remedy = f"deliver it, correct `path` or `root` in {SOURCES_FILE}, or name the table under `unmapped`"
        return (Problem("SOURCE_ABSENT", what, ", ".join(absent), remedy),)
    place = f"{SOURCES_FILE}: tables.{table}"
    contract, sources = workspace.contracts[table], workspace.sources
    around = Surroundings(sources.zone_of(table))
    try:
        if mapping.sql is None:
            made = from_files(connection, sources, contract, files, place)
            work = TypedPass(contract, mapping, made.delivered, made.grammar, around, None, made.words)
        else:
            run = query_run(connection, sources, contract, files, place, around)
            delivered, own = run.looked_at()
            words = words_of_a_query(connection, run, delivered, own)
            work = TypedPass(contract, mapping, delivered, ISO, around, None, words)
        typed_sql(work, source_columns(work))
    except SourceError as error:
        return error.problems
    return ()
