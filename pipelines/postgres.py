"""The one door to PostgreSQL: from a connection string to a connection, and what may be said of the errors of both.

Belongs here: the driver, how long it waits, which secrets no message repeats. Not here: where a connection string stands, statements.

A connection string comes from the environment and goes to the driver, nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from adbc_driver_postgresql.dbapi import Connection

IS_MEANT: Final = re.compile(r"postgres(ql)?://")
"""How a connection string of PostgreSQL begins."""

EXAMPLE: Final = "postgresql://user:password@host:5432/database"

_REASONS: Final[Mapping[str, str]] = {
    "password authentication failed": "the user or the password is wrong",
    "no password supplied": "it holds no password, and the server asks for one",
    "Connection refused": "nothing answers at that host and port",
    "could not translate host name": "there is no host of that name",
    "timeout expired": "the host does not answer",
    "no pg_hba.conf entry": "the server does not let this user in from here",
    "role": "there is no such user",
    "database": "there is no such database",
}
"""What a driver says -> what is said of it. Anything else might repeat the connection string."""


def connect(url: str) -> Connection:
    """An open connection that is in a transaction. Raises the driver's Error, of which `reason` says what may be said."""
    # Few companies have a database; the others do not wait for its driver.
    from adbc_driver_postgresql import dbapi  # noqa: PLC0415

    patient = url if "connect_timeout" in url else f"{url}{'&' if '?' in url else '?'}connect_timeout=20"
    return dbapi.connect(patient)


def reason(error: Exception | None) -> str:
    """Why a database, of whatever kind, cannot be reached, without anything of its connection string."""
    said = "" if error is None else str(error)
    understood = (meaning for sign, meaning in _REASONS.items() if sign in said)
    return next(understood, "it is no connection string that is understood")


def without_secrets(said: str, url: str) -> str:
    """What a database said, on one line, without the connection string and its password."""
    said = " ".join(said.split())
    for secret in _secrets(url):
        said = said.replace(secret, "***") if secret else said
    return said[:600]


def _secrets(url: str) -> Iterator[str]:
    yield url
    if password := re.search(r"://[^:/@]*:([^@]*)@", url):
        yield from (password[1], unquote(password[1]))
