"""What readers see. Belongs here: their views, swapped to another version in one transaction, their rights, what is old.

Not here: loading. A reader's transaction that has read from one view holds the version shown until it ends: the swap needs every view for
itself alone, so it comes before the first or after the last read of a transaction.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from typing import Final

from pipelines.errors import KundenwertError, Problem
from pipelines.publishing import serving
from pipelines.publishing.postgresql import loading, schemas
from pipelines.publishing.postgresql.database import RIGHTS_REMEDY, WHERE, CancelledError, Database
from pipelines.publishing.postgresql.version import ServedTable, ServedVersion
from pipelines.publishing.tables import AUDIENCES, Audience
from pipelines.quoting import identifier, literals

_ATTEMPTS_SECONDS: Final = (0.05, 0.1, 0.2, 0.4)
"""How long an attempt waits for readers, who queue behind it meanwhile; after the last one the first again. Between busy readers short
attempts find a gap, between slow ones only long ones do."""
_PAUSE_SECONDS: Final = 0.1

_HALF_A_DEADLOCK: Final = "select extract(epoch from current_setting('deadlock_timeout')::interval) / 2"
"""Seconds; the longest attempt. A reader of several views and the swap may wait for one another: the swap steps back before the database
takes that for a deadlock and ends the reader."""

_HOLDERS: Final = """
select distinct locks.pid::text
from pg_locks as locks
inner join pg_class as view on locks.relation = view.oid
inner join pg_namespace as readers on view.relnamespace = readers.oid
where readers.nspname in ({readers}) and locks.granted and locks.pid <> pg_backend_pid()
    and locks.database = (select oid from pg_database where datname = current_database())
"""


def is_shown(database: Database, version: ServedVersion) -> bool:
    """True if readers of every audience see the version."""
    return all(schemas.said(database, schemas.of_readers(each)) == version.content for each in AUDIENCES)


def make_roles(database: Database) -> None:
    """Make the audiences' roles that are missing. They log nobody in: users are made their members.

    Raises KundenwertError SERVING_RIGHTS if a role is missing and may not be made.
    """
    names = [schemas.of_readers(each) for each in AUDIENCES]
    query = f"select rolname from pg_roles where rolname in ({literals(names)})"
    try:
        with database.transaction():
            there = {name for (name,) in database.rows(query)}
            missing = [name for name in names if name not in there]
            for name in missing:
                database.execute(f"create role {identifier(name)} nologin")
    except KundenwertError as error:
        what = f"there is no role {', '.join(missing)}, and the user may not create one; nothing was changed"
        if error.problems[0].code == "SERVING_RIGHTS":
            raise KundenwertError(Problem("SERVING_RIGHTS", what, WHERE, RIGHTS_REMEDY)) from None
        raise


def show(database: Database, version: ServedVersion, patience_seconds: float) -> None:
    """Let readers see a loaded version: all of it at once.

    Raises KundenwertError SERVING_BUSY if a reader keeps its transaction open longer than `patience_seconds`, SERVING_DEPENDENT; then they
    see what they saw.
    """
    until = time.monotonic() + patience_seconds
    with database.transaction():
        longest = float(database.rows(_HALF_A_DEADLOCK)[0][0])
    for seconds in itertools.cycle(_ATTEMPTS_SECONDS):
        try:
            with database.transaction():
                _swap(database, version, min(seconds, longest))
            return
        except CancelledError:
            if time.monotonic() >= until:
                raise _busy(database) from None
        time.sleep(_PAUSE_SECONDS)


def prune(database: Database, kept: frozenset[str]) -> None:
    """Drop versions' schemas that are neither shown nor `kept`."""
    with database.transaction():
        old = set(schemas.of_versions(database)) - schemas.shown(database) - kept
    for schema in sorted(old):
        with database.transaction():
            schemas.clear(database, schema)


def _swap(database: Database, version: ServedVersion, seconds: float) -> None:
    readers = {audience: schemas.of_readers(audience) for audience in version.tables}
    for schema in readers.values():
        for statement in schemas.make(schema):
            database.execute(statement)
    before = {audience: schemas.views(database, schema) for audience, schema in readers.items()}
    _keep_readers_out(
        database, [schemas.relation(readers[each], view) for each in before for view in before[each]], seconds
    )
    for audience, schema in readers.items():
        database.together(_statements(version, audience, schema, before[audience]))


def _keep_readers_out(database: Database, views: list[str], seconds: float) -> None:
    """Have every view for ourselves alone until the transaction ends. Raises CancelledError if readers do not let go in time."""
    database.execute(f"set local statement_timeout = {max(1, int(seconds * 1000))}")
    if views:
        database.execute(f"lock table {', '.join(views)} in access exclusive mode")
    database.execute("set local statement_timeout = 0")


def _statements(version: ServedVersion, audience: Audience, schema: str, before: tuple[str, ...]) -> Iterator[str]:
    shown: set[str] = set()
    for table in version.tables[audience]:
        for name, query, told in _views(version, audience, table):
            shown.add(name)
            view = schemas.relation(schema, name)
            yield _replace(view, query)
            yield from loading.comments("view", view, told, table.meaning)
    yield from (f"drop view {schemas.relation(schema, name)}" for name in before if name not in shown)
    yield f"grant usage on schema {identifier(schema)} to {identifier(schema)}"
    yield f"grant select on all tables in schema {identifier(schema)} to {identifier(schema)}"
    yield schemas.say(schema, version.content)


def _views(version: ServedVersion, audience: Audience, table: ServedTable) -> Iterator[tuple[str, str, str]]:
    """Name, query and meaning of the views of a table: all its rows, and those of the latest date."""
    rows = schemas.relation(schemas.of_version(version.number, audience), table.name)
    yield table.name, f"select * from {rows}", table.meaning.told
    if serving.is_dated(table.key):
        told = serving.told_of_current(table.name)
        yield f"{serving.CURRENT}{table.name}", serving.current_rows(rows, version.latest), told


def _replace(view: str, query: str) -> str:
    """A view stays, with what others built on it, where columns are only added at its end; otherwise it is made anew."""
    create = f"create or replace view {view} as {query}"
    return f"begin {create}; exception when invalid_table_definition then drop view {view}; {create}; end"


def _busy(database: Database) -> KundenwertError:
    readers = literals(map(schemas.of_readers, AUDIENCES))
    with database.transaction():
        holders = ", ".join(pid for (pid,) in database.rows(_HOLDERS.format(readers=readers))) or "gone by now"
    what = f"the version is loaded, but readers kept the one before open all the time: backends {holders}"
    remedy = "end these transactions, or wait; run again: what is loaded is not loaded again"
    return KundenwertError(Problem("SERVING_BUSY", what, WHERE, remedy))
