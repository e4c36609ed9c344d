"""The part of requirements.lock the product itself needs, without the tools of its developers: what a server installs.

`python -m tools.runtime_lock` prints it, with versions, hashes and markers as they are locked. There is no second lock: who needs whom
stands in the lock's own comments, and pip refuses with --require-hashes if anything were missing. Belongs here: reading the two files
with the standard library alone (it runs before anything is installed). Not here: resolving (`make lock`).
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Final

REPOSITORY: Final = Path(__file__).resolve().parents[1]
_PINNED: Final = re.compile(r"^[A-Za-z0-9]", re.MULTILINE)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_VIA: Final = re.compile(r"^    #(?: via)? +([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)


def name_of(requirement: str) -> str:
    """The name of a requirement as indexes normalise it. Raises ValueError where none begins."""
    found = _NAME.match(requirement)
    if found is None:
        raise ValueError(f"no requirement: {requirement!r}")
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def blocks(lock: str) -> dict[str, str]:
    """Name -> what the lock says of it: the pin, its hashes, who asks for it."""
    begins = [found.start() for found in _PINNED.finditer(lock)]
    ends = [*begins[1:], len(lock)]
    found: dict[str, str] = {}
    # Some stand there twice, for an earlier and for a later Python.
    for begin, end in zip(begins, ends, strict=True):
        name = name_of(lock[begin:])
        found[name] = found.get(name, "") + lock[begin:end]
    return found


def asked_for(project: str) -> set[str]:
    """What pyproject.toml asks for at run time, and to be installed from its checkout."""
    said = tomllib.loads(project)
    return {name_of(each) for each in (*said["project"]["dependencies"], *said["build-system"]["requires"])}


def needed(lock: str, project: str) -> str:
    """The blocks that are asked for, or by another one that stays."""
    pinned = blocks(lock)
    askers = {name: {name_of(each) for each in _VIA.findall(block)} for name, block in pinned.items()}
    stays = asked_for(project)
    while more := {name for name, by in askers.items() if by & stays} - stays:
        stays |= more
    return "".join(block for name, block in pinned.items() if name in stays)


def main() -> None:
    """Print it."""
    read = [(REPOSITORY / name).read_text(encoding="utf-8") for name in ("requirements.lock", "pyproject.toml")]
    sys.stdout.write(needed(*read))


if __name__ == "__main__":
    main()
