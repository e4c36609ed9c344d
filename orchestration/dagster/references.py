"""The files an asset is written in, as Dagster's metadata. Belongs here: only that; the paths are made when definitions are loaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg


def references(*files: Path) -> Mapping[str, Any]:
    """Metadata that names these files; the web UI opens them in an editor."""
    named = [dg.LocalFileCodeReference(file_path=str(file), label=file.name) for file in files]
    return {"dagster/code_references": dg.CodeReferencesMetadataValue(code_references=named)}
