"""Rows in quarantine, corrected in a sheet and loaded by the same rules: in their place, once, and nothing else changes."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter

from pipelines.errors import KundenwertError
from pipelines.landing import ledger, sheets
from pipelines.landing.land import land_corrected, land_table
from pipelines.settings.workspace import Workspace
from tests.pipelines.landing.company import HEADER, LINES, company, deliver, line, lines_landed, rows

FAULTY = (
    line("R1", gross="100,00"),
    line("R2", gross="1O0,00", customer="007"),
    line("R3", gross="7,00", day="31.02.2025"),
    line("R4", gross="20,00"),
    line("R4", gross="21,00"),
    "R5;1;RE\n",
    line("R6", gross="=1+1"),
)


def cells(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return [*csv.reader(lines, delimiter=";")]
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    (name,) = book.sheet_names
    return [[str(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python()]


def write(path: Path, table: list[list[str]]) -> None:
    """As a spreadsheet saves it: here every cell is a text."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as lines:
            csv.writer(lines, delimiter=";").writerows(table)
        return
    with xlsxwriter.Workbook(str(path)) as book:
        made = book.add_worksheet("lines")
        for at, row in enumerate(table):
            for place, cell in enumerate(row):
                made.write_string(at, place, cell)


def corrected(path: Path, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    head, *body = cells(path)
    changed = [change(dict(zip(head, row, strict=True))) for row in body]
    write(path, [head, *([row[name] for name in head] for row in changed)])


def mend(row: dict[str, str]) -> dict[str, str]:
    match row["kw_line"]:
        case "3":
            return row | {"Brutto": "100,00"}
        case "4":
            return row | {"Datum": "28.02.2025"}
        case "5":
            return row | {"kw_action": "drop"}
        case "6":
            return row | {"Pos": "1"} | {"Brutto": "21,50"}
        case "7":
            fields = line("R5", gross="5,00").rstrip("\n").split(";")
            return row | dict(zip(HEADER.rstrip("\n").split(";"), fields, strict=True))
    return row | {"Brutto": "2,00"}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_sheet_makes_the_round_trip(tmp_path: Path, kind: str) -> None:
    workspace, outcome = lines_landed(tmp_path, *FAULTY)
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined) == (7, 1, 6)
    before = [entry.model_dump() for entry in ledger.read(workspace.home)]
    path = tmp_path / f"sheet.{kind}"
    exported = sheets.export(workspace, path, with_values=True)
    assert (dict(exported.rows), exported.without_place) == ({"lines": 6}, 0)
    assert path.stat().st_mode & 0o077 == 0, "raw values are for their owner only"
    shown = {row["kw_line"]: row for row in (dict(zip(cells(path)[0], each, strict=True)) for each in cells(path)[1:])}
    assert shown["3"]["Kunde"] == "007" and shown["3"]["kw_reasons"] == "NUM_FORMAT:gross_list_amount"
    assert shown["7"]["kw_raw_text"] == "R5;1;RE" and shown["8"]["Brutto"] in ("=1+1", "'=1+1")

    corrected(path, mend)
    taken = sheets.take(workspace, path, "A. Controller", "as on paper")
    assert (taken.corrected, taken.dropped, taken.unchanged) == (5, 1, 0)
    (again,) = (land_corrected(workspace, entry) for entry in taken.events)
    assert (again.status, again.rows_in, again.rows_accepted, again.rows_quarantined, again.rows_filtered) == (
        "loaded",
        7,
        6,
        0,
        1,
    )
    assert rows(
        workspace, "raw", "invoice_lines", "invoice_id, gross_list_amount, line_number", again.batch_ids[0]
    ) == [
        ("R3", Decimal("7.00"), 4),
        ("R1", Decimal("100.00"), 2),
        ("R2", Decimal("100.00"), 3),
        ("R4", Decimal("21.50"), 6),
        ("R5", Decimal("5.00"), 7),
        ("R6", Decimal("2.00"), 8),
    ]
    first, second = ledger.batches(ledger.read(workspace.home))
    assert [first.entry.model_dump()] == before, "what was is not rewritten"
    assert (first.is_active, second.is_active, second.is_first) == (False, True, True)
    assert second.entry.delivered_at == first.entry.delivered_at, "as if it had been delivered right"

    # The delivery that still lies there is known; a file delivered anew is judged as it comes.
    assert land_table(workspace, "invoice_lines").status == "duplicate"
    deliver(tmp_path, "lines.csv", HEADER + "".join(FAULTY[:2]))
    outcome = land_table(workspace, "invoice_lines")
    assert (outcome.status, outcome.rows_accepted, outcome.rows_quarantined) == ("loaded", 1, 1)


def test_without_raw_the_sheet_says_where_and_why_and_holds_no_value(tmp_path: Path) -> None:
    workspace, _ = lines_landed(tmp_path, *FAULTY)
    sheets.export(workspace, tmp_path / "sheet.csv")
    head, *body = cells(tmp_path / "sheet.csv")
    assert tuple(head) == sheets.OWN and [row[1] for row in body] == ["3", "4", "5", "6", "7", "8"]
    assert "1O0,00" not in (tmp_path / "sheet.csv").read_text(encoding="utf-8")
    corrected(tmp_path / "sheet.csv", lambda row: row)
    assert [problem.code for problem in refused(workspace, tmp_path / "sheet.csv").problems] == [
        "CORRECTION_INVALID"
    ] * 6


def refused(workspace: Workspace, path: Path) -> KundenwertError:
    entries = len(ledger.read(workspace.home))
    with pytest.raises(KundenwertError) as caught:
        sheets.take(workspace, path, "a", "b")
    assert len(ledger.read(workspace.home)) == entries and not list(workspace.home.corrections.glob("*"))
    return caught.value


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"kw_line": "99"}, "CORRECTION_OUTDATED", "row 2"),
        ({"kw_sha256": "0" * 64}, "CORRECTION_OUTDATED", "row 2"),
        ({"kw_line": "x"}, "CORRECTION_OUTDATED", "row 2"),
        ({"kw_action": "delete"}, "CORRECTION_INVALID", "row 2"),
    ],
)
def test_a_row_that_is_not_understood_refuses_the_whole_sheet(
    tmp_path: Path, change: dict[str, str], code: str, place: str
) -> None:
    workspace, _ = lines_landed(tmp_path, *FAULTY)
    path = tmp_path / "sheet.csv"
    sheets.export(workspace, path, with_values=True)
    corrected(path, lambda row: mend(row) | (change if row["kw_line"] == "3" else {}))
    (problem,) = refused(workspace, path).problems
    assert problem.code == code and place in problem.where and problem.remedy


@pytest.mark.parametrize("content", [b"", b"a;b\n1;2\n", b"\xff\xfe"])
def test_what_is_no_sheet_is_refused(tmp_path: Path, content: bytes) -> None:
    workspace, _ = lines_landed(tmp_path, *FAULTY)
    for name in ("x.csv", "x.xlsx"):
        (tmp_path / name).write_bytes(content)
        assert refused(workspace, tmp_path / name).problems[0].code == "CORRECTION_INVALID"


def test_numbers_and_days_that_a_spreadsheet_made_are_written_as_the_file_writes_them(tmp_path: Path) -> None:
    workspace, _ = lines_landed(tmp_path, *FAULTY[:3])
    path = tmp_path / "sheet.xlsx"
    sheets.export(workspace, path, with_values=True)
    head, *body = cells(path)
    with xlsxwriter.Workbook(str(path)) as book:
        made, day = book.add_worksheet("lines"), book.add_format({"num_format": "dd.mm.yyyy"})
        made.write_row(0, 0, head)
        for at, row in enumerate(body, 1):
            for place, cell in enumerate(row):
                made.write_string(at, place, cell)
        made.write_number(1, head.index("Brutto"), 1234.5)
        made.write_number(2, head.index("Datum"), 45716, day)
    taken = sheets.take(workspace, path, "a", "b")
    (again,) = (land_corrected(workspace, entry) for entry in taken.events)
    assert (again.rows_accepted, again.rows_quarantined) == (3, 0)
    found = rows(
        workspace, "raw", "invoice_lines", "invoice_id, gross_list_amount, posting_date::varchar", again.batch_ids[0]
    )
    assert ("R2", Decimal("1234.50"), "2025-12-31") in found and ("R3", Decimal("7.00"), "2025-02-28") in found


def test_of_growing_tables_the_correction_stands_where_its_delivery_stood(tmp_path: Path) -> None:
    """A later delivery of the same key stays the later one."""
    mapping = LINES.replace("    from: lines", "    from: lines\n    load: incremental")
    workspace = company(tmp_path, mapping)
    deliver(tmp_path, "lines1.csv", HEADER + line("R1", gross="1,00") + line("R2", gross="x"))
    land_table(workspace, "invoice_lines")
    deliver(tmp_path, "lines2.csv", HEADER + line("R1", gross="2,00"))
    land_table(workspace, "invoice_lines")
    path = tmp_path / "sheet.csv"
    sheets.export(workspace, path, with_values=True)
    corrected(path, lambda row: row | {"Brutto": "3,00"})
    taken = sheets.take(workspace, path, "a", "b")
    for entry in taken.events:
        land_corrected(workspace, entry)
    placed = ledger.batches(ledger.read(workspace.home))
    assert [(each.entry.delivery, each.is_active, each.is_first) for each in placed] == [
        ("lines1.csv", False, True),
        ("lines1.csv", True, True),
        ("lines2.csv", True, False),
    ]
    assert land_table(workspace, "invoice_lines").status == "duplicate"


def test_nothing_in_quarantine_is_said(tmp_path: Path) -> None:
    workspace, _ = lines_landed(tmp_path, line("R1"))
    with pytest.raises(KundenwertError) as caught:
        sheets.export(workspace, tmp_path / "sheet.xlsx")
    assert caught.value.problems[0].code == "NOTHING_QUARANTINED"
