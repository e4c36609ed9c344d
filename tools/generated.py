"""Files that a program writes: comparing and writing them, for every generator of tools/. Not here: their texts."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

REPOSITORY: Final = Path(__file__).resolve().parents[1]


def stale(texts: Mapping[Path, str], repository: Path = REPOSITORY) -> tuple[Path, ...]:
    """The files, by their path below the repository, that are missing or do not hold their text."""
    return tuple(
        path
        for path, text in texts.items()
        if not (repository / path).is_file() or (repository / path).read_text(encoding="utf-8") != text
    )


def write_or_check(texts: Mapping[Path, str], command: str, arguments: Sequence[str]) -> int:
    """Write the files that differ, or with `--check` name them and return 1. `command` is what writes them."""
    different = stale(texts)
    if "--check" in arguments:
        for path in different:
            sys.stderr.write(f"{path} is not what is generated; run `python -m {command}`\n")
        return 1 if different else 0
    for path in different:
        (REPOSITORY / path).parent.mkdir(parents=True, exist_ok=True)
        (REPOSITORY / path).write_text(texts[path], encoding="utf-8")
        sys.stdout.write(f"written: {path}\n")
    return 0
