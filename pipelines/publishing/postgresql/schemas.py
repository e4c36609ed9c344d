"""The schemas and roles of the database. Belongs here: their names, which are there, what they say they hold. Not here: filling them.

v000007__bi     the tables of one version for one audience; nobody but their owner reads them
kundenwert_bi   what the role kundenwert_bi reads: views of the tables of the version that is shown
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pipelines.publishing import layout
from pipelines.publishing.postgresql.database import Database
from pipelines.publishing.tables import AUDIENCES, Audience
from pipelines.quoting import identifier, literal, literals

ASIDE: Final = "__aside"
"""End of the name of a schema that is shown and whose name another load of the same number needs."""

_OF_A_VERSION: Final = re.compile(rf"v[0-9]{{6,}}__({'|'.join(AUDIENCES)})({ASIDE})?")

_SHOWN: Final = """
select distinct tables.nspname
from pg_depend as dependency
inner join pg_rewrite as definition on dependency.objid = definition.oid
inner join pg_class as view on definition.ev_class = view.oid
inner join pg_namespace as readers on view.relnamespace = readers.oid
inner join pg_class as shown on dependency.refobjid = shown.oid
inner join pg_namespace as tables on shown.relnamespace = tables.oid
where dependency.classid = 'pg_rewrite'::regclass and dependency.refclassid = 'pg_class'::regclass
    and readers.nspname in ({readers}) and tables.oid <> readers.oid
union
select tables.nspname
from pg_namespace as tables
inner join pg_namespace as readers on obj_description(tables.oid, 'pg_namespace') = obj_description(readers.oid, 'pg_namespace')
where readers.nspname in ({readers}) and tables.oid <> readers.oid
"""
"""Those whose tables the readers' views show, and those without tables that belong to them."""


def of_version(number: int, audience: Audience) -> str:
    """The schema of a version's tables for an audience: `v000007__bi`."""
    return f"{layout.name_of(number)}__{audience}"


def of_readers(audience: Audience) -> str:
    """The schema an audience reads, and the role that may: `kundenwert_bi`."""
    return f"kundenwert_{audience}"


def relation(schema: str, name: str) -> str:
    """A table or view in a statement."""
    return f"{identifier(schema)}.{identifier(name)}"


def said(database: Database, schema: str) -> str | None:
    """What a schema says it holds; None if it is not there or is not finished."""
    found = database.rows(
        f"select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = {literal(schema)}"
    )
    return found[0][0] if found else None


def say(schema: str, content: str) -> str:
    """The statement by which a schema says it."""
    return f"comment on schema {identifier(schema)} is {literal(content)}"


def shown(database: Database) -> frozenset[str]:
    """The schemas of the version that readers are shown."""
    readers = literals(map(of_readers, AUDIENCES))
    return frozenset(name for (name,) in database.rows(_SHOWN.format(readers=readers)))


def of_versions(database: Database) -> tuple[str, ...]:
    """All schemas of versions that are there."""
    found = database.rows("select nspname from pg_namespace order by nspname")
    return tuple(name for (name,) in found if _OF_A_VERSION.fullmatch(name))


def views(database: Database, schema: str) -> tuple[str, ...]:
    """The views of a schema."""
    found = database.rows(
        "select relname from pg_class inner join pg_namespace on relnamespace = pg_namespace.oid "
        f"where relkind = 'v' and nspname = {literal(schema)} order by relname"
    )
    return tuple(name for (name,) in found)


def make(schema: str) -> Iterator[str]:
    """The statements that make a schema in which nobody but its owner may do anything."""
    yield f"create schema if not exists {identifier(schema)}"
    yield f"revoke all on schema {identifier(schema)} from public"


def clear(database: Database, schema: str) -> None:
    """Drop a version's schema, or give it another name if readers are shown its tables."""
    if schema in shown(database):
        database.execute(f"drop schema if exists {identifier(schema + ASIDE)} cascade")
        database.execute(f"alter schema {identifier(schema)} rename to {identifier(schema + ASIDE)}")
    else:
        database.execute(f"drop schema if exists {identifier(schema)} cascade")
