"""Parsing once, building in this process: what dbt is asked, what is told of it, and that nothing is left behind."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from orchestration.dbt import manifest, runner
from pipelines import steps
from pipelines.errors import KundenwertError
from pipelines.home import Home
from tests.orchestration import tiny
from tests.patience import PATIENCE_SECONDS


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tiny.project(tmp_path_factory.mktemp("project"))
    manifest.ensure_manifest(project)
    return project


def built(home: Home, project: Path, *selection: str) -> list[tuple[str, str]]:
    """(node, status) of every event of a build."""
    return [(event.unique_id.split(".")[2], event.status) for event in runner.build(home, selection, project)]


def results(home: Home) -> dict[str, str]:
    content = json.loads((home.dbt_target / runner.RESULTS).read_text(encoding="utf-8"))
    return {result["unique_id"].split(".")[2]: result["status"] for result in content["results"]}


def test_arguments_are_those_of_one_silent_build(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    arguments = runner.build_arguments(Path("/project"), home, ["--select", "a b"])
    assert arguments[0] == "build"
    assert arguments[-2:] == ["--select", "a b"]
    options = dict(pairwise(arguments))
    assert options["--project-dir"] == options["--profiles-dir"] == "/project"
    assert options["--target-path"] == str(home.dbt_target)
    assert options["--log-path"] == str(home.logs)
    assert "--no-send-anonymous-usage-stats" in arguments
    assert "--vars" not in arguments, "no model reads a variable; dates come from control.as_of_dates"


def test_a_build_tells_every_node_as_a_step_and_every_result_as_an_event(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    heard: list[tuple[str, str]] = []
    with steps.listening(lambda step, event, _: heard.append((step, event))):
        events = built(home, parsed)
    assert dict(events)["mart_customers"] == "success"
    assert dict(events)["not_null_mart_customers_customer_id"] == "pass"
    nodes = {"stg_erp__customers", "mart_customers", "mart_count"}
    nodes |= {"not_null_mart_customers_customer_id", "unique_mart_customers_customer_id"}
    for node in nodes:
        assert heard.index((f"dbt {node}", "begin")) < heard.index((f"dbt {node}", "end"))
    assert ("dbt counts_customers", "begin") not in heard, "unit tests prove the models' logic in `make test`"


def test_a_parsed_project_is_not_parsed_again(tmp_path: Path, parsed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dbt.parser.manifest import ManifestLoader

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the project was parsed during a run")

    monkeypatch.setattr(ManifestLoader, "load", refuse)
    home = tiny.home(tmp_path / "home")
    assert dict(built(home, parsed))["mart_count"] == "success"


def test_the_warehouse_is_closed_after_a_build(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    built(home, parsed)
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        assert connection.execute("select customers from marts.mart_count").fetchall() == [(2,)]


def test_a_selection_builds_only_what_is_selected(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    assert built(home, parsed, "--select", "stg_erp__customers") == [("stg_erp__customers", "success")]


def test_a_failed_test_does_not_raise_and_stands_in_the_results(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home", customers=("a", "a"))
    heard: list[tuple[str, str]] = []
    with steps.listening(lambda step, event, _: heard.append((step, event))):
        events = dict(built(home, parsed))
    assert events["unique_mart_customers_customer_id"] == "fail"
    assert results(home)["unique_mart_customers_customer_id"] == "fail"
    assert results(home)["mart_count"] == "skipped"
    assert ("dbt unique_mart_customers_customer_id", "failed") in heard


def test_a_model_that_fails_does_not_raise_either(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("drop table control.as_of_dates")
    built(home, parsed)
    assert results(home)["mart_customers"] == "error"


def test_results_of_an_earlier_run_are_never_left(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    built(home, parsed)
    home.warehouse.write_bytes(b"no database")
    with pytest.raises(KundenwertError) as error:
        built(home, parsed)
    assert error.value.problems[0].code == "DBT_FAILED"
    assert not (home.dbt_target / runner.RESULTS).exists()


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever interrupts a run waits some seconds only; a test does not ask how many dbt needs."""
    monkeypatch.setattr(runner, "STOP_SECONDS", PATIENCE_SECONDS)


@pytest.mark.usefixtures("_patient")
def test_a_caller_that_stops_listening_stops_dbt(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    events = runner.build(home, [], parsed)
    next(events)
    events.close()  # type: ignore[attr-defined]
    with duckdb.connect(str(home.warehouse)) as connection:
        assert connection.execute("select 1").fetchall() == [(1,)], "dbt has let go of the warehouse"


@pytest.mark.usefixtures("_patient")
def test_a_watcher_that_has_gone_ends_the_build_instead_of_leaving_dbt_to_wait(tmp_path: Path, parsed: Path) -> None:
    def closed(*_: object) -> None:
        raise BrokenPipeError("nobody reads any more")

    home = tiny.home(tmp_path / "home")
    with steps.listening(closed), pytest.raises(BrokenPipeError):
        list(runner.build(home, [], parsed))
    with duckdb.connect(str(home.warehouse)) as connection:
        assert connection.execute("select 1").fetchall() == [(1,)], "dbt has let go of the warehouse"


def test_the_manifest_follows_the_files(tmp_path: Path) -> None:
    project = tiny.project(tmp_path)
    before = manifest.fingerprint(project)
    made = manifest.ensure_manifest(project)
    written = made.stat().st_mtime_ns
    assert manifest.fingerprint(project) == before, "what parsing writes does not count"
    assert manifest.ensure_manifest(project).stat().st_mtime_ns == written, "nothing changed, nothing parsed"
    (project / "models/marts/core/mart_count.sql").rename(project / "models/marts/core/mart_number.sql")
    (project / "models/marts/core/_models.yml").unlink()
    assert manifest.fingerprint(project) != before
    nodes = json.loads(manifest.ensure_manifest(project).read_text(encoding="utf-8"))["nodes"]
    assert {node.split(".")[-1] for node in nodes} == {"stg_erp__customers", "mart_customers", "mart_number"}


def test_a_project_that_does_not_parse_is_a_coded_error(tmp_path: Path) -> None:
    project = tiny.project(tmp_path)
    (project / "models/marts/core/mart_count.sql").write_text("select * from {{ ref('nobody') }}", encoding="utf-8")
    with pytest.raises(KundenwertError) as error:
        manifest.ensure_manifest(project)
    assert error.value.problems[0].code == "DBT_PARSE"
    assert "nobody" in error.value.problems[0].what


def test_an_unreadable_cache_means_parsing_again(tmp_path: Path, parsed: Path) -> None:
    assert manifest.load_parsed(parsed) is not None
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / manifest.PARSED).write_bytes(b"of another release")
    assert manifest.load_parsed(tmp_path) is None
