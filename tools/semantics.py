"""The semantic models and metrics as they are written: dbt_project/models/marts/_semantics.yml.

Belongs here: reading the file, which mart a model stands on. Not here: what is made of it (tools.dax, bi.superset).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import yaml

from tools import generated

SEMANTICS: Final = Path("dbt_project/models/marts/_semantics.yml")
_TABLE: Final = re.compile(r"ref\(.(\w+).\)")


def read() -> dict[str, Any]:
    """The file: `semantic_models` and `metrics`."""
    found: dict[str, Any] = yaml.safe_load((generated.REPOSITORY / SEMANTICS).read_text(encoding="utf-8"))
    return found


def table_of(model: dict[str, Any]) -> str:
    """The mart a semantic model stands on. Raises ValueError if it stands on none."""
    found = _TABLE.fullmatch(model["model"])
    if found is None:
        raise ValueError(f"{model['name']} stands on no mart: {model['model']}")
    return found[1]
