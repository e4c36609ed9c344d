"""The demo's files: reproducible, written as declared, in agreement with their ledger, and rich in cases."""

from __future__ import annotations

import csv
import re
import stat
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipelines.contracts import load_contracts
from pipelines.demo import DemoPlan, DemoSummary, write_demo
from pipelines.demo.cast import CRITERIA
from pipelines.demo.files import DEMO_FILES, DemoFile
from pipelines.demo.plan import FIELD_POOL_YEAR_CENTS, INSIDE_POOL_YEAR_CENTS
from pipelines.errors import ConfigError
from pipelines.settings.portfolio import read_portfolio
from pipelines.settings.sources import CsvFormat, SourceMap, read_sources

CONFIG = Path(__file__).parents[3] / "config"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoSummary:
    """The default demo."""
    return write_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def sources() -> SourceMap:
    """The shipped mapping."""
    return read_sources(CONFIG / "sources.yml")


def _records(demo: DemoSummary, file: DemoFile) -> list[list[str]]:
    with (demo.out / file.path).open(encoding=file.codec, newline="") as lines:
        return list(csv.reader(lines, delimiter=";"))


def _bytes(out: Path) -> dict[str, bytes]:
    return {file.path: (out / file.path).read_bytes() for file in DEMO_FILES}


# --- reproducible ---------------------------------------------------------------------------------


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path: Path) -> None:
    """Nothing but the arguments decides: no clock, no order of threads."""
    for name, seed in (("first", 1), ("again", 1), ("other", 2)):
        write_demo(tmp_path / name, customers=90, months=16, seed=seed)
    first, again, other = (_bytes(tmp_path / name) for name in ("first", "again", "other"))
    assert first == again
    differing = {path for path in first if first[path] != other[path]}
    assert {
        "erp/Rechnungspositionen_1000.csv",
        "erp/Hauptbuch.csv",
        "crm/Aktivitaeten.csv",
        "crm/Bewertungen.csv",
    } <= differing


def test_the_delivery_after_it_corrects_one_month(tmp_path: Path) -> None:
    """Two more lines, their open items, and the ledger that holds them; nothing else moves."""
    write_demo(tmp_path / "before", customers=65, months=14)
    write_demo(tmp_path / "after", customers=65, months=14, is_corrected=True)
    before, after = (_bytes(tmp_path / name) for name in ("before", "after"))
    moved = {path for path in before if before[path] != after[path]}
    assert len(moved & {"erp/Rechnungspositionen_1000.csv", "erp/Rechnungspositionen_2000.csv"}) == 1
    assert moved - {"erp/Rechnungspositionen_1000.csv", "erp/Rechnungspositionen_2000.csv"} == {
        "erp/Hauptbuch.csv",
        "erp/Offene_Posten.csv",
    }


def test_writing_again_replaces_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """The directory holds the deliveries and nothing else."""
    for _ in range(2):
        write_demo(tmp_path, customers=10, months=14)
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {file.path for file in DEMO_FILES}


def test_default_has_its_size(demo: DemoSummary) -> None:
    """About 400 customers, 40 months, 40,000 to 60,000 invoice lines."""
    rows = {file.path: file.rows for file in demo.files}
    assert 400 <= rows["erp/Kundenstamm.csv"] <= 420
    assert 40_000 <= rows["erp/Rechnungspositionen_1000.csv"] + rows["erp/Rechnungspositionen_2000.csv"] <= 60_000


@pytest.mark.parametrize(
    "arguments", [{"customers": 5}, {"months": 3}, {"seed": -1}, {"last_month": "09/2026"}, {"customers": 10**9}]
)
def test_impossible_sizes_are_refused(arguments: dict[str, int], tmp_path: Path) -> None:
    """With a code, before anything is written."""
    with pytest.raises(ConfigError) as error:
        write_demo(tmp_path / "out", **arguments)  # type: ignore[arg-type]
    assert error.value.problems[0].code == "DEMO_RANGE"
    assert not (tmp_path / "out").exists()


def test_last_day_is_the_as_of_date(demo: DemoSummary) -> None:
    """Something is posted on the last day, so that the default as-of date is the end of the last month."""
    plan = DemoPlan()
    assert (plan.first_day, plan.last_day) == (date(2023, 6, 1), date(2026, 9, 30))
    posted = {record[4] for file in _invoice_files() for record in _records(demo, file)[1:]}
    assert "30.09.2026" in posted
    assert max(_day(text) for text in posted) == plan.last_day


# --- as declared ----------------------------------------------------------------------------------


def test_files_are_written_as_declared(demo: DemoSummary, sources: SourceMap) -> None:
    """Encoding, line ends, delimiter and file mode; every file is mapped."""
    paths: set[str] = set()
    for name, delivered in sources.files.items():
        declared = sources.format_of(name)
        assert isinstance(declared, CsvFormat)
        for path in sorted(demo.out.glob(delivered.path)):
            relative = path.relative_to(demo.out).as_posix()
            paths.add(relative)
            text = path.read_bytes().decode(declared.codec)
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert text.endswith("\n")
            ends = text.count("\r\n"), text.count("\n")
            assert ends[0] == (ends[1] if relative.startswith("erp/") else 0), relative
            assert declared.delimiter in text.partition("\n")[0]
    assert paths == {file.path for file in DEMO_FILES}
    # What an umlaut looks like tells whether an encoding was really used.
    customers = (demo.out / "erp/Kundenstamm.csv").read_bytes()
    assert "Währung".encode("cp1252") in customers
    with pytest.raises(UnicodeDecodeError):
        customers.decode("utf-8")


NOT_OF_THIS_ERP = {"local_currency_code", "account", "has_time"}
"""It keeps its books in the reporting currency and delivers its ledger by account group."""


def test_mapping_names_columns_that_exist(demo: DemoSummary, sources: SourceMap) -> None:
    """Every mapped column stands in the header, every delivered column is mapped, every contract table is filled."""
    assert set(sources.tables) == set(load_contracts())
    for table, mapping in sources.tables.items():
        assert mapping.from_file is not None
        for path in demo.out.glob(sources.files[mapping.from_file].path):
            file = next(file for file in DEMO_FILES if (demo.out / file.path) == path)
            assert set(mapping.columns.values()) == set(_records(demo, file)[0]), table
        assert (
            set(mapping.columns) | NOT_OF_THIS_ERP
            == {column.name for column in load_contracts()[table].columns} | NOT_OF_THIS_ERP
        ), table


def test_delivered_at_of_the_mapping_is_the_plans(sources: SourceMap) -> None:
    """The shipped mapping declares the time the default plan has."""
    assert {file.delivered_at for file in sources.files.values()} == {DemoPlan().delivered_at}


def test_settings_know_what_the_demo_delivers(demo: DemoSummary, sources: SourceMap) -> None:
    """Activity types, criteria and pool costs of config/portfolio.yml are those of the demo."""
    portfolio = read_portfolio(CONFIG / "portfolio.yml")
    assert set(sources.tables["activities"].values["activity_type"].values()) == set(portfolio.activity_types)
    rated = {name for name, criterion in portfolio.criteria.items() if criterion.method == "rating"}
    assert set(sources.tables["ratings"].values["criterion_id"].values()) == rated
    assert set(sources.tables["ratings"].values["criterion_id"]) == set(CRITERIA)
    for pool, cents in (("field", FIELD_POOL_YEAR_CENTS), ("inside", INSIDE_POOL_YEAR_CENTS)):
        assert [period.annual_cost * 100 for period in portfolio.resource_pools[pool].periods] == [cents]


def test_numbers_come_with_and_without_thousands_signs(demo: DemoSummary) -> None:
    """Both are correct in the declared grammar."""
    first, second = (_records(demo, file)[1:] for file in _invoice_files())
    assert not any("." in record[10] for record in first)
    assert any(re.fullmatch(r"-?\d{1,3}(\.\d{3})+,\d\d", record[10]) for record in second)


# --- the ledger -----------------------------------------------------------------------------------


def _day(text: str) -> date:
    day, month, year = (int(part) for part in text.split("."))
    return date(year, month, day)


def _money(text: str) -> Decimal:
    assert re.fullmatch(r"-?(\d+|\d{1,3}(\.\d{3})+),\d\d", text), text
    return Decimal(text.replace(".", "").replace(",", "."))


def _rounded(value: Fraction) -> Decimal:
    """To cents, half away from zero."""
    cents = (abs(value) * 200 + 1) // 2
    return Decimal(int(cents if value >= 0 else -cents)).scaleb(-2)


def _invoice_files() -> tuple[DemoFile, DemoFile]:
    first, second = (file for file in DEMO_FILES if file.view.startswith("Rechnungspositionen"))
    return first, second


def _rate(rates: Mapping[date, Decimal], day: date) -> Fraction:
    for age in range(6):
        if (rate := rates.get(day - timedelta(days=age))) is not None:
            return Fraction(rate)
    raise AssertionError(f"no rate for {day}")


def _booked(demo: DemoSummary) -> Iterator[tuple[str, str, str, Decimal]]:
    """(company, month, ledger group, euros) of every booking in the files, converted as METHOD 1.2 says."""
    by_name = {file.view: file for file in DEMO_FILES}
    rates = {_day(day): Decimal(rate.replace(",", ".")) for day, _, rate in _records(demo, by_name["Wechselkurse"])[1:]}
    lines = {tuple(record) for file in _invoice_files() for record in _records(demo, file)[1:]}
    for company, _, _, _, posted, _, _, _, _, currency, gross, deductions, cogs, local_net, _, _ in lines:
        day = _day(posted)
        values = [_money(gross), _money(deductions), _money(cogs)]
        if currency != "EUR":
            if local_net:
                booked = _money(local_net)
                implied = Fraction(booked) / Fraction(values[0] - values[1])
                euros = _rounded(Fraction(values[0]) * implied)
                values = [euros, euros - booked, _rounded(Fraction(values[2]) * implied)]
            else:
                values = [_rounded(Fraction(value) / _rate(rates, day)) for value in values]
        for group, value in zip(("Bruttoerlöse", "Erlösschmälerungen", "Wareneinsatz"), values, strict=True):
            yield company, f"{day:%Y-%m}", group, value
    for company, _, kind, posted, amount, currency in _records(demo, by_name["Einzelkosten"])[1:]:
        day = _day(posted)
        value = _money(amount) if currency == "EUR" else _rounded(Fraction(_money(amount)) / _rate(rates, day))
        yield company, f"{day:%Y-%m}", {"Logistik": "Service und Logistik"}.get(kind, kind), value


@pytest.mark.parametrize(
    "plan",
    [DemoPlan(), DemoPlan(10, 14), DemoPlan(60, 26, 7, "2025-02")],
    ids=["default", "ten customers", "leap year"],
)
def test_ledger_agrees_with_the_files_to_the_cent(plan: DemoPlan, demo: DemoSummary, tmp_path: Path) -> None:
    """Recomputed from the text with exact fractions: a record that stands twice counts once, a broken one counts."""
    if plan != demo.plan:
        demo = write_demo(tmp_path, plan.customers, plan.months, plan.seed, plan.last_month)
    expected: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for company, month, group, value in _booked(demo):
        expected[company, month, group] += value
    # The trial balance lists the accounts of costs in months nothing was booked on them, too.
    for company, month, _ in list(expected):
        for group in ("Marketing", "Service und Logistik"):
            expected[company, month, group] += 0
    for position in range(plan.months):
        year, month_before = divmod(plan.first_day.year * 12 + plan.first_day.month - 1 + position, 12)
        pools: tuple[tuple[str, int], ...] = (
            ("Vertrieb Außendienst", FIELD_POOL_YEAR_CENTS),
            ("Vertrieb Innendienst", INSIDE_POOL_YEAR_CENTS),
        )
        for pool, year_cents in pools:
            until_now = _rounded(Fraction(year_cents * (month_before + 1), 1200))
            before = _rounded(Fraction(year_cents * month_before, 1200))
            expected["1000", f"{year}-{month_before + 1:02d}", pool] = until_now - before
    ledger_file = next(file for file in DEMO_FILES if file.view == "Hauptbuch")
    ledger = {
        (company, month, group): _money(amount) for company, month, group, amount in _records(demo, ledger_file)[1:]
    }
    assert ledger == expected


def test_booked_amounts_differ_from_the_rate(demo: DemoSummary) -> None:
    """Otherwise nobody would notice that the booked amount wins."""
    rates_file = next(file for file in DEMO_FILES if file.view == "Wechselkurse")
    rates = {_day(day): Decimal(rate.replace(",", ".")) for day, _, rate in _records(demo, rates_file)[1:]}
    booked = [record for record in _records(demo, _invoice_files()[1])[1:] if record[13]]
    differing = [
        record
        for record in booked
        if _money(record[13])
        != _rounded((Fraction(_money(record[10])) - Fraction(_money(record[11]))) / _rate(rates, _day(record[4])))
    ]
    assert len(booked) > 50
    assert len(differing) > len(booked) / 2


# --- cases ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tables(demo: DemoSummary) -> duckdb.DuckDBPyConnection:
    """The files as tables of text, one per view; records with too many fields in "<view>!"."""
    connection = duckdb.connect()
    for file in DEMO_FILES:
        header, *records = _records(demo, file)
        fitting = pd.DataFrame(
            [record for record in records if len(record) == len(header)], columns=header, dtype="str"
        )
        connection.register("frame", fitting)
        connection.execute(f'create table "{file.view}" as select * from frame')
        connection.unregister("frame")
        wide = [";".join(record) for record in records if len(record) != len(header)]
        connection.execute(f'create table "{file.view}!" as select unnest($wide::varchar[]) as record', {"wide": wide})
    connection.execute('create view lines as from "Rechnungspositionen_1000" union all from "Rechnungspositionen_2000"')
    connection.execute("create macro day(text) as try_strptime(text, '%d.%m.%Y')::date")
    connection.execute("create macro moment(text) as try_strptime(text, '%d.%m.%Y %H:%M:%S')")
    connection.execute("create macro cents(text) as try_cast(replace(replace(text, '.', ''), ',', '') as bigint)")
    return connection


CASES = dict(
    re.findall(
        r"^-- (.+):\n([^;]+);", (Path(__file__).parent / "cases.sql").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
)


def test_no_case_is_overlooked() -> None:
    """Every query of cases.sql has a name, and is run."""
    text = (Path(__file__).parent / "cases.sql").read_text(encoding="utf-8")
    assert len(CASES) == text.count(";\n") == len(re.findall(r"^-- .+:$", text, flags=re.MULTILINE)) > 100


@pytest.mark.parametrize("case", CASES)
def test_case_is_there(case: str, tables: duckdb.DuckDBPyConnection) -> None:
    """Every case the method treats finds rows."""
    assert tables.execute(f"select count(*) > 0 from ({CASES[case]})").fetchone() == (True,)


def test_broken_bookings_name_their_amounts(tables: duckdb.DuckDBPyConnection) -> None:
    """A rejected booking's amounts, month and currency can be read, so that it stands in its own column."""
    broken = tables.execute(
        "select Bruttobetrag, Erlösschmälerung, Wareneinsatz, Buchungsdatum, Währung from lines "
        "where Menge = '12 Stk' or Kundennummer = '' or Belegart = 'XX'"
    ).fetchall()
    assert len(broken) > 10
    for gross, deductions, cogs, posted, currency in broken:
        assert _money(gross) > 0 and _money(deductions) > 0 and _money(cogs) > 0
        assert _day(posted).year >= 2023
        assert currency == "EUR"


def test_sales_force_works_as_people_do(tables: duckdb.DuckDBPyConnection) -> None:
    """Field hours of the last twelve months are about 70 % of the practical capacity."""
    hours = tables.execute(
        """
        select sum(coalesce(try_cast("Dauer Minuten" as integer), case Art when 'Besuch' then 240 else 60 end)) / 60.0
        from Aktivitaeten
        where Art in ('Besuch', 'Online-Termin', 'Messegespräch')
            and moment(Zeitpunkt) > timestamp '2025-10-01' and moment(Zeitpunkt) < timestamp '2026-10-01'
        """
    ).fetchone()
    assert hours is not None
    assert 0.65 < float(hours[0]) / 14_400 < 0.76


def test_revenue_is_long_tailed(tables: duckdb.DuckDBPyConnection) -> None:
    """A fifth of the customers make well over half of the revenue, as in a real wholesaler."""
    shares = tables.execute(
        """
        with customer as (
            select Kundennummer, sum(cents(Bruttobetrag) - cents(Erlösschmälerung)) as net from lines
            where day(Buchungsdatum) > date '2025-09-30' and Kundennummer < '090000' group by Kundennummer
        ), ranked as (
            select net, row_number() over (order by net desc) as place, count(*) over () as places from customer
        )
        select sum(net) filter (where place <= places / 5) / sum(net) from ranked
        """
    ).fetchone()
    assert shares is not None
    assert 0.55 < shares[0] < 0.9
