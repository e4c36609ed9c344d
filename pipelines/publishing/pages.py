"""The pages and workbooks of a version, inside it: which belong to it, whether they are what was written, the links people open.

Belongs here: their folder, their list, comparing the two, `reports/` following CURRENT. Not here: what is on a page (pipelines.showing).

They have a list of their own beside the manifest: a page is drawn from the sealed version and may be drawn anew (a later release, a
company's new name) without a number changing. They name customers, so their folder is the owner's alone whoever else reads the version.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines import contents, durable
from pipelines.errors import Problem
from pipelines.home import Home

FOLDER: Final = "pages"
LIST: Final = "pages.json"

_STRICT = ConfigDict(frozen=True, strict=True, extra="forbid")
_Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]*\.(html|xlsx)$")]
_REMEDY: Final = "kundenwert run writes the pages of the current version anew; then find out who changed it"


class Part(BaseModel):
    """What is written together: from what, as one word, and the SHA-256 of each file by its name."""

    model_config = _STRICT

    made_from: str
    files: dict[_Name, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]]


class Pages(BaseModel):
    """The content of pages.json: the parts by name."""

    model_config = _STRICT

    format_version: Annotated[int, Field(ge=1, le=1)] = 1
    parts: dict[str, Part] = {}

    @property
    def files(self) -> dict[str, str]:
        """SHA-256 of every file, by its name."""
        return dict(item for part in self.parts.values() for item in sorted(part.files.items()))


def folder_of(version: Path) -> Path:
    """Where the pages of the version in that directory lie; a version of an earlier release has none."""
    return version / FOLDER


def listed(version: Path) -> Pages:
    """What belongs to the version; nothing where there is no list, or none that can be read."""
    try:
        return Pages.model_validate_json((folder_of(version) / LIST).read_bytes())
    except (OSError, ValidationError):
        return Pages()


def are_made(version: Path, part: str, made_from: str) -> bool:
    """Whether that part lies there as it was written, made from this."""
    found = listed(version).parts.get(part)
    return found is not None and found.made_from == made_from and not _altered(version, found.files)


def are_intact(version: Path, parts: Sequence[str]) -> bool:
    """Whether all these parts lie there as they were written, whatever they were made from."""
    found = listed(version).parts
    return all(part in found and not _altered(version, found[part].files) for part in parts)


def take(version: Path, part: str, made_from: str, files: Sequence[Path]) -> None:
    """Let the files just written into the version's folder be this part of it, in the place of what it was."""
    before = listed(version)
    made = Part(made_from=made_from, files={path.name: contents.of_file(path) for path in files})
    parts = dict(sorted({**before.parts, part: made}.items()))
    for name in set(before.files) - {name for each in parts.values() for name in each.files}:
        (folder_of(version) / name).unlink(missing_ok=True)
    durable.write_text(folder_of(version) / LIST, Pages(parts=parts).model_dump_json(indent=1) + "\n")


def clear_unlisted(version: Path) -> None:
    """Remove what lies in the version's folder of pages and is in no list: the beginnings of pages that could not be drawn.

    A version whose pages never came to be is left as it was published, without the folder.
    """
    folder, kept = folder_of(version), listed(version).files
    for path in sorted(folder.iterdir()):
        if path.name != LIST and path.name not in kept:
            path.unlink()
    if not kept:
        (folder / LIST).unlink(missing_ok=True)
        folder.rmdir()


def names(version: Path) -> frozenset[str]:
    """Every path below the version that its pages account for."""
    found = listed(version).files
    if not found:
        return frozenset()
    return frozenset({FOLDER, f"{FOLDER}/{LIST}", *(f"{FOLDER}/{name}" for name in found)})


def is_page(path: str) -> bool:
    """Whether a path below a version is that of its pages, or of one of them, listed or not."""
    return path.split("/", 1)[0] == FOLDER


def differences(version: Path, shown: str) -> Iterator[Problem]:
    """Pages that are not what was written, by the list beside them."""
    for name, what in _altered(version, listed(version).files).items():
        yield Problem("FILE_MISSING" if what is None else "FILE_ALTERED", what or _MISSING, f"{shown}/{name}", _REMEDY)


_MISSING: Final = "is in the list of pages, but not there"


def _altered(version: Path, files: dict[str, str]) -> dict[str, str | None]:
    """By path what is wrong with a file; None where there is none."""
    found: dict[str, str | None] = {}
    for name, sha256 in files.items():
        path = folder_of(version) / name
        if path.is_symlink() or (path.exists() and not path.is_file()):
            found[f"{FOLDER}/{name}"] = "is not a regular file any more"
        elif not path.exists():
            found[f"{FOLDER}/{name}"] = None
        elif contents.of_file(path) != sha256:
            found[f"{FOLDER}/{name}"] = "has other content (SHA-256) than the list of pages says"
    return found


def show(home: Home) -> None:
    """Let `reports/` hold a link per page of the version CURRENT names, through CURRENT: where that points, there the pages are.

    What the version has not is not shown: no page is better than another version's.
    """
    through = home.current / FOLDER
    for name in sorted(listed(home.current).files):
        point_to(home.reports / name, through / name)
    clear_dead_links(home.reports)


def point_to(target: Path, page: Path) -> None:
    """Let `target` lead to a page, relative to where it lies: a home that is moved or copied keeps its pages."""
    names_it = os.path.relpath(page, target.parent)
    if not target.is_symlink() or str(target.readlink()) != names_it:
        durable.make_directory(target.parent)
        durable.write_symlink(target, names_it)


def clear_dead_links(folder: Path) -> None:
    """Remove links that lead nowhere any more."""
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.is_symlink() and not path.exists():
            path.unlink()
