"""The demo company against its exact truth: every published number, for every customer, over several months."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.differencing import attack, names, people
from tests.documents import text_of
from tests.end_to_end.demo import demo_published
from tests.end_to_end.kundenwert import Company
from tests.method_map import concepts
from tests.oracle import evaluate
from tests.oracle.against_marts import company_from, compare_with_marts, settings_from
from tests.oracle.result import Result

MONTHS = (date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return demo_published(tmp_path_factory)


@pytest.fixture(scope="module")
def truth(demo: Company) -> Result:
    """The oracle on what landing accepted and rejected."""
    control = demo.home / "control" / "as_of_dates.parquet"
    dates = duckdb.sql(f"select as_of_date, known_at from read_parquet('{control}') where is_shown").fetchall()
    assert tuple(sorted(day for day, _ in dates)) == MONTHS
    return evaluate(company_from(demo.home), settings_from(demo.home), dates)


@pytest.mark.parametrize("as_of", MONTHS, ids=str)
def test_marts_equal_the_truth_for_every_customer(demo: Company, truth: Result, as_of: date) -> None:
    with demo.serving() as bi, demo.serving("controlling") as controlling:
        comparison = compare_with_marts(truth.at(as_of), bi, controlling)
    # The month marts look back from the latest as-of date only.
    differences = [each for each in comparison.differences if each.mart != "mart_reconciliation" or as_of == MONTHS[-1]]
    assert comparison.cells > 80_000
    assert not differences, "\n".join(map(str, differences[:20]))


def test_the_ledger_is_met_with_the_quarantined_rows_in_their_own_column(demo: Company) -> None:
    with demo.serving() as bi:
        statuses = bi.execute("select distinct status from mart_reconciliation").fetchall()
        off = bi.execute("select * from mart_reconciliation where difference <> 0").fetchall()
        parts = bi.execute(
            """select sum(customers), sum(leads), sum(intercompany), sum(unassigned_unknown_customer),
            sum(unassigned_missing_cost_centre), sum(quarantined), sum(unused_capacity) from mart_reconciliation"""
        ).fetchone()
        ledger = bi.execute("select sum(ledger) from mart_reconciliation").fetchone()
    assert statuses == [("reconciled",)]
    assert not off
    assert parts is not None and ledger is not None
    assert all(part != 0 for part in parts), "a column without an amount proves nothing about it"
    assert sum(parts, start=Decimal(0)) == ledger[0]


def test_the_row_of_the_architecture_page_goes_its_way(demo: Company) -> None:
    """From a line of a file to a zone: every figure the page names is what the demo has there."""
    way = text_of("docs/architecture.md").partition("## The way of a row")[2].partition("## Known")[0]
    line = "from raw.invoice_lines where invoice_id = '1000-R0014047' and line_no = 1"
    where = "ultimate_parent_id = '010015' and as_of_date = date '2026-09-30'"
    steps = (
        f"select line_number, product_id, gross_list_amount, revenue_deductions, cogs {line}",
        "select gross_list_revenue from intermediate.int_contribution__lines_by_month "
        "where customer_id = '010015' and product_group = 'Hydraulik' and month_start = date '2026-09-01'",
        f"select net_revenue, contribution_4 from intermediate.int_contribution__parent where {where}",
        "select cast(level as integer), cast(points as integer) from intermediate.int_scores__levels "
        f"where {where} and criterion_id = 'contribution_4'",
        f"select zone, zone_status from marts.mart_portfolio where {where}",
    )
    with duckdb.connect(str(demo.home / "warehouse.duckdb"), read_only=True) as warehouse:
        for step in steps:
            (row,) = warehouse.execute(step).fetchall()
            missing = [value for value in row if str(value) not in way]
            assert not missing, f"{step}: the page does not say {missing}"


def test_every_zone_status_and_type_finds_customers(demo: Company) -> None:
    with demo.serving() as bi:
        zones = {zone for (zone,) in bi.execute("select distinct zone from mart_portfolio").fetchall()}
        statuses = {
            status
            for (status,) in bi.execute(
                "select distinct zone_status from mart_portfolio where zone <> 'never_bought'"
            ).fetchall()
        }
        types = {kind for (kind,) in bi.execute("select distinct customer_type from mart_customer_types").fetchall()}
    assert zones >= {
        "protection",
        "development",
        "maintain",
        "withdrawal",
        "new_customer",
        "unrated",
        "never_bought",
        "target_lead",
    }
    assert statuses == {"confirmed", "provisional", "unrated", "observation"}
    assert types >= {"star", "question_mark", "free_rider", "poor_dog"}


def test_every_case_of_effort_finds_customers(demo: Company) -> None:
    """A flag that is true for nobody shows nothing; one that is true for everybody neither."""
    flags = {
        "mart_uncovered_customers": (
            "is_without_owner",
            "is_owner_gone",
            "has_contact_gap",
            "is_never_contacted",
            "is_lapsed",
        ),
        "mart_handover_list": ("is_owner_gone", "open_opportunities > 0", "overdue_amount > 0"),
        "mart_service_levels": ("over_visits > 0", "under_visits > 0", "compliance_ratio = 1", "planned_visits = 0"),
        "mart_small_customers": ("is_small_customer", "is_small_by_revenue", "is_hidden_champion", "inside_orders > 0"),
        "mart_hours_allocation": ("allocated_field_hours > minimum_hours", "allocated_field_hours = 0"),
        "mart_sales_input": ("imputed_durations > 0", "activity_type = 'complaint'"),
        "mart_capacity": ("unallocated_hours is null",),
        "crm_writeback": ("next_best_product_group is null", "lead_account_id is null", "account_ids like '%,%'"),
    }
    with demo.serving() as bi:
        for mart, conditions in flags.items():
            for condition in conditions:
                counted = bi.execute(
                    f"select count_if({condition}), count_if(not coalesce({condition}, false)) from {mart}"
                ).fetchone()
                assert counted is not None and min(counted) > 0, f"{mart}: {condition}: {counted}"


def test_nothing_is_said_about_teams_unless_the_company_decides_so(demo: Company) -> None:
    with demo.serving("team") as team:
        assert team.execute("select count(*) from mart_team_sales_input").fetchone() == (0,)
    with demo.serving("controlling") as controlling:
        assert controlling.execute("select count(*) from mart_raters").fetchone() == (0,)


def test_no_small_group_is_found_by_subtracting_what_is_published(demo: Company) -> None:
    """Of all marts and dates together; and it would be, if the next smallest area were not hidden, too (METHOD 1.17)."""
    files = sorted((demo.current / "bi").glob("*.parquet"))
    with duckdb.connect(str(demo.home / "warehouse.duckdb"), read_only=True) as warehouse:
        shown = names(warehouse, {file.stem: f"read_parquet('{file}')" for file in files})
        sizes = people(warehouse, shown)
        ((minimum,),) = warehouse.execute("select privacy_min_group_size from settings.parameters").fetchall()
        assert shown and not attack(shown, sizes, minimum)
        beside = warehouse.execute(
            "select as_of_date, area from intermediate.int_effort__areas where suppression_reason = 'complementary'"
        ).fetchall()
        teams = warehouse.execute(
            """
            select hidden.month_start, hidden.team, groups.members, hidden.suppression_reason
            from intermediate.int_effort__team_input_hidden as hidden
            inner join intermediate.int_effort__team_input as groups using (as_of_date, month_start, team)
            where not groups.is_total
            """
        ).fetchall()
    without = {day: {*areas, *(area for at, area in beside if at == day)} for day, areas in shown.items()}
    assert {found.people for found in attack(without, sizes, minimum)} == {3}
    # Months of teams, where a company shows them: a month is a figure of its own.
    assert teams
    for month in sorted({row[0] for row in teams}):
        rows = [row[1:] for row in teams if row[0] == month]
        visible = [team for team, _, reason in rows if reason is None]
        dominated = [team for team, _, reason in rows if reason == "dominated"]
        members = {team: count for team, count, _ in rows}
        assert not attack({month: visible}, {month: members}, minimum, {month: dominated}), month


def test_a_run_leaves_a_page_about_its_batches(demo: Company) -> None:
    page = (demo.home / "checks" / "data_docs" / "index.html").read_text(encoding="utf-8")
    with demo.serving("controlling") as controlling:
        (count,) = controlling.execute("select count(*) from check_results where area = 'batch'").fetchone() or (0,)
    assert f"{count} expectations on" in page


NOT_IN_A_PUBLISHABLE_DEMO = {
    # Nothing is delivered that was entered after the delivery, and all months of a run know the same.
    "recorded_after_known_at",
}


def test_every_check_of_the_sales_input_finds_rows_unless_it_would_block(demo: Company) -> None:
    with demo.serving() as bi:
        found = dict(
            bi.execute("select check_id, sum(affected_rows) from mart_input_quality group by check_id").fetchall()
        )
        blocking = {
            name
            for (name,) in bi.execute("select check_id from mart_input_quality where severity = 'block'").fetchall()
        }
    assert len(found) == 34
    assert {name for name, rows in found.items() if rows == 0} == blocking | NOT_IN_A_PUBLISHABLE_DEMO


def test_every_concept_is_shown_by_the_row_the_method_document_names(demo: Company) -> None:
    with demo.serving() as bi:
        for concept in concepts():
            where = " and ".join(f"cast({column} as varchar) = ?" for column in concept.key)
            found = bi.execute(
                f"select cast({concept.column} as varchar) from {concept.mart} where as_of_date = ? and {where}",
                [MONTHS[-1], *concept.key.values()],
            ).fetchall()
            assert found == [(concept.value,)], concept


def test_no_person_and_no_secret_is_published(demo: Company) -> None:
    """Rep ids as delivered (VT01, VI01, ...) and the key are in no file of the version, nor in the warehouse."""
    reps = {path.name for path in (demo.home / "published").rglob("*.parquet")}
    assert reps
    for file in (*demo.current.rglob("*"), demo.home / "warehouse.duckdb"):
        if file.is_file():
            content = file.read_bytes()
            for canary in (b"VT07", b"VT09", b"a key for tests only"):
                assert canary not in content, f"{canary!r} in {file.relative_to(demo.home)}"


def test_files_are_for_their_owner_only(demo: Company) -> None:
    """But the metrics, counts and names of tables, which a collector of its own user reads where the home is opened for passing."""
    metrics = demo.home / "metrics"
    open_to_others = [
        str(path.relative_to(demo.home))
        for path in demo.home.rglob("*")
        if not path.is_symlink() and path.stat().st_mode & 0o077 and metrics not in (path, *path.parents)
    ]
    assert not open_to_others, open_to_others[:10]


def test_a_second_run_is_refused_while_one_is_under_way(demo: Company) -> None:
    import fcntl

    with Path(demo.home / "run.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = demo.fork("run")
    assert refused.returncode == 6, refused.stdout + refused.stderr
    assert "LOCKED" in refused.stderr
