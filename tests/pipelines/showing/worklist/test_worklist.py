"""The work list of a published version: what is asked for, in its order, each kind of money for itself, in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from pipelines.errors import KundenwertError
from pipelines.publishing import reading
from pipelines.showing.version import columns_of
from pipelines.showing.worklist import Task, render, words, worklist
from pipelines.vocabulary import Voice, code_groups
from tests.pipelines.showing.small_manifest import write_manifest

BEFORE, AS_OF = date(2024, 1, 31), date(2024, 2, 29)
FACTS: dict[str, object] = {
    "as_of_date": AS_OF,
    "ultimate_parent_id": "C1",
    "customer_name": "Müller [b]& Söhne[/b]",
    "task": "visit",
    "priority": 1,
    "owner_area": "Nord",
    "due_on": date(2024, 3, 14),
    "money": Decimal("1000.00"),
    "money_kind": "at_risk",
    "happened": "contact_gap",
    "happened_on": date(2023, 10, 31),
    "happened_days": 121,
    "happened_limit_days": 60,
    "happened_visits": None,
    "happened_planned_visits": None,
    "happened_ratio": None,
    "happened_amount": None,
    "happened_criterion_id": None,
    "next_step": "make_visit",
    "reporting_currency": "EUR",
}


def task(**facts: object) -> Task:
    return Task(**{**FACTS, **facts})  # type: ignore[arg-type]


TASKS = (
    task(priority=1, task="hand_over", due_on=date(2024, 2, 1), happened="owner_left", happened_on=date(2024, 2, 1)),
    task(priority=2),
    task(priority=3, ultimate_parent_id="C2", customer_name="Zwei", owner_area="Süd", money=Decimal("50.00")),
    task(
        priority=4,
        ultimate_parent_id="L1",
        customer_name="Lead",
        owner_area=None,
        task="unblock",
        money_kind="to_win",
        happened="blocking_criterion",
        happened_criterion_id="access",
    ),
    task(priority=1, as_of_date=BEFORE),
)


def published(version: Path, tasks: tuple[Task, ...] = TASKS) -> Path:
    (version / "bi").mkdir(parents=True)
    with duckdb.connect() as connection:
        columns = columns_of(Task)
        types = {"money": "decimal(18, 2)", "happened_amount": "decimal(18, 2)"}
        declared = ", ".join(f"{each.name} {types.get(each.name, each.sql_type)}" for each in columns)
        connection.execute(f"create table mart_worklist ({declared})")
        for each in tasks:
            values = [getattr(each, column.name) for column in columns]
            connection.execute(f"insert into mart_worklist values ({', '.join('?' for _ in values)})", values)
        connection.execute(
            """
            create table mart_portfolio as
            select * from (values (date '2024-01-31', 'Nord'), (date '2024-02-29', 'Nord'), (date '2024-02-29', 'Süd'))
                as rows (as_of_date, owner_area);
            create table fct_criterion_score as
            select date '2024-02-29' as as_of_date, 'access' as criterion_id, 'Access' as criterion_name_en,
                'Zugang' as criterion_name_de;
            """
        )
        for table in ("mart_worklist", "mart_portfolio", "fct_criterion_score"):
            connection.execute(f"copy {table} to '{version}/bi/{table}.parquet' (format parquet)")
    write_manifest(version, BEFORE, AS_OF)
    return version


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("worklist") / "v000001")


def shown(version: Path, language: str = "en", **asked: object) -> str:
    console = Console(width=90, record=True, highlight=False, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(render(worklist(version, **asked), Voice(language), 90))  # type: ignore[arg-type]
    return " ".join(console.export_text().split())


def test_the_latest_date_in_the_order_of_the_list(version: Path) -> None:
    found = worklist(version)
    assert found.as_of_date == AS_OF
    assert [each.priority for each in found.tasks] == [1, 2, 3, 4]
    assert worklist(version, BEFORE).found == 1


def test_each_customer_counts_once_per_kind_with_its_largest_amount(version: Path) -> None:
    amounts = [(row.money_kind, row.tasks, row.customers, row.money) for row in worklist(version).money]
    assert amounts == [("at_risk", 3, 2, Decimal("1050.00")), ("to_win", 1, 1, Decimal("1000.00"))]


def test_an_area_a_task_and_a_limit(version: Path) -> None:
    found = worklist(version, area="Nord", limit=1)
    assert (found.found, [each.task for each in found.tasks]) == (2, ["hand_over"])
    assert [each.ultimate_parent_id for each in worklist(version, task="visit").tasks] == ["C1", "C2"]


@pytest.mark.parametrize(
    ("asked", "code", "named"),
    [
        ({"area": "West"}, "AREA_UNKNOWN", "Nord, Süd"),
        ({"task": "dance"}, "TASK_UNKNOWN", "hand_over, defend"),
        ({"as_of": date(2020, 1, 31)}, "AS_OF_UNKNOWN", "2024-01-31, 2024-02-29"),
    ],
)
def test_what_is_not_there_is_refused_and_what_is_there_is_named(
    version: Path, asked: dict[str, object], code: str, named: str
) -> None:
    with pytest.raises(KundenwertError) as caught:
        worklist(version, **asked)  # type: ignore[arg-type]
    assert caught.value.problems[0].code == code
    assert named in caught.value.problems[0].what


def test_a_version_of_a_release_without_a_work_list_says_so(tmp_path: Path) -> None:
    version = published(tmp_path / "v000001")
    (version / "bi" / "mart_worklist.parquet").unlink()
    with pytest.raises(reading.IncompleteError):
        worklist(version)


def test_the_list_reads_like_sentences(version: Path) -> None:
    text = shown(version)
    assert "Work list as of 29 Feb 2024" in text
    assert "Overdue since 1 Feb 2024" in text
    assert "Visit Müller [b]& Söhne[/b] (C1) Nord 1,000 EUR at risk" in text
    assert "Last contact on 31 Oct 2023, 121 days ago; the plan allows 60 days. Next: Visit." in text
    assert "Access stands between development and protection." in text


def test_the_list_speaks_german(version: Path) -> None:
    text = shown(version, "de", area="Süd")
    assert "Arbeitsliste zum 29.02.2024" in text
    assert "Gebiet Süd" in text
    assert "Letzter Kontakt am 31.10.2023, 121 Tage her; der Plan erlaubt 60 Tage." in text


def test_where_nothing_is_due_it_says_so(tmp_path: Path) -> None:
    assert "Nothing is due." in shown(published(tmp_path / "v000001", ()))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("code", code_groups()["happened"].codes)
def test_everything_that_can_happen_is_a_sentence_without_an_open_place(code: str, language: str) -> None:
    sentence = words.happened(task(happened=code), Voice(language), "Access")
    assert sentence.endswith(".")
    assert "{" not in sentence
