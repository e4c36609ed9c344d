"""dbt is the reference: what a run builds from dbt's queries, dbt itself builds from the same sources, relation by relation.

The tests' verdicts too, and in a company whose data break tests the same nodes fail, and the same are not run.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.dbt import by_hand, manifest, plan, runner
from pipelines import contents
from pipelines.contents import Relation
from pipelines.home import Home
from tests.end_to_end.demo import ten_customers_published
from tests.orchestration import tiny

# Unit tests are dbt's alone; for exposures, which name who reads, dbt reports that nothing was to be done.
LEFT_OUT = ("--exclude-resource-type", "unit_test", "--exclude-resource-type", "exposure")


def statuses(home: Home) -> dict[str, str]:
    """Node -> status of the last build; `reused` is a model that was built before."""
    found = json.loads((home.dbt_target / runner.RESULTS).read_text(encoding="utf-8"))["results"]
    return {each["unique_id"]: each["status"].replace("reused", "success") for each in found}


def relations(home: Home) -> dict[Relation, str]:
    """Every relation dbt builds -> its columns and rows, as one word."""
    schemas = ("staging", "intermediate", "marts", "main")
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return {
            relation: contents.of_table(connection, relation)
            for relation in contents.states(connection)
            if relation.schema in schemas
        }


def by_dbt(home: Home, folder: Path, project: Path = manifest.PROJECT_DIR) -> Home:
    """Another home with the same sources, everything in it built by dbt itself."""
    other = Home.at(folder).prepare()
    shutil.copyfile(home.warehouse, other.warehouse)
    with duckdb.connect(str(other.warehouse)) as connection:
        for schema in ("staging", "intermediate", "marts"):
            connection.execute(f"drop schema if exists {schema} cascade")
    by_hand.run(other, ["--quiet", "build", *LEFT_OUT], project)
    return other


@pytest.mark.slow
def test_a_run_builds_what_dbt_builds(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    home = Home.at(ten_customers_published(tmp_path_factory, tmp_path / "company").home)
    reference = by_dbt(home, tmp_path / "dbt")
    built, wanted = relations(home), relations(reference)
    assert built.keys() == wanted.keys()
    assert len(built) > 150
    different = [relation.sql for relation in built if built[relation] != wanted[relation]]
    assert not different, "a run and dbt build these differently (columns, types or rows)"
    assert statuses(home) == statuses(reference)


@pytest.mark.parametrize("customers", [("a", "b"), ("a", "a"), ("a", None)], ids=["green", "doubled", "empty"])
def test_what_breaks_breaks_the_same(tmp_path: Path, customers: tuple[str, ...]) -> None:
    project = tiny.project(tmp_path / "project")
    # Reads two models of which only one is tested: dbt lets it run unless it stands on all that a failed test reads.
    (project / "models/marts/core/mart_pair.sql").write_text(
        "select a.customer_id from {{ ref('stg_erp__customers') }} as a cross join {{ ref('mart_count') }} as b",
        encoding="utf-8",
    )
    (project / "models/marts/core/mart_other.sql").write_text(
        "select customer_id from {{ ref('stg_erp__customers') }}", encoding="utf-8"
    )
    (project / "tests").mkdir()
    (project / "tests/pairs_are_customers.sql").write_text(
        "select 1 from {{ ref('mart_other') }} cross join {{ ref('mart_customers') }} where false", encoding="utf-8"
    )
    manifest.ensure_manifest(project)
    home = tiny.home(tmp_path / "home", customers=customers)
    reference = by_dbt(home, tmp_path / "dbt", project)
    list(runner.build(home, None, project))
    assert statuses(home) == statuses(reference)
    assert set(plan.read(project / "target" / manifest.MANIFEST).nodes) == set(statuses(home))
