"""The direct sources of every column of every model, kept in the home, for Dagster's lineage of columns.

Belongs here: making and reading that file. Not here: reading queries (lineage), Dagster's words for it (assets). It is made when the web UI
is opened, not by a run: following some three thousand columns takes seconds, and nobody looks at them who does not open it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from orchestration.dbt import manifest
from orchestration.dbt.lineage import Queries
from pipelines import durable
from pipelines.errors import KundenwertError
from pipelines.home import Home

FILE: Final = "column_lineage.json"

Sources = Mapping[str, Mapping[str, list[list[str]]]]
"""`schema.table` -> column -> [schema, table, column] of each column it is made of."""


def prepare(home: Home, project_dir: Path = manifest.PROJECT_DIR) -> None:
    """Make the file if it is not that of the compiled project; nothing where nothing was built yet. A help, never a reason to stop."""
    if not home.warehouse.is_file():
        return
    compiled = manifest.ensure_manifest(project_dir)
    if read(home, compiled):
        return
    with suppress(KundenwertError, OSError):
        kept = {"of": _digest(compiled), "sources": Queries(home, project_dir).direct()}
        durable.write_text(_path(home), json.dumps(kept, separators=(",", ":")))


def read(home: Home, compiled: Path) -> Sources:
    """What is known of the project compiled as this manifest; empty if nothing is."""
    try:
        kept = json.loads(_path(home).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    sources: Sources = kept["sources"] if kept.get("of") == _digest(compiled) else {}
    return sources


def _path(home: Home) -> Path:
    return home.dbt_target / FILE


def _digest(compiled: Path) -> str:
    return hashlib.sha256(compiled.read_bytes()).hexdigest()
