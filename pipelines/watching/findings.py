"""What is wrong with a home, as coded findings in every language. Belongs here: looking, and which words; not here: repairing, sending.

A finding holds codes, counts, names of tables and files of the home: never the content of a row, never a name of somebody. It can be sent.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.errors import ConfigError, ExitCode, Problem, VerifyError
from pipelines.home import Home
from pipelines.publishing import layout
from pipelines.publishing.rights import PASSED
from pipelines.publishing.verification import verify_directory
from pipelines.settings.sources import SourceMap
from pipelines.settings.workspace import PORTFOLIO_FILE, SOURCES_FILE, WAIVERS_FILE
from pipelines.vocabulary import Voice
from pipelines.watching.state import State
from pipelines.workshop import left_behind

_NO_FAILURES: Final = frozenset(("GATE_WAYS", "DBT_SKIPPED"))
"""What a red gate says beside its reasons: ways out, what was not run because of them."""
CONFIG_FILES: Final = (SOURCES_FILE, PORTFOLIO_FILE, WAIVERS_FILE)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: `matter` names it, the same as long as it is the same thing; `what` and `next` are keys of texts."""

    code: str
    matter: str
    where: str
    what: str
    next: str
    values: Mapping[str, object]

    def problem(self, voice: Voice) -> Problem:
        """The finding in a language."""
        values = {name: value(voice) if callable(value) else value for name, value in self.values.items()}
        return Problem(self.code, voice.say(self.what, **values), self.where, voice.say(self.next, **values))


def said_elsewhere(problem: Problem, next_key: str) -> Finding:
    """A problem somebody else found, in the catalogue's words for its code: what it says of itself it says in English only."""
    matter = f"{problem.code}:{problem.where}"
    return Finding(problem.code, matter, problem.where, f"error.{problem.code}", next_key, {})


def of_state(state: State, sources: SourceMap | None) -> Iterator[Finding]:
    """What the state alone shows: runs, sources, age of the version, disk."""
    yield from _of_runs(state, sources)
    for source in state.stale:
        values = {"table": source.table, "days": _number(source.age_days), "limit": _number(source.max_age_days)}
        matter = f"SOURCE_STALE:{source.table}"
        yield Finding("SOURCE_STALE", matter, source.table, "doctor.source_stale", "doctor.source_stale_next", values)
    limit = sources.alerts.no_version_days if sources is not None and sources.alerts is not None else None
    version = state.version
    if limit is not None and version is not None and version.age_days is not None and version.age_days > limit:
        values = {"version": version.name, "days": _number(version.age_days), "limit": _number(limit)}
        matter = f"VERSION_OLD:{version.name}"
        yield Finding("VERSION_OLD", matter, version.name, "doctor.version_old", "doctor.version_old_next", values)
    if state.disk.free_bytes < state.disk.needed_bytes:
        values = {"free": _megabytes(state.disk.free_bytes), "needed": _megabytes(state.disk.needed_bytes)}
        yield Finding("DISK_LOW", "DISK_LOW", str(state.home), "doctor.disk_low", "doctor.disk_low_next", values)


def _of_runs(state: State, sources: SourceMap | None) -> Iterator[Finding]:
    last = state.last_run
    if last is not None and last.is_failure:
        counted = Counter(each.code for each in last.failures if each.code not in _NO_FAILURES)
        codes = ", ".join(code if count == 1 else f"{code} ({count})" for code, count in sorted(counted.items()))
        where = ", ".join(
            dict.fromkeys(place for each in last.failures if (place := _known_place(each.where, sources)))
        )
        red = last.exit_code == ExitCode.GATE_RED
        code, what = ("GATE_RED", "doctor.gate_red") if red else ("RUN_FAILED", "doctor.run_failed")
        then = "doctor.gate_red_next" if red else "doctor.run_failed_next"
        values: dict[str, object] = {"codes": codes, "exit_code": last.exit_code}
        yield Finding(code, f"{code}:{last.exit_code}:{codes}:{where}", where, what, then, values)
    if state.dead is not None:
        dead = state.dead
        values = {"step": _step(dead.step), "pid": dead.pid, "began": lambda voice: voice.moment(dead.began_at)}
        matter = f"RUN_DEAD:{dead.pid}:{dead.began_at.isoformat()}"
        yield Finding("RUN_DEAD", matter, "logs/steps.jsonl", "doctor.run_dead", "doctor.run_dead_next", values)
    if (left := state.interrupted) is not None:
        values = {"step": _step(left.step), "pid": left.pid, "began": lambda voice: voice.moment(left.began_at)}
        matter = f"COMMAND_DEAD:{left.pid}:{left.began_at.isoformat()}"
        yield Finding("COMMAND_DEAD", matter, "logs/steps.jsonl", "doctor.command", "doctor.command_next", values)
    if state.holder is not None and not state.holder.is_alive and state.holder.pid is not None:
        pid = state.holder.pid
        matter = f"LOCK_ORPHANED:{pid}"
        yield Finding("LOCK_ORPHANED", matter, "run.lock", "doctor.lock", "doctor.lock_next", {"pid": pid})


def of_home(home: Home, holder_is_there: bool) -> Iterator[Finding]:
    """What the files of the home show: rights, versions, leftovers."""
    if not home.root.is_dir():
        yield Finding("NOTHING_PUBLISHED", "NOTHING_PUBLISHED", "", "error.NOTHING_PUBLISHED", "doctor.next_run", {})
        return
    yield from _of_rights(home)
    yield from _of_versions(home)
    left = sorted(_leftovers(home)) if not holder_is_there else []
    if left:
        where = ", ".join(left[:3]) + (", ..." if len(left) > 3 else "")
        values = {"count": _number(len(left))}
        yield Finding("HOME_LEFTOVERS", "HOME_LEFTOVERS", where, "doctor.leftovers", "doctor.leftovers_next", values)


def of_configuration(error: ConfigError) -> Iterator[Finding]:
    """What is wrong with the configuration."""
    return (said_elsewhere(problem, "doctor.next_config") for problem in error.problems)


def of_waiting_runs(runs: Iterable[tuple[str, str]], daemon_lives: bool, is_locked: bool) -> Iterator[Finding]:
    """Runs of the web server and the daemon that nobody works on: (id, status). One that has begun holds the home's lock."""
    for run, status in runs:
        if status == "QUEUED" and not daemon_lives:
            yield Finding(
                "RUN_WAITS", f"RUN_WAITS:{run}", f"run {run}", "doctor.run_waits", "doctor.run_waits_next", {}
            )
        elif status != "QUEUED" and not is_locked:
            values = {"status": status}
            yield Finding(
                "RUN_DEAD", f"RUN_DEAD:{run}", f"run {run}", "doctor.run_left", "doctor.run_left_next", values
            )


def unreadable_history() -> Finding:
    """The history of the web server's runs is damaged."""
    return Finding("HISTORY_UNREADABLE", "HISTORY_UNREADABLE", "dagster/", "doctor.history", "doctor.history_next", {})


def _of_rights(home: Home) -> Iterator[Finding]:
    mode = home.root.stat().st_mode & 0o777
    if mode & ~PASSED:
        values = {"mode": f"{mode:04o}", "command": f"chmod 700 {home.root}"}
        yield Finding("HOME_RIGHTS", "HOME_RIGHTS", str(home.root), "doctor.rights", "doctor.rights_next", values)
    key = home.secret
    if key.is_file() and (mode := key.stat().st_mode & 0o777) & 0o077:
        values = {"mode": f"{mode:04o}", "command": f"chmod 600 {key}"}
        yield Finding("HOME_RIGHTS", f"HOME_RIGHTS:{key.name}", key.name, "doctor.rights", "doctor.rights_next", values)
    closed = [each for each in (home.root, home.published, home.logs) if each.is_dir() and not _is_writable(each)]
    if closed:
        where = ", ".join(str(each) for each in closed)
        yield Finding("HOME_READ_ONLY", "HOME_READ_ONLY", where, "doctor.read_only", "doctor.read_only_next", {})


def _is_writable(directory: Path) -> bool:
    """Whether files can be made there: rights, and a file system that takes them."""
    return os.access(directory, os.W_OK | os.X_OK) and not os.statvfs(directory).f_flag & os.ST_RDONLY


def _of_versions(home: Home) -> Iterator[Finding]:
    try:
        number = layout.needed_version(home)
        verify_directory(layout.existing_directory(home, number), number)
    except VerifyError as error:
        for problem in error.problems:
            then = "doctor.next_run" if problem.code == "NOTHING_PUBLISHED" else "doctor.next_version"
            yield said_elsewhere(problem, then)


def _leftovers(home: Home) -> Iterator[str]:
    """What dead processes left in scratch space, and versions half built or half removed."""
    yield from (f"tmp/{path.name}" for path in left_behind(home.temporary))
    for path in home.published.iterdir() if home.published.is_dir() else ():
        if path.name.startswith((layout.BUILDING, layout.PRUNING)):
            yield f"published/{path.name}"


_PLACE: Final = re.compile(
    r"""(?:quarantine\.)?(?:dim|fct|int|mart|stg)_\w+(?:\.\w+)?   # a model, or a column of one
    |legal\ entity\ \w{1,10}|period\ [\d-]+|account\ group\ \w+|batch\ [0-9a-f]+|\d{4}(?:-\d\d)?|[A-Z]{3}|dbt""",
    re.VERBOSE,
)
"""Parts of places that the program writes itself."""


def _known_place(where: str, sources: SourceMap | None) -> str:
    """The parts of the place that the program or the configuration names: a table, a file as declared, a period, a line of a file.

    What a delivered file is called, and what else a place may quote, may name a customer, and is left out.
    """
    return ", ".join(part for each in where.split(", ") if (part := _known_part(each, sources)))


def _known_part(where: str, sources: SourceMap | None) -> str:
    if _PLACE.fullmatch(where):
        return where
    path, _, line = where.rpartition(":")
    path, at = (path, f":{line}") if path and line.isdigit() else (where, "")
    if Path(path).name in CONFIG_FILES:
        return f"{Path(path).name}{at}"
    if sources is None:
        return ""
    declared = {file.path for file in sources.files.values()} | set(sources.files)
    if path in declared:
        return f"{path}{at}"
    table = path.removeprefix("quarantine.").partition(".")[0]
    return table if table in sources.tables else ""


def _step(name: str) -> str:
    """The step as far as the program names it: what follows a colon may be a file's name."""
    return name.partition(":")[0][:60]


def _number(value: int | None) -> object:
    return lambda voice: voice.number(value)


def _megabytes(count: int) -> object:
    return lambda voice: voice.number(count // 1_000_000)
