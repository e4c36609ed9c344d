"""Tripwires: what dbt does not promise to keep is still where orchestration.dbt looks for it.

A red test here says which file to adapt. That the seam works as a whole is test_runner.py's.
"""

from __future__ import annotations

import importlib
import inspect
import json
from pathlib import Path
from typing import Any

import pytest

from orchestration.dbt import by_hand, manifest, runner
from tests.dbt_statuses import NOT_DONE
from tests.orchestration import tiny

INSIDE = "orchestration/dbt/inside.py"

PLACES = [
    ("dbt.parser.manifest", "extended_mashumuro_decoder", INSIDE),
    ("dbt.contracts.graph.manifest", "Manifest.from_msgpack", INSIDE),
    ("dbt.contracts.graph.manifest", "Manifest.build_flat_graph", INSIDE),
    ("dbt.adapters.duckdb.connections", "DuckDBConnectionManager._ENV", INSIDE),
    ("dbt.adapters.duckdb.connections", "DuckDBConnectionManager.close_all_connections", INSIDE),
    ("dbt.adapters.duckdb.environments", "Environment.close", INSIDE),
    ("dbt.cli.exceptions", "DbtUsageException", INSIDE),
]
"""Module, what in it, who uses it."""


def found(module: str, name: str) -> Any:
    """What stands there. Raises ImportError or AttributeError if nothing does."""
    thing: Any = importlib.import_module(module)
    for part in name.split("."):
        thing = getattr(thing, part)
    return thing


@pytest.mark.parametrize(("module", "name", "user"), PLACES, ids=str)
def test_what_is_private_is_where_the_seam_looks_for_it(module: str, name: str, user: str) -> None:
    try:
        found(module, name)
    except (ImportError, AttributeError) as error:
        pytest.fail(f"this release moved {module}.{name} ({error}): adapt {user}", pytrace=False)


@pytest.mark.needs("spark")
def test_a_spark_can_be_asked_more_often_than_once_a_second() -> None:
    taken = inspect.signature(found("dbt.adapters.spark.connections", "PyhiveConnectionWrapper.__init__")).parameters
    assert "poll_interval" in taken, f"this release of dbt-spark asks otherwise: adapt {INSIDE}"


def test_dbts_statuses_are_known() -> None:
    from dbt.artifacts.schemas.results import NodeStatus

    unknown = {status.value for status in NodeStatus} - runner.GOOD - NOT_DONE
    assert not unknown, (
        f"dbt has new node statuses {sorted(unknown)}: say in orchestration/dbt/runner.py what they mean"
    )
    assert {status.value for status in NodeStatus} >= runner.GOOD, "results are written in dbt's words"


def test_dbts_commands_are_known() -> None:
    from dbt.cli.main import cli

    known = by_hand.READING | by_hand.CHANGING
    new, gone = sorted(set(cli.commands) - known), sorted(known - set(cli.commands))
    assert not new, f"dbt has new commands {new}: say in orchestration/dbt/by_hand.py which of them change tables"
    assert not gone, f"dbt has no commands {gone} any more: adapt orchestration/dbt/by_hand.py"


def test_dbts_files_are_of_the_versions_that_are_read(tmp_path: Path) -> None:
    home, project = tiny.home(tmp_path / "home"), tiny.project(tmp_path / "project")
    manifest.ensure_manifest(project)
    assert by_hand.run(home, ["--quiet", "build"], project) == 0
    readers = "data_quality/dbt_results.py and orchestration/dbt/marts.py"
    for name, version in (("manifest.json", "manifest/v12.json"), ("run_results.json", "run-results/v6.json")):
        said = json.loads((home.dbt_target / name).read_text(encoding="utf-8"))["metadata"]["dbt_schema_version"]
        assert said.endswith(version), f"{name} is {said} now, not {version}: see whether {readers} read it still"
