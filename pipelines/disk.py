"""What files take on the disk: each counts once however many names it has, a link is not followed, one that goes meanwhile is not there.

Belongs here: adding up. Not here: what is free (whoever needs room asks), what may go (retention, housekeeping).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_BLOCK_BYTES: Final = 512
"""In such blocks the system counts, whatever the disk's own are."""


def taken(*roots: Path) -> int:
    """Bytes that the files and everything below the folders take; 0 for what is not there."""
    return sum({(each.st_dev, each.st_ino): _bytes(each) for root in roots for each in _files(root)}.values())


def freed(*roots: Path) -> int:
    """Bytes that become free if these go: a file that has another name elsewhere frees nothing."""
    found = [each for root in roots for each in _files(root)]
    names = Counter((each.st_dev, each.st_ino) for each in found)
    alone = {key: _bytes(each) for each in found if names[key := (each.st_dev, each.st_ino)] == each.st_nlink}
    return sum(alone.values())


def _bytes(status: os.stat_result) -> int:
    return status.st_blocks * _BLOCK_BYTES


def _files(root: Path) -> Iterator[os.stat_result]:
    """Every name of a file below the root, or the root's own if it is one."""
    below = ((directory, name) for directory, _, names in os.walk(root) for name in names)
    places = below if root.is_dir() and not root.is_symlink() else [("", str(root))]
    for directory, name in places:
        try:
            yield os.lstat(os.path.join(directory, name))  # noqa: PTH118 - a home has many thousands of them
        except OSError:
            continue
