"""docs/questions.md: an analyst's questions of the published demo company, in every database it is served in.

Belongs here: every block of SQL as it is printed, answers computed a second time from the Parquet files, and that columns said to add
up can. Not here: whether the marts are right (test_demo.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import accumulate, pairwise
from typing import Any

import duckdb
import pytest

from pipelines.home import Home
from pipelines.publishing.serving import CURRENT
from tests import postgres_serving
from tests.end_to_end.kundenwert import Company
from tests.serving_questions.questions import Question, questions, text
from tools.mart_dictionary import Mart, read_marts

Row = Mapping[str, Any]
Tuple = tuple[Any, ...]
Ask = Callable[[str], list[Tuple]]
Read = Callable[..., list[Row]]

SERVED_BY = (
    pytest.param("duckdb_serving", id="duckdb"),
    pytest.param("postgresql_serving", id="postgresql", marks=pytest.mark.needs("postgresql")),
)
"""The fixtures that answer SQL, one per database."""


@pytest.fixture(scope="module")
def duckdb_serving(demo: Company) -> Iterator[Ask]:
    with demo.serving() as connection:
        yield lambda sql: connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def postgresql_serving(demo: Company) -> Iterator[Ask]:
    with postgres_serving.postgres_serving(Home.at(demo.home)) as connection:
        yield lambda sql: postgres_serving.ask(connection, sql)


@pytest.fixture(scope="module", params=SERVED_BY)
def ask(request: pytest.FixtureRequest) -> Ask:
    served: Ask = request.getfixturevalue(request.param)
    return served


@pytest.fixture(scope="module")
def read(demo: Company) -> Read:
    """Rows of a published table: of its latest as-of date, or of any with `day=None`."""

    def rows(table: str, day: str | None = "(select max(as_of_date) from published)") -> list[Row]:
        published = f"with published as (from read_parquet('{demo.current / 'bi' / table}.parquet')) from published"
        found = duckdb.sql(published if day is None else f"{published} where as_of_date = {day}")
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]

    return rows


# --- the document ----------------------------------------------------------------------------------------------------


def test_the_document_has_twenty_questions_with_an_answer_to_each() -> None:
    assert [question.number for question in questions()] == list(range(1, 21))
    assert len(re.findall("^```sql$", text(), re.MULTILINE)) == 20


@pytest.mark.parametrize("question", questions(), ids=str)
def test_a_question_has_an_answer(question: Question, ask: Ask) -> None:
    assert ask(question.sql)


# --- computed again --------------------------------------------------------------------------------------------------


def answers(ask: Ask, number: int) -> list[Tuple]:
    (sql,) = (question.sql for question in questions() if question.number == number)
    return plain(ask(sql))


def plain(rows: Iterable[Tuple]) -> list[Tuple]:
    """Rows to compare: numbers without their type (a database may hand out decimals as text), in an order of their own."""
    return sorted((tuple(_plain(value) for value in row) for row in rows), key=repr)


def _plain(value: object) -> object:
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except InvalidOperation:
        return value


def total(values: Iterable[Decimal | int | None]) -> Decimal | int | None:
    """As SQL adds: what is not known is left out, and nothing known is not 0."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def by(rows: Iterable[Row], *keys: str) -> dict[Tuple, list[Row]]:
    grouped: dict[Tuple, list[Row]] = {}
    for row in rows:
        grouped.setdefault(tuple(row[key] for key in keys), []).append(row)
    return grouped


def sums(rows: Iterable[Row], *columns: str) -> Tuple:
    listed = list(rows)
    return tuple(total(row[column] for row in listed) for column in columns)


def ratio(part: Any, whole: Any, digits: str = "0.0001") -> Decimal | None:
    return None if part is None or not whole else (part / whole).quantize(Decimal(digits), ROUND_HALF_UP)


def joined(left: Iterable[Row], right: Iterable[Row]) -> list[Row]:
    """Both rows of a customer as one; the left one's columns win."""
    found = {row["ultimate_parent_id"]: row for row in right}
    return [{**found.get(row["ultimate_parent_id"], {}), **row} for row in left]


def customers(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["relationship_type"] == "customer"]


def test_margin_by_region_and_month(ask: Ask, read: Read) -> None:
    region = {row["ultimate_parent_id"]: row["region"] for row in read("dim_customer")}
    months = [{**row, "region": region.get(row["ultimate_parent_id"])} for row in read("mart_contribution_month")]
    expected = []
    for key, rows in by(months, "region", "month_start").items():
        revenue, contribution = sums(rows, "net_revenue", "customer_contribution")
        expected.append((*key, revenue, contribution, ratio(contribution, revenue)))
    assert answers(ask, 1) == plain(expected)
    # Nothing is lost or counted twice on the way over the regions.
    assert sum(row[2] for row in expected) == total(row["net_revenue"] for row in months)


def test_tenths_of_the_customers(ask: Ask, read: Read) -> None:
    known = [row for row in customers(read("mart_portfolio")) if row["customer_contribution"] is not None]
    ordered = sorted(known, key=lambda row: (-row["customer_contribution"], row["ultimate_parent_id"]))
    share, more = divmod(len(ordered), 10)
    ends = [0, *accumulate(share + (number < more) for number in range(10))]
    expected = []
    for decile, (start, end) in enumerate(pairwise(ends), start=1):
        rows = ordered[start:end]
        edges = (rows[-1]["customer_contribution"], rows[0]["customer_contribution"])
        expected.append((decile, len(rows), *sums(rows, "net_revenue", "customer_contribution"), *edges))
    assert answers(ask, 2) == plain(expected)


def test_moves_since_a_year_ago(ask: Ask, read: Read) -> None:
    history = by(customers(read("mart_zone_history", day=None)), "as_of_date")
    (last,) = max(history)
    a_year_ago = min(day for (day,) in history if day >= date(last.year - 1, last.month, last.day))
    assert a_year_ago == date(last.year - 1, last.month, last.day)
    now, then = ({row["ultimate_parent_id"]: row for row in history[day,]} for day in (last, a_year_ago))
    moves = [
        {
            "from": then[who]["zone"] if who in then else "(new)",
            "to": now[who]["zone"] if who in now else "(gone)",
            "before": then[who]["contribution_4"] if who in then else None,
            "after": now[who]["contribution_4"] if who in now else None,
        }
        for who in now.keys() | then.keys()
    ]
    moved = by((move for move in moves if move["from"] != move["to"]), "from", "to")
    expected = [(*move, len(rows), *sums(rows, "before", "after")) for move, rows in moved.items()]
    assert answers(ask, 3) == plain(expected)


def test_share_of_wallet_by_product_group(ask: Ask, read: Read) -> None:
    estimated = [row for row in read("mart_share_of_wallet") if row["annual_demand"] is not None]
    expected = []
    for key, rows in by(estimated, "product_group").items():
        demand, revenue, gap = sums(rows, "annual_demand", "net_revenue", "achievable_gap")
        expected.append((*key, len(rows), demand, revenue, ratio(revenue, demand), gap))
    assert answers(ask, 5) == plain(expected)


def test_sales_areas_with_their_visits_and_hours(ask: Ask, read: Read) -> None:
    areas = by(joined(read("mart_portfolio"), read("mart_service_levels")), "owner_area")
    expected = []
    for key, rows in areas.items():
        contribution, *service = sums(
            rows, "customer_contribution", "planned_visits", "actual_visits", "field_hours", "inside_hours"
        )
        expected.append((*key, len(rows), contribution, *service, ratio(contribution, service[2], "0.01")))
    assert answers(ask, 7) == plain(expected)


def test_the_work_list_by_area_and_task(ask: Ask, read: Read) -> None:
    called = {row["task"]: row["label_en"] for row in read("dim_task", day=None)}
    expected = [
        (area, called[task], kind, len(rows), *sums(rows, "money"), min(row["due_on"] for row in rows))
        for (area, task, kind), rows in by(read("mart_worklist"), "owner_area", "task", "money_kind").items()
    ]
    assert answers(ask, 10) == plain(expected)


def test_overdue_by_zone(ask: Ask, read: Read) -> None:
    zones = by(joined(customers(read("mart_portfolio")), read("mart_customer_finance")), "zone")
    expected = [
        (
            *zone,
            len(rows),
            sum(1 for row in rows if (row["overdue_amount"] or 0) > 0),
            *sums(rows, "open_amount", "overdue_amount"),
            max((row["overdue_days_max"] for row in rows if row["overdue_days_max"] is not None), default=None),
        )
        for zone, rows in zones.items()
    ]
    assert answers(ask, 11) == plain(expected)


def test_revenue_by_month_against_the_year_before(ask: Ask, read: Read) -> None:
    months = by(customers(read("mart_contribution_month")), "month_start")
    revenue = {month: sums(rows, "net_revenue")[0] for (month,), rows in months.items()}
    expected = []
    for month, amount in revenue.items():
        before = revenue.get(month.replace(year=month.year - 1))
        change = None if before is None else amount - before
        expected.append((month, amount, before, change, ratio(change, before)))
    assert answers(ask, 14) == plain(expected)


# --- what adds up ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mart", [mart for mart in read_marts() if mart.config.meta.additive], ids=lambda mart: mart.name
)
def test_a_column_that_adds_up_is_not_one_number_on_every_row(mart: Mart, demo: Company) -> None:
    table = f"{CURRENT if 'as_of_date' in mart.never_sum_over else ''}{mart.name}"
    repeated = "count({0}) > 20 and count(distinct {0}) = 1 and max(abs({0})) > 1"
    columns = mart.config.meta.additive or ()
    with demo.serving(mart.config.meta.audience or "bi") as connection:
        found = connection.execute(f"select {', '.join(map(repeated.format, columns))} from {table}").fetchall()
    assert [column for column, is_repeated in zip(columns, found[0], strict=True) if is_repeated] == []
