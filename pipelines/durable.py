"""Writes that survive a power cut: write aside, fsync, rename, fsync the directory; and whose leftovers are whose.

Belongs here: only that.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP = 122_880
"""Rows per group of a Parquet file: pinned, so that the same table gives the same bytes."""


def sync_file(path: Path) -> None:
    """fsync a file's content."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_directory(path: Path) -> None:
    """fsync a directory's entries."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(written: Path, target: Path) -> None:
    """Make `written` the file `target`, atomically and durably. Both lie on the same file system."""
    sync_file(written)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    written.replace(target)
    sync_directory(target.parent)


def aside_of(target: Path) -> Path:
    """Where this process writes what becomes `target`: an empty file of mode 0600 beside it. Makes the directory."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}.aside")
    os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    return aside


def write_text(target: Path, text: str) -> None:
    """Write `target` so that a reader sees the old or the new text, never a part."""
    aside = aside_of(target)
    aside.write_text(text, encoding="utf-8", newline="")
    replace_file(aside, target)


def write_table(target: Path, table: pa.Table) -> None:
    """Write the Parquet file `target` so that a reader sees the old or the new table, never a part."""
    # Few who write files write tables.
    import pyarrow.parquet as pq  # noqa: PLC0415

    aside = aside_of(target)
    with aside.open("wb") as file:
        pq.write_table(table, file, compression="zstd", row_group_size=ROW_GROUP)
    replace_file(aside, target)


def is_alive(pid: str) -> bool:
    """True if another process of the id in a leftover's name exists. Our own id there is a dead predecessor's."""
    if not pid.isdigit() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
