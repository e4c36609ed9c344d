"""What the machine refuses, as coded problems: a full disk, a directory that may not be written, a database that cannot be.

Belongs here: from an error of the operating system or of SQLite to a code and the next step. Not here: DuckDB's own (duck.coded), a
delivered file that cannot be read (sources): who opens it says more than this can.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipelines.errors import KundenwertError, Problem

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN: Final = (errno.EROFS, errno.EACCES, errno.EPERM)

FREE_SPACE: Final = "free some space (df -h shows where), then run again; nothing is to be cleaned up"
GIVE_RIGHTS: Final = "give this user the right to write there, or name another home with --home, then run again"
LOOK_AT_IT: Final = "look at the disk and the limits of this user (df -h, df -i, ulimit -a, dmesg), then run again"
START_IT: Final = "start the database that KUNDENWERT_DAGSTER_STORAGE names, or correct the variable, then run again"
MOVE_AWAY: Final = "dagster/ of the home holds the history of runs and no data: move it away, then run again"


def problem_of(error: BaseException) -> Problem | None:
    """What the machine refused, if this error, or one that caused it, says so; else None.

    The published version is what it was: a version appears by one rename, after all of it is on the disk.
    """
    for each in _causes(error):
        if isinstance(each, KundenwertError):
            return each.problems[0]
        if isinstance(each, BrokenPipeError):
            return None
        if isinstance(each, OSError):
            return _of_the_system(each)
        if type(each).__name__ == "IOException":  # DuckDB's; the ground floor does without DuckDB.
            return _of_duckdb(str(each))
        if _is_of_a_database(each):
            return _of_a_database(each)
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from, the latest first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _of_the_system(error: OSError) -> Problem:
    where = str(error.filename) if error.filename is not None else ""
    said = error.strerror or str(error) or type(error).__name__
    if error.errno in _FULL:
        return _full(f"{said}{_free(where)}", where)
    if error.errno in _FORBIDDEN:
        return _forbidden(said, where)
    return Problem("MACHINE_REFUSED", f"the machine refused: {said}", where, LOOK_AT_IT)


def _of_duckdb(said: str) -> Problem:
    line = said.splitlines()[0]
    if "No space left" in line or "File too large" in line:
        return _full(line, "")
    if "Read-only file system" in line or "Permission denied" in line:
        return _forbidden(line, "")
    return Problem("MACHINE_REFUSED", f"the machine refused: {line}", "", LOOK_AT_IT)


def _is_of_a_database(error: BaseException) -> bool:
    """Of SQLite, or of the driver of another database that keeps Dagster's history, wrapped or not."""
    is_wrapped = type(error).__name__ in ("OperationalError", "InterfaceError")
    return isinstance(error, sqlite3.Error) or _is_of_postgresql(error) or is_wrapped


def _is_of_postgresql(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] == "psycopg2"


def _of_a_database(error: BaseException) -> Problem:
    line = next((line for line in str(error).splitlines() if line.strip()), "it does not say why")
    if _is_of_postgresql(error) or "psycopg2" in line:
        return Problem("HISTORY_UNUSABLE", f"the history of runs cannot be reached: {line}", "PostgreSQL", START_IT)
    if "disk I/O error" in line:
        return Problem("MACHINE_REFUSED", f"the disk is full or fails: {line}", "dagster/", LOOK_AT_IT)
    if "is full" in line or "No space left" in line:
        return _full(line, "dagster/")
    if "readonly" in line or "read-only" in line or "unable to open database file" in line:
        return _forbidden(line, "dagster/")
    return Problem("HISTORY_UNUSABLE", f"the history of runs cannot be used: {line}", "dagster/", MOVE_AWAY)


def _full(said: str, where: str) -> Problem:
    return Problem("DISK_FULL", f"the disk is full: {said}; the published version is what it was", where, FREE_SPACE)


def _forbidden(said: str, where: str) -> Problem:
    what = f"this user may not write there: {said}; nothing was changed"
    return Problem("NOT_WRITABLE", what, where, GIVE_RIGHTS)


def _free(where: str) -> str:
    """How much is left, where that can be told."""
    there = next((each for each in (Path(where), *Path(where).parents) if where and each.is_dir()), None)
    return "" if there is None else f", {shutil.disk_usage(there).free} bytes are free"
