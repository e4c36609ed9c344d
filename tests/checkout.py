"""The files that belong to the project: what git keeps of the checkout, and what it will keep of work in progress.

Belongs here: only that list. Not here: what must hold of the files.
"""

from __future__ import annotations

import subprocess

from tests.conftest import REPOSITORY


def files(*patterns: str) -> list[str]:
    """Paths below the repository, of those patterns (none: all), as git lists them; one that was just deleted may still be among them."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
    )
    return listed.stdout.splitlines()
