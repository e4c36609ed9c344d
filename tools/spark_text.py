"""The project's text for Spark on an engine that understands it, over a company's raw rows.

Belongs here: what is read, in which order what is built, what comes out. Not here: an engine (sail), who is compared with whom (lanes).
Nothing is said of an engine but that it takes Spark SQL and answers with rows: a Spark is one more class with `execute`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.dbt import environment, plan
from orchestration.dbt.manifest import PROJECT_DIR, compile_arguments
from pipelines import duck
from pipelines.quoting import literal

RELATION: Final = re.compile(r'"\w+"\."(\w+)"\."(\w+)"')
"""How dbt writes the name of a table where DuckDB is the adapter; Spark takes what is in double quotes for a text."""

READ: Final = ("raw", "quarantine", "control", "settings", "seeds")
"""Schemas nothing of a build is in: what was landed, what was set, and dbt's two seeds, which are files."""

TARGET: Final = "spark_syntax"


class Engine(Protocol):
    """Whatever takes Spark SQL."""

    def execute(self, sql: str) -> pa.Table:
        """The statement's rows. Raises EngineError with what the engine said."""


class EngineError(Exception):
    """An engine refused a statement, or gave up on it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a build."""

    built: int
    failed: dict[str, str]
    """Relation -> what the engine said."""

    not_built: tuple[str, ...]
    """Relations that read one of those."""

    mended: tuple[str, ...] = ()
    """Faults of the engine on our list that it has no more."""

    @property
    def is_green(self) -> bool:
        """Everything is built, and our list of the engine's faults is true."""
        return not (self.failed or self.not_built or self.mended)

    def write(self, path: Path) -> None:
        """For the process that asked for the build."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Outcome:
        """What `write` wrote."""
        raw = json.loads(path.read_text(encoding="utf-8"))
        return cls(raw["built"], raw["failed"], tuple(raw["not_built"]), tuple(raw["mended"]))

    def lines(self) -> Iterator[str]:
        """In words."""
        yield f"{self.built} models built, {len(self.failed)} failed, {len(self.not_built)} not built for that"
        yield from (f"{relation}: {said}" for relation, said in self.failed.items())
        yield from (f"mended, take it off the list: {each}" for each in self.mended)


def export_inputs(warehouse: Path, folder: Path) -> None:
    """Write every relation a build reads to `folder/<schema>.<table>/part-0.parquet`, typed as it was landed."""
    with duck.reading(warehouse) as connection:
        found = connection.execute(
            f"select table_schema, table_name from information_schema.tables where table_schema in {READ} order by all"
        ).fetchall()
        for schema, table in found:
            place = folder / f"{schema}.{table}"
            place.mkdir(parents=True)
            duck.write_parquet(connection, f"select * from {schema}.{table}", place / "part-0.parquet")


def compile_into(target: Path) -> Path:
    """Let dbt write the Spark text of everything into `target`; returns the manifest. Raises SystemExit if dbt cannot."""
    command = [sys.executable, "-m", "orchestration.dbt", *compile_arguments(PROJECT_DIR, target)]
    command += ["--target", TARGET, "--log-level", "error"]
    variables = {**os.environ, environment.WAREHOUSE: str(target / environment.WAREHOUSE_NAME)}
    done = subprocess.run(command, cwd=PROJECT_DIR.parent, env=variables, check=False)  # noqa: S603 - ours
    if done.returncode != 0:
        raise SystemExit(f"the Spark text cannot be compiled: dbt ended with {done.returncode}")
    return target / "manifest.json"


def build(engine: Engine, manifest: Path, inputs: Path, into: Path) -> Outcome:
    """Build every model over the inputs, and write the marts to `into/marts/<table>.parquet`.

    What fails stops only what reads it, so that one statement more is not one answer less.
    """
    models = [node for node in plan.read(manifest).nodes.values() if node.kind == "model"]
    for schema in sorted({*READ, *(model.relation.schema for model in models)}):
        engine.execute(f"create schema if not exists {schema}")
    for folder in sorted(inputs.iterdir()):
        engine.execute(f"create table {folder.name} using parquet location {literal(folder)}")
    failed: dict[str, str] = {}
    stopped: list[str] = []
    lost: set[str] = set()
    for model in models:
        relation = f"{model.relation.schema}.{model.relation.name}"
        if lost.intersection(model.after):
            stopped.append(relation)
        else:
            try:
                engine.execute(_creating(model, relation, into / "tables" / relation))
                continue
            except EngineError as error:
                failed[relation] = " ".join(str(error).split())
        lost.add(model.unique_id)
    kept = [model for model in models if model.relation.schema == "marts" and model.unique_id not in lost]
    _write_marts(engine, kept, into / "marts")
    return Outcome(len(models) - len(lost), failed, tuple(stopped))


def _creating(model: plan.Node, relation: str, place: Path) -> str:
    text = RELATION.sub(r"\1.\2", model.sql)
    if model.is_view:
        return f"create view {relation} as\n{text}"
    return f"create table {relation} using parquet location {literal(place)} as\n{text}"


def _write_marts(engine: Engine, marts: Sequence[plan.Node], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for mart in marts:
        rows = engine.execute(f"select * from {mart.relation.schema}.{mart.relation.name}")
        pq.write_table(rows, folder / f"{mart.relation.name}.parquet")
