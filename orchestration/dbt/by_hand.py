"""dbt as a person asks for it (`kundenwert dbt ...`), on the home's warehouse: every remedy is written that way.

Belongs here: which of dbt's commands may do what, where they leave their files, dbt's exit codes. Not here: options (dbt has
its own).
"""

from __future__ import annotations

import logging
import shutil
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Final

from orchestration.dbt import environment, inside, manifest, runner
from pipelines import duck, lock
from pipelines.errors import ExitCode, KundenwertError, Problem, UsageError
from pipelines.home import Home

READING: Final = frozenset({"compile", "debug", "docs", "list", "ls", "parse", "show"})
"""Commands that change no table. Every other one, also one of a later release, is taken for one that does."""

CHANGING: Final = frozenset(
    {"build", "clean", "clone", "deps", "init", "retry", "run", "run-operation", "seed", "snapshot", "source", "test"}
)
WITHOUT_WAREHOUSE: Final = frozenset({"", "clean", "deps", "init", "list", "ls", "parse"})
"""Commands that open no warehouse."""

LOOKING: Final = "by_hand"
"""Where reading commands leave their files, below the home's target: the gate reads there what the last run left."""

_HELP: Final = frozenset({"--help", "-h"})
_VERSION: Final = frozenset({"--version", "-V", "-v"})
_PARSED_OTHERWISE: Final = ("--target", "-t", "--profile", "--profiles-dir", "--project-dir", "--vars")
"""Options under which the project as it was parsed once is not the one that is asked for."""


def run(home: Home, arguments: Sequence[str], project_dir: Path = manifest.PROJECT_DIR) -> int:
    """Run dbt with the home's warehouse, target and logs; what it says goes to stdout. Returns dbt's exit code.

    A command that may change a table holds the home's lock and forgets the last run's results: the gate must not take them
    for results of the changed tables. Raises LockedError LOCKED if a run works in the home, WAREHOUSE_IN_USE if another
    program has the warehouse open, KundenwertError NO_WAREHOUSE if there is none yet, WAREHOUSE_UNREADABLE, DBT_USAGE if
    dbt does not know what it is asked, DBT_PARSE. Ctrl-C ends as KeyboardInterrupt, when dbt has stopped.
    """
    command = named(arguments)
    if not command and _VERSION & set(arguments):
        # dbt itself would ask the package index whether there is a newer one.
        releases = (f"{name} {metadata.version(name)}\n" for name in ("dbt-core", "dbt-duckdb", "duckdb"))
        sys.stdout.write("".join(releases))
        return 0
    if not command or _HELP & set(arguments):
        return invoke(arguments, home.warehouse, project_dir)
    if command in READING:
        return _run(home, command, arguments, project_dir, home.dbt_target / LOOKING)
    with lock.held(home):
        return _run(home, command, arguments, project_dir, home.dbt_target)


def named(arguments: Sequence[str]) -> str:
    """The command among dbt's arguments; "" if there is none."""
    known = READING | CHANGING
    words = [word for word in arguments if not word.startswith("-")]
    return next((word for word in words if word in known), words[0] if words else "")


def _run(home: Home, command: str, arguments: Sequence[str], project_dir: Path, target: Path) -> int:
    if command not in WITHOUT_WAREHOUSE:
        _expect_warehouse(home)
    home.prepare()
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    if command in CHANGING and command != "retry":
        (target / runner.RESULTS).unlink(missing_ok=True)
    if _is_as_parsed(arguments):
        shutil.copyfile(manifest.ensure_manifest(project_dir), target / manifest.MANIFEST)
    places = {"DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(home.logs), "DBT_LOG_LEVEL_FILE": "info"}
    return invoke(arguments, home.warehouse, project_dir, **places)


def invoke(arguments: Sequence[str], warehouse: Path, project_dir: Path = manifest.PROJECT_DIR, **more: str) -> int:
    """Run dbt on a warehouse, with `more` in its environment. Returns its exit code: 1 if a node failed, 2 if dbt did.

    Raises KundenwertError DBT_USAGE, DBT_PARSE; KeyboardInterrupt.
    """
    is_parsed = _is_as_parsed(arguments)
    if is_parsed:
        manifest.ensure_manifest(project_dir)
    places = {"DBT_PROJECT_DIR": str(project_dir), "DBT_PROFILES_DIR": str(project_dir)}
    with environment.prepared(warehouse, **places, **more):
        from dbt.cli.main import dbtRunner

        # Whoever reads may have seen enough (`| head`): that is no error to print the stack of, once per line.
        before, logging.raiseExceptions = logging.raiseExceptions, False
        parsed = manifest.load_parsed(project_dir) if is_parsed else None
        try:
            done = dbtRunner(manifest=parsed).invoke(list(arguments))
        finally:
            inside.close_warehouse()
            logging.raiseExceptions = before
    if done.success:
        return int(ExitCode.OK)
    if isinstance(done.exception, KeyboardInterrupt):
        raise KeyboardInterrupt
    if inside.is_usage(done.exception):
        # dbt leaves the printing of this kind to its own command line.
        what = " ".join(str(done.exception).split())
        raise UsageError(Problem("DBT_USAGE", what, "kundenwert dbt", "kundenwert dbt --help"))
    return 1 if done.exception is None else 2


def _is_as_parsed(arguments: Sequence[str]) -> bool:
    """True if the project as it was parsed once is the one that is asked for."""
    command = named(arguments)
    is_other = any(word.startswith(_PARSED_OTHERWISE) for word in arguments)
    return command in READING | CHANGING and command != "parse" and not is_other and not _HELP & set(arguments)


def _expect_warehouse(home: Home) -> None:
    """Raise what is the matter with the warehouse, before dbt tells it in its own way."""
    if not home.warehouse.is_file():
        what = "there is no warehouse in this home yet, so there is nothing to look at"
        raise KundenwertError(Problem("NO_WAREHOUSE", what, str(home.root), "kundenwert run, or name another --home"))
    # The door says in its own words who has the file, or that it is damaged.
    with duck.writing(home.warehouse):
        pass
