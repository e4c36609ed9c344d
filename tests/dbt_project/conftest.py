"""dbt, run once for all tests of this folder. Belongs here: an empty warehouse of the contracts' shape, dbt's files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contracts import load_contracts
from pipelines.landing.control import AS_OF_DATES, COMPANY, COST_SOURCES, LOAD_BATCHES, SOURCE_COVERAGE
from pipelines.landing.write import QUARANTINE_COLUMNS
from pipelines.publishing.previous import PUBLISHED_VERSION, REMEMBERED
from pipelines.settings.tables import SCHEMAS
from tests.once import once
from tools.spark_text import RELATION, compile_into

PROJECT = Path(__file__).parents[2] / "dbt_project"


@dataclass(frozen=True)
class Node:
    """A model or a test of the project, as far as a rule looks at it."""

    unique_id: str
    name: str
    resource_type: str
    path: Path
    """Below the project."""
    schema: str
    sql: str
    """As written."""
    compiled: str
    """As sent to the engine, relation names without quotes."""
    reads: tuple[str, ...]
    config: Mapping[str, Any]
    columns: tuple[str, ...]

    @property
    def layer(self) -> str:
        """staging, intermediate or marts."""
        return self.path.parts[1]

    @property
    def is_singular(self) -> bool:
        """A test with a file of its own."""
        return self.resource_type == "test" and self.path.parts[0] == "tests"


@dataclass(frozen=True)
class Run:
    """What one invocation of dbt left."""

    target: Path
    nodes: Mapping[str, Node]
    statuses: Mapping[str, str]
    messages: Mapping[str, str]
    manifest: Mapping[str, Any]

    @property
    def models(self) -> list[Node]:
        """All models, by name."""
        return sorted((n for n in self.nodes.values() if n.resource_type == "model"), key=lambda n: n.name)

    @property
    def singular_tests(self) -> list[Node]:
        """All tests with a file of their own, by name."""
        return sorted((n for n in self.nodes.values() if n.is_singular), key=lambda n: n.name)


def dbt(arguments: Sequence[str], folder: Path) -> None:
    """Run dbt on the project into `folder`; a failed test is no error, a project that does not compile is one."""
    environment = {
        **os.environ,
        "KUNDENWERT_WAREHOUSE": str(folder / "warehouse.duckdb"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder),
        "PYTHONPATH": str(PROJECT.parent),
    }
    command = [
        sys.executable,
        "-m",
        "orchestration.dbt",
        *arguments,
        "--no-partial-parse",
        "--quiet",
        "--no-use-colors",
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=folder)
    said = f"{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    assert done.returncode in (0, 1), f"dbt ended with {done.returncode}:\n{said}"
    assert (folder / "target" / "run_results.json").is_file(), f"dbt ended without results:\n{said}"


def read(target: Path) -> Run:
    """What dbt left in its target folder, without its exposures: they name who reads, nothing is built for them."""
    results = [
        each
        for each in json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
        if not each["unique_id"].startswith("exposure.")
    ]
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return Run(
        target=target,
        nodes={key: _node(key, raw, target) for key, raw in manifest["nodes"].items() if _is_kept(raw)},
        statuses={result["unique_id"]: result["status"] for result in results},
        messages={result["unique_id"]: result["message"] or "" for result in results},
        manifest=manifest,
    )


def _is_kept(raw: Mapping[str, Any]) -> bool:
    return raw["resource_type"] in ("model", "test")


def _node(unique_id: str, raw: Mapping[str, Any], target: Path) -> Node:
    path = Path(raw["original_file_path"])
    compiled = target / "compiled" / "kundenwert" / path
    text = compiled.read_text(encoding="utf-8") if path.suffix == ".sql" and compiled.is_file() else ""
    return Node(
        unique_id=unique_id,
        name=raw["name"],
        resource_type=raw["resource_type"],
        path=path,
        schema=raw["schema"],
        sql=raw["raw_code"],
        compiled=RELATION.sub(r"\1.\2", text),
        reads=tuple(raw["depends_on"]["nodes"]),
        config=raw["config"],
        columns=tuple(raw["columns"]),
    )


def empty_warehouse(path: Path) -> None:
    """Every table dbt reads, typed and without rows: unit tests take their columns' types from there."""
    with duckdb.connect(str(path)) as connection:
        for schema in ("raw", "quarantine", "control", "settings"):
            connection.execute(f"create schema {schema}")
        for name, contract in load_contracts().items():
            columns = [f"{column.load_name} {column.sql_type}" for column in contract.columns]
            columns += ["batch_id varchar", "file_name varchar", "line_number bigint"]
            reasons = [f"{column} varchar" for column in QUARANTINE_COLUMNS]
            connection.execute(f"create table raw.{name} ({', '.join(columns)})")
            connection.execute(f"create table quarantine.{name} ({', '.join(columns + reasons)})")
        control = {"load_batches": LOAD_BATCHES, "as_of_dates": AS_OF_DATES, "source_coverage": SOURCE_COVERAGE}
        control |= {"company": COMPANY, "cost_sources": COST_SOURCES}
        control |= {
            "published_version": PUBLISHED_VERSION,
            **{name: schema for name, (_, schema) in REMEMBERED.items()},
        }
        for schema, tables in (("settings", SCHEMAS), ("control", control)):
            for name, columns_of in tables.items():
                connection.register("empty", columns_of.empty_table())
                connection.execute(f"create table {schema}.{name} as select * from empty")
                connection.unregister("empty")


def _build(folder: Path) -> None:
    empty_warehouse(folder / "warehouse.duckdb")
    dbt(["build", "--exclude-resource-type", "test"], folder)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The project on an empty warehouse: every model built, every unit test run, no data test."""
    return read(once(tmp_path_factory, "dbt_built", _build) / "target")


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The project's text for Spark, compiled without a Spark."""
    return read(once(tmp_path_factory, "dbt_spark", compile_into))
