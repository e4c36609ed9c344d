"""Whom of the machine's users a version lets in: a group per audience reads that audience's folder and nothing beyond it.

Belongs here: modes and groups of what is published. Not here: which group (config/sources.yml, `readers`), roles of a database
(postgresql). Without a group a folder is the owner's alone.
"""

from __future__ import annotations

import grp
import os
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Final

from pipelines.errors import KundenwertError, Problem
from pipelines.home import Home
from pipelines.publishing.tables import AUDIENCES, Audience

PASSED: Final = 0o711
"""A directory that leads to what somebody may read: who knows a name in it gets there, nobody else sees what is in it."""
CLOSED: Final = 0o700
OPENED: Final = 0o750
READ: Final = 0o440
"""Nobody opens a published file to write by mistake."""


def let_in(home: Home, versions: Sequence[Path], readers: Mapping[Audience, str]) -> None:
    """Give the folders of versions to the groups that read them: `readers` is audience -> name of the group.

    The way there (home, published/, the version) is passable if anybody is let in; what lies above home is its owner's. Files that a
    version shares with others are theirs, too. Raises KundenwertError READERS_DENIED where the user may not give a group files; then some
    may have changed hands.
    """
    for directory in (home.root, home.published, *versions):
        directory.chmod(PASSED if readers else CLOSED)
    for version, audience in product(versions, AUDIENCES):
        folder, group = version / audience, readers.get(audience)
        if group is None:
            folder.chmod(CLOSED)
            continue
        for file in folder.iterdir():
            _give(file, group, READ)
        _give(folder, group, OPENED)


def _give(path: Path, group: str, mode: int) -> None:
    """The group first: a mode that lets a group in must not meet the group before."""
    try:
        os.chown(path, -1, grp.getgrnam(group).gr_gid)
    except PermissionError as error:
        what = f"published files cannot be given to the group '{group}'"
        remedy = "make the user who runs kundenwert a member of it (usermod -aG), and log in again"
        raise KundenwertError(Problem("READERS_DENIED", what, "published/", remedy)) from error
    path.chmod(mode)
