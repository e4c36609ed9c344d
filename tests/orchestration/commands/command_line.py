"""The command line in this process, on the golden example's configuration. Belongs here: only calling it."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from orchestration.commands.app import app

GOLDEN = Path(__file__).parents[2] / "golden" / "config"


def kundenwert(home: Path, *arguments: str, config: Path = GOLDEN) -> Result:
    """`kundenwert --config ... --home ... <arguments>`."""
    command = ["--config", str(config), "--home", str(home), *arguments]
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, command)
