"""A good batch passes; each seeded defect fails exactly its check, row by row and as a profile alike."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from data_quality import profile
from data_quality.basics import basic_rules
from data_quality.batches import check_tables, measured_rules
from data_quality.rules import Filled, Measured, OneOf, Rule, UniqueTogether, Within
from data_quality.suites import Suites
from pipelines import checks
from pipelines.checks import CheckResult
from pipelines.contracts import load_contracts
from pipelines.errors import KundenwertError
from tests.data_quality.samples import PERSON, ROWS, build, deliver

HALF = f"line_number % 2 = 0 or line_number <= {ROWS // 2}"

SEMANTIC_DEFECTS: dict[str, str] = {
    "customers.has_customers": "update raw.customers set relationship_type = 'lead'",
    "customers.first_invoice_date_not_future": (
        "update raw.customers set first_invoice_date = date '2026-01-03' where line_number = 2"
    ),
    "customers.country_filled": f"update raw.customers set country_code = null where {HALF}",
    "customer_parents.valid_to_after_valid_from": (
        "update raw.customer_parents set valid_to = valid_from - 1 where line_number = 2"
    ),
    "customer_parents.no_own_parent": "update raw.customer_parents set parent_id = customer_id where line_number = 2",
    "customer_id_changes.not_to_itself": (
        "update raw.customer_id_changes set customer_id = old_customer_id where line_number = 2"
    ),
    "products.several_groups": "update raw.products set product_group = 'only'",
    "invoice_lines.margin_plausible": "update raw.invoice_lines set cogs = -60 where line_number in (3, 5)",
    "invoice_lines.posting_date_not_future": (
        "update raw.invoice_lines set posting_date = date '2026-01-03' where line_number = 2"
    ),
    "invoice_lines.volume": (
        "delete from raw.invoice_lines where posting_date >= date '2025-12-01' and line_number < 49"
    ),
    "orders.order_date_not_future": "update raw.orders set order_date = date '2026-01-03' where line_number = 2",
    "orders.volume": (
        "insert into raw.orders select * exclude (n) replace ('again ' || order_id || n as order_id)"
        " from raw.orders cross join range(2) as numbers (n) where order_date >= date '2025-12-01'"
    ),
    "open_items.cleared_date_not_future": (
        "update raw.open_items set cleared_date = date '2026-01-03' where line_number = 2"
    ),
    "open_items.amounts_positive": f"update raw.open_items set amount = -1 where {HALF}",
    "direct_costs.costs_positive": f"update raw.direct_costs set amount = -1 where {HALF}",
    "direct_costs.costs_have_customers": f"update raw.direct_costs set customer_id = null where {HALF}",
    "ledger_totals.months_without_gaps": "delete from raw.ledger_totals where period = '2025-06'",
    "ledger_totals.totals_positive": f"update raw.ledger_totals set amount = -1 where {HALF}",
    "revenue_history.revenue_positive": f"update raw.revenue_history set net_revenue = -1 where {HALF}",
    "opening_portfolio.as_of_date_not_future": (
        "update raw.opening_portfolio set as_of_date = date '2026-01-31' where line_number = 2"
    ),
    "exchange_rates.no_jumps": (
        "update raw.exchange_rates set units_per_reporting_currency = 110 where line_number = 2"
    ),
    "accounts.created_on_not_future": "update raw.accounts set created_on = date '2026-01-03' where line_number = 2",
    "accounts.accounts_owned": f"update raw.accounts set owner_rep_key = null where {HALF}",
    "contacts.roles_known": f"update raw.contacts set buying_role = null where {HALF}",
    "activities.volume": "delete from raw.activities where activity_at >= date '2025-12-01' and line_number < 49",
    "opportunities.closed_on_after_created_on": (
        "update raw.opportunities set closed_on = created_on - 1 where line_number = 2"
    ),
    "opportunities.closed_has_result": "update raw.opportunities set is_won = null where line_number = 2",
    "opportunities.amounts_positive": "update raw.opportunities set amount = -1 where line_number = 2",
    "ratings.levels_vary": "update raw.ratings set level = 4, rater_key = 'r' || line_number",
    "ratings.not_middle": "update raw.ratings set level = 3 where line_number > 10",
    "potential_estimates.demand_positive": f"update raw.potential_estimates set annual_demand = 0 where {HALF}",
    "potential_estimates.recorded_at_not_future": (
        "update raw.potential_estimates set recorded_at = timestamp '2026-01-03 00:00:00' where line_number = 2"
    ),
    "campaigns.ends_on_after_starts_on": "update raw.campaigns set ends_on = starts_on - 1 where line_number = 2",
    "campaign_members.has_control": "update raw.campaign_members set is_control = false",
    "service_ratings.levels_vary": "update raw.service_ratings set offering_level = 'basic'",
    "sales_reps.active_to_after_active_from": (
        "update raw.sales_reps set active_to = active_from - 1 where line_number = 2"
    ),
    "zone_overrides.expires_on_after_set_at": (
        "update raw.zone_overrides set expires_on = cast(set_at as date) - 1 where line_number = 2"
    ),
}
TWOFOLD_DEFECTS: dict[str, tuple[str, set[str]]] = {
    # The stricter limit of the same measure fails as well.
    "invoice_lines.margin_possible": (
        "update raw.invoice_lines set cogs = -cogs",
        {"margin_plausible", "margin_possible"},
    ),
}

Check = Callable[[str, int], tuple[CheckResult, ...]]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        build(opened)
        yield opened


@pytest.fixture
def check(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Check:
    """Check one table; `whole` = up to how many rows it is handed over whole."""

    def checked(table: str, whole: int = 50_000) -> tuple[CheckResult, ...]:
        return check_tables(connection, {table: load_contracts()[table]}, frozenset(), tmp_path, whole)

    return checked


def failed(results: tuple[CheckResult, ...]) -> set[str]:
    return {result.check_id.rsplit(".", 1)[-1] for result in results if not result.passed}


def rules_of(table: str) -> tuple[Rule, ...]:
    return (*basic_rules(load_contracts()[table]), *measured_rules(load_contracts()[table]))


@pytest.mark.parametrize("whole", [50_000, 0], ids=["rows", "profile"])
def test_good_batches_pass_every_check(connection: duckdb.DuckDBPyConnection, tmp_path: Path, whole: int) -> None:
    results = check_tables(connection, load_contracts(), frozenset(), tmp_path, whole)
    assert [result for result in results if not result.passed] == []
    assert {result.check_id for result in results} == {
        rule.check_id for table in load_contracts() for rule in rules_of(table)
    }
    unmeasured = [result.check_id for result in results if result.observed == "nothing to measure"]
    assert unmeasured == [], "a check that measures nothing in a good batch cannot fail either"


@pytest.mark.parametrize("name", SEMANTIC_DEFECTS)
def test_each_semantic_defect_fails_exactly_its_check(
    connection: duckdb.DuckDBPyConnection, check: Check, name: str
) -> None:
    table, rule = name.split(".")
    connection.execute(SEMANTIC_DEFECTS[name])
    assert failed(check(table, 50_000)) == {rule}


@pytest.mark.parametrize("name", TWOFOLD_DEFECTS)
def test_gross_defects_fail_the_blocking_check(connection: duckdb.DuckDBPyConnection, check: Check, name: str) -> None:
    statement, expected = TWOFOLD_DEFECTS[name]
    connection.execute(statement)
    results = check(name.partition(".")[0], 50_000)
    assert failed(results) == expected
    assert not checks.is_green(results)


def test_every_semantic_rule_has_a_defect_that_proves_it() -> None:
    declared = {
        f"{table}.{rule.name}" for table, contract in load_contracts().items() for rule in measured_rules(contract)
    }
    assert declared == SEMANTIC_DEFECTS.keys() | TWOFOLD_DEFECTS.keys()


def basic_defects() -> Iterator[tuple[str, str, str]]:
    """(table, rule, statement) for every rule that follows from a contract."""
    for table in load_contracts():
        for rule in basic_rules(load_contracts()[table]):
            match rule.expectation:
                case Filled(column):
                    yield table, rule.name, f"update raw.{table} set {column} = null where line_number = 2"
                case OneOf(column, _):
                    yield table, rule.name, f"update raw.{table} set {column} = 'strange' where line_number = 2"
                case Within(column, minimum, maximum):
                    contract_column = load_contracts()[table].column(column)
                    if contract_column.is_number:
                        value = f"{maximum} + 1" if maximum is not None else f"{minimum} - 1"
                    else:
                        value = "date '1890-01-01'"
                    yield table, rule.name, f"update raw.{table} set {column} = {value} where line_number = 2"
                case UniqueTogether(columns):
                    others = ", ".join(f"{column} = first.{column}" for column in columns)
                    yield (
                        table,
                        rule.name,
                        f"update raw.{table} set {others} from (from raw.{table} where line_number = 2) as first"
                        f" where {table}.line_number = 3",
                    )
                case _:
                    yield table, rule.name, f"delete from raw.{table}"


@pytest.mark.parametrize(
    ("table", "whole"),
    [
        *((table, 50_000) for table in load_contracts()),
        # Together these have every kind of rule on every type of column.
        *((table, 0) for table in ("activities", "customers", "invoice_lines", "ratings")),
    ],
)
def test_each_breach_of_a_contract_fails_its_check(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, table: str, whole: int
) -> None:
    """All basic rules of a table, one defect after the other; only rules on the same column may fail beside it."""
    suites = Suites()
    basics = basic_rules(load_contracts()[table])
    profile.create_batch_views(connection, load_contracts())
    for _, name, statement in [defect for defect in basic_defects() if defect[0] == table]:
        connection.execute("begin")
        connection.execute(statement)
        if whole:
            rows = connection.execute(f"from {profile.batch_view(table)}").to_arrow_table()
            results = suites.check_rows(table, rows, basics)
        else:
            results = suites.check_profile(table, basics, profile.measure(connection, table, basics))
        connection.execute("rollback")
        assert failed(results) == {name}, statement
        (result,) = [result for result in results if not result.passed]
        assert result.rows is not None and result.severity == "critical" and result.remedy


def test_an_empty_table_fails_only_on_its_rows_and_may_be_declared_empty(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    connection.execute("delete from raw.orders")
    contracts = {"orders": load_contracts()["orders"]}
    assert failed(check_tables(connection, contracts, frozenset(), tmp_path)) == {"has_rows"}
    assert failed(check_tables(connection, contracts, frozenset({"orders"}), tmp_path)) == set()


def test_tables_not_delivered_are_skipped(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        build(connection, ["customers", "invoice_lines"])
        results = check_tables(connection, load_contracts(), frozenset(), tmp_path)
    assert {result.subject for result in results} == {"customers", "invoice_lines"}


def test_nothing_delivered_gives_no_results(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        build(connection, ["customers"])
        connection.execute("update control.load_batches set is_active = false")
        assert check_tables(connection, load_contracts(), frozenset(), tmp_path) == ()


def test_superseded_batches_are_not_looked_at(connection: duckdb.DuckDBPyConnection, check: Check) -> None:
    deliver(connection, "orders", "old", active=False)
    connection.execute("update raw.orders set order_id = null where batch_id = 'old'")
    assert failed(check("orders", 50_000)) == set()


def test_a_later_batch_may_bring_a_key_again(connection: duckdb.DuckDBPyConnection, check: Check) -> None:
    deliver(connection, "customers", "b2")
    assert failed(check("customers", 50_000)) == set()
    assert failed(check("customers", 0)) == set()


def test_few_rows_are_not_judged_by_shares(connection: duckdb.DuckDBPyConnection, check: Check) -> None:
    connection.execute("delete from raw.open_items where line_number > 10")
    connection.execute("update raw.open_items set amount = -1")
    (result,) = [result for result in check("open_items", 50_000) if result.check_id.endswith("amounts_positive")]
    assert (result.passed, result.observed, result.rows) == (True, "nothing to measure", None)


def test_results_say_how_many_rows_and_the_limit(connection: duckdb.DuckDBPyConnection, check: Check) -> None:
    connection.execute("update raw.ratings set level = 9 where line_number in (2, 3, 4)")
    connection.execute("update raw.ratings set level = 3 where line_number > 7")
    results = {result.check_id: result for result in check("ratings", 50_000)}
    level = results["batch.ratings.level_range"]
    assert (level.observed, level.limit, level.rows, level.where) == ("3 of 48 rows", "0 rows", 3, "ratings.level")
    middle = results["batch.ratings.not_middle"]
    assert (middle.observed, middle.limit, middle.rows) == ("0.875", "at most 0.8", 42)
    assert middle.severity == "warning" and middle.remedy
    assert results["batch.ratings.has_rows"].observed == "48 rows"


@pytest.mark.parametrize("whole", [50_000, 0], ids=["rows", "profile"])
def test_no_value_of_a_person_is_in_any_result(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, whole: int
) -> None:
    """Every check is made to look at the canary: all rows twice, so that keys fail too."""
    for table, contract in load_contracts().items():
        connection.execute(f"insert into raw.{table} from raw.{table}")
        for column in contract.columns:
            if column.allowed_values:
                connection.execute(f"update raw.{table} set {column.load_name} = '{PERSON}'")
    results = check_tables(connection, load_contracts(), frozenset(), tmp_path, whole)
    assert {"key_unique", "lead_status_allowed"} <= failed(results)
    checks.write(results, tmp_path / checks.FILE_NAME)
    assert PERSON not in repr(results)
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or PERSON.encode() not in path.read_bytes()


def test_results_do_not_depend_on_the_order_of_the_rows(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    contracts = {name: load_contracts()[name] for name in ("exchange_rates", "invoice_lines", "potential_estimates")}
    first = check_tables(connection, contracts, frozenset(), tmp_path)
    for table in contracts:
        connection.execute(f"create or replace table raw.{table} as from raw.{table} order by hash(line_number)")
    assert check_tables(connection, contracts, frozenset(), tmp_path) == first


def test_an_expectation_that_raises_is_an_error_not_a_finding() -> None:
    """Text where a number should be: Great Expectations reports it as failed; that would blame the data."""
    rule = Rule(
        "ratings",
        "level_range",
        "critical",
        "x",
        "y",
        Within("level", load_contracts()["ratings"].column("level").minimum, None),
        "range",
    )
    rows = duckdb.sql(f"select '{PERSON}' as level").to_arrow_table()
    with pytest.raises(KundenwertError, match=r"CHECK_RAISED: the check level_range of ratings rows") as caught:
        Suites().check_rows("ratings", rows, [rule])
    assert PERSON not in str(caught.value)


def test_a_missing_column_is_an_error_not_a_finding() -> None:
    rule = Rule("ratings", "level_filled", "critical", "x", "y", Filled("level"), "missing")
    with pytest.raises(KundenwertError, match="CHECK_RAISED"):
        Suites().check_rows("ratings", duckdb.sql("select 1 as other").to_arrow_table(), [rule])


def test_a_measure_of_floating_point_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    profile.create_batch_views(connection, ["ratings"])
    rule = Rule("ratings", "mean", "critical", "x", "y", Measured("avg(level)"), "default")
    with pytest.raises(TypeError, match="float"):
        profile.measure(connection, "ratings", [rule])


def test_rule_names_are_unique_and_every_rule_is_about_columns_that_exist() -> None:
    for table, contract in load_contracts().items():
        names = [rule.name for rule in rules_of(table)]
        assert len(names) == len(set(names)), table
        for rule in rules_of(table):
            assert not rule.column or contract.column(rule.column), rule.check_id
            assert rule.what and rule.remedy, rule.check_id


def test_the_checks_are_steps_of_the_run(check: Check, tmp_path: Path) -> None:
    check("orders", 50_000)
    lines = [json.loads(line) for line in (tmp_path / "steps.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines if line["event"] == "end"] == ["quality: start", "quality: orders"]


def test_great_expectations_is_imported_late_quiet_and_without_analytics(tmp_path: Path) -> None:
    code = """
import logging, os, socket, sys
import data_quality.batches, data_quality.gate, data_quality.dbt_results, data_quality.warehouse_results
assert not [name for name in sys.modules if name.startswith(("great_expectations", "pandas"))], "imported too early"
def refuse(*_): raise AssertionError("the network was tried")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from tests.data_quality.samples import build
import duckdb, pathlib
from pipelines.contracts import load_contracts
connection = duckdb.connect()
build(connection, ["orders", "ratings"])
assert data_quality.batches.check_tables(connection, load_contracts(), frozenset(), pathlib.Path(sys.argv[1]))
assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
"""
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    environment.pop("GX_ANALYTICS_ENABLED", None)
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=root,
        env=environment,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert (ended.stdout, ended.stderr) == ("", "")


def test_logging_of_others_is_left_alone() -> None:
    before = logging.getLogger().level
    Suites()
    assert logging.getLogger().level == before
