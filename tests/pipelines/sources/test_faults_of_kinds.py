"""What is wrong with a workbook, JSON lines, a ZIP: a coded refusal that names file and next step, or rows in quarantine."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.errors import ConfigError
from pipelines.landing.land import LandingOutcome, land_table
from tests.pipelines.landing.company import company, deliver, rows
from tests.pipelines.sources.small_delivery import LINES, as_csv, as_excel, as_jsonl, as_parquet, zipped
from tests.pipelines.sources.test_every_kind import COLUMNS, EXPECTED_LINES, FORMATS, TABLES

EXCEL = as_excel(LINES)
JSONL = as_jsonl(LINES)


def landed(directory: Path, name: str, content: bytes, declared: str) -> LandingOutcome:
    """One delivered file as it is declared; the table has had nothing before."""
    visits = "  visits: {path: none.csv, format: csv}\n"
    formats, files = (declared, "format: own") if declared.startswith("kind") else ("kind: jsonl", declared)
    mapping = f"{FORMATS}  own: {{{formats}}}\nfiles:\n  lines: {{path: {name}, {files}}}\n{visits}{TABLES}"
    workspace = company(directory, mapping)
    deliver(directory, name, content)
    outcome = land_table(workspace, "invoice_lines")
    if outcome.status == "file_quarantined":
        assert list((workspace.home.raw / "invoice_lines").glob("batch=*")) == []
    return outcome


def book(write: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        write(made)
    return buffer.getvalue()


def with_cells(*cells: tuple[int, int, object], header: tuple[str, ...] = tuple(LINES[0])) -> bytes:
    def write(made: xlsxwriter.Workbook) -> None:
        page = made.add_worksheet("Daten")
        page.write_row(0, 0, header)
        for row, column, value in cells:
            page.write_string(row, column, str(value))

    return book(write)


def with_password() -> bytes:
    """An encrypted workbook: an OLE file with the streams EncryptionInfo and EncryptedPackage."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    chain = [table, end, *range(3, 10), end, *range(11, 18), end]

    def entry(name: str, kind: int, left: int, child: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le")
        shape = struct.pack("<HBB3I", len(text) + 2, kind, 1, free, left, child) + b"\0" * 36
        return text.ljust(64, b"\0") + shape + struct.pack("<IQ", start, size)

    folder = entry("Root Entry", 5, free, 1, end, 0) + entry("EncryptionInfo", 2, 2, free, 2, 4096)
    folder += entry("EncryptedPackage", 2, free, free, 10, 4096) + b"\0" * 128
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    return head + fat + folder + b"\1" * 8192


def damaged(content: bytes, at: float) -> bytes:
    """One byte of it is another one."""
    place = int(len(content) * at)
    return content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]


def lying(content: bytes) -> bytes:
    """An archive whose directory says that its member is small."""
    place = content.rindex(b"PK\x01\x02") + 24
    return content[:place] + struct.pack("<I", 10) + content[place + 4 :]


def encrypted(content: bytes) -> bytes:
    place = content.rindex(b"PK\x01\x02") + 8
    return content[:place] + b"\1" + content[place + 1 :]


SHEET = "kind: excel, sheet: Daten"
CSV = "format: csv"
BOMB = zipped(("lines.csv", b"0" * (3 << 20)))

FAULTS = {
    "an empty workbook": ("a.xlsx", b"", SHEET, "FILE_EMPTY", "0 bytes"),
    "text called .xlsx": ("a.xlsx", as_csv(LINES), SHEET, "FILE_FORMAT", "no workbook"),
    "an old workbook": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, SHEET, "FILE_FORMAT", ".xls"),
    "a password": ("a.xlsx", with_password(), SHEET, "FILE_PROTECTED", "password"),
    "half a workbook": ("a.xlsx", EXCEL[: len(EXCEL) // 2], SHEET, "ZIP_CORRUPT", "cannot be read"),
    "a damaged workbook": ("a.xlsx", damaged(EXCEL, 0.2), SHEET, "ZIP_CORRUPT", "cannot be read"),
    "a ZIP that is no workbook": ("a.xlsx", zipped(("a.csv", b"x")), SHEET, "FILE_FORMAT", "no workbook"),
    "another sheet": ("a.xlsx", EXCEL, "kind: excel, sheet: daten", "SHEET_UNKNOWN", "Hinweise, Daten"),
    "no sheet said": ("a.xlsx", EXCEL, "kind: excel", "SHEET_UNKNOWN", "Hinweise, Daten"),
    "a blank header row": ("a.xlsx", EXCEL, SHEET + ", header_row: 9", "HEADER_MISMATCH", "row 9"),
    "two columns of a name": ("a.xlsx", with_cells(header=("Pos", "POS")), SHEET, "SCHEMA_DUP_COLUMN", "POS"),
    "a header only": ("a.xlsx", with_cells(), SHEET, "FILE_NO_ROWS", "no row"),
    "an amount as text": ("a.xlsx", with_cells((4, 6, "1.500")), SHEET, "NUM_UNCLEAR", "'1.500'"),
    "a cell far away": ("a.xlsx", with_cells((1_048_575, 16_383, " ")), SHEET, "SIZE_LIMIT", "1048576"),
    "a columnless sheet": ("a.xlsx", with_cells(header=("a", "b", "c")), SHEET, "SCHEMA_MISSING_COLUMN", "Beleg"),
    "no lines": ("a.jsonl", b"", "kind: jsonl", "FILE_EMPTY", "0 bytes"),
    "blank lines": ("a.jsonl", b"\n \r\n", "kind: jsonl", "FILE_EMPTY", "blank"),
    "a list": (
        "a.jsonl",
        b"\n" + JSONL.replace(b"\n\n", b",").join((b"[", b"]")),
        "kind: jsonl",
        "FILE_FORMAT",
        "list",
    ),
    "no JSON": ("a.jsonl", as_csv(LINES), "kind: jsonl", "FILE_FORMAT", "JSON object"),
    "an object over lines": ("a.jsonl", b'{\n"a": 1\n}\n', "kind: jsonl", "FILE_FORMAT", "no line"),
    "another encoding": ("a.jsonl", "\n{}\n{'Größe'}".encode("cp1252"), "kind: jsonl", "ENCODING", "0xf6"),
    "keys alike": ("a.jsonl", b'{"Pos": 1, "POS": 2}', "kind: jsonl", "SCHEMA_DUP_COLUMN", "POS"),
    "a number too long": ("a.jsonl", b'{"Pos": 12345678901234.56}', "kind: jsonl", "NUM_NOT_EXACT", "digits"),
    "a number as text": ("a.jsonl", b'{}\n{"Pos": " 1.500"}', "kind: jsonl", "NUM_UNCLEAR", "1.500"),
    "an endless line": ("a.jsonl", b'{"a": "' + b"x" * 9_000_000, "kind: jsonl", "SIZE_LIMIT", "longer"),
    "no Parquet": ("a.parquet", b"PAR1" + b"x" * 90, "format: parquet", "PARQUET_CORRUPT", "end is missing"),
    "half a Parquet file": (
        "a.parquet",
        as_parquet(LINES)[:400],
        "format: parquet",
        "PARQUET_CORRUPT",
        "end is missing",
    ),
    "an empty ZIP file": ("a.zip", b"", CSV, "FILE_EMPTY", "0 bytes"),
    "no ZIP": ("a.zip", as_csv(LINES), CSV, "ZIP_CORRUPT", "cannot be read"),
    "half a ZIP": ("a.zip", zipped(("a.csv", as_csv(LINES)))[:-30], CSV, "ZIP_CORRUPT", "cannot be read"),
    "a damaged ZIP": ("a.zip", damaged(zipped(("a.csv", as_csv(LINES))), 0.3), CSV, "ZIP_CORRUPT", "cannot be read"),
    "a ZIP of nothing": ("a.zip", zipped(), CSV, "ZIP_MEMBER", "nothing"),
    "two members": ("a.zip", zipped(("a.csv", b"x"), ("b.csv", b"x")), CSV, "ZIP_MEMBER", "a.csv, b.csv"),
    "not that member": ("a.zip", zipped(("a.csv", b"x")), CSV + ", member: 'x/*.csv'", "ZIP_MEMBER", "a.csv"),
    "a member with a password": ("a.zip", encrypted(zipped(("a.csv", b"x"))), CSV, "FILE_PROTECTED", "password"),
    "a member outside": ("a.zip", zipped(("../a.csv", b"x")), CSV, "BAD_NAME", "leads out"),
    "a ZIP in a ZIP": ("a.zip", zipped(("a.zip", zipped(("a.csv", b"x")))), CSV, "FILE_FORMAT", "ZIP itself"),
    "a bomb": ("a.zip", BOMB, CSV + ", unpacked_limit_mb: 1", "SIZE_LIMIT", "1 MB"),
    "a bomb that lies": ("a.zip", lying(BOMB), CSV + ", unpacked_limit_mb: 1", "ZIP_CORRUPT", "cannot be read"),
    "a workbook instead of text": ("a.csv", EXCEL, CSV, "FILE_FORMAT", "xlsx"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(fault: str, tmp_path: Path) -> None:
    name, content, declared, code, said = FAULTS[fault]
    outcome = landed(tmp_path, name, content, declared)
    assert outcome.status == "file_quarantined"
    problem = outcome.problems[0].problem
    assert (problem.code, outcome.problems[0].severity) == (code, "critical")
    assert said in problem.what
    assert name in problem.where
    assert problem.remedy


def test_a_cell_with_an_error_is_no_value_and_no_text(tmp_path: Path) -> None:
    """calamine shows such a cell as an empty one."""

    def write(made: xlsxwriter.Workbook) -> None:
        page = made.add_worksheet("Daten")
        page.write_row(0, 0, list(LINES[0]))
        for number in range(1, 5):
            page.write_row(number, 0, [f"R{number}", number])
            page.write_datetime(number, 2, date(2025, 1, 31), made.add_format({"num_format": "dd.mm.yyyy"}))
            page.write_row(number, 3, ["7", "g", 1, 10.5, 0, 1])
        page.write_formula(2, 8, "=1/0", None, "#DIV/0!")
        page.write_formula(3, 3, "=NA()", None, "#N/A")
        page.write_string(4, 4, "#REF!")
        page.write_formula(1, 12, "=NA()", None, "#N/A")

    outcome = landed(tmp_path, "a.xlsx", book(write), SHEET)
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined) == (4, 2, 2)
    workspace = company(tmp_path)
    found = rows(workspace, "quarantine", "invoice_lines", "line_number, quarantine_reasons, gross_list_amount")
    assert sorted(found) == [
        (4, "CELL_ERROR:customer_id", Decimal("10.50")),
        (5, "CELL_ERROR:product_group", Decimal("10.50")),
    ]
    (raw,) = {
        text for line, text in rows(workspace, "quarantine", "invoice_lines", "line_number, raw_text") if line == 4
    }
    assert "#N/A" in str(raw)
    # An optional value costs no row; what it was is told.
    assert rows(workspace, "raw", "invoice_lines", "line_number, cogs") == [(2, Decimal("1.00")), (3, None)]
    told = [finding for finding in outcome.problems if "cogs" in finding.problem.what]
    assert [finding.rows for finding in told] == [1]
    assert "a.xlsx:3" in told[0].problem.where
    left_empty = rows(workspace, "quarantine", "unreadable_values", "line_number, column_name, reason, raw_value")
    assert left_empty == [(3, "cogs", "CELL_ERROR", "#DIV/0!")]


def test_lines_that_are_no_object_are_quarantined_alone(tmp_path: Path) -> None:
    lines = JSONL.split(b"\n\n")
    broken = [b'{"Beleg": "x", ', b"[1]", b'{"Pos": 1, "Pos": 2}', b"\xef\xbb\xbf"]
    outcome = landed(tmp_path, "a.jsonl", b"\n".join([lines[0], *broken[:3], *lines[1:]]), "kind: jsonl")
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined) == (6, 3, 3)
    workspace = company(tmp_path)
    assert rows(workspace, "raw", "invoice_lines", COLUMNS) == EXPECTED_LINES
    found = rows(workspace, "quarantine", "invoice_lines", "line_number, quarantine_reason, raw_text")
    assert sorted(found) == [(n, "JSON_LINE", text.decode()) for n, text in enumerate(broken[:3], start=2)]


CONFIGURATIONS = {
    "password in the file": ('database: {url: "postgresql://a:s3cret@h/b", table: t}', "DATABASE_URL", "environment"),
    "query and table": ('database: {url: "${X}", table: t, query: "select 1"}', "DATABASE_SOURCE", "exactly one"),
    "no query": ('database: {url: "${X}"}', "DATABASE_SOURCE", "exactly one"),
    "no SELECT": ('database: {url: "${X}", query: "delete from t"}', "DATABASE_SOURCE", "no SELECT"),
    "no name": ('database: {url: "${X}", table: \'t"; drop\'}', "DATABASE_SOURCE", "no name"),
    "path and database": ('path: a.csv, database: {url: "${X}", table: t}', "FILE_PLACE", "exactly one"),
    "neither": ("format: csv", "FILE_PLACE", "exactly one"),
    "no format": ("path: a.csv", "FILE_PLACE", "`format` is missing"),
    "format of rows": ('format: csv, database: {url: "${X}", table: t}', "FILE_PLACE", "`format`"),
    "a date in a member": ("path: a.zip, format: csv, member: '{date}.csv'", "FILE_PATH", "braces"),
    "a member outside": ("path: a.zip, format: csv, member: ../a.csv", "FILE_PATH", "below the root"),
}


@pytest.mark.parametrize("wrong", CONFIGURATIONS)
def test_what_a_place_may_not_say(wrong: str, tmp_path: Path) -> None:
    said, code, what = CONFIGURATIONS[wrong]
    visits = "  visits: {path: none.csv, format: csv}\n"
    with pytest.raises(ConfigError) as error:
        company(tmp_path, f"{FORMATS}files:\n  lines: {{{said}}}\n{visits}{TABLES}")
    (problem,) = error.value.problems
    assert problem.code == code
    assert what in problem.what
    assert "s3cret" not in str(problem)


@pytest.mark.parametrize("area", ["5", "B:A", "B9:C3", "B:C7", "B3:C3:D3", "B0:C2", "ABCD:E"])
def test_what_is_no_range(area: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="FORMAT_RANGE"):
        company(tmp_path, f'{FORMATS}  own: {{kind: excel, range: "{area}"}}\nfiles: {{}}\ntables: {{}}\n')


def test_members_of_one_name(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("a.csv", b"x")
        archive.writestr("a.csv", b"y")
    outcome = landed(tmp_path, "a.zip", buffer.getvalue(), CSV)
    assert [(f.problem.code, "two members" in f.problem.what) for f in outcome.problems] == [("ZIP_MEMBER", True)]
