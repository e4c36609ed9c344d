"""A PostgreSQL that serves a published version, for whoever asks it as an analyst does. Belongs here: databases, users, connections."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from pipelines import postgres as door
from pipelines.home import Home
from pipelines.publishing.postgresql import serve
from pipelines.quoting import identifier, literal
from tests.pipelines.sources import postgres

if TYPE_CHECKING:
    from adbc_driver_postgresql.dbapi import Connection

_NUMBER: Final = itertools.count(1)


@contextmanager
def postgres_serving(home: Home, audience: str = "bi") -> Iterator[Connection]:
    """A connection (ADBC) of a reader of `audience`, to a PostgreSQL of its own that shows the home's current version; `select ... from
    mart_portfolio` finds the table, a numeric comes as text. Costs seconds: keep it for a session."""
    with postgres.server() as address, tempfile.TemporaryDirectory() as apart:
        # Loading writes a log: the home that was given stays as it is.
        Path(apart, "published").symlink_to(home.published, target_is_directory=True)
        loader = fresh_database(address)
        serve(Home.at(apart), None, loader)
        with door.connect(reader(address, loader, f"kundenwert_{audience}")) as connection:
            ask(connection, f"set search_path = kundenwert_{audience}")
            connection.commit()
            yield connection


def fresh_database(address: str) -> str:
    """The connection string, of the server's own user, of a database nobody has used."""
    name = f"serving_{next(_NUMBER)}"
    postgres.ask(url(address, "postgres"), f"create database {name}")
    return url(address, name)


def reader(address: str, loader: str, *roles: str) -> str:
    """The connection string of a user of their own, who is a member of `roles` and nothing else."""
    name = f"reader_{next(_NUMBER)}"
    made = f"create role {name} login password {literal(postgres.PASSWORD)}"
    postgres.ask(loader, made, *(f"grant {identifier(role)} to {name}" for role in roles))
    return url(address, loader.rpartition("/")[2], name)


def url(address: str, database: str, user: str = postgres.USER) -> str:
    """The connection string of a user of the server."""
    return f"postgresql://{user}:{quote(postgres.PASSWORD, safe='')}@{address}/{database}"


def ask(connection: Connection, statement: str) -> list[tuple[Any, ...]]:
    """The rows of a query, in the transaction the connection is in; none of what is no query."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []
