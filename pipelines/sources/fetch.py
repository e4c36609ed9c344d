"""A delivery that lies elsewhere, brought to where it can be read: a file out of a ZIP, the rows of a database as a file.

Belongs here: which way leads to which bytes. Not here: what they mean.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from pipelines.sources.database import write_rows
from pipelines.sources.locate import Found, FoundRows
from pipelines.sources.zip_file import unpack


def fetch(found: Found, target: Path) -> None:
    """Write what was found to `target`, a file that is there and only its owner reads; its directory is scratch space.

    Raises SourceError as `unpack` and `write_rows` do, OSError.
    """
    if isinstance(found, FoundRows):
        write_rows(found.query, found.name, target)
    elif found.member is None:
        shutil.copyfile(found.path, target)
    else:
        unpack(found.path, found.name, found.member, target)


def at_hand(found: Found, target: Path) -> Path:
    """Where the file lies that was found; one that lies elsewhere is fetched to `target` first. Raises as `fetch` does."""
    if isinstance(found, FoundRows) or found.member is not None:
        target.touch(mode=0o600)
        fetch(found, target)
        return target
    return found.path
