"""What a declared place stands for: the files a path leads to, the members of a ZIP there, the rows of a database.

Belongs here: patterns, dates in names, names that are refused. Not here: reading any of it.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

from pipelines.errors import Problem, SourceError
from pipelines.settings.sources import ONE_OF_SEVERAL, DatabaseQuery, DeliveredFile
from pipelines.sources.zip_file import ZipMember, is_zip_name, members

_UNFINISHED = re.compile(r"^(\.|~\$)|\.(tmp|part|partial|crdownload|filepart)$", re.IGNORECASE)
_LONGEST_NAME = 200
_DATE = r"([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8})"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One delivered file: the name people know it by (no directory) and where it lies; `member`, if it is in a ZIP there."""

    name: str
    path: Path
    member: ZipMember | None = None


@dataclass(frozen=True, slots=True)
class FoundRows:
    """Rows of a database; `name` is what people know them by."""

    name: str
    query: DatabaseQuery


Found = FoundFile | FoundRows


@dataclass(frozen=True, slots=True)
class Delivery:
    """Files that came together. `day` is the date in their path, if the declared path holds {date}."""

    day: date | None
    files: tuple[Found, ...]


def deliveries(root: Path, name: str, declared: DeliveredFile) -> tuple[Delivery, ...]:
    """What is delivered under `name` of sources.yml, by date. Whether a database answers shows when it is read.

    Raises SourceError as `locate` and `members` do.
    """
    if declared.database is not None:
        return (Delivery(None, (FoundRows(f"{name} (database)", declared.database),)),)
    found = locate(root, declared.path)
    return tuple(Delivery(each.day, tuple(_unpacked(each.files, declared))) for each in found)


def _unpacked(files: Iterable[Found], declared: DeliveredFile) -> Iterator[Found]:
    """The files, with the members that are meant in the place of each ZIP."""
    for file in files:
        if isinstance(file, FoundFile) and (declared.member is not None or is_zip_name(file.name)):
            pattern = None if declared.member is None else expression(declared.member)
            inside = members(file.path, file.name, pattern, declared.unpacked_limit_mb << 20)
            if declared.member is not None:
                _refuse_half(declared.member, [member.name for member in inside], file.name)
            for member in inside:
                yield FoundFile(f"{file.name}/{member.name}", file.path, member)
        else:
            yield file


def locate(root: Path, pattern: str) -> tuple[Delivery, ...]:
    """Deliveries below `root` that match `pattern` (`*` and `{one,or another}` within a name, one `{date}`), by date; files by path.

    Unfinished files (`.x`, `~$x`, `x.tmp`, `x.part`) do not exist yet. Raises SourceError BAD_NAME for a name with
    control characters, one that is too long, or a link out of `root`; DATE_INVALID for a date that is none; SOURCE_ABSENT where a
    delivery has some of the names to choose from and lacks others.
    """
    whole = expression(pattern)
    by_day: dict[date | None, list[tuple[str, FoundFile]]] = {}
    for relative in _walk(root, pattern):
        match = whole.fullmatch(relative)
        if match is None or any(_UNFINISHED.search(part) for part in relative.split("/")):
            continue
        path = root / relative
        _refuse_bad_name(root, path)
        day = _day(match.group("date"), relative) if "date" in match.groupdict() else None
        by_day.setdefault(day, []).append((relative, FoundFile(path.name, path)))
    for files in by_day.values():
        _refuse_half(pattern, [relative for relative, _ in files], "")
    return tuple(
        Delivery(day, tuple(file for _, file in sorted(by_day[day], key=lambda item: item[0])))
        for day in sorted(by_day, key=lambda day: day or date.min)
    )


def expression(pattern: str) -> re.Pattern[str]:
    """What a declared path matches: `*` within a name, `{date}` as the group `date`, one of several names `{Task,Event}`."""
    return re.compile(_expression(pattern), re.DOTALL)


def _expression(pattern: str) -> str:
    return "".join(map(_part, _parts(pattern)))


def _parts(pattern: str) -> list[str]:
    return re.split(rf"(\*|\{{date\}}|{ONE_OF_SEVERAL})", pattern)


def _part(part: str) -> str:
    if re.fullmatch(ONE_OF_SEVERAL, part):
        return f"(?:{'|'.join(_expression(name) for name in part[1:-1].split(','))})"
    return {"*": r"[^/]*", "{date}": f"(?P<date>{_DATE})"}.get(part, re.escape(part))


def _refuse_half(pattern: str, there: Sequence[str], inside: str) -> None:
    """Whoever names several files means each of them: without one of them half a table would look like all of it."""
    absent = [name for name in _each(pattern) if not any(expression(name).fullmatch(found) for found in there)]
    if there and absent:
        what = f"{', '.join(absent)} is not delivered, {', '.join(sorted(there)[:3])} is; the table was not loaded, what it had stays"
        where = f"{inside}/{pattern}" if inside else pattern
        raise SourceError(Problem("SOURCE_ABSENT", what, where, "deliver it too, or take its name out of the braces"))


def _each(pattern: str) -> list[str]:
    """The patterns a pattern stands for, one for each of the names to choose from."""
    parts = [part[1:-1].split(",") if re.fullmatch(ONE_OF_SEVERAL, part) else [part] for part in _parts(pattern)]
    return ["".join(chosen) for chosen in product(*parts)]


def _walk(root: Path, pattern: str) -> Iterator[str]:
    """Relative paths of files as deep as the pattern; only directories that can match are read."""
    parts = pattern.split("/")
    expressions = [expression(part) for part in parts]

    def below(directory: Path, depth: int, prefix: str) -> Iterator[str]:
        try:
            entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            what = f"the directory cannot be read: {error.strerror}"
            raise SourceError(
                Problem("SOURCE_UNREADABLE", what, prefix or ".", "give this user the right to read it")
            ) from error
        for entry in entries:
            if not expressions[depth].fullmatch(entry.name):
                continue
            if depth + 1 < len(parts):
                if entry.is_dir():
                    yield from below(Path(entry.path), depth + 1, f"{prefix}{entry.name}/")
            elif not entry.is_dir():
                yield f"{prefix}{entry.name}"

    return below(root, 0, "")


def _refuse_bad_name(root: Path, path: Path) -> None:
    name = path.name
    shown = ascii(name[:60])
    if len(name.encode("utf-8", "surrogateescape")) > _LONGEST_NAME or not name.isprintable():
        why = "a control or format character, or is too long"
        raise SourceError(Problem("BAD_NAME", f"the name {shown} holds {why}", "", "rename the file"))
    resolved = path.resolve()
    if not resolved.is_relative_to(root.resolve()):
        raise SourceError(
            Problem("BAD_NAME", f"{shown} is a link that leads out of the source's root", "", "deliver the file itself")
        )
    if not stat.S_ISREG(resolved.stat().st_mode if resolved.exists() else 0):
        raise SourceError(Problem("BAD_NAME", f"{shown} is not a regular file", "", "deliver the file itself"))


def _day(text: str, relative: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SourceError(Problem("DATE_INVALID", f"'{text}' is not a date", relative, "correct the name")) from error
