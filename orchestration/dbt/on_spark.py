"""A run's models on a Spark: dbt executes them there (dbt-spark, over the Thrift server), and their tables come back as Parquet.

Belongs here: what Spark reads, dbt's run there, where its files lie, and what may go wrong with a cluster, as codes. Not here: where the
Spark is (pipelines.settings.spark), what a query is in its dialect (dbt_project/macros/engine.sql), what becomes of the tables (runner).

Both see the home's file system. Below `spark/<number>/`:
    inputs/   links to the committed Parquet files, one folder per table, so that what is landed later, or was never committed, is not read
    tables/   what Spark computes: a folder per schema and table
    dbt/      profile, target and log of dbt
Spark's own catalogue knows the tables only while a run works: schemas of one's own, gone afterwards; the files stay.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import duckdb
import yaml

from orchestration.dbt import environment, manifest
from orchestration.dbt.plan import Node, Plan
from pipelines import contents, duck, durable, steps
from pipelines.contents import Relation
from pipelines.contracts import load_contracts
from pipelines.errors import KundenwertError, Problem
from pipelines.home import Home
from pipelines.landing import warehouse
from pipelines.quoting import identifier, literal
from pipelines.settings.spark import Spark

SESSION: Final[Mapping[str, str]] = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    # A moment is one without a zone, as in the files.
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    # Conditions that follow from others are not looked for: with as many columns as a model has, that takes longer than the model.
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.sql.sources.default": "parquet",
    # A row takes some thirty times the room of its bytes in the file. Without that, what looks small is sent to every worker, and does
    # not fit into the driver.
    "spark.sql.sources.fileCompressionFactor": "30",
}
"""Of every session. What stands in the block `spark.settings` comes on top."""

TYPES: Final[Mapping[str, str]] = {
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "double",
    "INTEGER": "int",
    "SMALLINT": "smallint",
    "TIMESTAMP": "timestamp_ntz",
    "VARCHAR": "string",
}
"""DuckDB's types of what is landed -> Spark's. Decimals are written alike."""

CURRENT: Final = "current"
"""In `spark/`: the number of the folder whose tables the warehouse shows."""

POLL_SECONDS: Final = 0.1
CONNECT_SECONDS: Final = 10
ANSWER_SECONDS: Final = 60
"""So long a cluster may take to count to one, when it is asked whether it is there."""

INSTALL: Final = "make install-spark installs it into the same environment"


@dataclass(frozen=True, slots=True)
class Computed:
    """What Spark made of the models."""

    tables: Path
    failed: Mapping[str, str]
    """Unique id of a model -> what Spark or dbt said."""

    def query(self, node: Node) -> str:
        """The rows of a table Spark made. Columns where they are promised, in their order."""
        columns = ", ".join(identifier(name) for name, _ in node.columns) or "*"
        return f"select {columns} from read_parquet({literal(self._folder(node) / '*.parquet')}, hive_partitioning = false)"

    def content(self, node: Node) -> str:
        """Names what the table holds: Spark gives no two files one name."""
        return contents.digest(sorted(path.name for path in self._folder(node).glob("*.parquet")))

    def _folder(self, node: Node) -> Path:
        return self.tables / node.relation.schema / node.relation.name


def compute(
    home: Home, spark: Spark, project: Plan, selected: Collection[str] | None, seeds: Mapping[Relation, str]
) -> Computed:
    """Let Spark compute the selected models (None: all); `seeds`: what each seed holds, as DuckDB reads it.

    A model that fails is told in the result, and stops those that read it; nothing in the warehouse changes. Raises KundenwertError
    SPARK_MISSING, SPARK_UNREACHABLE, SPARK_PLACE, SPARK_LOST, SPARK_FAILED.
    """
    place = _Place(home, spark)
    with steps.step("spark: what it reads", home.logs), _session(spark) as ask:
        place.prepare()
        ask.forget(place.family)
        for schema in sorted(
            {*warehouse.SCHEMAS, *(node.relation.schema for node in project.nodes.values() if node.kind != "test")}
        ):
            ask(f"create database {place.prefix}{schema} location {literal(place.seen(place.tables / schema))}")
        for name, columns in place.lay_out(seeds):
            ask(
                f"create table {place.prefix}{name} ({columns}) using parquet location {literal(place.seen(place.inputs / name))}"
            )
    try:
        failed = _run(place, project, selected)
    finally:
        # The catalogue would delete the files with their tables.
        durable.rename(place.tables, place.kept)
        with suppress(KundenwertError), _session(spark) as ask:
            ask.forget(place.family)
    return Computed(place.kept, failed)


def keep(home: Home, computed: Computed) -> None:
    """The warehouse shows these tables now: whatever else lies there may go."""
    number = computed.tables.parent.name
    durable.write_text(home.spark / CURRENT, number)
    _remove_but(home, number)


def probe(home: Home, spark: Spark) -> None:
    """Ask for one row that only a worker can read and write, in a folder of the home. Raises as `compute` does."""
    place = _Place(home, spark, "probe")
    try:
        with _session(spark) as ask:
            folder = place.inputs / "probe"
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise _misplaced(place, f"this machine cannot write there: {error.strerror}") from error
            with duck.memory() as connection:
                duck.write_parquet(connection, "select 42 as answer", folder / "part-0.parquet")
            made = place.tables / "probe"
            _expect_place(place, ask, folder, made)
    finally:
        shutil.rmtree(place.root, ignore_errors=True)


def _expect_place(place: _Place, ask: _Ask, folder: Path, made: Path) -> None:
    try:
        ask(
            f"insert overwrite directory {literal(place.seen(made))} using parquet "
            f"select answer + 0 as answer from parquet.`{place.seen(folder)}`"
        )
    except _RefusedError as error:
        raise _misplaced(place, f"Spark cannot read or write there: {error}") from error
    try:
        with duck.memory() as connection:
            rows = connection.execute(f"select answer from read_parquet({literal(made / '*.parquet')})").fetchall()
    except duckdb.Error:
        rows = []
    if rows != [(42,)]:
        raise _misplaced(place, "what Spark writes there does not arrive here")


def _misplaced(place: _Place, what: str) -> KundenwertError:
    remedy = "the home must lie where the cluster sees it, for the same user: spark.sees_home_at names its path there"
    return KundenwertError(Problem("SPARK_PLACE", what, place.seen(place.root), remedy))


class _Place:
    """A folder of its own below `spark/`."""

    def __init__(self, home: Home, spark: Spark, name: str = "") -> None:
        self.spark = spark
        self.logs = home.logs
        self._home = home
        self.number = name or str(1 + max((int(each.name) for each in _numbered(home)), default=0))
        self.root = home.spark / self.number
        self.inputs, self.tables, self.kept, self.dbt = (
            self.root / each for each in ("inputs", "tables", "kept", "dbt")
        )
        # No two homes of a cluster meet, nor a run and one that was killed and whose dbt still works.
        self.family = f"kundenwert_{contents.digest(str(home.root))[:8]}_"
        self.prefix = f"{self.family}{self.number}_"

    def prepare(self) -> None:
        """Make it, without what failed or killed runs left beside it."""
        current = self._home.spark / CURRENT
        _remove_but(self._home, current.read_text(encoding="utf-8") if current.is_file() else "")
        self.tables.mkdir(mode=0o700, parents=True)

    def seen(self, path: Path) -> str:
        """As the cluster knows it."""
        return self.spark.seen(PurePosixPath(path), PurePosixPath(self._home.root))

    def lay_out(self, seeds: Mapping[Relation, str]) -> Iterator[tuple[str, str]]:
        """Lay out what is read; yields each table with its columns and their types in Spark's words."""
        found = warehouse.files(self._home, load_contracts())
        with duck.memory(self._home.temporary) as connection:
            for (schema, table), files in found.items():
                folder = self.inputs / f"{schema}.{table}"
                folder.mkdir(parents=True)
                for number, file in enumerate(files):
                    place = folder / f"part-{number:06}.parquet"
                    if not durable.share_file(file.resolve(), place):
                        shutil.copyfile(file, place)
                yield folder.name, _columns(connection, folder)
            for relation, query in seeds.items():
                folder = self.inputs / f"{relation.schema}.{relation.name}"
                folder.mkdir(parents=True)
                duck.write_parquet(connection, query, folder / "part-000000.parquet")
                yield folder.name, _columns(connection, folder)


def _columns(connection: duckdb.DuckDBPyConnection, folder: Path) -> str:
    rows = f"read_parquet({literal(folder / '*.parquet')}, union_by_name = true, hive_partitioning = false)"
    described = connection.execute(f"describe select * from {rows}").fetchall()
    return ", ".join(f"`{name}` {TYPES.get(kind, str(kind).lower())}" for name, kind, *_ in described)


def _numbered(home: Home) -> list[Path]:
    return [each for each in home.spark.glob("*") if each.name.isdigit()]


def _remove_but(home: Home, kept: str) -> None:
    for each in _numbered(home):
        if each.name != kept:
            shutil.rmtree(each, ignore_errors=True)


class _RefusedError(Exception):
    """Spark refused a statement."""


class _Ask:
    """A session; called with a statement it gives its rows."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def __call__(self, statement: str) -> list[tuple[Any, ...]]:
        from pyhive.exc import Error

        try:
            self._cursor.execute(statement)
            return list(self._cursor.fetchall()) if self._cursor.description else []
        except Error as error:
            raise _RefusedError(_said(error)) from error

    def forget(self, family: str) -> None:
        """Drop every schema whose name begins so."""
        for (schema,) in self(f"show databases like {literal(family + '*')}"):
            with suppress(_RefusedError):
                self(f"drop database {schema} cascade")


def _said(error: Exception) -> str:
    """What Spark said, without the frames of its stack."""
    status = getattr(error.args[0], "status", None) if error.args else None
    text = getattr(status, "errorMessage", None) or str(error)
    return " ".join(text.split())[:600]


@contextmanager
def _session(spark: Spark) -> Iterator[_Ask]:
    """A session of the Thrift server. Raises KundenwertError SPARK_MISSING, SPARK_UNREACHABLE, SPARK_FAILED."""
    try:
        from pyhive import hive
        from pyhive.exc import Error
        from thrift.transport.TTransport import TTransportException
    except ImportError as error:
        what = f"engine is spark, and its client is not installed ({error.name} is missing)"
        raise KundenwertError(Problem("SPARK_MISSING", what, "config/sources.yml: engine", INSTALL)) from None
    where = f"{spark.host}:{spark.port}"
    # Its client says on the screen what is told below.
    logging.getLogger("thrift").setLevel(logging.CRITICAL)
    try:
        connection = hive.connect(
            host=spark.host, port=spark.port, username=spark.user, configuration={**SESSION, **spark.settings}
        )
    except (TTransportException, OSError, Error) as error:
        raise _unreachable(where, error) from error
    try:
        with closing(connection.cursor()) as cursor:
            yield _Ask(cursor)
    except (TTransportException, OSError, EOFError) as error:
        raise _lost(where, error) from error
    except _RefusedError as error:
        what = f"Spark refuses a statement: {error}"
        raise KundenwertError(Problem("SPARK_FAILED", what, where, "its log says more; then run again")) from error
    finally:
        with suppress(Exception):
            connection.close()


def _unreachable(where: str, error: Exception) -> KundenwertError:
    what = f"no Spark Thrift server answers: {_said(error)}"
    remedy = "start it, or correct spark.host and spark.port; `engine: duckdb` computes on this machine"
    return KundenwertError(Problem("SPARK_UNREACHABLE", what, where, remedy))


def _lost(where: str, error: Exception | str) -> KundenwertError:
    what = f"Spark went away while models were computed: {_said(error) if isinstance(error, Exception) else error}"
    remedy = "see that master, workers and Thrift server are there, then run again; nothing was published"
    return KundenwertError(Problem("SPARK_LOST", what, where, remedy))


def _refuse_lost(spark: Spark, failed: str) -> None:
    """Raise SPARK_LOST if the cluster can no longer do the least of all work: then the model that failed is not at fault."""
    where = f"{spark.host}:{spark.port}"
    # A process of its own: what waits for a worker that never comes waits for ever.
    asked = [sys.executable, "-c", _COUNT, spark.host, str(spark.port), spark.user]
    try:
        done = subprocess.run(asked, timeout=ANSWER_SECONDS, capture_output=True, check=False)  # noqa: S603 - ours
    except subprocess.TimeoutExpired:
        raise _lost(where, f"no worker takes a task any more; {failed} was the first model to fail") from None
    if done.returncode != 0:
        raise _lost(where, f"it no longer answers; {failed} was the first model to fail")


_COUNT: Final = """
import sys
from pyhive import hive
cursor = hive.connect(host=sys.argv[1], port=int(sys.argv[2]), username=sys.argv[3]).cursor()
cursor.execute("select sum(id) from range(0, 2, 1, 2)")
assert cursor.fetchall() == [(1,)]
"""


def _run(place: _Place, project: Plan, selected: Collection[str] | None) -> dict[str, str]:
    """dbt's run on Spark, in a process of its own; returns what failed. Raises KundenwertError SPARK_FAILED."""
    place.dbt.mkdir(mode=0o700)
    durable.write_text(place.dbt / "profiles.yml", yaml.safe_dump(_profile(place.spark)))
    names = [
        node.name
        for unique_id, node in project.nodes.items()
        if node.kind == "model" and (selected is None or unique_id in selected)
    ]
    command = [
        *(sys.executable, "-m", "orchestration.dbt", "--log-format", "json", "--no-partial-parse", "run"),
        *("--target", "spark", "--profiles-dir", str(place.dbt)),
        *([] if selected is None else ["--select", *names]),
    ]
    variables = {
        **os.environ,
        environment.WAREHOUSE: str(place.dbt / environment.WAREHOUSE_NAME),
        environment.SCHEMA_PREFIX: place.prefix,
        environment.POLL: str(POLL_SECONDS),
        "DBT_TARGET_PATH": str(place.dbt),
        "DBT_LOG_PATH": str(place.dbt),
    }
    with steps.step("spark: models", place.logs):
        said = _followed(place, command, variables)
    results = _results(place.dbt / "run_results.json")
    if results is None:
        what = f"dbt could not begin on Spark: {said or 'it said nothing'}"
        where = str(place.dbt / "dbt.log")
        raise KundenwertError(Problem("SPARK_FAILED", what, where, "the log says more; correct it, then run again"))
    return {unique_id: message for unique_id, (status, message) in results.items() if status in ("error", "fail")}


def _followed(place: _Place, command: list[str], variables: Mapping[str, str]) -> str:
    """Run dbt and tell each model it has done; returns the last error it told of anything else.

    When a model fails the cluster is asked at once: each of the others would wait until its time is over. Raises KundenwertError
    SPARK_LOST.
    """
    said = ""
    with subprocess.Popen(  # noqa: S603 - ours
        command,
        cwd=manifest.PROJECT_DIR.parent,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None  # noqa: S101 - asked for
        try:
            for line in process.stdout:
                event = _event(line)
                node = event.get("data", {}).get("node_info", {})
                if event.get("info", {}).get("name") == "LogModelResult":
                    data = event["data"]
                    name, is_bad = str(node.get("node_name")), data.get("status") == "error"
                    steps.passed(f"dbt {name}", place.logs, float(data.get("execution_time", 0)), failed=is_bad)
                    if is_bad:
                        _refuse_lost(place.spark, name)
                elif event.get("info", {}).get("level") == "error":
                    said = " ".join(str(event["info"].get("msg", "")).split())[:600]
        except BaseException:
            process.terminate()
            raise
    return said


def _event(line: str) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        return {"info": {"level": "error", "msg": line}} if line.strip() else {}
    return event if isinstance(event, dict) else {}


def _results(path: Path) -> dict[str, tuple[str, str]] | None:
    try:
        results = json.loads(path.read_text(encoding="utf-8"))["results"]
    except (OSError, ValueError, KeyError):
        return None
    return {each["unique_id"]: (each["status"], each["message"] or "") for each in results}


def _profile(spark: Spark) -> dict[str, Any]:
    """dbt's profile; nothing in it is secret."""
    output = {
        "type": "spark",
        "method": "thrift",
        "host": spark.host,
        "port": spark.port,
        "user": spark.user,
        "schema": "main",
        "threads": spark.threads,
        "connect_timeout": CONNECT_SECONDS,
        "query_timeout": int(spark.statement_limit.total_seconds()),
        # What is lost is told, not tried again into tables that half exist.
        "query_retries": 0,
        "server_side_parameters": {**SESSION, **spark.settings},
    }
    return {"kundenwert": {"target": "spark", "outputs": {"spark": output}}}
