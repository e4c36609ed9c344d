"""A remedy the gate prints can be pasted into a shell: it shows the rows that are wrong, whatever kind of test failed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import duckdb
import pytest

from data_quality.dbt_results import dbt_results
from pipelines.home import Home
from tests.end_to_end.demo import ten_customers_published

pytestmark = pytest.mark.slow

PASTED = re.compile(r"kundenwert (dbt show [^;\n]+)")

SINGULAR = "contribution_months_add_up_to_portfolio"

BROKEN = """
update marts.mart_portfolio set contribution_4 = contribution_4 + 0.01, zone = 'nowhere'
where ultimate_parent_id = (select min(ultimate_parent_id) from marts.mart_portfolio where relationship_type = 'customer')
"""
"""One row that no longer adds up (a singular test) and has a zone that is none (a generic test with a long name)."""


def test_the_remedies_of_failed_tests_show_the_rows(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    company = ten_customers_published(tmp_path_factory, tmp_path / "company")
    home = Home.at(company.home)
    with duckdb.connect(str(home.warehouse)) as warehouse:
        warehouse.execute(BROKEN)
    tested = company.fork("dbt", "--quiet", "test", "--select", "mart_portfolio")
    assert tested.returncode == 1, tested.stdout + tested.stderr
    failed = {result.check_id: result for result in dbt_results(home.dbt_target, complete=False) if not result.passed}
    names = {check_id.rpartition(".")[2]: result for check_id, result in failed.items()}
    (generic,) = (name for name in names if name.startswith("accepted_values_mart_portfolio_zone__"))
    pasted = PASTED.search(names[generic].remedy)
    assert pasted is not None, names[generic].remedy
    # This one's remedy is in words of its own; its name is what the gate prints before it.
    by_name = f"dbt show --select {SINGULAR}"
    assert SINGULAR in names
    for command in (pasted[1], by_name):
        shown = company.fork(*shlex.split(command))
        assert shown.returncode == 0, shown.stdout + shown.stderr
        rows = [line for line in shown.stdout.splitlines() if line.startswith("| ")]
        assert len(rows) >= 3, f"a head, a rule and a row: {shown.stdout}"
