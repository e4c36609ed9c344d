"""One dbt invocation per run, inside this process, its events handed on while they happen.

Belongs here: dbt's arguments, its thread, its steps. Not here: what its results mean for publication
(data_quality.gate reads run_results.json). No child process: a killed run must leave nothing behind; and `dbt
--version`, which asks the package index, is never called.
"""

from __future__ import annotations

import logging
import queue
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orchestration.dbt import environment, inside, manifest
from orchestration.dbt.inside import DbtEvent, Node
from pipelines import steps
from pipelines.errors import KundenwertError, Problem
from pipelines.home import Home

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt_common.events.base_types import EventMsg

RESULTS: Final = "run_results.json"

STOP_SECONDS: Final = 20.0
"""How long an interrupted run waits for dbt to stop."""

LOG_NAME: Final = "dbt.log"
LOG_BYTES, LOG_FILES = 10_000_000, 5


def build_arguments(project_dir: Path, home: Home, selection: Sequence[str]) -> list[str]:
    """dbt's arguments for building `selection` (`--select ...`; empty: everything) of the project into the home."""
    return [
        "build",
        *("--project-dir", str(project_dir)),
        *("--profiles-dir", str(project_dir)),
        *("--target-path", str(home.dbt_target)),
        *("--log-path", str(home.logs)),
        *("--log-level", "none"),
        # dbt writes every one of its thousands of lines before it looks at their level; those that count are written here.
        *("--log-level-file", "none"),
        "--no-use-colors",
        "--no-send-anonymous-usage-stats",
        "--no-partial-parse",
        # Unit tests prove the models' logic in `make test`; a day's run has nothing new to prove there.
        *("--exclude-resource-type", "unit_test"),
        *selection,
    ]


def build(home: Home, selection: Sequence[str], project_dir: Path = manifest.PROJECT_DIR) -> Iterator[DbtEvent]:
    """Build the selection into the home's warehouse; yields the results of models and tests as they come.

    Failed models and tests do not raise: they stand in run_results.json, which the gate reads. Raises KundenwertError
    DBT_FAILED if dbt ended without results (a warehouse in use, an error in the project). Former results are removed
    first, so none of an earlier run is ever read. The warehouse is closed afterwards. The project must have been parsed
    (manifest.ensure_manifest).
    """
    home.dbt_target.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home.dbt_target / RESULTS).unlink(missing_ok=True)
    # What was parsed when definitions were loaded, even if a file changed since: results must fit the assets.
    parsed = project_dir / "target" / manifest.MANIFEST
    shutil.copyfile(parsed, home.dbt_target / manifest.MANIFEST)
    invocation = _Invocation(home, build_arguments(project_dir, home, selection), project_dir)
    with environment.prepared(home.warehouse):
        yield from invocation.events()
    if not (home.dbt_target / RESULTS).is_file():
        what = f"dbt ended before it built anything: {invocation.message()}"
        remedy = "correct what the message names (a warehouse open elsewhere, a model that does not parse), run again"
        raise KundenwertError(Problem("DBT_FAILED", what, "logs/dbt.log", remedy))


class _Invocation:
    """dbt in a thread of its own; the caller's thread takes the events off a queue."""

    def __init__(self, home: Home, arguments: list[str], project_dir: Path) -> None:
        self._home = home
        self._arguments = arguments
        self._project_dir = project_dir
        self._queue: queue.SimpleQueue[DbtEvent | None] = queue.SimpleQueue()
        self._steps: dict[str, AbstractContextManager[None]] = {}
        self._guard = threading.Lock()
        self._log = RotatingFileHandler(
            home.logs / LOG_NAME, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
        )
        self._result: dbtRunnerResult | None = None
        self._error: BaseException | None = None
        self._ended = False
        # A daemon: a query that cannot be interrupted must not keep an interrupted process alive.
        self._thread = threading.Thread(target=self._run, name="dbt", daemon=True)

    def events(self) -> Iterator[DbtEvent]:
        """Every result event until dbt has ended. Raises what dbt's thread raised."""
        self._thread.start()
        _running.add(self)
        try:
            while (event := self._next()) is not None:
                yield event
        finally:
            self.stop()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Let dbt end (interrupting it if it has not) and wait for it."""
        deadline = time.monotonic() + STOP_SECONDS
        while self._thread.is_alive() and time.monotonic() < deadline:
            self._thread.join(0.05)
            if not self._ended:
                inside.interrupt()
        _running.discard(self)

    def message(self) -> str:
        """What dbt said last, on one line."""
        exception = self._result.exception if self._result is not None else None
        return " ".join(str(exception or "no message").split())

    def _next(self) -> DbtEvent | None:
        while True:
            try:
                # Waiting without end would keep Ctrl-C from being seen.
                return self._queue.get(timeout=0.2)
            except queue.Empty:
                continue

    def _run(self) -> None:
        try:
            from dbt.cli.main import dbtRunner

            runner = dbtRunner(manifest=manifest.load_parsed(self._project_dir), callbacks=[self._hear])
            self._result = runner.invoke(self._arguments)
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread
            self._error = error
        finally:
            self._guarded(self._end_open_steps)
            self._guarded(inside.close_warehouse)
            self._log.close()
            self._ended = True
            self._queue.put(None)

    def _hear(self, event: EventMsg) -> None:
        """Called by dbt's threads with every event. Once telling it has failed, dbt is only waited for."""
        if self._error is None:
            self._guarded(lambda: self._tell(event))

    def _guarded(self, act: Callable[[], object]) -> None:
        """Do it; an error (whoever watched has closed the pipe) ends the caller's waiting.

        It must not leave a thread of dbt's: dbt waits for that thread for ever.
        """
        try:
            act()
        except Exception as error:  # noqa: BLE001 - raised in the caller's thread
            self._error = self._error or error
            self._queue.put(None)

    def _tell(self, event: EventMsg) -> None:
        if (line := inside.log_line(event)) is not None:
            self._log.emit(logging.makeLogRecord({"msg": line}))
        if (node := inside.begun(event)) is not None:
            self._begin(node)
        elif (node := inside.ended(event)) is not None:
            self._finish(node)
        elif (result := inside.result(event)) is not None:
            self._queue.put(result)

    def _begin(self, node: Node) -> None:
        step = steps.step(f"dbt {node.name}", self._home.logs)
        with self._guard:
            self._steps[node.unique_id] = step
        step.__enter__()

    def _finish(self, node: Node) -> None:
        with self._guard:
            step = self._steps.pop(node.unique_id, None)
        if step is not None:
            _leave(step, None if node.status in inside.GOOD else node.status)

    def _end_open_steps(self) -> None:
        with self._guard:
            left, self._steps = list(self._steps.values()), {}
        for step in left:
            _leave(step, "interrupted")


def _leave(step: AbstractContextManager[None], failure: str | None) -> None:
    """End a step as done or, with a reason, as failed."""
    if failure is None:
        step.__exit__(None, None, None)
        return
    error = RuntimeError(failure)
    try:
        step.__exit__(RuntimeError, error, None)
    except RuntimeError as raised:
        if raised is not error:
            raise


_running: Final[set[_Invocation]] = set()


def stop() -> None:
    """End dbt where a run was interrupted: nothing may go on building once the run lets go of the home's lock.

    An interrupted run leaves its generators half way, to be collected at some time; so the end of a run calls this.
    """
    for invocation in tuple(_running):
        invocation.stop()
