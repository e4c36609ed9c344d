"""What computes: the program's own files and the libraries results depend on, as one word.

Belongs here: only that. What was computed by another program is computed again. Not here: the dbt project
(orchestration.dbt.manifest), settings, data.
"""

from __future__ import annotations

import hashlib
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
        for path in sorted((_ROOT / package).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                content = path.read_bytes()
                digest.update(f"{path.relative_to(_ROOT).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()
