"""A run's models and tests: the queries dbt compiled, executed in one connection to DuckDB in dbt's order.

Belongs here: executing, steps, results in dbt's words and file. Not here: what is built in which order (plan), what is
up to date (recipes), what results mean for publication (data_quality.gate reads run_results.json).

dbt writes the queries (when it is installed, and when a file of the project changed) and stays the reference: what `kundenwert dbt
build` builds is the same, relation by relation (tests/orchestration/dbt/test_reference.py). Executing them here costs a sixth of
dbt's own loop, most of which was spent on every node's Jinja, events and bookkeeping (docs/decisions.md).
"""

from __future__ import annotations

import json
import logging
import shutil
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import metadata
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final

import duckdb

from orchestration.dbt import manifest, on_spark, plan, recipes
from orchestration.dbt.plan import Node, Plan
from pipelines import contents, duck, durable, steps
from pipelines.contents import Relation, State
from pipelines.home import Home
from pipelines.quoting import identifier, literal
from pipelines.settings.spark import Spark

RESULTS: Final = "run_results.json"
PASSED: Final = "passed_tests.json"
"""Tests that passed, with what they passed on: on the same they pass again."""

CHECKPOINT_AT: Final = "256MB"
"""What may stand in the warehouse's journal. By itself DuckDB tidies it away after 16 MB of small tables, a second at a time in a warehouse
of a million lines; a run ends with it anyway."""

LOG_NAME: Final = "dbt.log"
LOG_BYTES, LOG_FILES = 10_000_000, 5

GOOD: Final = frozenset({"success", "reused", "pass", "warn"})
"""Statuses of nodes nothing has to stop for."""

_COUNTED_VIEWS: Final = "staging"
"""The schema whose views are counted: what was landed, cleaned. Others would be computed once more for a number nobody looks at."""

_RESULTS_SCHEMA: Final = "https://schemas.getdbt.com/dbt/run-results/v6.json"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a node, in dbt's words: success, reused, error, skipped; of a test pass, warn, fail, error, skipped.

    `failures`: the rows a test found. `content`: names the state the relation is in. `rows`: how many it has, where that was counted.
    """

    node: Node
    status: str
    seconds: float = 0.0
    message: str = ""
    failures: int | None = None
    content: str | None = None
    rows: int | None = None

    @property
    def is_good(self) -> bool:
        """False if the node failed or was not run."""
        return self.status in GOOD


def build(
    home: Home,
    selected: Collection[str] | None = None,
    project_dir: Path = manifest.PROJECT_DIR,
    spark: Spark | None = None,
) -> Iterator[Result]:
    """Build the nodes with these unique ids (None: all) into the home's warehouse; yields results as they come.

    A model whose recipe is the one it was built from is left as it is (`reused`). With `spark`, every table is computed there, anew, and
    comes back as Parquet; views, seeds and tests are DuckDB's as ever. Failed models and tests do not raise: they stand
    in run_results.json, which the gate reads; former results are removed first, so none of an earlier run is ever read. Raises
    LockedError WAREHOUSE_IN_USE, KundenwertError WAREHOUSE_UNREADABLE, OUT_OF_MEMORY, DISK_FULL, and as on_spark.compute does. Ctrl-C
    ends as KeyboardInterrupt, when the statement has stopped. The project must have been compiled (manifest.ensure_manifest).
    """
    home.dbt_target.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home.dbt_target / RESULTS).unlink(missing_ok=True)
    # What was compiled when definitions were loaded, even if a file changed since: results must fit the assets.
    shutil.copyfile(project_dir / "target" / manifest.MANIFEST, home.dbt_target / manifest.MANIFEST)
    project = plan.read(home.dbt_target / manifest.MANIFEST)
    computed = None
    if spark is not None:
        seeds = {
            node.relation: _seed_query(node, project_dir) for node in project.nodes.values() if node.kind == "seed"
        }
        computed = on_spark.compute(home, spark, project, selected, seeds)
    with _warehouse(home) as connection, duck.interruptible(connection) as execute, _log(home) as log:
        work = _Build(connection, execute, project, home, project_dir, log, computed)
        try:
            for unique_id, node in project.nodes.items():
                if selected is None or unique_id in selected:
                    yield work.run(node)
        finally:
            work.keep_passed()
    if computed is not None:
        on_spark.keep(home, computed)
    _write_results(home.dbt_target / RESULTS, work.results)


def stop() -> None:
    """Let go of the warehouse where a run was interrupted.

    An interrupted run leaves its generators half way, to be collected at some time; nothing may hold the file once the run lets go
    of the home's lock, so the end of a run calls this.
    """
    for connection in tuple(_open):
        connection.close()


_open: Final[list[duckdb.DuckDBPyConnection]] = []


@contextmanager
def _warehouse(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with duck.writing(home.warehouse, home.temporary) as connection:
        connection.execute(f"set checkpoint_threshold = {literal(CHECKPOINT_AT)}")
        _open.append(connection)
        try:
            yield connection
        finally:
            _open.remove(connection)


@contextmanager
def _log(home: Home) -> Iterator[RotatingFileHandler]:
    home.logs.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(home.logs / LOG_NAME, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    try:
        yield handler
    finally:
        handler.close()


class _FailedError(Exception):
    """A node failed, for the reason it says."""


class _Build:
    """One pass over the plan's nodes."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        execute: Callable[[str], duckdb.DuckDBPyConnection],
        project: Plan,
        home: Home,
        project_dir: Path,
        log: RotatingFileHandler,
        computed: on_spark.Computed | None = None,
    ) -> None:
        self._connection = connection
        self._execute = execute
        self._plan = project
        self._home = home
        self._project_dir = project_dir
        self._log = log
        self._computed = computed
        self._states = contents.states(connection)
        self._passed = _read_passed(home.dbt_target / PASSED)
        self._failed: list[str] = []
        self._schemas: set[str] = set()
        self.results: list[Result] = []

    def run(self, node: Node) -> Result:
        """Run one node as far as it has to be."""
        result = self._result(node)
        self.results.append(result)
        if not result.is_good:
            self._failed.append(node.unique_id)
        if result.seconds or not result.is_good:
            level = "info" if result.is_good else "error"
            line = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} [{level:<5}] {node.name}: {result.status} {result.message}"
            self._log.emit(logging.makeLogRecord({"msg": line.rstrip()}))
        return result

    def keep_passed(self) -> None:
        """Write what passed for the next run, without tests that are gone."""
        kept = {unique_id: recipe for unique_id, recipe in self._passed.items() if unique_id in self._plan.nodes}
        durable.write_text(self._home.dbt_target / PASSED, json.dumps(kept, indent=0, sort_keys=True))

    def _result(self, node: Node) -> Result:
        if self._plan.is_stopped(node.unique_id, self._failed):
            return Result(node, "skipped", message="something before it failed")
        # Of what Spark computed, no recipe says what it holds.
        recipe = None if self._elsewhere(node) is not None else recipes.recipe(node, self._states)
        if recipe is not None and (known := self._known(node, recipe)) is not None:
            return known
        began = time.monotonic()
        try:
            with steps.step(f"dbt {node.name}", self._home.logs):
                found = self._tested(node, recipe) if node.kind == "test" else self._built(node, recipe)
        except _FailedError as error:
            failed = error.args[0]
            assert isinstance(failed, Result)  # noqa: S101 - nothing else is given to it
            found = failed
        return replace(found, seconds=time.monotonic() - began)

    def _known(self, node: Node, recipe: str) -> Result | None:
        """What is known already: nothing it follows from has changed."""
        if node.kind == "test":
            if self._passed.get(node.unique_id) != recipe:
                return None
            return Result(node, "pass", message="as before, on the same rows", failures=0)
        state = self._states.get(node.relation)
        if state is None or (state.recipe, state.is_view) != (recipe, node.is_view):
            return None
        return Result(
            node, "reused", message="nothing it follows from has changed", content=state.content, rows=state.rows
        )

    def _elsewhere(self, node: Node) -> on_spark.Computed | None:
        """What Spark computed, if the node's rows are of it."""
        return self._computed if node.kind == "model" and not node.is_view else None

    def _built(self, node: Node, recipe: str | None) -> Result:
        """Make the relation. Of what Spark computed only tables promised to readers become tables here; everything else is a view
        over its files, which may be larger than this machine."""
        connection, relation, computed = self._connection, node.relation, self._elsewhere(node)
        if computed is not None and (said := computed.failed.get(node.unique_id)):
            raise _FailedError(Result(node, "error", message=f"Spark: {said}"))
        is_view = node.is_view if computed is None else not node.columns
        kind, query = "view" if is_view else "table", self._query(node) if computed is None else computed.query(node)
        before = self._states.pop(relation, None)
        self._ensure_schema(relation.schema)
        with _failing(node), _transaction(connection):
            if before is not None and before.is_view != is_view:
                connection.execute(f"drop {'view' if before.is_view else 'table'} {relation.sql}")
            self._execute(f"create or replace {kind} {relation.sql} as {query}")
            if broken := self._broken_promise(node):
                raise _FailedError(Result(node, "error", message=f"Contract Error: {broken}"))
            of_view = recipe if computed is None else computed.content(node)
            content = of_view if is_view else contents.of_table(connection, relation)
            # A view's rows are computed whenever they are counted; those of files stand in them.
            rows = None if node.is_view else self._count(relation)
            state = State(is_view, content, recipe, rows)
            contents.say(connection, relation, state)
        if node.is_view and relation.schema == _COUNTED_VIEWS:
            state = self._with_rows(relation, state)
        self._states[relation] = state
        return Result(node, "success", content=state.content, rows=state.rows)

    def _with_rows(self, relation: Relation, state: State) -> State:
        """A view with its rows counted, once per state of what it reads; what cannot be computed its readers say."""
        with suppress(duckdb.Error):
            state = replace(state, rows=self._count(relation))
            contents.say(self._connection, relation, state)
        return state

    def _count(self, relation: Relation) -> int:
        (rows,) = self._execute(f"select count(*) from {relation.sql}").fetchone() or (0,)
        return int(rows)

    def _ensure_schema(self, schema: str) -> None:
        if schema not in self._schemas:
            self._connection.execute(f"create schema if not exists {identifier(schema)}")
            self._schemas.add(schema)

    def _query(self, node: Node) -> str:
        if node.kind == "seed":
            return _seed_query(node, self._project_dir)
        if not node.columns:
            return node.sql
        return f"select {', '.join(identifier(name) for name, _ in node.columns)} from (\n{node.sql}\n)"

    def _broken_promise(self, node: Node) -> str:
        """What of the promised columns is not so; the order is theirs already."""
        if not node.columns:
            return ""
        promised = ", ".join(f"null::{kind} as {identifier(name)}" for name, kind in node.columns)
        pairs = zip(self._described(f"select {promised}"), self._described(f"from {node.relation.sql}"), strict=True)
        return ", ".join(
            f"{name} is promised as {want} and is {kind}" for (name, want), (_, kind) in pairs if want != kind
        )

    def _described(self, query: str) -> list[tuple[str, str]]:
        return [(name, str(kind)) for name, kind, *_ in self._connection.execute(f"{query} limit 0").description or ()]

    def _tested(self, node: Node, recipe: str | None) -> Result:
        assert node.verdict is not None  # noqa: S101 - plan gives every test one
        counted, warn_if, error_if = node.verdict.counted, node.verdict.warn_if, node.verdict.error_if
        query = f"select {counted}, {counted} {warn_if}, {counted} {error_if} from (\n{node.sql}\n) as a_test"
        with _failing(node):
            row = self._execute(query).fetchone()
        failures, warns, errs = row or (0, False, False)
        if node.verdict.may_fail and errs:
            said = f"Got {failures} results, configured to fail if {error_if}"
            raise _FailedError(Result(node, "fail", message=said, failures=failures))
        if warns:
            return Result(
                node, "warn", message=f"Got {failures} results, configured to warn if {warn_if}", failures=failures
            )
        if recipe is not None:
            self._passed[node.unique_id] = recipe
        return Result(node, "pass", failures=failures)


def _seed_query(node: Node, project_dir: Path) -> str:
    columns = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in node.columns)
    path = literal(project_dir / node.file)
    return f"select * from read_csv({path}, columns = {{{columns}}}, header = true, delim = ',', quote = '\"', nullstr = '')"


@contextmanager
def _failing(node: Node) -> Iterator[None]:
    """Turn an error of the engine into a failed node; want of memory or disk ends the run, with its code."""
    try:
        with duck.coded():
            yield
    except duckdb.Error as error:
        raise _FailedError(Result(node, "error", message=str(error))) from None


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.execute("begin")
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):
            connection.execute("rollback")
        raise
    connection.execute("commit")


def _read_passed(path: Path) -> dict[str, str]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _write_results(path: Path, results: Sequence[Result]) -> None:
    """run_results.json as dbt writes it: what reads dbt's reads this."""
    now = datetime.now(UTC)
    content: dict[str, Any] = {
        "metadata": {
            "dbt_schema_version": _RESULTS_SCHEMA,
            "dbt_version": metadata.version("dbt-core"),
            "generated_at": _moment(now),
            "invocation_id": str(uuid.uuid4()),
            "env": {},
        },
        "results": [_as_dbt_writes(result, now) for result in results],
        "elapsed_time": sum(result.seconds for result in results),
        "args": {"which": "build"},
    }
    durable.write_text(path, json.dumps(content))


def _as_dbt_writes(result: Result, now: datetime) -> dict[str, Any]:
    timing = {
        "name": "execute",
        "started_at": _moment(now - timedelta(seconds=result.seconds)),
        "completed_at": _moment(now),
    }
    return {
        "status": result.status,
        "timing": [timing],
        "thread_id": "Thread-1",
        "execution_time": result.seconds,
        "adapter_response": {},
        "message": result.message or None,
        "failures": result.failures,
        "unique_id": result.node.unique_id,
        "compiled": result.node.kind != "seed",
        "compiled_code": result.node.sql or None,
        "relation_name": None if result.node.kind == "test" else result.node.relation.sql,
    }


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"
