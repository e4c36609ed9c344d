"""What computes: the program's own files and the libraries results depend on, as one word.

Belongs here: only that. What was computed by another program is computed again. Not here: the dbt project
(orchestration.dbt.manifest), settings, data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parents[1]
_PACKAGES: Final = ("data_quality", "orchestration", "pipelines")
_LIBRARIES: Final = ("babel", "duckdb", "great-expectations", "numpy", "pandas", "pyarrow")


@cache
def fingerprint() -> str:
    """SHA-256 over every file of the program and the releases of what it computes with."""
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        digest.update(f"{library} {metadata.version(library)}\n".encode())
    for package in _PACKAGES:
        add_files(digest, _ROOT, sorted((_ROOT / package).rglob("*")))
    return digest.hexdigest()


def add_files(digest: hashlib._Hash, root: Path, paths: Iterable[Path]) -> None:
    """Add names below `root` and contents of the files among these paths; what Python compiled does not count."""
    for path in paths:
        if path.is_file() and path.suffix != ".pyc":
            content = path.read_bytes()
            digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode() + content)
