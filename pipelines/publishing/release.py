"""Publishing a version, rolling back.

Belongs here: the order of steps that keeps CURRENT on a complete version whatever dies when. Not here: whether a
version may be published (data_quality.gate), which ones stay (retention), and the lock that lets only one run at a time do it
(orchestration).
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pipelines import durable, steps
from pipelines.errors import KundenwertError, Problem, VerifyError
from pipelines.home import Home
from pipelines.publishing import files as data_files
from pipelines.publishing import interface, layout, manifest, pages, rights, verification
from pipelines.publishing.files import Before
from pipelines.publishing.manifest import Manifest, ManifestFacts, PublishedFile
from pipelines.publishing.tables import Audience, PublishedTable

NOBODY: Final[Mapping[Audience, str]] = {}
"""Nobody but the owner reads."""


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """What `publish` made: its number and directory, its manifest, how many files are shared with the version before
    (hard links). `is_new` is False where it would have been the version before once more."""

    number: int
    path: Path
    manifest: Manifest
    linked_files: int
    is_new: bool = True


def publish(
    home: Home,
    tables: Sequence[PublishedTable],
    manifest_facts: ManifestFacts,
    *,
    readers: Mapping[Audience, str] = NOBODY,
    draw: Callable[[Path], None] | None = None,
    published_at: datetime | None = None,
) -> PublishedVersion:
    """Publish the tables of the warehouse as the next version, let CURRENT name it.

    Built aside, verified, fsynced, renamed, then the pointer is swapped: a reader sees the old or the new version,
    complete, and a run that dies leaves nothing the next one does not clear away. Where every file and every fact is that of the
    version CURRENT names, nothing new is published. `draw` puts the pages into the directory of a new version before anybody reads it.
    The caller holds the run's lock.
    `published_at` defaults to now. Raises KundenwertError (EXPORT_..., WAREHOUSE_UNREADABLE, DISK_FULL); then nothing
    has changed for readers. `readers` (audience -> group of the machine) holds from the beginning, for all versions: none is left open for
    who reads no longer; raises as `rights.let_in` does.
    """
    home.prepare()
    _clear_leftovers(home)
    rights.let_in(home, [layout.directory_of(home, number) for number in layout.numbers(home)], readers)
    before = _version_before(home)
    moment = published_at or datetime.now(UTC)

    number = max((*layout.numbers(home), layout.pointed_number(home) or 0), default=0) + 1
    building = home.published / f"{layout.BUILDING}{os.getpid()}"
    try:
        with _disk_full_named(home):
            files, linked = data_files.build(home, tables, building, before, max(manifest_facts.as_of_dates))
            with steps.step("publish: manifest", home.logs):
                made = _manifest(number, before, manifest_facts, files, moment)
                if before is not None and _says_the_same(made, before):
                    shutil.rmtree(building)
                    number, directory, same = before.manifest.version, before.directory, before.manifest
                    return PublishedVersion(number, directory, same, linked, is_new=False)
                manifest.write(made, building)
            if draw is not None:
                with steps.step("publish: pages", home.logs):
                    draw(building)
            with steps.step("publish: sync", home.logs):
                verification.verify_directory(building, number)
                rights.let_in(home, [building], readers)
                _sync(building)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    target = layout.directory_of(home, number)
    with steps.step("publish: rename", home.logs):
        durable.rename(building, target)
    with steps.step("publish: pointer", home.logs):
        layout.point_to(home, number)
        pages.show(home)
    return PublishedVersion(number, target, made, linked)


def rollback(home: Home, version: int) -> layout.VersionInfo:
    """Let CURRENT name an existing version again, after verifying every byte of its tables; its pages are those people see from then on.

    Numbers only grow: the next publication gets a number never used before. Raises VerifyError; then CURRENT stays.
    """
    verification.verify_directory(layout.existing_directory(home, version), version, pages_too=False)
    with steps.step("rollback: pointer", home.logs):
        layout.point_to(home, version)
        pages.show(home)
    return next(info for info in layout.versions(home) if info.number == version)


def _manifest(
    number: int, before: Before | None, facts: ManifestFacts, files: tuple[PublishedFile, ...], published_at: datetime
) -> Manifest:
    return Manifest(
        version=number,
        previous_version=before.manifest.version if before is not None else None,
        published_at=published_at,
        known_at=facts.known_at,
        as_of_dates=tuple(sorted(set(facts.as_of_dates))),
        open_months=tuple(sorted(set(facts.open_months))),
        why=_why(facts, before),
        method_version=facts.method_version,
        project_version=facts.project_version,
        interface_version=interface.promise().version,
        pseudonym_key_id=facts.pseudonym_key_id,
        sources=tuple(sorted(facts.sources, key=lambda source: (source.domain or "", source.table))),
        batches=facts.batches,
        waivers=facts.waivers,
        files=files,
    )


def _why(facts: ManifestFacts, before: Before | None) -> tuple[str, ...]:
    """Why this version is published: what the run was asked for, and what differs from the version before."""
    if "asked" in facts.why and before is None:
        found = list(facts.why)
    elif before is None:
        found = ["first", *facts.why]
    else:
        then = before.manifest
        sources = tuple(sorted(facts.sources, key=lambda source: (source.domain or "", source.table)))
        differs = {
            "new_delivery": sources != then.sources,
            "settings_changed": facts.method_version != then.method_version,
            "program_changed": facts.project_version != then.project_version,
            "other_months": tuple(sorted(set(facts.as_of_dates))) != then.as_of_dates,
        }
        found = [*facts.why, *(name for name, is_so in differs.items() if is_so)]
    return tuple(dict.fromkeys([*(found or ["recomputed"]), *(["open_month"] if facts.open_months else [])]))


def _says_the_same(made: Manifest, before: Before) -> bool:
    """True if the version before has the same facts and, intact on the disk, the same files."""
    # Batches of other names may hold the same rows.
    published = {"version": 0, "previous_version": None, "published_at": made.published_at, "why": (), "batches": ()}
    if made.model_copy(update=published) != before.manifest.model_copy(update=published):
        return False
    try:
        verification.verify_directory(before.directory, before.manifest.version, pages_too=False)
    except VerifyError:
        return False
    return True


def _version_before(home: Home) -> Before | None:
    """The version CURRENT names; None if there is none, or it cannot be read: a broken one must not stop the next."""
    number = layout.pointed_number(home)
    if number is None:
        return None
    directory = layout.directory_of(home, number)
    try:
        return Before(directory, manifest.read(directory))
    except VerifyError:
        return None


def _sync(building: Path) -> None:
    """fsync every file, then every directory, the deepest first: what the rename makes visible is on the disk."""
    paths = sorted(building.rglob("*"), reverse=True)
    for path in paths:
        if path.is_file():
            durable.sync_file(path)
    for path in [*(path for path in paths if path.is_dir()), building]:
        durable.sync_directory(path)


def _clear_leftovers(home: Home) -> None:
    """Remove what runs that died left behind. Building directories of a process that lives are not touched."""
    for entry in home.published.iterdir():
        is_dead_build = entry.name.startswith(layout.BUILDING) and not durable.is_alive(
            entry.name.removeprefix(layout.BUILDING)
        )
        if is_dead_build or entry.name.startswith(layout.PRUNING):
            shutil.rmtree(entry)
        elif durable.is_leftover(entry, home.current):
            entry.unlink()


@contextmanager
def _disk_full_named(home: Home) -> Iterator[None]:
    """Turn the operating system's "no space left" into a coded error; DuckDB's is one already."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        free = shutil.disk_usage(home.published).free
        what = f"the disk is full ({free} bytes free); nothing was published, the version before stays"
        raise KundenwertError(Problem("DISK_FULL", what, "published/", "free some space and run again")) from error
