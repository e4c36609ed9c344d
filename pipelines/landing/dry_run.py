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
from pipelines.landing.typed import Delivered, TypedPass, described, source_columns
from pipelines.quoting import identifier
from pipelines.settings.workspace import SOURCES_FILE, Workspace
from pipelines.sources import (
    FILE,
    LINE,
    NAME,
    Found,
    PreparedFile,
    at_hand,
    deliveries,
    prepare,
    relation_sql,
)
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
        readable = [path for files in found.values() for _, path in files]
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

    def _located(self, name: str) -> tuple[tuple[Found, Path], ...]:
        """What is delivered under a name of sources.yml, and where it can be read."""
        sources = self._workspace.sources
        try:
            found = deliveries(sources.root, name, sources.files[name])
        except SourceError as error:
            self._refuse(name, error)
            return ()
        files: list[tuple[Found, Path]] = []
        for number, file in enumerate(file for delivery in found for file in delivery.files):
            try:
                files.append((file, at_hand(file, self._work / f"{name}-{number}.delivered")))
            except SourceError as error:
                self._refuse(name, error)
        return tuple(files)

    def _prepared(
        self, connection: duckdb.DuckDBPyConnection, name: str, found: Sequence[tuple[Found, Path]]
    ) -> tuple[PreparedFile, ...]:
        declared = self._workspace.sources.format_of(name)
        files: list[PreparedFile] = []
        for number, (file, path) in enumerate(found):
            try:
                target = self._work / f"{name}-{number}.csv"
                files.append(prepare(path, file.name, declared, target, connection))
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
    absent = [workspace.sources.files[name].place for name, found in files.items() if not found]
    if absent:
        if mapping.may_be_empty:
            return ()
        what = f"{table}: no delivered file matches"
        remedy = f"deliver it, correct `path` or `root` in {SOURCES_FILE}, or name the table under `unmapped`"
        return (Problem("SOURCE_ABSENT", what, ", ".join(absent), remedy),)
    everything = [file for found in files.values() for file in found]
    place = f"{SOURCES_FILE}: tables.{table}"
    try:
        if mapping.sql is None:
            columns = described(connection, relation_sql(everything))
        else:
            columns = _sql_columns(connection, files, mapping.sql, place)
        names = tuple(file.name for file in everything)
        delivered = Delivered("", columns, names, place, "; ")
        around = Surroundings(workspace.sources.zone_of(table))
        source_columns(TypedPass(workspace.contracts[table], mapping, delivered, ISO, around, None))
    except SourceError as error:
        return error.problems
    return ()


def _sql_columns(
    connection: duckdb.DuckDBPyConnection, files: Mapping[str, Sequence[PreparedFile]], sql: str, place: str
) -> dict[str, str]:
    """The columns of a mapping's statement over the delivered files; it is compiled, not run."""
    for name, prepared in files.items():
        relation = relation_sql(prepared)
        taken = {column.lower() for column in described(connection, relation)}
        own = {"file_name": NAME, "line_number": LINE}
        extra = [f"{column} as {alias}" for alias, column in own.items() if alias not in taken]
        shown = ", ".join([f"* exclude ({NAME}, {LINE}, {FILE})", *extra])
        connection.execute(f"create or replace temp view {identifier(name)} as select {shown} from (\n{relation}\n)")
    try:
        return described(connection, sql)
    except duckdb.Error as error:
        what = f"the SQL of the mapping fails: {str(error).splitlines()[0]}"
        raise SourceError(Problem("SQL_MAPPING_FAILED", what, f"{place}.sql", "correct the statement")) from None
