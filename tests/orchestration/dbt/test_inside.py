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

from orchestration.dbt import by_hand, inside, manifest
from tests.orchestration import tiny

INSIDE = "orchestration/dbt/inside.py"
ASSETS = "orchestration/dbt/assets.py"

PLACES = [
    ("dbt.parser.manifest", "extended_mashumuro_decoder", INSIDE),
    ("dbt.contracts.graph.manifest", "Manifest.from_msgpack", INSIDE),
    ("dbt.contracts.graph.manifest", "Manifest.build_flat_graph", INSIDE),
    ("dbt.adapters.factory", "FACTORY.adapters", INSIDE),
    ("dbt.adapters.base.connections", "BaseConnectionManager.cancel_open", INSIDE),
    ("dbt.flags", "get_flags", INSIDE),
    ("dbt.adapters.duckdb.connections", "DuckDBConnectionManager._ENV", INSIDE),
    ("dbt.adapters.duckdb.connections", "DuckDBConnectionManager.close_all_connections", INSIDE),
    ("dbt.adapters.duckdb.environments", "Environment.close", INSIDE),
    ("dbt.cli.exceptions", "DbtUsageException", INSIDE),
    ("dbt_common.events.functions", "msg_to_dict", INSIDE),
    ("dagster_dbt.asset_utils", "get_subset_selection_for_context", ASSETS),
    ("dagster_dbt.core.dbt_cli_event", "DbtCoreCliEventMessage.to_default_asset_events", ASSETS),
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


@pytest.mark.parametrize(
    ("module", "name", "wanted"),
    [
        ("dbt.contracts.graph.manifest", "Manifest.from_msgpack", {"decoder"}),
        (
            "dagster_dbt.asset_utils",
            "get_subset_selection_for_context",
            {
                *("context", "manifest", "select", "exclude", "selector"),
                *("dagster_dbt_translator", "current_dbt_indirect_selection_env"),
            },
        ),
        ("dagster_dbt.core.dbt_cli_event", "DbtCoreCliEventMessage", {"raw_event", "event_history_metadata"}),
        (
            "dagster_dbt.core.dbt_cli_event",
            "DbtCoreCliEventMessage.to_default_asset_events",
            {"manifest", "dagster_dbt_translator", "context", "target_path"},
        ),
    ],
)
def test_what_is_private_takes_what_the_seam_gives_it(module: str, name: str, wanted: set[str]) -> None:
    user = ASSETS if module.startswith("dagster_dbt") else INSIDE
    parameters = inspect.signature(found(module, name)).parameters
    if any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values()):
        return
    missing = sorted(wanted - parameters.keys())
    assert not missing, f"{module}.{name} takes no {', '.join(missing)} any more: adapt {user}"


def test_dbts_events_keep_their_names() -> None:
    from dbt.events import types

    missing = [
        name for name in sorted({inside.NODE_BEGINS, inside.NODE_ENDS, *inside.RESULTS}) if not hasattr(types, name)
    ]
    assert not missing, f"dbt has no event {', '.join(missing)} any more: adapt the names in {INSIDE}"


def test_dbts_events_keep_their_fields() -> None:
    from dbt.events.types import LogTestResult
    from dbt_common.events.base_types import EventLevel, msg_from_base_event
    from dbt_common.events.functions import msg_to_dict

    node = {"unique_id": "test.tiny.a", "node_name": "a", "node_status": "fail"}
    event = msg_from_base_event(
        LogTestResult(name="a", status="fail", index=1, num_models=1, node_info=node), EventLevel.ERROR
    )
    heard = inside.result(event)
    assert heard is not None, f"LogTestResult is not heard as a result: adapt result() in {INSIDE}"
    assert (heard.unique_id, heard.name, heard.status) == ("test.tiny.a", "a", "fail"), (
        f"dbt's node_info has other fields: adapt _node() in {INSIDE}"
    )
    assert not heard.is_good
    content = msg_to_dict(event)
    assert {"info", "data"} <= content.keys(), f"dbt's events are other dictionaries: adapt result() in {INSIDE}"
    assert EventLevel.INFO.value in inside.LOGGED, f"dbt's levels have other names: adapt LOGGED in {INSIDE}"
    assert inside.log_line(event) is not None


def test_dbts_flags_can_be_told_to_fail_fast() -> None:
    from argparse import Namespace

    from dbt.flags import get_flags, set_from_args

    set_from_args(Namespace(fail_fast=False), {})
    object.__setattr__(get_flags(), "FAIL_FAST", True)
    assert get_flags().FAIL_FAST is True, f"dbt's flags are kept elsewhere: adapt interrupt() in {INSIDE}"


def test_dbts_statuses_are_known() -> None:
    from dbt.artifacts.schemas.results import NodeStatus

    failed = {"error", "fail", "runtime error", "partial success"}
    unknown = {status.value for status in NodeStatus} - inside.GOOD - failed
    assert not unknown, f"dbt has new node statuses {sorted(unknown)}: say in {INSIDE} (GOOD) whether they are failures"


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
