"""What a format declares reaches the rows, and what it lacks is named by the finding: kinds of deliveries seen in public reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.landing.findings import Finding
from pipelines.landing.land import LandingOutcome, land_table
from pipelines.settings.sources import CsvFormat
from pipelines.settings.workspace import Workspace
from tests.pipelines.landing.company import HEADER, LINES, company, deliver, line, rows

ACTIVITIES = """
files:
  calls: {path: calls.csv, format: german, delivered_at: 2026-01-02T06:00:00}
tables:
  activities:
    from: calls
    columns: {activity_id: Id, account_id: Konto, activity_type: Art, activity_at: Am, recorded_at: Erfasst, rep_id: Wer}
    values: {activity_type: {Anruf: call}}
"""
RATES = """
files:
  rates: {path: rates.csv, format: german, delivered_at: 2026-01-02T06:00:00}
tables:
  exchange_rates:
    from: rates
    columns: {rate_date: Tag, currency_code: Waehrung, units_per_reporting_currency: Kurs}
"""


def declaring(directory: Path, words: Mapping[str, object], mapping: str = LINES) -> Workspace:
    """The company whose German format says `words`, too."""
    workspace = company(directory, mapping)
    german = workspace.sources.format("german")
    assert isinstance(german, CsvFormat)
    changed = CsvFormat.model_validate(german.model_dump() | dict(words))
    assert list(changed.violations()) == []
    formats = {**workspace.sources.formats, "german": changed}
    return replace(workspace, sources=workspace.sources.model_copy(update={"formats": formats}))


def landed(
    directory: Path, words: Mapping[str, object], content: str, encoding: str = "cp1252"
) -> tuple[Workspace, LandingOutcome]:
    workspace = declaring(directory, words)
    deliver(directory, "lines.csv", content.encode(encoding))
    return workspace, land_table(workspace, "invoice_lines")


def amounts(workspace: Workspace) -> list[Decimal]:
    return [Decimal(str(row[0])) for row in rows(workspace, "raw", "invoice_lines", "gross_list_amount")]


def the(outcome: LandingOutcome, code: str) -> Finding:
    (finding,) = [each for each in outcome.problems if each.problem.code == code]
    return finding


@pytest.mark.parametrize(
    ("gross", "remedy", "words", "amount"),
    [
        ("500,00-", "`trailing_minus: true`", {"trailing_minus": True}, "-500.00"),
        ("(500,00)", "`parentheses_negative: true`", {"parentheses_negative": True}, "-500.00"),
        ("12,50 €", '`strip: ["€"]`', {"strip": ("€",)}, "12.50"),
        (
            "EUR 12,50-",
            '`trailing_minus: true` and `strip: ["EUR"]`',
            {"strip": ("EUR",), "trailing_minus": True},
            "-12.50",
        ),
        ("12,505", "`round: true`", {"round": True}, "12.51"),
        ("0.500", '`decimal: "."`', None, ""),
        ("1 234,50", '`thousands: "space"`', None, ""),
    ],
)
def test_a_number_that_is_not_read_names_the_word_that_reads_it(
    gross: str, remedy: str, words: Mapping[str, object] | None, amount: str, tmp_path: Path
) -> None:
    (tmp_path / "first").mkdir()
    _, outcome = landed(tmp_path / "first", {}, HEADER + line("R1", gross=gross) + line("R2"))
    (finding,) = outcome.problems
    assert finding.problem.code in ("NUM_FORMAT", "NUM_SCALE")
    assert remedy in finding.problem.remedy
    assert "formats.german" in finding.problem.remedy
    assert gross in finding.problem.what
    if words is None:
        return
    (tmp_path / "second").mkdir()
    workspace, outcome = landed(tmp_path / "second", words, HEADER + line("R1", gross=gross) + line("R2"))
    assert amounts(workspace) == [Decimal(amount), Decimal("1234.56")]
    assert [finding.severity for finding in outcome.problems] in ([], ["info"])


def test_rounded_numbers_are_counted(tmp_path: Path) -> None:
    content = HEADER + line("R1", gross="0,005") + line("R2", gross="-0,005") + line("R3", gross="1,10")
    workspace, outcome = landed(tmp_path, {"round": True}, content)
    assert amounts(workspace) == [Decimal("0.01"), Decimal("-0.01"), Decimal("1.10")]
    rounded = the(outcome, "NUM_ROUNDED")
    assert (rounded.severity, rounded.rows, rounded.problem.where) == ("info", 2, "lines.csv:2")


@pytest.mark.parametrize(
    ("day", "remedy"),
    [
        ("5.3.2025", "`date: d.m.yyyy`"),
        ("15/3/2025", "`date: d/m/yyyy`"),
        ("5/3/2025", "`date: d/m/yyyy` (or `m/d/yyyy`, if the month comes first)"),
        ("202503", "`date: yyyymm last`"),
        ("20250305", "`date: yyyymmdd`"),
        ("2025-03-05T00:00:00Z", "`date: yyyy-mm-ddThh:mm:ss[.f][z]`"),
        ("1741564800", "`date: unix`"),
        ("45726", "`date: excel`"),
    ],
)
def test_a_date_that_is_not_read_names_the_pattern_that_reads_it(day: str, remedy: str, tmp_path: Path) -> None:
    _, outcome = landed(tmp_path, {}, HEADER + line("R1", day=day) + line("R2"))
    assert remedy in the(outcome, "DATE_FORMAT").problem.remedy


def test_rows_that_are_no_data_are_named_and_kept_out_by_declaration(tmp_path: Path) -> None:
    """A printed list: the header on every page, a subtotal per customer, a total at the end (votingworks/arlo#1233)."""
    printed = (
        HEADER + line("R1") + ";;;;007;;1.234,56;0,00;1,50\n" + HEADER + line("R2") + "Summe;;;;;;2.469,12;0,00;3,00\n"
    )
    (tmp_path / "first").mkdir()
    workspace, outcome = landed(tmp_path / "first", {}, printed)
    assert amounts(workspace) == [Decimal("1234.56")] * 2
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined, outcome.rows_skipped) == (4, 2, 2, 1)
    assert the(outcome, "REPEATED_HEADER").problem.where == "lines.csv:4"
    remedies = {f.problem.where: f.problem.remedy for f in outcome.problems if f.problem.code == "NULL_REQUIRED"}
    assert "skip_rows_matching: '^;;;;'" in remedies["lines.csv:3"]
    assert "skip_rows_matching: '^Summe'" in remedies["lines.csv:6"]
    (tmp_path / "second").mkdir()
    words = {"skip_rows_matching": "^;;;;", "skip_footer_matching": "^Summe"}
    workspace, outcome = landed(tmp_path / "second", words, printed)
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_skipped) == (2, 2, 3)
    assert [finding.severity for finding in outcome.problems] == ["info"] * 3


@pytest.mark.parametrize(
    ("footer", "said"),
    [
        ("Summe;;;;;;2.469,12;0,00;3,00\n", ""),
        ("Summe;;;;;;2.469,13;0,00;3,00\n", "sums to 2469.13, it sums to 2469.12 (-0.01)"),
        ("", "no footer row has a total of 'Brutto': the file may be cut off"),
    ],
)
def test_a_totals_row_is_the_control_total_where_it_is_declared_to_be_one(
    footer: str, said: str, tmp_path: Path
) -> None:
    mapping = LINES.replace("format: german,", "format: german, control_totals: {footer: [brutto]},")
    workspace = declaring(tmp_path, {"skip_footer_matching": "^Summe"}, mapping)
    deliver(tmp_path, "lines.csv", HEADER + line("R1") + line("R2") + footer)
    outcome = land_table(workspace, "invoice_lines")
    if not said:
        assert outcome.status == "loaded"
        return
    assert said in the(outcome, "RECONCILE_FAIL").problem.what


@pytest.mark.parametrize(
    ("encoding", "written", "group", "remedy"),
    [
        ("windows-1252", "utf-8", "TÃ¼rgriffe", "'Türgriffe': declare `encoding: utf-8` of formats.german"),
        ("iso-8859-1", "utf-8", "TÃ¼rgriffe", "'Türgriffe': declare `encoding: utf-8` of formats.german"),
        ("iso-8859-1", "cp1252", "5 \u0080", "'5 €': declare `encoding: windows-1252` of formats.german"),
        ("cp850", "utf-8", "T├╝rgriffe", "'Türgriffe': declare `encoding: utf-8` of formats.german"),
        ("utf-8", "utf-8", "T\ufffdrgriffe", "correct it there"),
    ],
)
def test_what_a_wrong_encoding_leaves_in_any_text_is_found(
    encoding: str, written: str, group: str, remedy: str, tmp_path: Path
) -> None:
    """Of the kind of grokability/snipe-it#16518."""
    meant = {"5 \u0080": "5 €", "T\ufffdrgriffe": "T\ufffdrgriffe"}.get(group, "Türgriffe")
    content = HEADER + line("R1", group=meant) + line("R2", group="Ringe") + line("R3", group=meant)
    workspace, outcome = landed(tmp_path, {"encoding": encoding}, content, written)
    assert {row[0] for row in rows(workspace, "raw", "invoice_lines", "product_group")} == {group, "Ringe"}
    found = the(outcome, "MOJIBAKE_SUSPECT")
    assert (found.severity, found.rows, found.amount) == ("warning", 2, Decimal("2469.12"))
    assert found.problem.where == "lines.csv:2"
    assert remedy in found.problem.remedy


def test_a_key_in_a_wrong_encoding_is_not_accepted(tmp_path: Path) -> None:
    _, outcome = landed(tmp_path, {}, HEADER + line("RÜ1") + line("R2"), "utf-8")
    assert (outcome.rows_accepted, outcome.rows_quarantined) == (1, 1)
    assert {finding.problem.code for finding in outcome.problems} == {"MOJIBAKE_SUSPECT"}


def test_portuguese_names_are_in_no_wrong_encoding(tmp_path: Path) -> None:
    _, outcome = landed(tmp_path, {"encoding": "utf-8"}, HEADER + line("R1", group="IRMÃOS SÃO JOÃO"), "utf-8")
    assert outcome.problems == ()


def test_names_and_codes_match_whatever_their_case_and_spelling(tmp_path: Path) -> None:
    """Of the kind of beancount/fava#983: a header written on a Mac, and codes typed by people."""
    header = HEADER.replace("Brutto", "ERLO\u0308S ").replace("Beleg", "BELEG")
    mapping = LINES.replace("Brutto", "Erlös").replace("{RE: invoice", "{ré: credit_note, RE: invoice")
    workspace = declaring(tmp_path, {"encoding": "utf-8"}, mapping)
    lines = [line("R1", art="re"), line("R2", art=" gu ", gross="-1,00"), line("R3", art="RE\u0301", gross="-1,00")]
    deliver(tmp_path, "lines.csv", (header + "".join(lines) + line("R4", art="rx")).encode())
    outcome = land_table(workspace, "invoice_lines")
    found = {row[0]: row[1] for row in rows(workspace, "raw", "invoice_lines", "invoice_id, doc_type")}
    assert found == {"R1": "invoice", "R2": "credit_note", "R3": "credit_note"}
    assert "tables.invoice_lines.values.doc_type what 'rx' means" in the(outcome, "VALUE_NOT_ALLOWED").problem.remedy


def test_codes_that_differ_in_case_only_are_told_apart(tmp_path: Path) -> None:
    workspace = declaring(tmp_path, {}, LINES.replace("GU: credit_note", "re: credit_note"))
    deliver(tmp_path, "lines.csv", HEADER + line("R1", art="RE") + line("R2", art="re") + line("R3", art="Re"))
    outcome = land_table(workspace, "invoice_lines")
    assert rows(workspace, "raw", "invoice_lines", "doc_type") == [("invoice",), ("credit_note",)]
    assert outcome.rows_quarantined == 1


def test_groups_that_differ_in_their_letters_only_are_named(tmp_path: Path) -> None:
    groups = ["Pumpen", "PUMPEN", "pumpen ", "Ringe"]
    content = HEADER + "".join(line(f"R{number}", group=group) for number, group in enumerate(groups))
    _, outcome = landed(tmp_path, {}, content)
    found = the(outcome, "SPELLED_ALIKE")
    assert (found.severity, found.rows) == ("warning", 3)
    assert "'PUMPEN' and 'Pumpen'" in found.problem.what


def test_a_header_that_stands_twice_matters_only_to_who_names_it(tmp_path: Path) -> None:
    twice = HEADER.replace("Einsatz", "Einsatz;Text;Text")
    content = twice + line("R1")[:-1] + ";a;b\n"
    (tmp_path / "first").mkdir()
    workspace, outcome = landed(tmp_path / "first", {}, content)
    assert (outcome.problems, len(amounts(workspace))) == ((), 1)
    (tmp_path / "second").mkdir()
    mapping = LINES.replace("doc_type: Art}", "doc_type: Art, product_id: Text}")
    workspace = declaring(tmp_path / "second", {}, mapping)
    deliver(tmp_path / "second", "lines.csv", content)
    problem = the(land_table(workspace, "invoice_lines"), "SCHEMA_DUP_COLUMN").problem
    assert problem.remedy == "name the one that is meant: 'Text (column 10)', 'Text (column 11)'"
    (tmp_path / "third").mkdir()
    workspace = declaring(tmp_path / "third", {}, mapping.replace(": Text}", ": Text (column 11)}"))
    deliver(tmp_path / "third", "lines.csv", content)
    land_table(workspace, "invoice_lines")
    assert rows(workspace, "raw", "invoice_lines", "product_id") == [("b",)]


CALLS = "Id;Konto;Art;Am;Erfasst;Wer\n"


def called(
    directory: Path, words: Mapping[str, object], *moments: str, more: str = ""
) -> tuple[Workspace, LandingOutcome]:
    workspace = declaring(directory, words, ACTIVITIES.replace("format: german,", f"format: german,{more}"))
    calls = "".join(f"T{number};A1;Anruf;{at};10.03.2025 18:00:00;r1\n" for number, at in enumerate(moments))
    deliver(directory, "calls.csv", CALLS + calls)
    return workspace, land_table(workspace, "activities")


def test_a_day_without_a_time_is_kept_as_such(tmp_path: Path) -> None:
    """Of the kind of firefly-iii/firefly-iii#1456: equal rows of one day taken for duplicates."""
    moments = ["10.03.2025 00:00:00"] * 3 + ["10.03.2025 08:00:00"]
    workspace, outcome = called(tmp_path, {"has_time": False}, *moments)
    midnight, eight = datetime(2025, 3, 9, 23), datetime(2025, 3, 10, 7)  # noqa: DTZ001 - UTC without a zone
    assert rows(workspace, "raw", "activities", "activity_at, has_time") == [(midnight, False)] * 3 + [(eight, True)]
    assert outcome.problems == ()


def test_days_that_look_as_if_their_time_were_missing_are_asked_about(tmp_path: Path) -> None:
    moments = ["10.03.2025 00:00:00"] * 3 + ["10.03.2025 08:00:00"]
    workspace, outcome = called(tmp_path, {}, *moments)
    assert [row[0] for row in rows(workspace, "raw", "activities", "has_time")] == [True] * 4
    found = the(outcome, "TIME_MISSING")
    assert (found.severity, found.rows) == ("warning", 3)
    assert "`has_time: false` of formats.german" in found.problem.remedy


def test_a_timestamp_without_a_time_is_declared_to_be_one(tmp_path: Path) -> None:
    workspace, outcome = called(tmp_path, {}, "10.03.2025", "10.03.2025 08:00:00")
    assert "`timestamp: dd.mm.yyyy` and `has_time: false`" in the(outcome, "DATE_FORMAT").problem.remedy
    (tmp_path / "second").mkdir()
    workspace = declaring(tmp_path / "second", {"timestamp": "dd.mm.yyyy[ hh:mm:ss]", "has_time": False}, ACTIVITIES)
    deliver(tmp_path / "second", "calls.csv", CALLS + "T1;A1;Anruf;10.03.2025;10.03.2025 18:00:00;r1\n")
    land_table(workspace, "activities")
    at = datetime(2025, 3, 9, 23)  # noqa: DTZ001 - UTC without a zone
    assert rows(workspace, "raw", "activities", "activity_at, has_time") == [(at, False)]


@pytest.mark.parametrize(
    ("of_format", "of_file", "expected"),
    [({}, "", 22), ({"time_zone": "UTC"}, "", 23), ({"time_zone": "UTC"}, " time_zone: America/New_York,", 4)],
)
def test_times_are_of_the_zone_of_the_file_else_the_format_else_the_company(
    of_format: Mapping[str, object], of_file: str, expected: int, tmp_path: Path
) -> None:
    workspace, _ = called(tmp_path, of_format, "31.12.2024 23:30:00", more=of_file)
    ((at,),) = rows(workspace, "raw", "activities", "activity_at")
    assert isinstance(at, datetime)
    assert at.hour == expected


def test_rates_a_thousand_times_too_large_raise_an_alarm(tmp_path: Path) -> None:
    """Of the kind of ngrunwald/meta-csv#5: a web service's rates with three English decimals."""
    workspace = declaring(tmp_path, {}, RATES)
    deliver(tmp_path, "rates.csv", "Tag;Waehrung;Kurs\n15.01.2025;USD;1.085\n15.02.2025;USD;1.102\n")
    found = the(land_table(workspace, "exchange_rates"), "LOCALE_SUSPECT")
    assert (found.severity, found.rows) == ("warning", 2)
    assert "1.085: read as 1085" in found.problem.what
    deliver(tmp_path, "rates.csv", "Tag;Waehrung;Kurs\n15.01.2025;USD;1,085\n15.02.2025;IDR;17.502\n")
    assert land_table(workspace, "exchange_rates").problems == ()
