"""What several commands take: the places they work in, `--json`, `--as-of`. Belongs here: only that.

Nothing slow is imported here or at the top of any command: `kundenwert --help` reads them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Optional

import typer

from pipelines.home import Home

Json = Annotated[bool, typer.Option("--json", help="Print facts (and errors) as JSON.")]

PublishedDay = Annotated[
    Optional[str],  # noqa: UP045 - typer reads this at run time
    typer.Option("--as-of", metavar="DATE", help="A published month end; default: the latest."),
]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the configuration is and where state lives."""

    config_dir: Path
    home: Home
