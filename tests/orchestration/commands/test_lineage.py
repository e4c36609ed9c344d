"""Where a column comes from: known ones down to the file, and every column of every mart to an end."""

from __future__ import annotations

import json

import duckdb
import pytest

from orchestration.dbt.lineage import Column, Queries
from pipelines.contracts import load_contracts
from pipelines.errors import ExitCode, KundenwertError
from pipelines.home import Home
from tests.end_to_end.demo import ten_customers_published
from tests.end_to_end.kundenwert import Company

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return ten_customers_published(tmp_path_factory, tmp_path_factory.mktemp("lineage"))


def test_a_column_is_followed_to_the_files(company: Company) -> None:
    done = company.fork("lineage", "mart_receivables.open_amount", "--json")
    assert done.returncode == ExitCode.OK
    said = json.loads(done.stdout)
    assert said["models"][0] == ["int_finance__receivables.open_amount"]
    assert said["delivered"] == {
        "exchange_rates.units_per_reporting_currency": "Einheiten je EUR of wechselkurse",
        "open_items.amount": "Betrag of offene_posten",
        "open_items.currency_code": "Währung of offene_posten",
    }
    assert said["configured"] == ["parameters.reporting_currency"]


def test_a_column_nobody_has_is_told_with_the_nearest(company: Company) -> None:
    with pytest.raises(KundenwertError) as caught:
        Queries(Home.at(company.home)).trace("mart_portfolio.achievable_gp")
    (problem,) = caught.value.problems
    assert (problem.code, "'achievable_gap'" in problem.remedy) == ("COLUMN_UNKNOWN", True)


def test_every_column_of_every_mart_ends_where_something_was_delivered_or_set(company: Company) -> None:
    queries = Queries(Home.at(company.home))
    contracts = load_contracts()
    with duckdb.connect(str(company.home / "warehouse.duckdb"), read_only=True) as connection:
        columns = connection.execute(
            "select table_name || '.' || column_name from duckdb_columns() where schema_name = 'marts' order by 1"
        ).fetchall()
    delivered: set[Column] = set()
    for (column,) in columns:
        found = queries.trace(column)
        assert all(each.schema not in ("staging", "intermediate", "marts") for each in found.configured), found
        delivered |= set(found.delivered)
    assert len(columns) > 900
    assert {each.table for each in delivered} >= {
        "invoice_lines",
        "customers",
        "activities",
        "ratings",
        "ledger_totals",
    }
    assert {each.table for each in delivered} <= set(contracts)
