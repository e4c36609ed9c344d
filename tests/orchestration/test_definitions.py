"""The graph as Dagster sees it: keys, groups, order, partitions, and that loading it is cheap."""

from __future__ import annotations

import graphlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

import dagster as dg
import pytest

from orchestration import definitions as module
from orchestration import groups, unattended
from orchestration.assets.asset_checks import FRESHNESS, LANDING
from orchestration.assets.shared import (
    BATCH_QUALITY,
    CONTROLLING,
    GATE,
    MONTHS,
    PAGE,
    PUBLISHED,
    WAREHOUSE_POOL,
    raw_key,
)
from orchestration.dbt.manifest import PROJECT_DIR, ensure_manifest
from orchestration.dbt.translator import Translator
from orchestration.definitions import JOB, Overrides, build_definitions
from pipelines.checks import Area
from pipelines.contracts import load_contracts
from pipelines.home import Home
from pipelines.settings.automation import Automation, automation_of
from tests.orchestration import tiny
from tests.orchestration.asset_keys import SNAPSHOT, asset_keys

LONGEST_GROUP = 17
"""Signs of a group's name that Dagster's graph shows uncut."""


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return build_definitions()


@pytest.fixture(scope="module")
def graph(definitions: dg.Definitions) -> dg.AssetGraph:
    return definitions.resolve_asset_graph()


def test_asset_keys_are_those_of_the_snapshot() -> None:
    assert asset_keys() == SNAPSHOT.read_text(encoding="utf-8"), (
        "keys are a contract with run histories; if the change is meant: "
        "python -m tests.orchestration.asset_keys > tests/orchestration/asset_keys.txt"
    )


def test_everything_resolves(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_the_graph_has_no_cycle_and_flows_to_version_and_page(graph: dg.AssetGraph) -> None:
    parents = {key: graph.get(key).parent_keys for key in graph.get_all_asset_keys()}
    order = list(graphlib.TopologicalSorter(parents).static_order())
    assert order[-3] == PUBLISHED
    assert set(order[-2:]) == {CONTROLLING, PAGE}
    assert parents[PUBLISHED] == {GATE}
    assert parents[PAGE] == parents[CONTROLLING] == {PUBLISHED}, "the pages show what was published, nothing else"


def test_the_gate_waits_for_every_mart_and_the_batches(graph: dg.AssetGraph) -> None:
    marts = {key for key in graph.get_all_asset_keys() if key.path[0] == "marts"}
    assert marts
    assert graph.get(GATE).parent_keys == {*marts, BATCH_QUALITY}


def test_every_contract_is_a_raw_asset_with_its_description(graph: dg.AssetGraph) -> None:
    contracts = load_contracts()
    raw = {key for key in graph.get_all_asset_keys() if key.path[0] == "raw"}
    assert raw == {raw_key(contract) for contract in contracts.values()}
    for contract in contracts.values():
        asset = graph.get(raw_key(contract))
        assert asset.description == contract.description
        assert asset.group_name == groups.DELIVERIES


def test_every_dbt_source_is_an_asset_of_this_graph(graph: dg.AssetGraph) -> None:
    manifest = json.loads(ensure_manifest().read_text(encoding="utf-8"))
    contracts = load_contracts()
    for source in manifest["sources"].values():
        key = Translator(PROJECT_DIR).get_asset_key(source)
        assert graph.get(key).is_materializable, source["unique_id"]
        if source["source_name"] in {contract.domain for contract in contracts.values()}:
            assert key == raw_key(contracts[source["name"]]), source["unique_id"]


def test_a_source_nobody_makes_is_refused_by_name() -> None:
    source = {"resource_type": "source", "source_name": "erp", "name": "invoice_line", "meta": {}}
    with pytest.raises(dg.DagsterInvalidDefinitionError, match=r"erp\.invoice_line does not say which asset makes it"):
        Translator(PROJECT_DIR).get_asset_key(source)


def test_all_models_are_one_function_and_none_blocks_on_its_own(definitions: dg.Definitions) -> None:
    models = [each for each in definitions.assets or () if isinstance(each, dg.AssetsDefinition) and len(each.keys) > 1]
    assert len(models) == 1
    checks = list(models[0].check_specs)
    assert checks
    assert not any(check.blocking for check in checks), "the gate decides, and must get to run"


def test_a_range_of_months_is_one_run_whatever_is_in_it(graph: dg.AssetGraph) -> None:
    for key in graph.get_all_asset_keys():
        asset = graph.get(key)
        assert asset.partitions_def == MONTHS, key
        assert asset.backfill_policy == dg.BackfillPolicy.single_run(), key


def test_the_graph_is_the_business_view_of_about_a_dozen_groups(graph: dg.AssetGraph) -> None:
    found = {graph.get(key).group_name for key in graph.get_all_asset_keys()}
    assert found == set(groups.OWNERS), "a dbt folder is missing in orchestration/groups.py, or a group has nothing"
    assert len(found) <= 15


def test_every_asset_says_what_it_is_who_answers_for_it_and_where_it_is_written(graph: dg.AssetGraph) -> None:
    for key in graph.get_all_asset_keys():
        asset = graph.get(key)
        assert asset.description, key
        assert asset.owners == [groups.OWNERS[str(asset.group_name)]], key
        assert asset.kinds, key
        references = asset.metadata["dagster/code_references"].code_references
        files = [Path(each.file_path) for each in references if isinstance(each, dg.LocalFileCodeReference)]
        assert files, key
        assert all(file.is_file() for file in files), key
    mart = graph.get(dg.AssetKey(["marts", "mart_portfolio"]))
    assert mart.tags["kundenwert/audience"] == "bi"
    assert mart.metadata["documentation"].startswith("reports/dbt.html#!/model/model.kundenwert.mart_portfolio")
    columns = mart.metadata["dagster/column_schema"].columns
    assert all(column.description for column in columns)


def test_every_check_of_the_gate_is_an_asset_check(graph: dg.AssetGraph) -> None:
    """Landing per raw table, batches per raw table, one per rule of the gate (which block), every dbt test, also of several models."""
    raw = {raw_key(contract) for contract in load_contracts().values()}
    assert {key.asset_key for key in graph.asset_check_keys if key.name == LANDING} == {*raw, GATE}
    assert {key.asset_key for key in graph.asset_check_keys if key.name == FRESHNESS} == raw
    batches = {key.name for key in graph.asset_check_keys if key.asset_key == BATCH_QUALITY}
    assert batches == {key.path[-1] for key in raw}
    rules = [graph.get(key) for key in graph.asset_check_keys if key.asset_key == GATE]
    assert {rule.key.name for rule in rules} == set(get_args(Area))
    assert all(rule.blocking and rule.description for rule in rules)
    manifest = json.loads(ensure_manifest().read_text(encoding="utf-8"))
    tests = {node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "test"}
    standing = {key.name: key.asset_key for key in graph.asset_check_keys}
    assert not tests - set(standing), "a test that is no asset check"
    assert standing["whale_curve_ends_at_the_total"] == dg.AssetKey(["marts", "mart_whale_curve"])


def test_everything_that_works_in_a_home_is_in_the_warehouse_pool(definitions: dg.Definitions) -> None:
    for asset in definitions.assets or ():
        assert isinstance(asset, dg.AssetsDefinition)
        ops = asset.node_def.iterate_op_defs()
        assert {op.pool for op in ops} == {WAREHOUSE_POOL}, asset.keys


def test_what_each_audience_types_finds_its_assets(graph: dg.AssetGraph) -> None:
    page = (module.ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = page.partition("| who | selection |")[2].partition("\n\n")[0]
    selections = dict(re.findall(r"^\| ([a-z ]+) \| `(.+)` \|$", table, re.MULTILINE))
    assert {"data engineers", "controllers", "analysts", "head of sales"} < selections.keys()
    found = {who: dg.AssetSelection.from_string(words).resolve(graph) for who, words in selections.items()}
    everything = graph.get_all_asset_keys()
    for who, keys in found.items():
        assert 0 < len(keys) < len(everything) / 2, who
    assert everything == found["data engineers"] | found["controllers"] | {
        key for key in everything if graph.get(key).owners == ["team:sales"]
    }


def test_dg_finds_the_project() -> None:
    """`dg` itself is no dependency: what it reads stands beside what `dagster dev` reads, and names the same."""
    project = tomllib.loads((module.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    ours, dagsters = project["tool"]["dg"], project["tool"]["dagster"]
    assert ours["directory_type"] == "project"
    assert ours["project"]["code_location_target_module"] == dagsters["module_name"] == module.__name__
    assert ours["project"]["code_location_name"] == dagsters["code_location_name"]
    release = next(each for each in project["project"]["dependencies"] if each.startswith("dagster=="))
    page = (module.ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert f"pip install {release.replace('dagster', 'dagster-dg-cli')}`" in page


def test_group_names_are_shown_uncut(graph: dg.AssetGraph) -> None:
    groups = {graph.get(key).group_name for key in graph.get_all_asset_keys()}
    assert {group for group in groups if len(str(group)) > LONGEST_GROUP} == set()


def test_a_run_is_ended_when_it_takes_too_long(definitions: dg.Definitions) -> None:
    for job in (JOB, unattended.JOB):
        assert definitions.resolve_job_def(job).tags["dagster/max_runtime"] == "21600"


def test_there_are_two_jobs_and_each_does_all(definitions: dg.Definitions, graph: dg.AssetGraph) -> None:
    """Half a graph would be published as a whole."""
    jobs = {job.name: job for job in definitions.resolve_all_job_defs() if not job.name.startswith("__")}
    assert jobs.keys() == {JOB, unattended.JOB}
    assert set(jobs[JOB].asset_layer.executable_asset_keys) == set(graph.get_all_asset_keys())


def test_nothing_runs_by_itself_until_the_configuration_says_so(tmp_path: Path) -> None:
    """And it says so in a file that outlives Dagster's own record of what was switched on."""

    def started(said: str) -> tuple[object, ...]:
        (tmp_path / "sources.yml").write_text(f"version: 1\n{said}\n", encoding="utf-8")
        automation, home = automation_of(tmp_path), Home.at(tmp_path)
        job = unattended.unattended_job(tmp_path, home, tmp_path, automation)
        schedule = unattended.daily_schedule(job, automation)
        sensor = unattended.delivery_sensor(job, tmp_path, home, automation)
        return (
            schedule.cron_schedule,
            schedule.default_status.value,
            sensor.default_status.value,
            job.tags["dagster/max_runtime"],
        )

    assert started("") == ("0 5 * * *", "STOPPED", "STOPPED", "21600")
    on = 'automation: {schedule: "30 4 * * 1-5", sensor: true, max_minutes: 90}'
    assert started(on) == ("30 4 * * 1-5", "RUNNING", "RUNNING", "5400")
    # The web UI must open although the file is wrong: each run says what is.
    assert started('automation: {schedule: "99 5 * * *"}') == started("automation: often") == started("")


def test_the_clock_asks_for_no_month(definitions: dg.Definitions) -> None:
    """Which one it is shows when the deliveries of the morning have been read; and a job without partitions is caught up once."""
    schedule = definitions.resolve_schedule_def("daily")
    assert schedule.execution_timezone == "UTC"
    (request,) = schedule.evaluate_tick(dg.build_schedule_context()).run_requests or ()
    assert not {tag for tag in request.tags if "partition" in tag}
    job = definitions.resolve_job_def(schedule.job_name)
    assert job.partitions_def is None


def test_a_faulty_schedule_is_refused_with_its_line() -> None:
    (violation,) = Automation(schedule="0 24 * * *").violations()
    assert violation.at == ("schedule",)
    assert not list(Automation(schedule="*/10 0-6 1,15 * 1-5").violations())


def test_overrides_decide_where_things_lie(tmp_path: Path) -> None:
    project = tiny.project(tmp_path / "project")
    made = build_definitions(overrides=Overrides(tmp_path / "config", tmp_path / "home", project))
    resource = (made.resources or {})["run"]
    assert resource.config_dir == str(tmp_path / "config")
    assert resource.home_dir == str(tmp_path / "home")
    assert dg.AssetKey(["marts", "mart_count"]) in made.resolve_asset_graph().get_all_asset_keys()


def test_loading_is_cheap_and_needs_no_company(tmp_path: Path) -> None:
    """No Great Expectations, no dbt command, no configuration, no home: the web UI loads definitions often."""
    code = (
        "import sys; from orchestration.definitions import build_definitions as b; b().resolve_asset_graph();"
        "print([name for name in ('great_expectations', 'dbt.cli.main', 'dagster_webserver') if name in sys.modules])"
    )
    environment = {"KUNDENWERT_CONFIG": str(tmp_path / "none"), "KUNDENWERT_HOME": str(tmp_path / "no home")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=module.ROOT,
        env={"PATH": "", **environment},
    )
    assert done.stdout.strip() == "[]", done.stderr
    assert not (tmp_path / "no home").exists()
    assert "Warning" not in done.stderr
