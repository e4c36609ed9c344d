"""The same small delivery as every kind there is lands to the same rows; what a kind must refuse is in test_faults_of_kinds."""

# ruff: noqa: DTZ001 - moments in the tables are UTC without a zone
from __future__ import annotations

import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest
import xlsxwriter

from pipelines import duck
from pipelines.landing import ledger
from pipelines.landing.dry_run import rehearse
from pipelines.landing.land import land_table
from pipelines.settings.sources import ExcelFormat, JsonlFormat
from pipelines.settings.workspace import Workspace
from pipelines.sources import PreparedFile, prepare
from pipelines.sources.cells import decimal_text
from tests.pipelines.landing.company import company, deliver, rows
from tests.pipelines.sources import postgres
from tests.pipelines.sources.small_delivery import (
    LINES,
    TYPES,
    VISITS,
    WRITERS,
    Row,
    as_csv,
    as_excel,
    fill_sqlite,
    statements,
    zipped,
)

FORMATS = """
  csv: {kind: csv, delimiter: ",", encoding: utf-8, decimal: ".", date: yyyy-mm-dd, timestamp: "yyyy-mm-ddThh:mm:ss"}
  jsonl: {kind: jsonl}
  excel: {kind: excel, sheet: Daten}
"""
TABLES = """
tables:
  invoice_lines:
    from: lines
    columns: {invoice_id: Beleg, line_no: Pos, posting_date: Datum, customer_id: Kunde, product_group: WG, quantity: Menge,
              gross_list_amount: Brutto, revenue_deductions: Abzug, cogs: Einsatz, is_promotion: Aktion}
    values: {is_promotion: {"1": true, "0": false}}
    constants: {currency_code: EUR, company_id: "1000", doc_type: invoice}
  activities:
    from: visits
    columns: {activity_id: Nr, account_id: Konto, activity_type: Art, activity_at: Wann, recorded_at: Erfasst}
"""
COLUMNS = (
    "invoice_id, line_no, posting_date, customer_id, product_group, quantity, gross_list_amount, "
    "revenue_deductions, cogs, is_promotion"
)
EXPECTED_LINES = [
    ("0007", 1, date(2025, 1, 31), "007", "Größe", Decimal("2.500"), Decimal("1234.56"), Decimal("-0.10"), None, True),
    (
        *("R-2", 2, date(2025, 12, 1), "1001", 'a "quoted"; text,\nof two lines', Decimal("-3.000")),
        *(Decimal("-9876543.21"), Decimal("0.30"), Decimal("1500.00"), False),
    ),
    ("R-3", 10, date(2025, 12, 24), "1,5", "true", None, Decimal("0.07"), Decimal("0.00"), Decimal("0.05"), None),
]
EXPECTED_VISITS = [
    ("v1", "a", "visit", datetime(2025, 7, 1, 12, 30), datetime(2025, 7, 2, 6, 5, 59)),
    ("v2", "b", "call", datetime(2025, 12, 1, 23, 0), datetime(2025, 12, 2, 22, 59, 59)),
]


def workspace_of(directory: Path, files: str, formats: str = "") -> Workspace:
    made = FORMATS + formats
    return company(directory, made + f"files:\n{files}" + TABLES)


def landed(workspace: Workspace, table: str) -> str:
    outcome = land_table(workspace, table)
    wrong = [str(each.problem) for each in outcome.problems if each.severity != "info"]
    assert not wrong
    return outcome.status


def assert_rows(workspace: Workspace) -> None:
    assert {landed(workspace, table) for table in ("invoice_lines", "activities")} == {"loaded"}
    assert rows(workspace, "raw", "invoice_lines", COLUMNS) == EXPECTED_LINES
    found = rows(workspace, "raw", "activities", "activity_id, account_id, activity_type, activity_at, recorded_at")
    assert found == EXPECTED_VISITS
    assert {landed(workspace, table) for table in ("invoice_lines", "activities")} == {"duplicate"}


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_a_file(kind: str, tmp_path: Path) -> None:
    workspace = workspace_of(
        tmp_path, f"  lines: {{path: 'lines.*', format: {kind}}}\n  visits: {{path: 'visits.*', format: {kind}}}\n"
    )
    deliver(tmp_path, f"lines.{kind}", WRITERS[kind](LINES))
    deliver(tmp_path, f"visits.{kind}", WRITERS[kind](VISITS))
    assert_rows(workspace)
    places = rows(workspace, "raw", "invoice_lines", "file_name, line_number")
    lines = {"csv": [2, 3, 5], "parquet": [1, 2, 3], "jsonl": [1, 3, 5], "excel": [2, 3, 4]}[kind]
    assert places == [(f"lines.{kind}", line) for line in lines]


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_a_zip_around_it(kind: str, tmp_path: Path) -> None:
    """The only member of one archive, a pattern in a folder of another; the lines in two files."""
    files = f"""
  lines: {{path: out/export.zip, member: "{{2025}}/lines*.*", format: {kind}}}
  visits: {{path: visits*.ZIP, format: {kind}}}
""".replace("{2025}", "erp/2025")
    workspace = workspace_of(tmp_path, files)
    parts = [(f"erp/2025/lines_{n}.{kind}", WRITERS[kind](LINES[n:][:2] if n else LINES[:1])) for n in (0, 1)]
    other = ("erp/2025/deeper/lines_3.csv", b"not meant")
    deliver(tmp_path, "out/export.zip", zipped(*parts, other, ("__MACOSX/erp/2025/lines_1.x", b"of the packer")))
    deliver(tmp_path, "visits 1.ZIP", zipped((f"visits.{kind}", WRITERS[kind](VISITS))))
    assert_rows(workspace)
    names = {name for (name,) in rows(workspace, "raw", "invoice_lines", "file_name")}
    assert names == {f"export.zip/erp/2025/lines_{n}.{kind}" for n in (0, 1)}


def test_a_zip_packed_anew_is_the_same_delivery(tmp_path: Path) -> None:
    workspace = workspace_of(
        tmp_path, "  lines: {path: lines.zip, format: csv}\n  visits: {path: none.csv, format: csv}\n"
    )
    deliver(tmp_path, "lines.zip", zipped(("lines.csv", as_csv(LINES))))
    assert landed(workspace, "invoice_lines") == "loaded"
    deliver(tmp_path, "lines.zip", zipped(("lines.csv", as_csv(LINES)), method=zipfile.ZIP_STORED))
    assert landed(workspace, "invoice_lines") == "duplicate"


@pytest.mark.parametrize(
    ("path", "folders"),
    [
        ("{date}/erp/lines_*.csv", ("2026-01-31/erp", "2026-02-28/erp")),
        ("in/full-{date}/lines_*.csv", ("in/full-20260131", "in/full-20260228")),
        ("{date}/export.zip", ("2026-01-31", "2026-02-28")),
    ],
)
def test_folders_with_a_date_are_deliveries_of_their_days(path: str, folders: tuple[str, str], tmp_path: Path) -> None:
    """The later folder is the state that counts; an earlier one that arrives late is not loaded."""
    member = ', member: "lines_*.csv"' if path.endswith("zip") else ""
    files = f"  lines: {{path: '{path}', format: csv{member}}}\n  visits: {{path: none.csv, format: csv}}\n"
    workspace = workspace_of(tmp_path, files)

    def arrives(folder: str, *lines: int) -> None:
        parts = [(f"lines_{n}.csv", as_csv([LINES[n]])) for n in lines]
        for name, content in [("export.zip", zipped(*parts))] if member else parts:
            deliver(tmp_path, f"{folder}/{name}", content)

    arrives(folders[1], 1, 2)
    assert landed(workspace, "invoice_lines") == "loaded"
    assert rows(workspace, "raw", "invoice_lines", COLUMNS) == EXPECTED_LINES[1:]
    arrives(folders[0], 0)
    outcome = land_table(workspace, "invoice_lines")
    assert [finding.problem.code for finding in outcome.problems] == ["OLDER_DELIVERY"]
    days = [(entry.day, len(entry.files)) for entry in ledger.read(workspace.home)]
    assert days == [(date(2026, 2, 28), 2)]


def test_a_part_of_a_sheet(tmp_path: Path) -> None:
    """Titles above, notes beside, the header again, a subtotal, a totals row that is compared."""
    formats = """
  report: {kind: excel, sheet: Bericht, range: "C5:L", skip_rows_matching: "^Zwischen", skip_footer_matching: "^Summe"}
"""
    files = """
  lines: {path: report.xlsx, format: report, control_totals: {footer: [Brutto], sums: {Abzug: 0.20}}}
  visits: {path: none.csv, format: csv}
"""
    workspace = workspace_of(tmp_path, files, formats)
    nothing = dict.fromkeys(LINES[0])
    again: Row = {name: name for name in nothing}
    between: Row = {**nothing, "Beleg": "Zwischensumme", "Brutto": Decimal("1234.56")}
    totals: Row = {**nothing, "Beleg": "Summe 2025", "Brutto": Decimal("-9875308.58")}
    content = as_excel([LINES[0], between, again, *LINES[1:], totals], first_row=4, first_column=2, sheet="Bericht")
    deliver(tmp_path, "report.xlsx", content)
    outcome = land_table(workspace, "invoice_lines")
    assert (outcome.status, outcome.rows_skipped) == ("loaded", 3)
    assert {(f.problem.code, f.problem.where) for f in outcome.problems} == {
        ("REPEATED_HEADER", "report.xlsx:8"),
        ("ROWS_SKIPPED", "report.xlsx:7"),
        ("ROWS_SKIPPED", "report.xlsx:11"),
    }
    assert rows(workspace, "raw", "invoice_lines", COLUMNS) == EXPECTED_LINES
    assert rows(workspace, "raw", "invoice_lines", "line_number") == [(6,), (9,), (10,)]


@pytest.mark.parametrize("pattern", ["excel", "d.m.yy", "mm/dd/yyyy", "iso"])
def test_typed_days_are_read_by_every_declared_pattern(pattern: str, tmp_path: Path) -> None:
    """Days typed as days, whatever `date` says of those that are text, and money of a computing sheet."""
    formats = (
        f"  other: {{kind: excel, sheet: Daten, date: '{pattern}', round: true, timestamp: 'm/d/yyyy h:mm:ss AM'}}\n"
    )
    files = "  lines: {path: a.xlsx, format: other}\n  visits: {path: b.xlsx, format: other}\n"
    deliver(tmp_path, "a.xlsx", as_excel([{**LINES[0], "Brutto": Decimal("1234.5551")}, *LINES[1:]]))
    deliver(tmp_path, "b.xlsx", as_excel(VISITS))
    assert_rows(workspace_of(tmp_path, files, formats))


def test_a_typed_day_is_never_moved_to_the_end_of_its_month(tmp_path: Path) -> None:
    formats = "  other: {kind: excel, sheet: Daten, date: yyyymm last}\n"
    files = "  lines: {path: a.xlsx, format: other}\n  visits: {path: none.csv, format: csv}\n"
    workspace = workspace_of(tmp_path, files, formats)
    deliver(tmp_path, "a.xlsx", as_excel(LINES))
    outcome = land_table(workspace, "invoice_lines")
    assert (outcome.rows_accepted, outcome.rows_quarantined) == (0, 3)
    assert "DATE_FORMAT" in {finding.problem.code for finding in outcome.problems}


def test_a_rehearsal_reads_what_is_packed_and_what_is_in_a_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "erp.db"
    fill_sqlite(path, "visits", VISITS)
    monkeypatch.setenv("KUNDENWERT_TEST_ERP", f"sqlite:///{path}")
    files = """
  lines: {path: lines.zip, format: excel}
  visits: {database: {url: "${KUNDENWERT_TEST_ERP}", table: visits}}
"""
    workspace = workspace_of(tmp_path, files)
    deliver(tmp_path, "lines.zip", zipped(("lines.xlsx", as_excel(LINES))))
    protocol = rehearse(workspace)
    assert {(table.table, table.rows_used, table.problems) for table in protocol.tables} == {
        ("invoice_lines", 3, ()),
        ("activities", 2, ()),
    }
    ways = {(table.table, column.column): column.way for table in protocol.tables for column in table.columns}
    assert (ways["invoice_lines", "cogs"], ways["activities", "activity_at"]) == ("mapping", "mapping")
    assert not list(workspace.home.originals.iterdir())


@pytest.mark.parametrize("kind", ["excel", "jsonl"])
def test_texts_are_read_as_declared_and_numbers_as_they_are(kind: str, tmp_path: Path) -> None:
    """A German amount entered as text, beside typed ones, in one column; binary noise is none of the number."""
    formats = f"""
  texts: {{kind: {kind}, SHEETdecimal: ",", thousands: ".", date: dd.mm.yyyy, "true": [J], "false": [N], "null": ["", "-"]}}
""".replace("SHEET", "sheet: Daten, " if kind == "excel" else "")
    files = "  lines: {path: 'lines.*', format: texts}\n  visits: {path: none.csv, format: csv}\n"
    workspace = workspace_of(tmp_path, files, formats)
    delivery: list[Row] = [
        {**LINES[0]} | {"Brutto": "1.234,56", "Datum": "31.01.2025", "Einsatz": "-", "Aktion": "J"},
        {**LINES[1]} | {"Abzug": 0.1 + 0.2, "Datum": LINES[1]["Datum"] if kind == "excel" else "01.12.2025"},
        {**LINES[2]} | {"Datum": "24.12.2025"},
    ]
    deliver(tmp_path, f"lines.{kind}", WRITERS[kind](delivery))
    assert landed(workspace, "invoice_lines") == "loaded"
    assert rows(workspace, "raw", "invoice_lines", COLUMNS) == EXPECTED_LINES


def test_objects_in_objects_have_names_with_a_point(tmp_path: Path) -> None:
    files = "  visits: {path: visits.jsonl, format: jsonl}\n  lines: {path: none.csv, format: csv}\n"
    mapping = TABLES.replace("account_id: Konto", "account_id: Account.Id")
    workspace = company(tmp_path, f"{FORMATS}files:\n{files}{mapping}")
    record = {"Nr": "v1", "Account": {"Id": "a", "Tags": ["x"]}, "Art": "visit", "Wann": "2025-07-01T12:30:00Z"}
    deliver(tmp_path, "visits.jsonl", json.dumps(record | {"Erfasst": "2025-07-02T08:05:59+02:00"}).encode() + b"\r\n")
    assert landed(workspace, "activities") == "loaded"
    found = rows(workspace, "raw", "activities", "activity_id, account_id, activity_type, activity_at, recorded_at")
    assert found == EXPECTED_VISITS[:1]


NUMBERS = {
    "1e5": "100000",
    "5.0": "5",
    "17850.0": "17850",
    "-0.5": "-0.5",
    "1.10": "1.1",
    "1e-7": "0.0000001",
    "0.30000000000000004": "0.3",
    "12345678.90": "12345678.9",
    "0.1000000000000000055511151231257827": "0.1",
    "1e20": "100000000000000000000",
    "123456789012345678901234567890": "123456789012345678901234567890",
    "9007199254740993": "9007199254740993",
    "1234567890123.45": "1234567890123.45",
}
"""How a program writes a number -> which one it is."""


def texts_of(prepared: PreparedFile) -> list[object]:
    return [
        row[0] for row in duckdb.execute(f"select c0 from read_parquet('{prepared.path}') order by line").fetchall()
    ]


def test_numbers_of_json_are_decimal_numbers(tmp_path: Path) -> None:
    random.seed(7)
    others = [random.random() * 10 ** random.randint(0, 12) + 0.001 for _ in range(500)]  # noqa: S311
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"a": {number}}}\n' for number in (*NUMBERS, *map(repr, others))))
    with duck.locked(tmp_path) as connection:
        prepared = prepare(path, "a.jsonl", JsonlFormat(kind="jsonl"), tmp_path / "copy", connection)
    assert texts_of(prepared) == [*NUMBERS.values(), *map(decimal_text, others)]
    assert all(float(decimal_text(number)) == pytest.approx(number, rel=1e-14) for number in others)


def test_numbers_of_excel_are_those_it_shows(tmp_path: Path) -> None:
    """A workbook holds binary numbers with up to 17 digits; Excel shows 15."""
    path = tmp_path / "a.xlsx"
    kept = {number: text for number, text in NUMBERS.items() if len(text) < 16 or float(number) < 1}
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_column(0, 0, ["a", *map(float, kept)])
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    # The library that writes it rounds, other programs do not.
    noisy = [(name, part.replace(b"<v>0.3</v>", b"<v>0.30000000000000004</v>")) for name, part in parts]
    assert noisy != parts
    path.write_bytes(zipped(*noisy))
    with duck.locked(tmp_path) as connection:
        prepared = prepare(path, "a.xlsx", ExcelFormat(kind="excel"), tmp_path / "copy", connection)
    assert texts_of(prepared) == list(kept.values())


MEASURED = """
import re, sys
from pathlib import Path
from pipelines.settings.sources import ExcelFormat
from pipelines.sources.excel_file import prepare_excel
prepared = prepare_excel(Path(sys.argv[1]), "a.xlsx", ExcelFormat(kind="excel"), Path(sys.argv[1] + ".copy"))
# What a process that was started has reached itself; its parent's maximum would count as its own elsewhere.
print(prepared.records, int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.slow
def test_a_hundred_thousand_rows_of_excel_need_no_memory_to_speak_of(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, [f"c{place}" for place in range(12)])
        for row in range(1, 100_001):
            page.write_row(row, 0, [f"R{row:08d}", f"{row % 5000:06d}", *(row * 37 % 10_007 / 100 for _ in range(10))])
    done = subprocess.run([sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True)
    records, megabytes = map(int, done.stdout.split())
    assert records == 100_000
    assert megabytes < 500


# --- databases -------------------------------------------------------------------------------------------------------

OF_DATABASE = """
  lines: {database: {url: "${KUNDENWERT_TEST_ERP}", query: "select * from invoice_lines where 1 = 1"}}
  visits: {database: {url: "${KUNDENWERT_TEST_ERP}", table: SCHEMAvisits}}
"""


def test_rows_of_a_database_by_sqlalchemy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "erp.db"
    fill_sqlite(path, "invoice_lines", LINES)
    fill_sqlite(path, "visits", VISITS)
    monkeypatch.setenv("KUNDENWERT_TEST_ERP", f"sqlite:///{path}")
    assert_rows(workspace_of(tmp_path, OF_DATABASE.replace("SCHEMA", "")))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select * from no_such_table", "no_such_table"),
        ("select abs('x', 1)", "abs"),
        ("select abs(-9223372036854775808)", "overflow"),
    ],
)
def test_what_another_database_refuses(query: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUNDENWERT_TEST_ERP", "sqlite://")
    asked = OF_DATABASE.replace("SCHEMA", "").replace("select * from invoice_lines where 1 = 1", query)
    (finding,) = land_table(workspace_of(tmp_path, asked), "invoice_lines").problems
    assert (finding.problem.code, finding.severity) == ("DATABASE_QUERY", "critical")
    assert said in finding.problem.what


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with postgres.server() as started:
        yield started


def url(address: str, password: str = postgres.PASSWORD) -> str:
    return f"postgresql://{postgres.USER}:{quote(password, safe='')}@{address}/postgres"


def ask(address: str, *asked: str) -> None:
    postgres.ask(url(address), *asked)


@pytest.mark.needs("postgresql")
def test_rows_of_postgresql(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In whatever order the server gives the same rows, they are the same delivery; one cent makes another one."""
    ask(address, "drop table if exists invoice_lines, visits")
    ask(address, *statements("invoice_lines", LINES, TYPES), *statements("visits", VISITS, TYPES))
    monkeypatch.setenv("KUNDENWERT_TEST_ERP", url(address))
    workspace = workspace_of(tmp_path, OF_DATABASE.replace("SCHEMA", "public."))
    assert_rows(workspace)
    shuffled = LINES[::-1]
    ask(address, "delete from invoice_lines", *statements("invoice_lines", shuffled, TYPES)[1:])
    assert landed(workspace, "invoice_lines") == "duplicate"
    ask(address, """update invoice_lines set "Brutto" = 1234.57 where "Beleg" = '0007'""")
    assert landed(workspace, "invoice_lines") == "loaded"
    told = "".join(path.read_text(errors="replace") for path in workspace.home.root.rglob("*") if path.is_file())
    assert workspace.config_dir.joinpath("sources.yml").read_text().count("KUNDENWERT_TEST_ERP") == 2
    for secret in (postgres.PASSWORD, quote(postgres.PASSWORD, safe=""), address):
        assert secret not in told


@pytest.mark.needs("postgresql")
@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ("select * from no_such_table", "DATABASE_QUERY", "no_such_table"),
        ("select 1 as a, 2 as A", "SCHEMA_DUP_COLUMN", "a"),
        ("select 12.5::money as betrag", "DATABASE_TYPE", "betrag"),
        ("with x as (delete from pg_class returning 1) select * from x", "DATABASE_QUERY", ""),
        ("select n, 1 / (n - 99999) as x from generate_series(1, 100000) n", "DATABASE_QUERY", "division by zero"),
        (
            "select n, 1::numeric / (n - 99999) as x from generate_series(1, 100000) n",
            "DATABASE_QUERY",
            "division by zero",
        ),
        ("select 1 as a, 2 as b where false", "SCHEMA_MISSING_COLUMN", ""),
    ],
)
def test_what_postgresql_refuses(
    query: str, code: str, said: str, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUNDENWERT_TEST_ERP", url(address))
    workspace = workspace_of(
        tmp_path, OF_DATABASE.replace("SCHEMA", "").replace("select * from invoice_lines where 1 = 1", query)
    )
    found = land_table(workspace, "invoice_lines").problems
    assert {finding.problem.code for finding in found} == {code}
    assert said in found[0].problem.what
    assert found[0].severity == "critical"


@pytest.mark.needs("postgresql")
@pytest.mark.parametrize("wrong", ["password", "port", "host", "scheme", "variable"])
def test_a_database_that_cannot_be_reached_is_said_without_its_password(
    wrong: str, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {
        "password": url(address, "wr0ng"),
        "port": url("127.0.0.1:1", "wr0ng"),
        "host": "postgresql://erp:wr0ng@p@ss/word@nowhere:x/y",
        "scheme": "mysql+pymysql://erp:wr0ng@127.0.0.1/erp",
    }
    if wrong != "variable":
        monkeypatch.setenv("KUNDENWERT_TEST_ERP", said[wrong])
    outcome = land_table(workspace_of(tmp_path, OF_DATABASE.replace("SCHEMA", "")), "invoice_lines")
    (finding,) = outcome.problems
    code = {"scheme": "DATABASE_DRIVER", "variable": "CONFIG_ENVIRONMENT"}.get(wrong, "DATABASE_CONNECT")
    assert (outcome.status, finding.problem.code) == ("file_quarantined", code)
    assert "KUNDENWERT_TEST_ERP" in str(finding.problem)
    assert "wr0ng" not in str(finding.problem)
    assert "word" not in finding.problem.what.replace("password", "")


@pytest.mark.needs("postgresql")
def test_types_of_postgresql(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a table may hold beside texts and numbers; a NaN is no amount, and said to be none."""
    ask(
        address,
        "drop table if exists odd",
        """create table odd as select 'R' || n as "Beleg", n as "Pos", timestamptz '2025-01-31 00:00+01' as "Datum",
           gen_random_uuid() as "u", '{"a": 1}'::jsonb as "j", '{1,2}'::int[] as "l", interval '1 day' as "i", time '10:00' as "t",
           '10.0.0.1'::inet as "ip", 'x'::bytea as "b", 1.5::float8 as "f", '7  '::char(5) as "Kunde", 'g' as "WG", 1 as "Menge",
           (case n when 1 then 'NaN' else '12.50' end)::numeric(18,2) as "Brutto", 0 as "Abzug", null::numeric as "Einsatz",
           true as "Aktion" from generate_series(1, 2) n""",
    )
    monkeypatch.setenv("KUNDENWERT_TEST_ERP", url(address))
    workspace = workspace_of(tmp_path, OF_DATABASE.replace("SCHEMA", "").replace("from invoice_lines", "from odd"))
    outcome = land_table(workspace, "invoice_lines")
    assert [finding.problem.code for finding in outcome.problems] == ["NUM_NOT_FINITE"]
    assert rows(workspace, "raw", "invoice_lines", "invoice_id, customer_id, posting_date, gross_list_amount") == [
        ("R2", "7", date(2025, 1, 31), Decimal("12.50"))
    ]
