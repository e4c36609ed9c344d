"""What controllers are told equals the marts, on the page and in the workbooks, in both languages; text is never a formula."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from pipelines.errors import VerifyError
from pipelines.showing.controlling import words
from pipelines.showing.controlling.model import Section
from pipelines.showing.controlling.page import MOST_ROWS, TEMPLATES
from pipelines.showing.controlling.query import read_controlling
from pipelines.showing.controlling.sections import sections
from pipelines.vocabulary import DEFAULT, Text, Voice, catalogue, code_groups, is_known
from tests.conftest import REPOSITORY
from tests.pipelines.showing.controlling.conftest import Made, make
from tests.pipelines.showing.controlling.small_version import FORMULA, HOSTILE, build

ENGLISH, GERMAN = Voice("en"), Voice("de")
LATEST = "as_of_date = date '2026-09-30'"


def section(made: Made, name: str) -> Section:
    return next(each for each in sections(made.told) if each.name == name)


def sheet(path: Path, made: Made, name: str, voice: Voice = ENGLISH) -> list[dict[str, Any]]:
    """The rows of a section's sheet, as another program reads them: title of the column -> cell."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(section(made, name).sheet.by(voice)).to_python()
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def column(key: str, voice: Voice = ENGLISH) -> str:
    return voice.say(f"control.column.{key}")


def cents(cells: list[dict[str, Any]], key: str, voice: Voice = ENGLISH) -> Decimal:
    """The sum of a column's numbers; what is no number is a mistake."""
    amounts = [row[column(key, voice)] for row in cells]
    assert all(isinstance(amount, int | float) or amount == "" for amount in amounts), amounts
    return sum((Decimal(str(amount)) for amount in amounts if amount != ""), Decimal(0)).quantize(Decimal("0.01"))


def asked(made: Made, mart: str, what: str, where: str = LATEST, audience: str = "bi") -> Any:
    (found,) = duckdb.execute(f"select {what} from '{made.version / audience / mart}.parquet' where {where}").fetchall()
    return found[0]


# --- numbers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    ("name", "key", "mart", "what", "where"),
    [
        ("ledger", "customers", "mart_reconciliation", "sum(customers)", LATEST),
        ("ledger", "unknown_customer", "mart_reconciliation", "sum(unassigned_unknown_customer)", LATEST),
        ("ledger", "quarantined", "mart_reconciliation", "sum(quarantined)", LATEST),
        ("ledger", "total", "mart_reconciliation", "sum(total)", LATEST),
        ("ledger", "ledger", "mart_reconciliation", "sum(ledger)", LATEST),
        ("months", "in_marts", "mart_contribution_month", "sum(net_revenue)", LATEST),
        ("months", "delivered_revenue", "mart_reconciliation", "sum(total)", LATEST),
        ("months", "set_aside", "mart_reconciliation", "sum(quarantined)", LATEST),
        ("doubts", "amount", "mart_input_quality", "sum(affected_amount)", LATEST),
        ("doubts", "rows", "mart_input_quality", "sum(affected_rows)", LATEST),
        ("ratings", "money_in_the_dark", "mart_worklist", "sum(money)", f"{LATEST} and task = 'rate'"),
        ("restated", "delta_revenue", "mart_restatements", "sum(delta_net_revenue)", "true"),
        ("restated_customers", "delta_contribution", "mart_restatements", "sum(delta_contribution_4)", "true"),
    ],
)
def test_sums_of_the_workbook_equal_the_marts(
    made: Made, language: str, name: str, key: str, mart: str, what: str, where: str
) -> None:
    path, voice = (made.english, ENGLISH) if language == "en" else (made.german, GERMAN)
    expected = asked(made, mart, what, where)
    assert expected
    assert cents(sheet(path, made, name, voice), key, voice) == expected


def test_delivered_is_in_the_marts_or_set_aside_month_by_month(made: Made) -> None:
    rows = sheet(made.english, made, "months")
    assert len(rows) == 14
    assert {row[column("left_over")] for row in rows} == {0}
    august = next(row for row in rows if row[column("month")] == date(2026, 8, 1))
    assert (august[column("set_aside")], august[column("rows_set_aside")]) == (110, 3)
    july = next(row for row in rows if row[column("month")] == date(2026, 7, 1))
    assert july[column("of_nobody")] == 7.5


def test_what_is_missing_in_the_marts_is_told(tmp_path: Path) -> None:
    """A row of the marts that nobody delivered, and one that got lost: both are a rest, never 0."""
    lost = "update mart_contribution_month set net_revenue = net_revenue - 0.01 where month_start = date '2026-07-01' "
    told = read_controlling(build(tmp_path, extra=f"{lost} and relationship_type = 'customer'"))
    assert [row.difference for row in told.months if row.difference] == [Decimal("0.01")]


def test_a_ledger_group_that_mixes_revenue_with_costs_tells_no_month(tmp_path: Path) -> None:
    mixed = (
        "insert into mart_method_settings (setting, value) values ('ledger_groups.result', 'gross_list_revenue, cogs')"
    )
    told = read_controlling(build(tmp_path, extra=mixed))
    assert {(row.delivered, row.difference) for row in told.months} == {(None, None)}


def test_a_company_that_names_its_revenue_otherwise_is_told_all_the_same(tmp_path: Path) -> None:
    renamed = """
        insert into mart_method_settings (setting, value) values ('ledger_groups.Umsatz', 'gross_list_revenue, revenue_deductions');
        update mart_reconciliation set account_group = 'Umsatz'
    """
    told = read_controlling(build(tmp_path, extra=renamed))
    assert {row.difference for row in told.months} == {Decimal("0.00")}


def test_customers_of_a_check_are_counted_once(made: Made) -> None:
    rows = {(row.check_id, row.area): row for row in made.told.doubts}
    assert rows.keys() == {
        ("duration_missing", "Nord"),
        ("duration_missing", "(unassigned)"),
        ("stale_ratings", "Nord"),
    }
    north = rows["duration_missing", "Nord"]
    assert (north.affected_rows, north.checked_rows, north.affected_amount) == (5, 20, Decimal("50.30"))
    assert (north.customers, north.confirmed_zones) == (2, 1)
    assert (north.check_customers, north.check_confirmed_zones) == (2, 1)
    assert (north.trend, north.due_on) == ("better", date(2026, 10, 31))
    assert rows["stale_ratings", "Nord"].affected_amount is None


def test_lights_say_why(made: Made) -> None:
    assert {row.source_name: (row.light, row.reasons) for row in made.told.sources} == {
        "customers": ("yellow", "left_empty"),
        "invoice_lines": ("yellow", "set_aside, warned"),
        "orders": ("yellow", "warned"),
        "products": ("red", "too_old"),
        "direct_costs": ("red", "waived"),
        "open_items": ("red", "missing"),
        "zone_overrides": ("yellow", "set_aside"),
        "ratings": ("grey", "not_mapped"),
    }
    # What came twice is money once.
    assert {row.delivered_amount_set_aside for row in made.told.sources if row.source_name == "invoice_lines"} == {120}
    assert [row.age_days for row in made.told.sources if row.source_name == "products"] == [61]


def test_the_most_urgent_is_what_makes_sums_wrong(made: Made) -> None:
    assert [(row.kind, row.affected_rows) for row in made.told.urgent] == [
        ("source", 3),
        ("waiver", 1),
        ("set_aside", 2),
    ]
    said = [words.urgent(row, made.told) for row in made.told.urgent]
    assert said[2].by(GERMAN).startswith("110\u00a0EUR Umsatz fehlen")
    assert "invoice lines" in said[2].by(ENGLISH)


def test_method_waivers_and_zones_by_hand(made: Made) -> None:
    assert [(row.setting, row.value_before, row.value_now) for row in made.told.settings] == [
        ("zones.threshold", "45", "50")
    ]
    assert [(row.state, row.code, row.waived_by) for row in made.told.waivers] == [
        ("expiring", "NUM_FORMAT", "@controller"),
        ("expired", "WAIVER_EXPIRED", None),
    ]
    assert [(row.state, row.customer_name, row.line_number) for row in made.told.overrides] == [
        ("expiring", FORMULA, None),
        ("rejected", None, 4),
    ]
    assert [(row.subject, row.finding) for row in made.told.warned] == [("invoice_lines", "half of the rows")]
    german = [words.doubt(row).by(Voice("de")) for row in made.told.warned]
    assert german == ["Der letzte Monat hat viel mehr oder viel weniger Zeilen als die Monate davor."]
    page = unescape(made.page.read_text(encoding="utf-8"))
    assert all(told in page for told in (">0.4<", ">0,4<", ">≥\xa00.5<", ">≥\xa00,5<")) and "at least 0.5" not in page


def test_without_the_version_before_nothing_is_said_to_have_changed(tmp_path: Path) -> None:
    version = build(tmp_path)
    (tmp_path / "v000006" / "bi" / "mart_method_settings.parquet").unlink()
    assert read_controlling(version).settings == ()


# --- the workbook -------------------------------------------------------------------------------------------------------


def test_cells_are_numbers_dates_and_texts(made: Made) -> None:
    (first, *_) = sheet(made.german, made, "ratings", GERMAN)
    assert first[column("money_in_the_dark", GERMAN)] == 250.25
    assert first[column("due", GERMAN)] == date(2026, 10, 30)
    (source,) = (row for row in sheet(made.german, made, "sources", GERMAN) if row["Quelle"] == "Artikelstamm")
    assert source["Geliefert"] == datetime(2026, 8, 2, 3, 0, tzinfo=UTC).replace(tzinfo=None)
    assert source["Ampel"] == "handeln"


def test_a_text_is_never_a_formula(made: Made) -> None:
    for path in (made.english, made.german):
        with zipfile.ZipFile(path) as parts:
            names = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
            assert len(names) == len(sections(made.told)) + 1
            for name in names:
                assert not re.search(rb"<f[ >]|<hyperlink", parts.read(name)), name
    told = {row[column("customer")] for row in sheet(made.english, made, "ratings")}
    assert told == {FORMULA, HOSTILE}
    assert {row[column("place")] for row in sheet(made.english, made, "reasons")} >= {"+lines.csv, lines 7 to 9"}
    assert [row[column("who")] for row in sheet(made.english, made, "waivers")] == ["@controller", ""]


def test_each_sheet_has_filters_and_a_header_that_stays(made: Made) -> None:
    with zipfile.ZipFile(made.english) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert [b"<autoFilter" in each and b'state="frozen"' in each for each in sheets].count(False) == 1
    names = CalamineWorkbook.from_path(str(made.german)).sheet_names
    assert names == ["Überblick", *(each.sheet.by(GERMAN) for each in sections(made.told))]


def test_the_same_version_gives_the_same_bytes(made: Made, tmp_path: Path) -> None:
    again = make(build(tmp_path / "again"), tmp_path)
    for one, other in ((made.page, again.page), (made.english, again.english), (made.german, again.german)):
        assert one.read_bytes() == other.read_bytes()
        assert one.stat().st_mode & 0o777 == 0o600
    changed = make(build(tmp_path / "changed", extra="update mart_worklist set money = money + 1"), tmp_path)
    assert changed.english.read_bytes() != made.english.read_bytes()


# --- the page -----------------------------------------------------------------------------------------------------------


def test_every_number_of_a_section_is_on_the_page(made: Made) -> None:
    html = made.page.read_text(encoding="utf-8")
    for each in sections(made.told):
        body = html.partition(f'<section class="panel" id="{each.name}"')[2].partition("</section>")[0]
        shown = re.findall(r'data-exact="([^"]+)"', body)
        amounts = [str(cell) for row in each.rows for cell in row if isinstance(cell, Decimal) and cell]
        assert [amount for amount in amounts if amount not in shown] == [], each.name


def test_what_a_company_wrote_is_text(made: Made) -> None:
    html = made.page.read_text(encoding="utf-8")
    assert HOSTILE not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert not re.search(r"(?:src|href)=\"(?!data:|#)", html)


def test_no_code_is_shown(made: Made, bare: Made) -> None:
    """Words stand for codes, in every cell of every section and language."""
    groups = ("light", "light_reason", "set_aside", "responsibility", "restated_by", "area_group")
    codes = {code for name in groups for code in code_groups()[name].codes if "_" in code}
    codes |= {
        "duration_missing",
        "stale_ratings",
        "NULL_REQUIRED",
        "DUP_EXACT",
        "invoice_lines",
        "(unassigned)",
        "rating_due",
    }
    for voice in (ENGLISH, GERMAN):
        for each in (*sections(made.told), *sections(bare.told)):
            for row in each.rows:
                told = [
                    cell.by(voice) if isinstance(cell, Text) else cell for cell in row if isinstance(cell, Text | str)
                ]
                assert not codes & {part for text in told for part in re.split(r"[;,] ", text)}, (each.name, told)


def test_every_key_exists_and_is_used() -> None:
    texts = {key for key in catalogue(DEFAULT) if key.startswith("control.")}
    folder = Path(words.__file__).parent
    sources = "\n".join(path.read_text("utf-8") for path in (*folder.glob("*.py"), TEMPLATES / "controlling.html.j2"))
    asked = set(re.findall(r"\"(control\.[a-z_.0-9]*[a-z0-9])\"", sources))
    names = re.findall(r"[^(]_section\(\s*\"(\w+)\"", sources)
    composed = {f"control.{name}.{part}" for name in names for part in ("sheet", "heading", "lead", "empty")}
    composed |= {f"control.urgent.{kind}" for kind in words.SECTION_OF}
    assert texts - asked - composed == set()
    assert (asked | composed) - texts == set()
    assert len(names) == 12


def test_every_check_of_the_sales_input_says_what_to_do() -> None:
    seed = (REPOSITORY / "dbt_project" / "seeds" / "input_checks.csv").read_text(encoding="utf-8")
    ids = {line.partition(",")[0] for line in seed.splitlines()[1:]}
    assert ids == set(code_groups()["input_remedy"].codes)
    assert all(is_known(f"input_remedy.{name}") for name in ids)


def test_a_company_of_two_files(bare: Made) -> None:
    told = bare.told
    assert [row.kind for row in told.urgent] == ["no_ledger", "nobody"]
    assert {row.light for row in told.sources} == {"green", "grey"}
    assert {(row.difference, row.set_aside) for row in told.months} == {(Decimal("0.00"), Decimal("0.00"))}
    html = bare.page.read_text(encoding="utf-8")
    for name in ("reasons", "doubts", "ratings", "waivers", "overrides", "restated", "settings"):
        assert GERMAN.say(f"control.{name}.empty") in html
    assert {row[column("difference")] for row in sheet(bare.english, bare, "ledger")} == {""}
    assert {row[column("status")] for row in sheet(bare.english, bare, "ledger")} == {"not delivered"}


def test_nothing_at_all_is_told_too(tmp_path: Path) -> None:
    empty = "delete from mart_portfolio; delete from mart_reconciliation; delete from mart_contribution_month"
    nothing = make(build(tmp_path, extra=empty, is_bare=True), tmp_path)
    assert nothing.told.urgent == ()
    assert ENGLISH.say("control.urgent.nothing") in nothing.page.read_text(encoding="utf-8")


def test_what_is_no_version_is_named(tmp_path: Path) -> None:
    with pytest.raises(VerifyError, match="MANIFEST_MISSING"):
        read_controlling(tmp_path)


def test_of_thousands_the_page_holds_some_and_says_so_and_the_workbook_all(tmp_path: Path) -> None:
    """At a million lines 3,233 ratings were due: 4 MB of the page, a hundred sheets of paper."""
    many = (
        "insert into mart_worklist by name select task.* replace ('M' || n as ultimate_parent_id) "
        "from mart_worklist as task, range(1000) as r (n) where task.ultimate_parent_id = 'A' and task.task = 'rate'"
    )
    much = make(build(tmp_path, extra=many), tmp_path)
    assert len(section(much, "ratings").rows) == len(sheet(much.english, much, "ratings")) == 1002
    html = much.page.read_text(encoding="utf-8")
    body = html.partition('<section class="panel" id="ratings"')[2].partition("</section>")[0]
    assert body.count("<tr>") - body.count("<thead><tr>") == MOST_ROWS
    assert ENGLISH.say("control.left_out", shown="400", of="1,002") in body
