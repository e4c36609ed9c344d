"""What the machine refuses has a code and a next step, whatever it is wrapped in."""

from __future__ import annotations

import errno
import os
import sqlite3

import psycopg2
import pytest
from sqlalchemy.exc import OperationalError

from pipelines import machine
from pipelines.errors import KundenwertError, Problem


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/home/x"), "DISK_FULL"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "DISK_FULL"),
        (OSError(errno.EROFS, "Read-only file system", "/home/x"), "NOT_WRITABLE"),
        (PermissionError(errno.EACCES, "Permission denied", "/home/x"), "NOT_WRITABLE"),
        (OSError(errno.EIO, "Input/output error"), "MACHINE_REFUSED"),
        (sqlite3.OperationalError("database or disk is full"), "DISK_FULL"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "NOT_WRITABLE"),
        (sqlite3.OperationalError("disk I/O error"), "MACHINE_REFUSED"),
        (sqlite3.DatabaseError("database disk image is malformed"), "HISTORY_UNUSABLE"),
        (OperationalError("select 1", {}, psycopg2.OperationalError("connection refused")), "HISTORY_UNUSABLE"),
        (psycopg2.ProgrammingError("permission denied for table runs"), "HISTORY_UNUSABLE"),
        (KundenwertError(Problem("LOCKED", "by another")), "LOCKED"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), None),
        (ValueError("a fault of this program"), None),
    ],
)
def test_the_cause_is_found_below_what_wraps_it(error: Exception, code: str | None) -> None:
    try:
        try:
            raise error
        except type(error) as cause:
            raise RuntimeError("in a step") from cause
    except RuntimeError as wrapped:
        found = machine.problem_of(wrapped)
    assert (found and found.code) == code
    if code not in (None, "LOCKED"):
        assert found is not None
        assert found.remedy


def test_the_message_says_how_much_room_is_left(tmp_path: os.PathLike[str]) -> None:
    found = machine.problem_of(OSError(errno.ENOSPC, "No space left on device", f"{tmp_path}/not/there"))
    assert found is not None
    assert found.what.endswith("bytes are free; the published version is what it was")
