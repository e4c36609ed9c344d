"""The connection to the database that is loaded. Belongs here: statements, transactions, errors with a code. Not here: which statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from pipelines import postgres
from pipelines.errors import KundenwertError, LockedError, Problem
from pipelines.quoting import literal

if TYPE_CHECKING:
    import pyarrow as pa
    from adbc_driver_postgresql.dbapi import Connection

WHERE: Final = "PostgreSQL"
"""The place of every problem: where the database is, stands in the connection string, which no message repeats."""

_ONE_AT_A_TIME: Final = 0x6B756E64656E77
"""The advisory lock of a load: "kundenw". Locks are of one database."""

_OF_THE_SESSION: Final = (
    "set application_name = 'kundenwert serve-postgres'",
    "set client_encoding = 'UTF8'",
    "set search_path = ''",
    # What an administrator set for people must not end a load half way.
    "set statement_timeout = 0",
    "set lock_timeout = 0",
    "set idle_in_transaction_session_timeout = 0",
)

_CANCELLED: Final = "57014"
_NO_RIGHT: Final = "42501"
_DEPENDENT: Final = "2BP01"
RIGHTS_REMEDY: Final = "an administrator of the database gives them once: docs/postgresql.md"


class CancelledError(KundenwertError):
    """The database ended a statement because its time was over."""


class Database:
    """An open connection. Every method raises KundenwertError: SERVING_RIGHTS, SERVING_DEPENDENT, SERVING_REFUSED, CancelledError."""

    def __init__(self, connection: Connection, url: str) -> None:
        self._connection, self._url = connection, url

    def execute(self, statement: str) -> None:
        """Run one statement."""
        with self._coded(), self._connection.cursor() as cursor:
            cursor.execute(statement)

    def together(self, statements: Iterable[str]) -> None:
        """Run statements that return nothing in one round trip; hundreds of comments would be as many."""
        self.execute(f"do {literal('begin ' + ''.join(f'{each}; ' for each in statements) + 'end')}")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query; a numeric comes as text, with all its places."""
        with self._coded(), self._connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    def take(self, schema: str, table: str, rows: pa.RecordBatchReader) -> int:
        """Add rows to a table, batch by batch, as a binary COPY; returns how many."""
        with self._coded(), self._connection.cursor() as cursor:
            return int(cursor.adbc_ingest(table, rows, mode="append", db_schema_name=schema))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All the block does, or nothing of it."""
        try:
            yield
            with self._coded():
                self._connection.commit()
        except BaseException:
            with self._coded():
                self._connection.rollback()
            raise

    @contextmanager
    def _coded(self) -> Iterator[None]:
        from adbc_driver_postgresql import dbapi  # noqa: PLC0415 - as the door does

        try:
            yield
        except dbapi.Error as error:
            raise _refused(error, postgres.without_secrets(_said(error), self._url)) from None


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The database, held by one load at a time while the block runs. The connection string goes to the driver, nowhere else.

    Raises KundenwertError DATABASE_CONNECT; LockedError SERVING_IN_USE at once if another load has it. The database drops the lock when
    its holder dies, however it dies.
    """
    from adbc_driver_postgresql import dbapi  # noqa: PLC0415 - as the door does

    try:
        connection = postgres.connect(url)
    except dbapi.Error as error:
        what = f"the database that is to be loaded cannot be reached: {postgres.reason(error)}"
        remedy = f"correct the connection string, e.g. {postgres.EXAMPLE}"
        raise KundenwertError(Problem("DATABASE_CONNECT", what, WHERE, remedy)) from None
    with connection:
        database = Database(connection, url)
        with database.transaction():
            for statement in _OF_THE_SESSION:
                database.execute(statement)
            ((is_ours,),) = database.rows(f"select pg_try_advisory_lock({_ONE_AT_A_TIME})")
        if not is_ours:
            what = "another load works in this database; nothing was changed"
            raise LockedError(Problem("SERVING_IN_USE", what, WHERE, "wait until it ends, then run again"))
        yield database


def _said(error: Any) -> str:
    """What the database itself said, without the statement; what it adds is told of dependent objects only: else it may be a row."""
    said = {name.decode(): text.decode(errors="replace") for name, text in error.details}
    told = [said.get("PG_DIAG_MESSAGE_PRIMARY", "")]
    if error.sqlstate == _DEPENDENT:
        told.append(said.get("PG_DIAG_MESSAGE_DETAIL", ""))
    return "; ".join(filter(None, told)) or str(error)


def _refused(error: Any, said: str) -> KundenwertError:
    if error.sqlstate == _CANCELLED:
        return CancelledError(Problem("SERVING_REFUSED", f"the database ended a statement: {said}", WHERE, "run again"))
    if error.sqlstate == _NO_RIGHT:
        what = f"the user lacks a right: {said}; readers see what they saw"
        return KundenwertError(Problem("SERVING_RIGHTS", what, WHERE, RIGHTS_REMEDY))
    if error.sqlstate == _DEPENDENT:
        what = f"something of others depends on a view that has to be made anew: {said}; readers see what they saw"
        remedy = "drop what is named, run again, then create it anew with the columns there are now"
        return KundenwertError(Problem("SERVING_DEPENDENT", what, WHERE, remedy))
    what = f"the database refused a statement: {said}; readers see what they saw"
    remedy = "mend what the database names, then run again; nothing is to be cleaned up"
    return KundenwertError(Problem("SERVING_REFUSED", what, WHERE, remedy))
