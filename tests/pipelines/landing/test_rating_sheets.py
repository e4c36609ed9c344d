"""Rating sheets from the writer to landed rows: what a person may do to a workbook, and what becomes of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.landing import ledger
from pipelines.landing.dry_run import rehearse
from pipelines.landing.findings import Finding
from pipelines.landing.land import land_table
from pipelines.landing.sheets import quarantined
from pipelines.settings.workspace import Workspace
from pipelines.showing.rating_sheets import Area, Asked, write
from pipelines.showing.rating_sheets.read import Customer, Group, Level
from pipelines.vocabulary import Voice
from tests.pipelines.landing.company import company, deliver, rows
from tests.rating_sheets import Formula, Page, returned

SHEETS = """
  back: {kind: rating_sheet}
files:
  back: {path: "back/*.xlsx", format: back}
  crm: {path: "crm.csv", format: german, delivered_at: 2026-01-02T06:00:00}
tables:
  ratings: {sheets: back}
  potential_estimates: {sheets: back}
"""
BESIDE = SHEETS.replace("ratings: {sheets: back}", "ratings: {from: crm, sheets: back}")
CRM = "account_id;criterion_id;rater_id;level;valid_from;recorded_at\n"
ON = date(2025, 12, 10)
RATINGS = "account_id, criterion_id, level, valid_from, file_name, line_number"


def codes(problems: Sequence[Finding]) -> set[str]:
    return {finding.problem.code for finding in problems}


def customer(account: str, name: str = "Adler", **facts: object) -> Customer:
    known = Customer(
        ultimate_parent_id=f"C-{account}",
        account_id=account,
        customer_name=name,
        relationship_type="customer",
        owner_area="Süd",
        net_revenue=Decimal("1234.50"),
        is_rating_asked=True,
        is_demand_asked=True,
        is_due=True,
        is_missing=True,
        is_stale=False,
        reporting_currency="EUR",
    )
    return replace(known, **facts)  # type: ignore[arg-type]


CUSTOMERS = (
    customer("A1"),
    customer("A2", "=cmd|' /C calc'!A0"),
    customer("L1", relationship_type="lead", net_revenue=None),
)


def asked(*customers: Customer) -> Asked:
    own = customers or CUSTOMERS
    return Asked(
        version="v000001",
        as_of_date=date(2025, 11, 30),
        known_on=date(2025, 12, 2),
        areas=(Area("Süd", own, own),),
        levels={("C-A1", "chemistry"): Level("C-A1", "chemistry", Decimal("3.5000"), date(2024, 5, 1))},
        groups={
            each.ultimate_parent_id: (
                Group(each.ultimate_parent_id, "Pumpen", Decimal("1000.00"), None, None),
                Group(each.ultimate_parent_id, "Größe", None, Decimal("500.00"), date(2024, 1, 1)),
            )
            for each in own
        },
        without_account=0,
    )


def written(workspace: Workspace, directory: Path, language: str = "de") -> Path:
    (sheet,) = write(asked(), workspace.portfolio, directory / "out", Voice(language))
    return sheet.path


def filled(pages: dict[str, Page]) -> None:
    ratings, demand = pages["Bewertungen"], pages["Bedarf"]
    ratings.once("rater_id", "r1")
    ratings.once("valid_from", ON)
    ratings.fill("A1", level__chemistry=4, level__future_demand="unbekannt")
    ratings.fill("A2", level__chemistry="5", rater_id="r2", valid_from=date(2025, 12, 11))
    demand.once("valid_from", ON)
    demand.fill("A1", effective_demand=90000, need=120000.5, achievable_share=0.4)


def landed(tmp_path: Path, *fill: object, mapping: str = SHEETS, name: str = "back/Sued.xlsx") -> Workspace:
    workspace = company(tmp_path, mapping)
    returned(written(workspace, tmp_path), tmp_path / "delivered" / name, *fill)  # type: ignore[arg-type]
    return workspace


def test_each_filled_cell_is_a_row_and_an_empty_one_says_nothing(tmp_path: Path) -> None:
    workspace = landed(tmp_path, filled)
    outcome = land_table(workspace, "ratings")
    assert (outcome.status, outcome.rows_accepted, outcome.rows_quarantined, outcome.problems) == ("loaded", 3, 0, ())
    found = rows(workspace, "raw", "ratings", RATINGS)
    assert found == [
        ("A1", "chemistry", 4, ON, "Sued.xlsx", 8),
        ("A1", "future_demand", None, ON, "Sued.xlsx", 8),
        ("A2", "chemistry", 5, date(2025, 12, 11), "Sued.xlsx", 9),
    ]
    raters = {row[0] for row in rows(workspace, "raw", "ratings", "rater_key")}
    assert len(raters) == 2 and not raters & {"r1", "r2"}
    assert land_table(workspace, "potential_estimates").rows_accepted == 2
    estimates = rows(
        workspace,
        "raw",
        "potential_estimates",
        "account_id, product_group, demand_stage, annual_demand, achievable_share, currency_code, valid_from",
    )
    first = ("A1", "Pumpen")
    assert estimates == [
        (*first, "effective_demand", Decimal("90000.00"), Decimal("0.400000"), "EUR", ON),
        (*first, "need", Decimal("120000.50"), Decimal("0.400000"), "EUR", ON),
    ]


def test_a_rating_is_entered_on_its_day_and_never_before_the_sheet_was_written(tmp_path: Path) -> None:
    def back_dated(pages: dict[str, Page]) -> None:
        pages["Bewertungen"].fill("A2", valid_from=date(2025, 10, 1))

    workspace = landed(tmp_path, filled, back_dated)
    land_table(workspace, "ratings")
    # UTC of midnight in Berlin.
    assert sorted(rows(workspace, "raw", "ratings", "account_id, recorded_at")) == [
        ("A1", datetime(2025, 12, 9, 23)),  # noqa: DTZ001
        ("A1", datetime(2025, 12, 9, 23)),  # noqa: DTZ001
        ("A2", datetime(2025, 12, 1, 23)),  # noqa: DTZ001
    ]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (7, "NUM_RANGE"),
        (0, "NUM_RANGE"),
        (4.5, "NUM_SCALE"),
        ("gut", "NUM_FORMAT"),
        (Formula("=1/0", "#DIV/0!"), "CELL_ERROR"),
        (Formula("=3+6", 9), "NUM_RANGE"),
    ],
    ids=str,
)
def test_a_bad_level_goes_to_quarantine_with_its_row_and_costs_no_other(
    tmp_path: Path, cell: object, code: str
) -> None:
    def slip(pages: dict[str, Page]) -> None:
        pages["Bewertungen"].fill("A1", level__chemistry=cell)

    workspace = landed(tmp_path, filled, slip)
    outcome = land_table(workspace, "ratings")
    assert (outcome.rows_accepted, outcome.rows_quarantined) == (2, 1)
    aside = rows(workspace, "quarantine", "ratings", "file_name, line_number, rejected_column, raw_text")
    ((name, line, column, raw),) = aside
    assert (name, line, column) == ("Sued.xlsx", 8, "level")
    assert "chemistry" in str(raw)
    assert codes(outcome.problems) == {code}
    assert quarantined(workspace) == ((), 0), "corrected where it was filled in"


def test_a_formula_counts_as_what_it_showed(tmp_path: Path) -> None:
    def computed(pages: dict[str, Page]) -> None:
        pages["Bewertungen"].fill("A1", level__chemistry=Formula("=2+1", 3))

    workspace = landed(tmp_path, filled, computed)
    assert land_table(workspace, "ratings").rows_quarantined == 0
    assert rows(workspace, "raw", "ratings", RATINGS)[0][:3] == ("A1", "chemistry", 3)


def test_headings_are_renamed_rows_sorted_deleted_and_columns_moved(tmp_path: Path) -> None:
    def handled(pages: dict[str, Page]) -> None:
        page = pages["Bewertungen"]
        head = next(row for row in page.cells if row[0] == "kundenwert:rows")
        head[1:] = [f"x{place}" for place in range(len(head) - 1)]
        below = page.cells.index(head) + 1
        page.cells[below:] = [row for row in reversed(page.cells[below:]) if row[0] != "L1"]
        moved = page.column("level:chemistry")
        for row in page.cells:
            row.append(row.pop(moved))
        pages["Neu"] = pages.pop("Bewertungen")

    workspace = landed(tmp_path, filled, handled)
    assert land_table(workspace, "ratings").rows_accepted == 3
    assert [row[:3] for row in rows(workspace, "raw", "ratings", RATINGS)] == [
        ("A1", "chemistry", 4),
        ("A1", "future_demand", None),
        ("A2", "chemistry", 5),
    ]


def _without_keys(pages: dict[str, Page]) -> None:
    for page in pages.values():
        page.cells[:] = page.cells[6:]
        for row in page.cells:
            row[0] = "" if str(row[0]).startswith("kundenwert:") else row[0]


def _without_inputs(pages: dict[str, Page]) -> None:
    keys = pages["Bewertungen"].cells[0]
    keys[:] = ["" if str(key).startswith("level:") else key for key in keys]


def _key_twice(pages: dict[str, Page]) -> None:
    pages["Bewertungen"].cells[0][4] = "level:chemistry"


@pytest.mark.parametrize("altered", [_without_keys, _without_inputs, _key_twice])
def test_a_workbook_without_its_marks_is_refused_as_a_whole(tmp_path: Path, altered: object) -> None:
    workspace = landed(tmp_path, filled, altered)
    outcome = land_table(workspace, "ratings")
    assert (outcome.status, codes(outcome.problems)) == ("file_quarantined", {"RATING_SHEET_ALTERED"})
    assert "Sued.xlsx" in outcome.problems[0].problem.where


def test_who_or_when_is_missing(tmp_path: Path) -> None:
    def nameless(pages: dict[str, Page]) -> None:
        pages["Bewertungen"].once("rater_id", "")

    outcome = land_table(landed(tmp_path, filled, nameless), "ratings")
    assert (outcome.rows_accepted, outcome.rows_quarantined) == (1, 2)
    assert "ratings.rater_key" in " ".join(finding.problem.what for finding in outcome.problems)


def test_two_people_rate_a_customer_and_one_of_them_returns_once_more(tmp_path: Path) -> None:
    def other(pages: dict[str, Page]) -> None:
        pages["Bewertungen"].once("rater_id", "r9")

    def better(pages: dict[str, Page]) -> None:
        pages["Bewertungen"].fill("A1", level__chemistry=2, level__future_demand="")

    workspace = landed(tmp_path, filled)
    returned(written(workspace, tmp_path), tmp_path / "delivered" / "back" / "Sued 2.xlsx", filled, other)
    assert land_table(workspace, "ratings").rows_accepted == 6
    returned(written(workspace, tmp_path), tmp_path / "delivered" / "back" / "Sued.xlsx", filled, better)
    assert land_table(workspace, "ratings").rows_accepted == 2
    active = _active(workspace, "ratings")
    assert sorted(active) == [("sheets", "Sued 2.xlsx", 3), ("sheets", "Sued.xlsx", 2)]
    assert land_table(workspace, "ratings").status == "duplicate"


def _active(workspace: Workspace, table: str) -> list[tuple[str, str, int]]:
    return [
        (batch.entry.part, batch.entry.delivery, batch.entry.rows_accepted)
        for batch in ledger.batches(ledger.read(workspace.home))
        if batch.is_active and batch.entry.table == table
    ]


def test_sheets_come_on_top_of_what_the_crm_delivers(tmp_path: Path) -> None:
    workspace = landed(tmp_path, filled, mapping=BESIDE)
    deliver(tmp_path, "crm.csv", CRM + "A1;chemistry;r7;2;01.11.2025;01.11.2025 08:00:00\n")
    assert land_table(workspace, "ratings").rows_accepted == 4
    # The CRM delivers everything anew: its own rows are replaced, those of the sheets stay.
    deliver(tmp_path, "crm.csv", CRM + "A1;chemistry;r7;3;01.12.2025;01.12.2025 08:00:00\n")
    assert land_table(workspace, "ratings").rows_accepted == 1
    assert sorted(_active(workspace, "ratings")) == [("", "", 1), ("sheets", "Sued.xlsx", 3)]
    (tmp_path / "delivered" / "back" / "Sued.xlsx").unlink()
    assert land_table(workspace, "ratings").problems == (), "what was returned stays"


def test_nothing_has_come_back_yet(tmp_path: Path) -> None:
    workspace = company(tmp_path, SHEETS)
    outcome = land_table(workspace, "ratings")
    assert (outcome.status, outcome.problems) == ("absent", ())
    assert workspace.sources.tables["ratings"].may_be_empty


def test_an_empty_sheet_comes_back(tmp_path: Path) -> None:
    outcome = land_table(landed(tmp_path), "ratings")
    assert (outcome.status, outcome.rows_in, outcome.problems) == ("loaded", 0, ())


def test_check_tells_of_sheets_what_a_run_would_take(tmp_path: Path) -> None:
    protocol = rehearse(landed(tmp_path, filled))
    table = next(table for table in protocol.tables if table.table == "ratings")
    assert (table.rows_used, table.rows_set_aside, table.files) == (3, 0, ("Sued.xlsx",))
    assert {column.column for column in table.columns if column.way == "mapping"} >= {"account_id", "level"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("ratings: {sheets: back}", "ratings: {from: back}", "MAPPING_CONFLICT"),
        ("ratings: {sheets: back}", "ratings: {sheets: crm}", "MAPPING_CONFLICT"),
        ("ratings: {sheets: back}", "ratings: {sheets: bakc}", "MAPPING_UNKNOWN_FILE"),
        ("ratings: {sheets: back}", "accounts: {from: crm, sheets: back}", "MAPPING_CONFLICT"),
        ("ratings: {sheets: back}", "ratings: {from: crm, sql: select 1 from crm, sheets: back}", "MAPPING_SOURCE"),
    ],
)
def test_what_the_mapping_may_not_say(tmp_path: Path, old: str, new: str, code: str) -> None:
    with pytest.raises(ConfigError) as refused:
        company(tmp_path, SHEETS.replace(old, new))
    assert {problem.code for problem in refused.value.problems} == {code}


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_workbook_says_what_a_level_means_and_guards_the_cells(tmp_path: Path, language: str) -> None:
    workspace = company(tmp_path, SHEETS)
    path = written(workspace, tmp_path, language)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
    sheet, texts = parts["xl/worksheets/sheet1.xml"], parts["xl/sharedStrings.xml"]
    unknown = {"de": "unbekannt", "en": "unknown"}[language]
    assert sheet.count(f'"1,2,3,4,5,{unknown}"') == 7
    for words in ("<sheetProtection", "<autoFilter", 'state="frozen"', 'hidden="1"', 'fitToHeight="0"'):
        assert words in sheet, words
    assert {"de": "offener Konflikt", "en": "open conflict"}[language] in texts
    assert not any("<f>" in text for name, text in parts.items() if "worksheets/sheet" in name), "no text is computed"
    again = written(workspace, tmp_path / "again", language)
    assert again.read_bytes() == path.read_bytes()
