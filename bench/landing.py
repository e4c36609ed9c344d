"""Only the product's landing: `python -m bench.landing CONFIG HOME`. Belongs here: calling it for every table, as the raw assets do."""

from __future__ import annotations

import sys
from pathlib import Path

from pipelines.contracts import load_contracts
from pipelines.home import Home
from pipelines.landing.land import land_table
from pipelines.settings.workspace import open_workspace


def land(config: Path, home: Path) -> None:
    """Land what is delivered into a home."""
    workspace = open_workspace(config, Home.at(home).prepare())
    for table in load_contracts():
        land_table(workspace, table)


if __name__ == "__main__":
    land(Path(sys.argv[1]), Path(sys.argv[2]))
