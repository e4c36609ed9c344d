"""Writes that survive a power cut: write aside, fsync, rename, fsync the directory; and whose leftovers are whose.

Belongs here: only that, and all of it: nobody else renames a file into its place.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP: Final = 122_880
COMPRESSION: Final = "zstd"
COMPRESSION_LEVEL: Final = 3
"""Of every Parquet file: rows per group, compression and its level are pinned, so that the same table gives the same
bytes. Another setting gives other bytes."""


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


def make_directory(path: Path) -> None:
    """Make a directory (0700) and those above it that are missing, durably."""
    missing = [each for each in (path, *path.parents) if not each.exists()]
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in missing:
        sync_directory(each.parent)


def replace_file(written: Path, target: Path) -> None:
    """Make `written` the file `target`, atomically and durably, with every directory that has to be made.

    Both lie on the same file system.
    """
    make_directory(target.parent)
    sync_file(written)
    written.replace(target)
    sync_directory(target.parent)


@contextmanager
def aside(target: Path, beside: Path | None = None) -> Iterator[Path]:
    """Where the block writes what then becomes `target`: an empty file of mode 0600 in `beside` (default: its directory).

    If the block raises, the file is removed and `target` stays what it was.
    """
    directory = target.parent if beside is None else beside
    make_directory(directory)
    path = directory / f"{_mark(target)}{os.getpid()}"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield path
        replace_file(path, target)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def write_text(target: Path, text: str) -> None:
    """Write `target` so that a reader sees the old or the new text, never a part."""
    with aside(target) as path:
        path.write_text(text, encoding="utf-8", newline="")


def write_table(target: Path, table: pa.Table) -> None:
    """Write the Parquet file `target` so that a reader sees the old or the new table, never a part."""
    # Few who write files write tables.
    import pyarrow.parquet as pq  # noqa: PLC0415

    with aside(target) as path, path.open("wb") as file:
        pq.write_table(table, file, compression=COMPRESSION, row_group_size=ROW_GROUP)


def write_symlink(target: Path, names: str) -> None:
    """Let the symlink `target` name something else: a link made aside takes its place in one instant, durably."""
    path = target.with_name(f"{_mark(target)}{os.getpid()}")
    path.unlink(missing_ok=True)
    path.symlink_to(names)
    path.replace(target)
    sync_directory(target.parent)


def share_file(existing: Path, target: Path) -> bool:
    """Make `target` a hard link to `existing`, atomically. False where the file system has none (target is left)."""
    path = target.with_name(f"{_mark(target)}{os.getpid()}")
    path.unlink(missing_ok=True)
    try:
        path.hardlink_to(existing)
    except OSError as error:
        if error.errno in (errno.EPERM, errno.EMLINK, errno.ENOTSUP):
            return False
        raise
    path.replace(target)
    return True


def rename(source: Path, target: Path) -> None:
    """Give a file or a directory, whose content is on the disk, another name in its directory, durably."""
    source.rename(target)
    sync_directory(target.parent)


def is_leftover(path: Path, target: Path) -> bool:
    """True if `path` is what a process that is gone wrote aside to become `target`."""
    return path.name.startswith(_mark(target)) and not is_alive(path.name.removeprefix(_mark(target)))


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


def _mark(target: Path) -> str:
    """How the names of what is written aside to become `target` begin; the writer's id follows."""
    return f".{target.name}.aside-"
