"""A published version into a database. Belongs here: the order of its steps. Not here: any of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipelines import steps
from pipelines.home import Home
from pipelines.publishing import layout, verification
from pipelines.publishing.postgresql import loading, schemas, showing, version
from pipelines.publishing.postgresql.database import Database, opened
from pipelines.publishing.postgresql.version import ServedVersion

PATIENCE_SECONDS: Final = 300.0
"""How long the swap waits, all in all, for readers that keep a transaction open."""


@dataclass(frozen=True, slots=True)
class Served:
    """What readers of the database see: the version's name, its tables. `rows` were loaded now: 0 where they were there already;
    `is_new` is False where the version was shown already."""

    version: str
    tables: int
    rows: int
    is_new: bool


def serve(home: Home, number: int | None, url: str, *, patience_seconds: float = PATIENCE_SECONDS) -> Served:
    """Let readers of the database at `url` see a published version (None: the one CURRENT names), if they do not yet.

    Verified, loaded aside in one transaction, compared with its files, then shown in another one: a reader sees the version before or
    this one, whole; a load that fails or dies changes nothing for readers and leaves nothing. The version shown before stays loaded while
    it is in the home, so that going back to it takes no load; others are dropped.

    Raises VerifyError (NOTHING_PUBLISHED, VERSION_UNKNOWN, FILE_..., SERVING_DIFFERS), LockedError SERVING_IN_USE, KundenwertError
    DATABASE_CONNECT, SERVING_RIGHTS, SERVING_TYPE, SERVING_BUSY, SERVING_DEPENDENT, SERVING_REFUSED.
    """
    wanted = version.read(home, layout.needed_version(home) if number is None else number)
    tables = sum(map(len, wanted.tables.values()))
    with opened(url) as database:
        with database.transaction():
            is_shown = showing.is_shown(database, wanted)
        if is_shown:
            return Served(layout.name_of(wanted.number), tables, 0, is_new=False)
        showing.make_roles(database)
        rows = _loaded(database, home, wanted)
        with database.transaction():
            before = schemas.shown(database)
        with steps.step("serve: show", home.logs):
            showing.show(database, wanted, patience_seconds)
        with steps.step("serve: prune", home.logs):
            showing.prune(database, _still_published(home, before))
    return Served(layout.name_of(wanted.number), tables, rows, is_new=True)


def _loaded(database: Database, home: Home, wanted: ServedVersion) -> int:
    """Load the version unless it is there, whole."""
    with database.transaction():
        there = [schemas.said(database, schemas.of_version(wanted.number, each)) for each in wanted.tables]
    if all(each == wanted.content for each in there):
        return 0
    verification.verify(home, wanted.number)
    return loading.load(database, home, wanted)


def _still_published(home: Home, before: frozenset[str]) -> frozenset[str]:
    """Those of the schemas whose version is in the home: one that was taken from there, with a person in it, goes from here, too."""
    there = {layout.name_of(number) for number in layout.numbers(home)}
    return frozenset(schema for schema in before if schema.partition("__")[0] in there)
