"""The star of serving.duckdb: what a newcomer joins cannot count anything twice. Belongs here: joins, keys, the latest date, sources.

Not here: questions with their answers (test_questions), whether a figure is right (test_demo.py).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from pipelines.publishing import manifest as manifests
from pipelines.publishing.interface import promise
from pipelines.showing.controlling.query import read_controlling
from tests.end_to_end.kundenwert import Company

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def ask(demo: Company) -> Ask:
    def answer(sql: str) -> list[tuple[Any, ...]]:
        with demo.serving() as connection:
            return connection.execute(sql).fetchall()

    return answer


def test_a_natural_join_with_todays_customers_repeats_no_amount(ask: Ask) -> None:
    """It gave six times the revenue with the historic dimension."""
    whole = ask("select sum(net_revenue) from mart_contribution_month")
    assert ask("select sum(net_revenue) from mart_contribution_month natural join dim_customer_current") == whole
    assert ask("select count(*), count(distinct ultimate_parent_id) from dim_customer_current") == ask(
        "select count(*) + 1, count(*) + 1 from current_dim_customer"
    ), "one more is who the bookings of nobody belong to"


def test_entities_are_what_was_booked_on_their_ids(ask: Ask) -> None:
    booked = ask(
        """select customer_id, sum(net_revenue) from fct_customer_contribution, (select max(as_of_date) as day from mart_portfolio)
        where customer_id in (select customer_id from dim_entity) and month_start > day - interval 1 year group by 1 order by 1"""
    )
    assert booked and booked == ask(
        "select customer_id, entity_net_revenue from dim_entity where entity_net_revenue is not null order by 1"
    )
    assert ask("select count(*) from dim_entity where is_ultimate_parent and customer_id <> ultimate_parent_id") == [
        (0,)
    ]
    ((merged, names),) = ask(
        "select count(*) filter (customer_id <> survivor_customer_id), count(*) filter (relationship_type_de = 'Kunde') from dim_entity"
    )
    assert merged > 0 and names > 0


def test_every_table_says_which_rows_are_of_the_latest_date(ask: Ask) -> None:
    tables = ask(
        """select table_name, bool_or(column_name = 'is_latest') from duckdb_columns() where table_name in
        (select table_name from duckdb_tables()) and column_name in ('as_of_date', 'is_latest') group by 1 order by 1"""
    )
    of_one_day = {"dim_customer_current", "dim_entity", "mart_source_status"}
    assert {name for name, has in tables if not has} == of_one_day
    for name in (name for name, has in tables if has):
        wrong = ask(
            f"select count(*) from {name} where is_latest is distinct from (as_of_date = (select max(as_of_date) from mart_portfolio))"
        )
        assert wrong == [(0,)], name


def test_one_column_relates_tables_of_the_same_key(ask: Ask) -> None:
    assert ask("select count(distinct portfolio_key) - count(*) from mart_portfolio") == [(0,)]
    assert ask("select count(*) from mart_portfolio join dim_customer using (portfolio_key)") == ask(
        "select count(*) from mart_portfolio"
    )


def test_receivables_are_the_items_open_on_the_day(demo: Company, ask: Ask) -> None:
    """Computed from the landed rows of one currency, without the product's SQL."""
    ((day,),) = ask("select max(as_of_date) from mart_portfolio")
    raw = demo.home / "landing" / "raw" / "open_items" / "batch=*" / "*.parquet"
    terms = demo.home / "landing" / "raw" / "customers" / "batch=*" / "*.parquet"
    wanted = duckdb.execute(
        f"""with items as (
            select i.*, date_diff('day', i.due_date, $1::date) as late, amount > 0 and not coalesce(is_disputed, false) as due
            from read_parquet('{raw}') i
            join read_parquet('{terms}') c using (customer_id)
            where (cleared_date is null or cleared_date > $1::date)
                and date_diff('day', $1::date, due_date) <= coalesce(payment_terms_days, 0)
        )
        select company_id, customer_id, sum(amount), sum(amount) filter (due and late > 0), sum(amount) filter (due and late > 90)
        from items group by company_id, customer_id having bool_and(currency_code = 'EUR') order by 1, 2""",
        [day],
    ).fetchall()
    told = {
        (company, customer): amounts
        for company, customer, *amounts in ask(
            """select open_company_id, ultimate_parent_id, open_amount, overdue_amount, overdue_later_amount
            from current_mart_receivables where ultimate_parent_id in
            (select ultimate_parent_id from dim_entity group by 1 having count(*) = 1)"""
        )
    }
    compared = [(key, amounts) for *key, amounts in ((c, k, a) for c, k, *a in wanted) if tuple(key) in told]
    assert len(compared) > 100
    assert [key for key, amounts in compared if told[tuple(key)] != [amount or 0 for amount in amounts]] == []
    assert sum((amounts[1] or Decimal(0) for _, amounts in compared), Decimal(0)) > 0


def test_a_version_says_what_its_readers_were_promised(demo: Company) -> None:
    assert manifests.read(demo.current).interface_version == promise().version


def test_sources_are_told_as_the_manifest_and_the_controllers_page_tell_them(demo: Company, ask: Ask) -> None:
    told = ask(
        "select source_name, rows_used, rows_set_aside, last_data_date, delivery_light from mart_source_status order by 1"
    )
    sources = {each.table: each for each in manifests.read(demo.current).sources if each.is_delivered}
    assert [(name, used, aside, until) for name, used, aside, until, _ in told if name in sources] == [
        (name, each.rows_accepted, each.rows_quarantined, each.data_to) for name, each in sorted(sources.items())
    ]
    page = {each.source_name: each for each in read_controlling(demo.current).sources}
    of_checks = {"waived", "warned", "left_empty"}
    compared = {name for name, each in page.items() if not of_checks & set(each.reasons.split(", "))}
    assert len(compared) > 5
    assert {name: light for name, *_, light in told if name in compared} == {
        name: page[name].light for name in compared
    }
