"""ZIP archives: which members are meant, and how one of them is unpacked. A member is then a delivered file like any other.

Belongs here: that, and what is refused before it fills the disk. Not here: what a member's content means.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from pipelines.errors import Problem, SourceError

_BLOCK = 1 << 20
_IS_ENCRYPTED = 0x1
_UNSOUND = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError, OverflowError, ValueError)
"""What reading a damaged archive, or one packed in an unusual way, may raise."""
_OWN_FOLDERS = ("__MACOSX/",)


@dataclass(frozen=True, slots=True)
class ZipMember:
    """One file in a ZIP: its name with its folders, and how many bytes all members that are meant may unpack to."""

    name: str
    limit: int


def is_zip_name(name: str) -> bool:
    """Whether a file's name says that it is a ZIP (a workbook is one, too, and is not called so)."""
    return name.lower().endswith(".zip")


def members(path: Path, name: str, pattern: re.Pattern[str] | None, limit: int) -> tuple[ZipMember, ...]:
    """The members of the ZIP `path` (called `name`) that `pattern` matches, by name; without a pattern the only one.

    Raises SourceError FILE_EMPTY, ZIP_CORRUPT, ZIP_MEMBER, BAD_NAME, FILE_PROTECTED, SIZE_LIMIT.
    """
    if path.stat().st_size == 0:
        what = "the file holds 0 bytes; nothing of it was loaded"
        raise SourceError(Problem("FILE_EMPTY", what, name, "deliver the file again"))
    with opened(path, name) as archive:
        listed = archive.infolist()
    files = [each for each in listed if not each.is_dir() and not each.filename.startswith(_OWN_FOLDERS)]
    meant = [each for each in files if pattern is None or pattern.fullmatch(each.filename)]
    names = [each.filename for each in meant]
    if not meant or (pattern is None and len(meant) > 1) or len(set(names)) < len(names):
        raise SourceError(_unclear(name, files, names))
    for each in meant:
        _refuse(each, name)
    total = sum(each.file_size for each in meant)
    if total > limit:
        raise _too_large(name, limit)
    return tuple(ZipMember(each, limit) for each in sorted(names))


def unpack(path: Path, name: str, member: ZipMember, target: Path) -> None:
    """Write a member of the ZIP `path` to `target` (which is there). Raises SourceError ZIP_CORRUPT, SIZE_LIMIT."""
    with opened(path, name) as archive, archive.open(member.name) as packed, target.open("wb") as copy:
        for block in blocks(packed, name, member.limit):
            copy.write(block)


@contextmanager
def opened(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    """The archive, open to read. What turns out to be damaged while it is read is a SourceError ZIP_CORRUPT."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (*_UNSOUND, KeyError, RuntimeError) as error:
        what = f"the archive cannot be read: {error}; nothing of it was loaded"
        remedy = "deliver it again, packed as an ordinary ZIP"
        raise SourceError(Problem("ZIP_CORRUPT", what, name, remedy)) from error


def blocks(packed: IO[bytes], name: str, limit: int) -> Iterator[bytes]:
    """The content of an open member in blocks. What an archive says of sizes may be a lie: they are counted.

    Raises SourceError SIZE_LIMIT.
    """
    size = 0
    while block := packed.read(_BLOCK):
        size += len(block)
        if size > limit:
            raise _too_large(name, limit)
        yield block


def _refuse(info: zipfile.ZipInfo, name: str) -> None:
    where = f"{name}/{ascii(info.filename)[1:-1]}"
    parts = PurePosixPath(info.filename).parts
    if info.filename.startswith("/") or ".." in parts or "\\" in info.filename or not info.filename.isprintable():
        what = "the name of a member leads out of the archive, or holds a control or format character"
        raise SourceError(Problem("BAD_NAME", what, where, "pack it under a plain name"))
    if info.flag_bits & _IS_ENCRYPTED:
        what = "the member is protected by a password; nothing of it was loaded"
        raise SourceError(Problem("FILE_PROTECTED", what, where, "deliver the archive without a password"))
    if is_zip_name(info.filename):
        what = "the member is a ZIP itself"
        raise SourceError(Problem("FILE_FORMAT", what, where, "deliver the inner archive"))


def _unclear(name: str, files: Sequence[zipfile.ZipInfo], meant: Sequence[str]) -> Problem:
    found = sorted({ascii(each.filename)[1:-1] for each in files})
    listed = ", ".join(found[:10]) + (f" and {len(found) - 10} more" if len(found) > 10 else "") or "nothing"
    if not meant:
        what = f"no member is the one that is meant; the archive holds {listed}"
    elif len(set(meant)) < len(meant):
        what = f"the archive holds two members of one name: {listed}"
    else:
        what = f"the archive holds several files, and it is not said which are meant: {listed}"
    return Problem("ZIP_MEMBER", what, name, 'write `member`, a name or a pattern like "erp/lines_*.csv"')


def _too_large(name: str, limit: int) -> SourceError:
    what = f"the archive unpacks to more than {limit >> 20} MB; nothing of it was loaded"
    remedy = "if that is right, raise `unpacked_limit_mb` of the file"
    return SourceError(Problem("SIZE_LIMIT", what, name, remedy))
