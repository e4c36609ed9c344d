"""The one door to DuckDB: bounded in memory, spilling where it may, deaf to the network, silent, and its failures coded.

Belongs here: how a connection is opened, what every connection has in common, how a query becomes a Parquet file. Not
here: statements. dbt opens its own; dbt_project/profiles.yml gives it the same settings, which a test compares.

    memory()   a database in memory for statements of our own over any files
    reading()  a database file, which nobody changes through it
    writing()  a database file
    locked()   in memory, reaching one directory and the files named: for text we did not write, and for readers
    closed()   in memory, reaching nothing
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Final

import duckdb

from pipelines.durable import COMPRESSION, COMPRESSION_LEVEL, ROW_GROUP
from pipelines.errors import ConfigError, KundenwertError, LockedError, Problem
from pipelines.quoting import identifier, literal, literals
from pipelines.workshop import workshop

MEMORY_VARIABLE: Final = "KUNDENWERT_MEMORY_LIMIT"
MEMORY_DEFAULT: Final = "2GB"

SETTINGS: Final[Mapping[str, str | int | bool]] = {
    "threads": 2,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,
    # A name in SQL is a table, never a variable of the program.
    "python_enable_replacements": False,
    # Its bar appears after two seconds, in the middle of whatever is on the screen.
    "enable_progress_bar": False,
    # DuckDB 1.5 turns `row_number() ... = 1` into an aggregate that takes the wrong row where the order has NULLs.
    "disabled_optimizers": "top_n_window_elimination",
    "TimeZone": "UTC",
}
"""Of every connection, beside the memory limit."""

_AT_OPENING: Final = {
    name: value for name, value in SETTINGS.items() if name not in ("enable_progress_bar", "TimeZone")
}
"""DuckDB takes the other two only from an open connection."""

FORM: Final = (
    f"format parquet, compression {COMPRESSION}, compression_level {COMPRESSION_LEVEL}, parquet_version v1, "
    f"row_group_size {ROW_GROUP}"
)
"""Of every Parquet file DuckDB writes for us; another setting gives other bytes."""

_NUMBER: Final = itertools.count()
_SPILL_LIMIT: Final = "'max_temp_directory_size'"
"""Said where what does not fit into memory does not fit onto the disk either."""


class DamagedError(KundenwertError):
    """A warehouse file is there and free, but DuckDB cannot read it."""


def memory_limit() -> str:
    """How much memory a connection may take before it spills, as DuckDB writes it (`2GB`)."""
    return os.environ.get(MEMORY_VARIABLE) or MEMORY_DEFAULT


@contextmanager
def memory(scratch: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory; it spills into a directory of its own in `scratch`, gone afterwards.

    `scratch` is the scratch space of the home where there is one; None: the system's. Raises KundenwertError as
    `coded` does.
    """
    with _spill(scratch) as spill, _opened(None, spill) as connection:
        yield connection


@contextmanager
def reading(database: Path, scratch: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse file, read-only, and what its views read; it spills as `memory` does.

    Raises KundenwertError WAREHOUSE_UNREADABLE (DamagedError where the file is there), LockedError WAREHOUSE_IN_USE,
    and as `coded` does.
    """
    if not database.is_file():
        what = "there is no warehouse to read"
        raise KundenwertError(Problem("WAREHOUSE_UNREADABLE", what, database.name, "kundenwert run builds it"))
    with _spill(scratch) as spill, _opened(database, spill, read_only=True) as connection:
        yield connection


@contextmanager
def writing(database: Path, scratch: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse file, made if it is not there; else as `reading`."""
    with _spill(scratch) as spill, _opened(database, spill) as connection:
        yield connection


@contextmanager
def locked(
    directory: Path, readable: Sequence[Path] = (), *, believes_statistics: bool = True
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that reaches `directory` (also to spill and to write) and the files `readable`, nothing
    else.

    Its configuration cannot be changed any more, so SQL of a mapping cannot open the rest of the file system. With
    `believes_statistics=False` every value of a file is looked at, whatever the file says that its pages hold. Raises
    KundenwertError as `coded` does.
    """
    with _opened(None, directory / "spill") as connection:
        if not believes_statistics:
            off = f"{SETTINGS['disabled_optimizers']},statistics_propagation"
            connection.execute(f"set disabled_optimizers = {literal(off)}")
        connection.execute(f"set allowed_directories = [{literal(directory)}]")
        if readable:
            connection.execute(f"set allowed_paths = [{literals(readable)}]")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection


@contextmanager
def closed() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that reaches no file at all and spills nowhere: for a look at a text or an expression."""
    with _opened(None, "") as connection:
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection


def write_parquet(
    connection: duckdb.DuckDBPyConnection, query: str, target: Path, notes: Mapping[str, str] | None = None
) -> int:
    """Write a query's rows, in its order, to the Parquet file `target` (0600), with `notes` in its metadata; returns how
    many.

    The same rows give the same bytes. The write is not atomic: `durable.aside` has the place to write to.
    """
    said = ", ".join(f"{identifier(name)}: {literal(text)}" for name, text in (notes or {}).items())
    form = f"{FORM}, kv_metadata {{{said}}}" if said else FORM
    ((rows,),) = connection.execute(f"copy ({query}) to {literal(target)} ({form})").fetchall()
    # DuckDB makes the file anew.
    target.chmod(0o600)
    return int(rows)


@contextmanager
def interruptible(connection: duckdb.DuckDBPyConnection) -> Iterator[Callable[[str], duckdb.DuckDBPyConnection]]:
    """How statements are executed that may take long: in a thread of their own, so that Ctrl-C stops each of them at once.

    Python's own thread hears of a signal only between two of its steps, and to it a whole statement may be one. What the two threads hand
    each other goes through queues that no signal can leave half done; an executor's locks can be left closed for good.
    """
    asked: SimpleQueue[str | None] = SimpleQueue()
    answered: SimpleQueue[duckdb.DuckDBPyConnection | BaseException] = SimpleQueue()

    def work() -> None:
        # The queue ends with None.
        for statement in iter(asked.get, None):
            try:
                answered.put(connection.execute(statement))
            except BaseException as error:  # noqa: BLE001 - raised again where it was asked for
                answered.put(error)

    def execute(statement: str) -> duckdb.DuckDBPyConnection:
        asked.put(statement)
        answer = answered.get()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    worker = Thread(target=work, daemon=True)
    worker.start()
    try:
        yield execute
    except KeyboardInterrupt:
        asked.put(None)
        # An interruption before a statement has begun is lost: others follow until all is over.
        while worker.is_alive():
            connection.interrupt()
            worker.join(0.05)
        raise
    finally:
        asked.put(None)
        worker.join()


@contextmanager
def coded() -> Iterator[None]:
    """Turn what DuckDB cannot do for want of memory or disk into a coded error; its other errors pass.

    Raises KundenwertError OUT_OF_MEMORY, DISK_FULL; KeyboardInterrupt where Ctrl-C ended a statement.
    """
    try:
        yield
    except RuntimeError as error:
        # DuckDB says "Query interrupted" and hides what interrupted it.
        if isinstance(error.__cause__, KeyboardInterrupt):
            raise error.__cause__ from None
        raise
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        if "No space left" in str(error) or _SPILL_LIMIT in str(error):
            what = "the disk is full, with what DuckDB computed or wrote"
            remedy = "free some space and run again; nothing is to be cleaned up"
            raise KundenwertError(Problem("DISK_FULL", what, "", remedy)) from error
        if isinstance(error, duckdb.IOException):
            raise
        what = f"a computation needs more than the {memory_limit()} of memory it may use"
        remedy = f"set {MEMORY_VARIABLE} to what this machine can spare, e.g. 4GB, and run again"
        raise KundenwertError(Problem("OUT_OF_MEMORY", what, MEMORY_VARIABLE, remedy)) from error


@contextmanager
def _opened(
    database: Path | None, spill: Path | str, *, read_only: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    with coded(), _connected(database, read_only) as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set temp_directory = {literal(spill)}")
        yield connection


def _connected(database: Path | None, read_only: bool) -> duckdb.DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {**_AT_OPENING, "memory_limit": memory_limit()}
    try:
        return duckdb.connect(":memory:" if database is None else str(database), read_only=read_only, config=config)
    except duckdb.ParserException as error:
        what = f"{memory_limit()!r} is no amount of memory: {_first_line(error)}"
        raise ConfigError(Problem("CONFIG_ENVIRONMENT", what, MEMORY_VARIABLE, "write it like 2GB or 800MB")) from None
    except (duckdb.Error, OSError) as error:
        if database is None:
            raise
        raise _refused(database, error) from None


def _refused(database: Path, error: Exception) -> KundenwertError:
    said = _first_line(error)
    if isinstance(error, duckdb.ConnectionException) or "Could not set lock" in said:
        holder = re.search(r"held in (.+) \(PID ([0-9]+)\)", said)
        who = (
            f"process {holder[2]} ({Path(holder[1]).name})"
            if holder
            else "another program, or another part of this one,"
        )
        remedy = "close that program's connection, or wait until it ends, then run again"
        return LockedError(Problem("WAREHOUSE_IN_USE", f"{who} holds the warehouse open", database.name, remedy))
    remedy = "a damaged warehouse may be deleted, the next run builds it again"
    return DamagedError(
        Problem("WAREHOUSE_UNREADABLE", f"the warehouse cannot be opened: {said}", database.name, remedy)
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _spill(scratch: Path | None) -> AbstractContextManager[Path | str]:
    if scratch is None:
        return TemporaryDirectory(prefix="kundenwert-")
    return workshop(scratch, f"spill-{next(_NUMBER)}")
