"""The pages and workbooks of a version: which there are, and that they lie in it.

Belongs here: both pages put together for a version. Not here: what is on them (portfolio, controlling), which files belong to a version
(pipelines.publishing.pages).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pipelines import contents, durable, program
from pipelines.home import Home
from pipelines.publishing import pages as belonging
from pipelines.settings.workspace import Workspace
from pipelines.showing.controlling import page as controlling_page
from pipelines.showing.controlling.query import read_controlling
from pipelines.showing.controlling.workbook import write_workbooks
from pipelines.showing.portfolio import page as portfolio_page

PORTFOLIO: Final = "portfolio"
CONTROLLING: Final = "controlling"

_Write = Callable[[Path, Path, Workspace], tuple[Path, ...]]


def write(version: Path, target: Path, workspace: Workspace) -> tuple[Path, ...]:
    """Write all pages and workbooks of the version in that directory into the folder `target`; returns their paths.

    Raises VerifyError where the version lacks what they show, or cannot be read.
    """
    durable.make_directory(target)
    return tuple(path for part in PARTS.values() for path in part(version, target, workspace))


def put_into(version: Path, workspace: Workspace) -> None:
    """Write all pages into the version they are of. Raises as `write`."""
    for part in PARTS:
        _put(version, part, workspace)


def refresh(home: Home, part: str, workspace: Workspace) -> None:
    """Let a part of the current version's pages be what this release and configuration make of it, where it is not; `reports/` leads there.

    Raises as `write`.
    """
    version = home.current.resolve()
    if not belonging.are_made(version, part, _made_from(workspace)):
        _put(version, part, workspace)
    belonging.show(home)


def are_whole(version: Path) -> bool:
    """Whether all pages lie in the version as they were written."""
    return belonging.are_intact(version, tuple(PARTS))


def _put(version: Path, part: str, workspace: Workspace) -> None:
    folder = belonging.folder_of(version)
    durable.make_directory(folder)
    try:
        written = PARTS[part](version, folder, workspace)
    except BaseException:
        belonging.clear_unlisted(version)
        raise
    belonging.take(version, part, _made_from(workspace), written)


def _write_portfolio(version: Path, target: Path, workspace: Workspace) -> tuple[Path, ...]:
    context = portfolio_page.PageContext.of(workspace)
    return (portfolio_page.write_page(version, target / workspace.home.portfolio_page.name, context),)


def _write_controlling(version: Path, target: Path, workspace: Workspace) -> tuple[Path, ...]:
    context = controlling_page.PageContext(workspace.sources.company)
    told = read_controlling(version)
    page = controlling_page.write_page(told, target / workspace.home.controlling_page.name, context)
    return (page, *write_workbooks(told, target, context))


PARTS: Final[Mapping[str, _Write]] = {PORTFOLIO: _write_portfolio, CONTROLLING: _write_controlling}
"""What is written together, by name."""


def _made_from(workspace: Workspace) -> str:
    """What pages follow from beside their version."""
    return contents.digest([_drawn_by(), workspace.sources.company, workspace.portfolio.model_dump_json()])


@cache
def _drawn_by() -> str:
    """The program with the templates, styles and scripts of its pages."""
    digest = hashlib.sha256(program.fingerprint().encode())
    for folder in (portfolio_page.TEMPLATES, controlling_page.TEMPLATES):
        program.add_files(digest, folder, sorted(folder.rglob("*")))
    return digest.hexdigest()
