"""Compiling once, building in this process: what is built, what is told of it, what is kept, and that nothing is left open."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.dbt import column_lineage, manifest, plan, runner
from pipelines import contents, steps
from pipelines.contents import Relation, State
from pipelines.errors import KundenwertError
from pipelines.home import Home
from tests.orchestration import tiny


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tiny.project(tmp_path_factory.mktemp("project"))
    manifest.ensure_manifest(project)
    return project


def built(home: Home, project: Path, *names: str) -> dict[str, str]:
    """Node -> status of a build of these nodes, or of all."""
    selected = (
        {key for key, node in plan.read(compiled(project)).nodes.items() if node.name in names} if names else None
    )
    return {result.node.name: result.status for result in runner.build(home, selected, project)}


def compiled(project: Path) -> Path:
    return project / "target" / manifest.MANIFEST


def results(home: Home) -> dict[str, str]:
    content = json.loads((home.dbt_target / runner.RESULTS).read_text(encoding="utf-8"))
    return {result["unique_id"].split(".")[2]: result["status"] for result in content["results"]}


def say_sources(home: Home, content: str) -> None:
    """Say what the sources hold, as landing does."""
    with duckdb.connect(str(home.warehouse)) as connection:
        for relation in (Relation("raw", "customers"), Relation("control", "as_of_dates")):
            contents.say(connection, relation, State(False, content))


def test_a_build_tells_every_node_as_a_step_and_every_result(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    heard: list[tuple[str, str]] = []
    with steps.listening(lambda step, event, _: heard.append((step, event))):
        found = built(home, parsed)
    assert found == results(home)
    assert found["mart_customers"] == "success"
    assert found["not_null_mart_customers_customer_id"] == "pass"
    nodes = {"stg_erp__customers", "mart_customers", "mart_count"}
    nodes |= {"not_null_mart_customers_customer_id", "unique_mart_customers_customer_id"}
    assert found.keys() == nodes, "unit tests prove the models' logic in `make test`"
    for node in nodes:
        assert heard.index((f"dbt {node}", "begin")) < heard.index((f"dbt {node}", "end"))


def test_rows_are_told_of_what_was_built_and_of_what_was_left(tmp_path: Path, parsed: Path) -> None:
    """Of a staging view too; counted once, also where nothing is built again; a table built anew is counted anew."""
    home = tiny.home(tmp_path / "home")
    say_sources(home, "as delivered")
    first, again = ({each.node.name: each for each in runner.build(home, None, parsed)} for _ in range(2))
    models = ("stg_erp__customers", "mart_customers", "mart_count")
    assert [again[name].status for name in models] == ["reused"] * 3
    for built in (first, again):
        assert [built[name].rows for name in models] == [2, 2, 1]
        assert built["not_null_mart_customers_customer_id"].rows is None
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("insert into raw.customers select 'c'")
    say_sources(home, "one more")
    assert {each.node.name: each.rows for each in runner.build(home, None, parsed)}["mart_customers"] == 3


def test_sources_of_columns_are_kept_for_the_project_they_were_read_from(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    built(home, parsed)
    assert column_lineage.read(home, compiled(parsed)) == {}
    column_lineage.prepare(home, parsed)
    sources = column_lineage.read(home, compiled(parsed))
    assert sources["marts.mart_customers"] == {
        "as_of_date": [["control", "as_of_dates", "as_of_date"]],
        "customer_id": [["staging", "stg_erp__customers", "customer_id"]],
    }
    assert sources["staging.stg_erp__customers"]["customer_id"] == [["raw", "customers", "customer_id"]]
    other = tmp_path / "other.json"
    other.write_bytes(compiled(parsed).read_bytes() + b" ")
    assert column_lineage.read(home, other) == {}


def test_a_run_does_not_need_dbt(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    program = (
        "import sys; from pathlib import Path; from orchestration.dbt import runner; from pipelines.home import Home; "
        "print([r.status for r in runner.build(Home.at(sys.argv[1]), None, Path(sys.argv[2]))], 'dbt' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, home.root, parsed], capture_output=True, text=True, check=True
    )
    assert said.stdout == "['success', 'success', 'pass', 'pass', 'success'] False\n"


def test_the_warehouse_is_closed_after_a_build(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    built(home, parsed)
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        assert connection.execute("select customers from marts.mart_count").fetchall() == [(2,)]


def test_a_selection_builds_only_what_is_selected(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    assert built(home, parsed, "stg_erp__customers") == {"stg_erp__customers": "success"}


def test_up_to_a_model_is_all_it_stands_on(parsed: Path) -> None:
    project = plan.read(compiled(parsed))
    names = {project.nodes[key].name for key in project.up_to("mart_customers")}
    assert names == {"stg_erp__customers", "mart_customers"}


def test_a_failed_test_does_not_raise_and_stops_what_stands_on_it(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home", customers=("a", "a"))
    heard: list[tuple[str, str]] = []
    with steps.listening(lambda step, event, _: heard.append((step, event))):
        found = built(home, parsed)
    assert found["unique_mart_customers_customer_id"] == "fail"
    assert found["mart_count"] == "skipped"
    assert found == results(home)
    assert ("dbt unique_mart_customers_customer_id", "failed") in heard


def test_a_model_that_fails_does_not_raise_either(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("drop table control.as_of_dates")
    found = built(home, parsed)
    assert found == {
        "stg_erp__customers": "success",
        "mart_customers": "error",
        "mart_count": "skipped",
        "not_null_mart_customers_customer_id": "skipped",
        "unique_mart_customers_customer_id": "skipped",
    }
    assert "as_of_dates" in (home.logs / runner.LOG_NAME).read_text(encoding="utf-8")


def test_a_model_that_fails_leaves_what_was_there(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    built(home, parsed)
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("drop table control.as_of_dates")
    assert built(home, parsed)["mart_customers"] == "error"
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        assert connection.execute("select count(*) from marts.mart_customers").fetchall() == [(2,)]


def test_what_has_not_changed_is_not_built_again(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    say_sources(home, "first")
    assert built(home, parsed)["mart_count"] == "success"
    again = built(home, parsed)
    assert {again["stg_erp__customers"], again["mart_customers"], again["mart_count"]} == {"reused"}
    assert again["unique_mart_customers_customer_id"] == "pass"
    say_sources(home, "second")
    later = built(home, parsed)
    assert (later["stg_erp__customers"], later["mart_customers"]) == ("success", "success"), (
        "what they read has changed"
    )
    assert later["mart_count"] == "reused", "the rows it reads are the same"


def test_whoever_replaces_a_table_by_hand_has_it_built_again(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    say_sources(home, "first")
    built(home, parsed)
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("create or replace table marts.mart_count as select 7 as customers")
    assert built(home, parsed)["mart_count"] == "success"
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        assert connection.execute("select customers from marts.mart_count").fetchall() == [(2,)]


def test_a_test_that_failed_is_asked_again(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home", customers=("a", "a"))
    say_sources(home, "first")
    for _ in range(2):
        assert built(home, parsed)["unique_mart_customers_customer_id"] == "fail"


def test_what_cannot_be_built_here_is_refused_by_name(tmp_path: Path) -> None:
    project = tiny.project(tmp_path)
    path = project / "models/marts/core/mart_count.sql"
    path.write_text("{{ config(materialized='incremental') }}\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(KundenwertError) as error:
        plan.read(manifest.ensure_manifest(project))
    (problem,) = error.value.problems
    assert (problem.code, problem.where) == ("DBT_PLAN", "models/marts/core/mart_count.sql")
    assert "incremental" in problem.what


@pytest.mark.parametrize(("kind", "status"), [("bigint", "success"), ("varchar", "error")])
def test_a_promised_type_is_kept_or_the_model_fails(tmp_path: Path, kind: str, status: str) -> None:
    project = tiny.project(tmp_path / "project")
    (project / "models/marts/core/_contract.yml").write_text(
        "models:\n  - name: mart_total\n    config: {contract: {enforced: true}}\n"
        f"    columns: [{{name: customers, data_type: {kind}}}]\n",
        encoding="utf-8",
    )
    query = "select count(*) as customers from {{ ref('mart_customers') }}"
    (project / "models/marts/core/mart_total.sql").write_text(query, encoding="utf-8")
    manifest.ensure_manifest(project)
    home = tiny.home(tmp_path / "home")
    assert built(home, project)["mart_total"] == status
    said = (home.logs / runner.LOG_NAME).read_text(encoding="utf-8")
    assert ("customers is promised as VARCHAR and is BIGINT" in said) == (status == "error")


def test_results_of_an_earlier_run_are_never_left(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    built(home, parsed)
    home.warehouse.write_bytes(b"no database")
    with pytest.raises(KundenwertError) as error:
        built(home, parsed)
    assert error.value.problems[0].code == "WAREHOUSE_UNREADABLE"
    assert not (home.dbt_target / runner.RESULTS).exists()


def test_a_caller_that_stops_listening_lets_go_of_the_warehouse(tmp_path: Path, parsed: Path) -> None:
    home = tiny.home(tmp_path / "home")
    found = runner.build(home, None, parsed)
    next(found)
    runner.stop()
    with duckdb.connect(str(home.warehouse), config={"threads": 1}) as connection:
        assert connection.execute("select 1").fetchall() == [(1,)]
    found.close()  # type: ignore[attr-defined]


def test_a_watcher_that_has_gone_ends_the_build(tmp_path: Path, parsed: Path) -> None:
    def closed(*_: object) -> None:
        raise BrokenPipeError("nobody reads any more")

    home = tiny.home(tmp_path / "home")
    with steps.listening(closed), pytest.raises(BrokenPipeError):
        list(runner.build(home, None, parsed))
    with duckdb.connect(str(home.warehouse)) as connection:
        assert connection.execute("select 1").fetchall() == [(1,)]


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
