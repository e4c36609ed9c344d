"""Answers to questions about the past: versions that no pointer names, beside those that one does.

Belongs here: where they lie, keeping one, listing them. Not here: whether a run is such a question (orchestration.run), making a version
(release). They are kept until somebody removes their directory: retention counts versions only.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from pipelines import durable
from pipelines.errors import Problem, UsageError, VerifyError
from pipelines.home import Home
from pipelines.publishing import layout, manifest, pages, verification

FOLDER: Final = "asked"
_NAME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{8}T[0-9]{6}Z")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as listed for people. What stands in a manifest that cannot be read is None or empty, `is_readable` False."""

    name: str
    path: Path
    page: Path
    is_readable: bool = False
    published_at: datetime | None = None
    known_at: datetime | None = None
    as_of_dates: tuple[date, ...] = ()
    open_months: tuple[date, ...] = ()
    why: tuple[str, ...] = ()
    method_version: str | None = None


def name_of(as_of: date, known_at: datetime) -> str:
    """`2026-03-31_20260405T215959Z`: as of which date, known at which time in UTC."""
    return f"{as_of.isoformat()}_{known_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def is_name(text: str) -> bool:
    """Whether `text` names an answer: `asked/` and its name."""
    return text.startswith(f"{FOLDER}/")


def keep(home: Home, scratch: Home, as_of: date, known_at: datetime) -> Answer:
    """Take over the version that lies in `scratch` with its pages; the same question asked before is answered anew."""
    answer = _answer(home, name_of(as_of, known_at))
    for folder in (answer.path.parent, answer.page.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    former = answer.path.with_name(f"{layout.PRUNING}{answer.name}")
    shutil.rmtree(former, ignore_errors=True)
    if answer.path.exists():
        durable.rename(answer.path, former)
    durable.rename(scratch.current.resolve(), answer.path)
    shutil.rmtree(former, ignore_errors=True)
    pages.point_to(answer.page, pages.folder_of(answer.path) / scratch.portfolio_page.name)
    pages.clear_dead_links(answer.page.parent)
    return _listed(answer)


def answers(home: Home) -> tuple[Answer, ...]:
    """Every answer there is, by name."""
    folder = home.published / FOLDER
    if not folder.is_dir():
        return ()
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and _NAME.fullmatch(entry.name))
    return tuple(_listed(_answer(home, name)) for name in names)


def directory_of(home: Home, text: str) -> Path:
    """Where the answer `asked/<name>` lies. Raises KundenwertError VERSION_NAME, VerifyError VERSION_UNKNOWN."""
    name = text.removeprefix(f"{FOLDER}/").rstrip("/")
    if _NAME.fullmatch(name) is None:
        what = f"{text!r} is no answer; they are named like {FOLDER}/2026-03-31_20260405T215959Z"
        raise UsageError(Problem("VERSION_NAME", what, remedy="kundenwert versions lists them"))
    directory = _answer(home, name).path
    if not directory.is_dir():
        what = f"there is no answer {FOLDER}/{name}"
        raise VerifyError(Problem("VERSION_UNKNOWN", what, f"published/{FOLDER}/", "kundenwert versions lists them"))
    return directory


def directory_named(home: Home, text: str | None) -> Path:
    """Where a version (`v000007`, `7`), an answer (`asked/...`) or, of None, the version BI tools read lies.

    Raises KundenwertError VERSION_NAME, VerifyError VERSION_UNKNOWN, NOTHING_PUBLISHED.
    """
    if text is None:
        return layout.current_directory(home)
    return directory_of(home, text) if is_name(text) else layout.existing_directory(home, layout.parse_version(text))


def verify(home: Home, text: str) -> verification.VerifyReport:
    """Compare an answer with its manifest, every byte of it. Raises as `directory_of`, and VerifyError with every problem."""
    directory = directory_of(home, text)
    return verification.verify_directory(directory, manifest.read(directory).version)


def _answer(home: Home, name: str) -> Answer:
    return Answer(name, home.published / FOLDER / name, home.reports / FOLDER / f"{name}.html")


def _listed(answer: Answer) -> Answer:
    try:
        read = manifest.read(answer.path)
    except VerifyError:
        return answer
    return Answer(
        name=answer.name,
        path=answer.path,
        page=answer.page,
        is_readable=True,
        published_at=read.published_at,
        known_at=read.known_at,
        as_of_dates=read.as_of_dates,
        open_months=read.open_months,
        why=read.why,
        method_version=read.method_version,
    )
