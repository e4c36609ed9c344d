"""Starts the command line as a person would: a process of its own, a home of its own, the real configuration files.

Belongs here: only how to start it and how to read what it published.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.conftest import REPOSITORY
from tests.forks import forked
from tests.patience import PATIENCE_SECONDS

COMMAND = Path(sys.executable).with_name("kundenwert")


@dataclass(frozen=True, slots=True)
class Company:
    """A configuration directory and a home directory."""

    config: Path
    home: Path

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`kundenwert --config ... --home ... <arguments>`, to its end."""
        return subprocess.run(
            [str(COMMAND), "--config", str(self.config), "--home", str(self.home), *arguments],
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
            cwd=REPOSITORY,
            env={**os.environ, "COLUMNS": "160", **environment},
        )

    def fork(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """As `run`, forked from a process that has done the imports: for tests that need many runs.

        All forks have one hash seed, so a comparison of two runs needs one that is not forked.
        """
        command = ["--config", str(self.config), "--home", str(self.home), *arguments]
        return forked(_main, command, environment={"COLUMNS": "160", **environment})

    def succeed(self, *arguments: str, **environment: str) -> str:
        """Run and expect exit code 0; the output of the failed process is the message otherwise."""
        return _succeeded(self.run(*arguments, **environment))

    def fork_and_succeed(self, *arguments: str, **environment: str) -> str:
        """Fork and expect exit code 0."""
        return _succeeded(self.fork(*arguments, **environment))

    @property
    def current(self) -> Path:
        """The version CURRENT points to."""
        return (self.home / "published" / "CURRENT").resolve()

    def serving(self, audience: str = "bi") -> duckdb.DuckDBPyConnection:
        """What BI tools open."""
        return duckdb.connect(str(self.current / audience / "serving.duckdb"), read_only=True)

    def published_bytes(self) -> dict[str, str]:
        """SHA-256 of every Parquet file of the current version, by its path inside it."""
        return digests(self.current, "*.parquet")

    def raw_bytes(self) -> dict[str, str]:
        """SHA-256 of every landed Parquet file, by its path inside the home."""
        return digests(self.home / "landing", "*.parquet")

    def steps(self) -> list[tuple[str, str]]:
        """(event, step) of the step log, in order."""
        lines = (self.home / "logs" / "steps.jsonl").read_text(encoding="utf-8").splitlines()
        return [(record["event"], record["step"]) for record in map(json.loads, lines)]


def _succeeded(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _main(command: list[str]) -> None:
    """The command line, in a forked process."""
    from orchestration.commands.app import main

    sys.argv = [str(COMMAND), *command]
    main()


def digests(folder: Path, pattern: str) -> dict[str, str]:
    """SHA-256 by relative path of the files below `folder` that match."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob(pattern))
        if path.is_file()
    }
