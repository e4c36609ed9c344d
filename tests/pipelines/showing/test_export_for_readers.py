"""A published table for a spreadsheet: nothing in it is computed, cut or lost, and numbers and dates are those of the table."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from pipelines.errors import ExitCode, KundenwertError
from pipelines.home import Home
from pipelines.publishing import publish
from pipelines.showing import export as exporting
from pipelines.showing.export import export
from pipelines.vocabulary import Voice
from tests.orchestration.commands.command_line import kundenwert
from tests.pipelines.publishing.samples import FACTS, PUBLISHED_AT, fill, publish_again, published_tables

HOSTILE = ("=1+1", "-2", "@SUM(A1)", 'Müller; "Söhne"\nNachf.', "0100", "")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.at(tmp_path / "home")
    fill(home, rows=50)
    with duckdb.connect(str(home.warehouse)) as connection:
        for place, name in enumerate(HOSTILE):
            connection.execute(
                "update marts.dim_customer set customer_name = $1 where customer_id = $2", [name, f"C{place:07d}"]
            )
    publish_again(home)
    return home


def _rows(home: Home, table: str, where: str = "true") -> list[tuple[object, ...]]:
    file = home.current / "bi" / f"{table}.parquet"
    return duckdb.sql(f"select * from read_parquet('{file}') where {where} order by all").fetchall()


def test_a_csv_reads_back_as_the_table_and_computes_nothing(home: Home, tmp_path: Path) -> None:
    target = tmp_path / "names.csv"
    done = export(home.current.resolve(), "dim_customer", date(2025, 12, 31), "csv", Voice("en"), target)
    assert target.read_bytes().startswith(b"\xef\xbb\xbf") and target.stat().st_mode & 0o777 == 0o600
    with target.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["customer_id", "customer_name"] and done.rows == len(rows) == 300
    assert [name for _, name in rows[: len(HOSTILE)]] == ["'=1+1", "'-2", "'@SUM(A1)", *HOSTILE[3:]]
    assert rows[10:] == [list(row) for row in _rows(home, "dim_customer")[10:]]


def test_a_german_csv_has_commas_and_days_first(home: Home, tmp_path: Path) -> None:
    day = date(2025, 11, 30)
    export(home.current.resolve(), "mart_portfolio", day, "csv", Voice("de"), tmp_path / "portfolio.csv")
    with (tmp_path / "portfolio.csv").open(encoding="utf-8-sig", newline="") as file:
        _, *rows = csv.reader(file, delimiter=";")
    wanted = _rows(home, "mart_portfolio", f"as_of_date = date '{day}'")
    assert len(rows) == len(wanted) == 5
    assert {row[0] for row in rows} == {"30.11.2025"}
    assert [Decimal(row[2].replace(",", ".")) for row in rows] == [row[2] for row in wanted]
    assert all("," in row[2] and "." not in row[2] for row in rows)


def test_a_workbook_holds_numbers_dates_and_texts(home: Home, tmp_path: Path) -> None:
    version = home.current.resolve()
    export(version, "mart_portfolio", None, "xlsx", Voice("en"), tmp_path / "a.xlsx")
    export(version, "mart_portfolio", None, "xlsx", Voice("en"), tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    _, *rows = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_name("mart_portfolio").to_python()
    found = [(day, who, round(Decimal(str(revenue)), 2)) for day, who, revenue, *_ in rows]
    assert found == [row[:3] for row in _rows(home, "mart_portfolio")]
    export(version, "dim_customer", None, "xlsx", Voice("en"), tmp_path / "names.xlsx")
    _, *names = CalamineWorkbook.from_path(tmp_path / "names.xlsx").get_sheet_by_name("dim_customer").to_python()
    assert [name for _, name in names[: len(HOSTILE)]] == list(HOSTILE)


def test_labels_stand_over_the_columns_where_somebody_asks_for_them(home: Home, tmp_path: Path) -> None:
    labels = ["Stichtag", "Konzernnummer", "Nettoumsatz"]
    described = [replace(table, columns=(("net_revenue", "Money."),)) for table in published_tables(home)[:1]]
    publish(home, described, FACTS, published_at=PUBLISHED_AT)
    csv_file, book = tmp_path / "portfolio.csv", tmp_path / "portfolio.xlsx"
    for form, target in (("csv", csv_file), ("xlsx", book)):
        asked = ("--headings", "labels", "--language", "de", "--format", form, "--out", str(target), "--all-dates")
        done = kundenwert(home.root, "export", "mart_portfolio", *asked)
        assert done.exit_code == 0, done.stderr
    with csv_file.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file, delimiter=";")
    assert head[:3] == labels and len(rows) == 50
    read = CalamineWorkbook.from_path(book)
    assert read.get_sheet_by_name("mart_portfolio").to_python()[0][:3] == labels
    assert read.get_sheet_by_name("columns").to_python()[1] == ["Nettoumsatz (net_revenue)", "Money."]


def test_what_is_not_there_and_what_is_too_long_is_refused(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for arguments, code in (
        (["mart_reconciliation"], "EXPORT_UNKNOWN"),
        (["x"], "EXPORT_UNKNOWN"),
        (["mart_portfolio", "--as-of", "2020-01-31"], "AS_OF_UNKNOWN"),
    ):
        done = kundenwert(home.root, "export", *arguments)
        assert done.exit_code == ExitCode.USAGE and code in done.stderr
    done = kundenwert(home.root, "export", "mart_portfolio", "--format", "csv", "--all-dates", "--json")
    assert json.loads(done.stdout)["rows"] == 50
    monkeypatch.setattr(exporting, "WORKBOOK_ROWS", 10)
    with pytest.raises(KundenwertError, match="EXPORT_ROWS"):
        export(home.current.resolve(), "mart_portfolio", None, "xlsx", Voice("en"), tmp_path / "long.xlsx")
    assert not (tmp_path / "long.xlsx").exists()
