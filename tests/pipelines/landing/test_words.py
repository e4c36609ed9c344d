"""Mapping without SQL: what each word makes of what is delivered, and that nothing is lost or wrong without a word."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.landing import ledger
from pipelines.landing.dry_run import rehearse
from pipelines.landing.land import LandingOutcome, land_table
from pipelines.settings.workspace import Workspace
from tests.pipelines.landing.company import company, deliver, rows

COLUMNS = {
    "invoice_id": "Nr",
    "line_no": "Pos",
    "posting_date": "Tag",
    "customer_id": "Kunde",
    "product_group": "WG",
    "gross_list_amount": "Brutto",
    "revenue_deductions": "Rabatt",
}
FIELDS = {
    "Nr": "R1",
    "Pos": "1",
    "Tag": "31.12.2025",
    "Kunde": "7",
    "WG": "x",
    "Brutto": "1.190,00",
    "Rabatt": "0",
    "Menge": "3",
    "Preis": "1,10",
    "Kz": "S",
    "Zeit": "31.12.2025 23:30:00",
    "Aktiv": "J",
}
TYPED = "{Brutto: number, Menge: number, Preis: number, Tag: date, Zeit: timestamp, Aktiv: boolean}"
CONSTANTS = 'currency_code: EUR, company_id: "1", doc_type: invoice'


def mapped(
    words: str = "", *, file: str = f"typed: {TYPED}", files: str = "", table: str = "", **other: str | None
) -> str:
    """A mapping of invoice lines; `other` replaces single columns, None leaves one out."""
    columns = {name: text for name, text in (COLUMNS | other).items() if text is not None}
    shown = "".join(f"      {name}: {text}\n" for name, text in columns.items())
    constants = CONSTANTS + ("" if "line_no" in columns else ", line_no: 1")
    return (
        f"files:\n  lines: {{path: 'lines*.csv', format: german, {file}}}\n{files}"
        f"tables:\n  invoice_lines:\n    from: lines\n    columns:\n{shown}    constants: {{{constants}}}\n{words}{table}"
    )


def lines(*records: dict[str, str]) -> str:
    """A delivered file; a record says what is not as usual. Numbered R1, R2 ... unless it says otherwise."""
    every = [FIELDS | {"Nr": f"R{number}"} | record for number, record in enumerate(records, 1)]
    return "\n".join([";".join(FIELDS), *(";".join(record.values()) for record in every)]) + "\n"


def landed(directory: Path, mapping: str, *records: dict[str, str], **files: str) -> tuple[Workspace, LandingOutcome]:
    """Deliver the lines and other files (name without .csv) and land the invoice lines; the rows are accounted for."""
    workspace = company(directory, mapping)
    deliver(directory, "lines.csv", lines(*records))
    for name, content in files.items():
        deliver(directory, f"{name}.csv", content)
    outcome = land_table(workspace, "invoice_lines")
    parts = (outcome.rows_accepted, outcome.rows_quarantined, outcome.rows_filtered, outcome.rows_lost_in_mapping)
    assert outcome.rows_in == sum(parts)
    return workspace, outcome


def codes(outcome: LandingOutcome) -> list[str]:
    return [finding.problem.code for finding in outcome.problems]


@pytest.mark.parametrize(
    ("expression", "record", "amount"),
    [
        ("{expr: Brutto / 1.19, round: 2}", {}, "1000.00"),
        ("{expr: Brutto / 1.19}", {}, "1000.00"),
        ("{expr: Brutto * 100 / 119, round: 2}", {"Brutto": "119,99"}, "100.83"),
        ("{expr: Menge * Preis}", {}, "3.30"),
        ("{expr: menge * PREIS, round: 2}", {"Preis": "0,335"}, "1.01"),
        ("{expr: Menge * Preis, round: 2}", {"Menge": "-3", "Preis": "0,335"}, "-1.01"),
        ("{expr: Brutto / 8, round: 2}", {"Brutto": "1,00"}, "0.13"),
        ("{expr: Brutto / 8, round: 2}", {"Brutto": "-1,00"}, "-0.13"),
        # 0.005 less the least that can be written: rounding the quotient twice would give 0.01.
        ("{expr: Brutto / Menge, round: 2}", {"Brutto": "0,01499999", "Menge": "3"}, "0.00"),
        ("{expr: Brutto * 3 / 3, round: 2}", {"Brutto": "99.999.999.999,99"}, "99999999999.99"),
        ("{expr: \"case when Kz = 'H' then -Brutto else Brutto end\"}", {"Kz": " H "}, "-1190.00"),
        ("{expr: 'coalesce(Preis, 0) + 1'}", {"Preis": ""}, "1.00"),
        ("{expr: Menge}", {"Menge": "3.000"}, "3000.00"),
        ("{expr: Pos * 1}", {"Pos": "x"}, None),
        ("{expr: \"replace(Kz, 'EUR ', '')\"}", {"Kz": "EUR 1.234,50"}, "1234.50"),
        ("{expr: case when Aktiv then Brutto else 0 end}", {"Aktiv": "N"}, "0.00"),
    ],
)
def test_an_expression_computes_exactly_with_what_typed_says(
    expression: str, record: dict[str, str], amount: str | None, tmp_path: Path
) -> None:
    workspace, outcome = landed(tmp_path, mapped(gross_list_amount=expression), record)
    if amount is None:
        (finding,) = outcome.problems
        assert (finding.problem.code, finding.severity) == ("MAPPING_EXPR", "critical")
        assert "typed: {Pos: number}" in finding.problem.remedy
        return
    assert rows(workspace, "raw", "invoice_lines", "gross_list_amount") == [(Decimal(amount),)], outcome.problems


@pytest.mark.parametrize(
    ("expression", "record", "reason"),
    [
        ("{expr: Brutto / 3}", {}, "NUM_SCALE:gross_list_amount"),
        ("{expr: Brutto * 1, round: 2}", {"Brutto": "1,190.00"}, "NUM_FORMAT:gross_list_amount"),
        ("{expr: 'coalesce(Brutto, 0)'}", {"Brutto": "x"}, "NUM_FORMAT:gross_list_amount"),
        ("{expr: Brutto / Menge, round: 2}", {"Menge": "0"}, "NULL_REQUIRED:gross_list_amount"),
        ("{expr: Menge * Preis}", {"Preis": ""}, "NULL_REQUIRED:gross_list_amount"),
        (
            "{expr: Brutto * Menge * Preis, round: 2}",
            {"Brutto": "9" * 18, "Menge": "9" * 18, "Preis": "9" * 18},
            "EXPR_FAILED:gross_list_amount",
        ),
        ("{expr: Brutto * Menge}", {"Brutto": "9" * 15, "Menge": "10000"}, "NUM_OVERFLOW:gross_list_amount"),
    ],
)
def test_what_cannot_be_computed_is_set_aside_with_its_place(
    expression: str, record: dict[str, str], reason: str, tmp_path: Path
) -> None:
    workspace, outcome = landed(tmp_path, mapped(gross_list_amount=expression), {}, record)
    assert rows(workspace, "quarantine", "invoice_lines", "max(line_number), max(quarantine_reasons)") == [(3, reason)]
    assert "lines.csv:3" in next(
        f.problem.where for f in outcome.problems if f.problem.code == reason.partition(":")[0]
    )


@pytest.mark.parametrize(
    ("column", "expression", "record", "value"),
    [
        ("posting_date", "{join: [Kz, WG]}", {"Kz": "1.12", "WG": ".2025"}, None),
        ("posting_date", "{join: [Kz, WG]}", {"Kz": "01.12", "WG": ".2025"}, date(2025, 12, 1)),
        ("posting_date", "{join: [Kz, Jahr], with: '.'}", {"Kz": "01.12"}, date(2024, 12, 1)),
        ("posting_date", "{expr: \"lpad(Kz, 5, '0') || '.' || Jahr\"}", {"Kz": "1.12"}, date(2024, 12, 1)),
        ("posting_date", "{expr: Tag + 1}", {}, date(2026, 1, 1)),
        ("posting_date", "{expr: Zeit::date}", {}, date(2025, 12, 31)),
        ("posting_date", "{expr: 'make_date(Jahr::int, substr(Kz, 3)::int, left(Kz, 2)::int)'}", {"Kz": "0112"}, date(2024, 12, 1)),
        ("posting_date", "{expr: 'make_date(Jahr::int, substr(Kz, 3)::int, left(Kz, 2)::int)'}", {"Kz": "0113"}, None),
        ("invoice_id", "{join: [Nr, Pos], with: '-'}", {}, "R1-1"),
        ("invoice_id", "{join: [Nr, Kz], with: '-'}", {"Kz": ""}, None),
        ("customer_id", "{expr: \"replace(Kunde, '.0', '')\"}", {"Kunde": "17850.0"}, "17850"),
        ("customer_id", "{expr: \"coalesce(Kunde, 'nobody')\"}", {"Kunde": " "}, "nobody"),
        ("is_promotion", "{expr: Menge > 2}", {}, True),
        ("quantity", "{expr: Menge}", {}, Decimal(3)),
    ],
)  # fmt: skip
def test_texts_dates_and_flags_are_made(
    column: str, expression: str, record: dict[str, str], value: object, tmp_path: Path
) -> None:
    mapping = mapped(file=f'typed: {TYPED}, constants: {{Jahr: "2024"}}', **{column: expression})
    workspace, outcome = landed(tmp_path, mapping, record)
    if value is None:
        assert outcome.rows_quarantined == 1
        assert column in str(rows(workspace, "quarantine", "invoice_lines", "quarantine_reasons"))
    else:
        assert rows(workspace, "raw", "invoice_lines", column) == [(value,)], outcome.problems
    assert outcome.rows_in == 1


@pytest.mark.parametrize(
    ("expression", "code", "said"),
    [
        ("{expr: sqrt(Brutto)}", "MAPPING_EXPR", "floating-point"),
        ("{expr: 'power(Brutto, 2)'}", "MAPPING_EXPR", "floating-point"),
        ("{expr: Brutto::double}", "MAPPING_EXPR", "floating-point"),
        ("{expr: Bruto * 2}", "SCHEMA_MISSING_COLUMN", "Bruto"),
        ("{expr: current_date}", "SCHEMA_MISSING_COLUMN", "current_date"),
        ("{expr: 'Pos::decimal(9,2)'}", "TYPED_MISSING", "Pos"),
        ("{expr: \"try_cast(coalesce(Pos, '0') as int)\"}", "TYPED_MISSING", "Pos"),
        ("{join: [Nr, Poss]}", "SCHEMA_MISSING_COLUMN", "Poss"),
        ("{number_within: [Rechnung]}", "SCHEMA_MISSING_COLUMN", "Rechnung"),
        ("{expr: Menge + Kz}", "MAPPING_EXPR", "Kz"),
    ],
)
def test_what_is_not_exact_or_not_there_is_refused_before_anything_is_loaded(
    expression: str, code: str, said: str, tmp_path: Path
) -> None:
    workspace, outcome = landed(tmp_path, mapped(gross_list_amount=expression), {})
    assert (outcome.status, codes(outcome)) == ("file_quarantined", [code])
    problem = outcome.problems[0].problem
    assert said in f"{problem.what} {problem.remedy}"
    assert "invoice_lines" in problem.where
    problems = [problem for table in rehearse(workspace).tables for problem in table.problems]
    assert problem in problems, "`check` says the same"


def test_names_of_columns_may_hold_anything(tmp_path: Path) -> None:
    mapping = (
        'files:\n  f: {path: f.csv, format: german, typed: {"Umsatz (ohne S/H-Kz)": number}}\ntables:\n  direct_costs:\n'
        "    from: f\n    columns: {posting_date: Tag, amount: {expr: '\"Umsatz (ohne S/H-Kz)\" / 1.19', round: 2}}\n"
        "    constants: {cost_type: marketing, currency_code: EUR, company_id: '1'}\n"
    )
    workspace = company(tmp_path, mapping)
    deliver(tmp_path, "f.csv", "Umsatz (ohne S/H-Kz);Tag\n11,90;01.01.2025\n1:2,3;01.01.2025\n")
    outcome = land_table(workspace, "direct_costs")
    assert rows(workspace, "raw", "direct_costs", "amount") == [(Decimal("10.00"),)]
    assert rows(workspace, "quarantine", "direct_costs", "quarantine_reasons") == [("NUM_FORMAT:amount",)]
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined) == (2, 1, 1)


def test_line_numbers_follow_the_files_and_begin_anew(tmp_path: Path) -> None:
    mapping = mapped(line_no="{number_within: [invoice_id]}", table="    where: Kz <> 'X'\n")
    workspace = company(tmp_path, mapping)
    first = [{"Nr": "A", "Brutto": "1"}, {"Nr": "B", "Brutto": "2"}, {"Nr": " A", "Brutto": "3", "Kz": "X"}]
    deliver(tmp_path, "lines-1.csv", lines(*first, {"Nr": "A", "Brutto": "4"}))
    deliver(tmp_path, "lines-2.csv", lines({"Nr": "A", "Brutto": "5"}, {"Nr": "C", "Brutto": "6"}))
    outcome = land_table(workspace, "invoice_lines")
    assert rows(workspace, "raw", "invoice_lines", "invoice_id, line_no, gross_list_amount::integer") == [
        ("A", 1, 1), ("A", 3, 4), ("A", 4, 5), ("B", 1, 2), ("C", 1, 6),
    ]  # fmt: skip
    assert (outcome.rows_in, outcome.rows_filtered) == (6, 1)


def test_line_numbers_within_what_is_made(tmp_path: Path) -> None:
    mapping = mapped(line_no="{number_within: [invoice_id]}", invoice_id="{expr: 'upper(Nr)'}")
    workspace, _ = landed(tmp_path, mapping, {"Nr": "a"}, {"Nr": "A"})
    assert rows(workspace, "raw", "invoice_lines", "invoice_id, line_no") == [("A", 1), ("A", 2)]


LOOKUP = "{lookup: {file: goods, key: WG, in: Number, value: VALUE}}"
GOODS = "  goods: {path: goods.csv, format: iso, typed: {Price: number}}\n"


def test_a_lookup_finds_one_value_or_says_why_not(tmp_path: Path) -> None:
    mapping = mapped(
        files=GOODS,
        words=f"    helpers: {{price: {LOOKUP.replace('VALUE', 'Price')}}}\n",
        cogs="{expr: Menge * price, round: 2}",
        product_group=LOOKUP.replace("VALUE", "Group"),
    )
    goods = "Number,Group,Price\na,G1,1.50\na,G1,1.50\nb,G2,2.00\nb,G3,2.00\nc,G4\nd,G5,x\n"
    records = ({"WG": "a"}, {"WG": " a "}, {"WG": "b"}, {"WG": "z"}, {"WG": ""}, {"WG": "d"})
    workspace, outcome = landed(tmp_path, mapping, *records, goods=goods)
    raw = rows(workspace, "raw", "invoice_lines", "invoice_id, product_group, cogs")
    assert raw == [("R1", "G1", Decimal("4.50")), ("R2", "G1", Decimal("4.50")), ("R6", "G5", None)]
    quarantined = rows(workspace, "quarantine", "invoice_lines", "file_name, line_number, quarantine_reasons")
    assert sorted(quarantined) == [
        ("goods.csv", 6, "FIELD_COUNT"),
        ("lines.csv", 4, "NULL_REQUIRED:product_id"),
        ("lines.csv", 5, "NULL_REQUIRED:product_id"),
        ("lines.csv", 6, "NULL_REQUIRED:product_id"),
    ]
    weights = {(f.problem.code, f.problem.what.split(":")[0]): (f.rows, f.amount) for f in outcome.problems}
    assert weights["LOOKUP_AMBIGUOUS", "invoice_lines.product_group"] == (1, Decimal("1190.00"))
    assert weights["LOOKUP_MISSING", "invoice_lines.product_group"] == (1, Decimal("1190.00"))
    assert weights["LOOKUP_MISSING", "invoice_lines.price"] == (1, Decimal("1190.00"))
    assert weights["NUM_FORMAT", "invoice_lines.cogs"] == (1, Decimal("1190.00")), "a cost nobody can read costs no row"


def test_a_lookup_reads_a_text_as_its_own_file_writes_it(tmp_path: Path) -> None:
    mapping = mapped(files=GOODS.replace(", typed: {Price: number}", ""), cogs=LOOKUP.replace("VALUE", "Price"))
    workspace, _ = landed(tmp_path, mapping, {"WG": "a"}, goods="Number,Price\na,1.500\n")
    assert rows(workspace, "raw", "invoice_lines", "cogs") == [(Decimal("1.50"),)], "not 1500"


def test_a_lookup_file_that_changes_or_is_missing_is_a_new_or_no_delivery(tmp_path: Path) -> None:
    mapping = mapped(files=GOODS, cogs=LOOKUP.replace("VALUE", "Price"))
    workspace = company(tmp_path, mapping)
    deliver(tmp_path, "lines.csv", lines({"WG": "a"}))
    assert codes(land_table(workspace, "invoice_lines")) == ["DELIVERY_INCOMPLETE"]
    deliver(tmp_path, "goods.csv", "Number,Price\na,1.00\n")
    assert land_table(workspace, "invoice_lines").status == "loaded"
    assert land_table(workspace, "invoice_lines").status == "duplicate"
    deliver(tmp_path, "goods.csv", "Number,Price\na,2.00\n")
    assert land_table(workspace, "invoice_lines").status == "loaded"


def test_a_master_that_is_delivered_with_the_lines_only(tmp_path: Path) -> None:
    mapping = mapped(
        table="  customers:\n    from: lines\n    where: Kunde is not null\n    distinct: true\n"
        "    columns: {customer_id: {expr: \"replace(Kunde, '.0', '')\"}, customer_name: WG, region: Kz}\n"
        "    constants: {relationship_type: customer, currency_code: EUR}\n"
    )
    records = (
        {"Kunde": "1.0", "WG": "Old"},
        {"Kunde": "2", "WG": "Two", "Kz": "S"},
        {"Kunde": ""},
        {"Kunde": "1", "WG": "New"},
    )
    workspace, _ = landed(tmp_path, mapping, *records)
    outcome = land_table(workspace, "customers")
    columns = "customer_id, customer_name, region, line_number"
    assert rows(workspace, "raw", "customers", columns) == [("1", "New", "S", 5), ("2", "Two", "S", 3)]
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_filtered) == (3, 2, 1)
    assert [(f.problem.code, f.rows) for f in outcome.problems] == [("DISTINCT_DIFFERS", 1)]
    assert "customers.customer_name" in outcome.problems[0].problem.what


def test_columns_side_by_side_become_rows(tmp_path: Path) -> None:
    mapping = (
        "files:\n  plan: {path: plan.csv, format: german}\ntables:\n  ledger_totals:\n    from: plan\n"
        '    unpivot: {columns: {Jan: "2025-01", Feb: "2025-02", Mar: "2025-03"}, name: Monat, value: Betrag}\n'
        "    columns: {period: Monat, account_group: Konto, amount: Betrag}\n"
        "    constants: {company_id: '1'}\n"
        "    values: {account_group: {Umsatz: net_revenue}}\n"
    )
    workspace = company(tmp_path, mapping)
    deliver(tmp_path, "plan.csv", "Konto;Jan;Feb;Mar\nUmsatz;1.000,00; ;x\n")
    outcome = land_table(workspace, "ledger_totals")
    assert rows(workspace, "raw", "ledger_totals", "period, amount, line_number") == [("2025-01", Decimal(1000), 2)]
    quarantined = rows(workspace, "quarantine", "ledger_totals", "period, quarantine_reasons, raw_text")
    assert quarantined == [("2025-03", "NUM_FORMAT:amount", "Umsatz;2025-03;x")]
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined) == (2, 1, 1)


@pytest.mark.parametrize(
    ("condition", "kept", "empty"),
    [
        ("Kz <> 'X'", "R1 R3 R4", 0),
        ("Kz != 'X'", "R1 R3 R4", 0),
        ("not (Kz = 'X')", "R1 R3 R4", 0),
        ("Kz = 'X'", "R2", 0),
        ("Kz not in ('X', 'Y')", "R1 R3 R4", 0),
        ("not (Kz in ('X', 'Y'))", "R1 R3 R4", 0),
        ("Kz not like 'X%'", "R1 R3 R4", 0),
        ("Kz is null", "R3", 0),
        ("Kz is distinct from 'X'", "R1 R3 R4", 0),
        ("Kz > 'T'", "R2", 1),
        ("length(Kz) = 1 and Kz <> 'X'", "R1 R4", 0),
        ("contains(Kz, 'S')", "R1 R4", 1),
        ("Brutto > 1000", "R1 R2 R3", 0),
        ("Brutto / 1.19 > 1000", "", 0),
        ("Tag >= date '2025-01-01' and line_number > 2", "R2 R3 R4", 0),
    ],
)
def test_a_condition_keeps_what_it_means_and_says_what_is_empty(
    condition: str, kept: str, empty: int, tmp_path: Path
) -> None:
    records = ({"Kz": "S"}, {"Kz": " X "}, {"Kz": ""}, {"Kz": "S", "Brutto": "500,00"})
    workspace, outcome = landed(tmp_path, mapped(table=f'    where: "{condition}"\n'), *records)
    if not kept:
        assert codes(outcome) == ["FILE_NO_ROWS"]
        return
    found = [str(row[0]) for row in rows(workspace, "raw", "invoice_lines", "invoice_id")]
    assert found == kept.split()
    assert outcome.rows_filtered == len(records) - len(found)
    assert [(f.problem.code, f.rows, f.amount) for f in outcome.problems] == (
        [("WHERE_EMPTY", empty, Decimal("1190.00"))] if empty else []
    )
    (entry,) = ledger.read(workspace.home)
    amounts = entry.amounts["gross_list_amount"]
    assert amounts.filtered is not None
    assert amounts.accepted + amounts.filtered == Decimal("4070.00")


def test_a_condition_that_cannot_be_judged_sets_the_row_aside(tmp_path: Path) -> None:
    mapping = mapped(table="    where: Menge > 0\n")
    workspace, outcome = landed(tmp_path, mapping, {}, {"Menge": "many"}, {"Menge": "-1"})
    assert (outcome.rows_accepted, outcome.rows_quarantined, outcome.rows_filtered) == (1, 1, 1)
    assert rows(workspace, "quarantine", "invoice_lines", "line_number, quarantine_reasons, gross_list_amount") == [
        (3, "NUM_FORMAT:Menge", Decimal("1190.00"))
    ]


@pytest.mark.parametrize("load", ["full", "incremental"])
def test_the_same_bytes_under_two_names_count_once(load: str, tmp_path: Path) -> None:
    workspace = company(tmp_path, mapped(table=f"    load: {load}\n"))
    for name in ("lines.csv", "lines (1).csv"):
        deliver(tmp_path, name, lines({}, {}))
    for _ in range(2):
        outcome = land_table(workspace, "invoice_lines")
        assert codes(outcome) == ["SAME_BYTES"]
        assert sum(entry.rows_accepted for entry in ledger.read(workspace.home)) == 2
    (tmp_path / "delivered" / "lines (1).csv").unlink()
    assert codes(land_table(workspace, "invoice_lines")) == []


def test_typed_moments_are_local_and_land_in_utc(tmp_path: Path) -> None:
    mapping = (
        "files:\n  f: {path: f.csv, format: german, typed: {Zeit: timestamp}}\ntables:\n  activities:\n    from: f\n"
        "    columns:\n      activity_at: {expr: Zeit}\n      recorded_at: {expr: Zeit + interval 1 day}\n"
        "      activity_id: Nr\n      account_id: Konto\n    constants: {activity_type: visit}\n"
    )
    workspace = company(tmp_path, mapping)
    deliver(tmp_path, "f.csv", "Nr;Konto;Zeit\n1;A;01.07.2025 00:30:00\n")
    outcome = land_table(workspace, "activities")
    assert rows(workspace, "raw", "activities", "activity_at, recorded_at") == [
        (datetime(2025, 6, 30, 22, 30), datetime(2025, 7, 1, 22, 30))  # noqa: DTZ001 - UTC without a zone
    ], outcome.problems


@pytest.mark.parametrize(
    ("old", "new"),
    [("Jahr", "nr"), ("helpers: {", "helpers: {nr: {expr: Menge}, ")],
    ids=["constant", "helper"],
)
def test_a_name_that_is_delivered_already_is_refused(old: str, new: str, tmp_path: Path) -> None:
    mapping = mapped(file='constants: {Jahr: "1"}', words="    helpers: {h: WG}\n").replace(old, new)
    _, outcome = landed(tmp_path, mapping, {})
    assert codes(outcome) == ["SCHEMA_DUP_COLUMN"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("gross_list_amount: {}", "MAPPING_COLUMN", "nothing says"),
        ("gross_list_amount: {expr: a, join: [a, b]}", "MAPPING_COLUMN", "expr and join"),
        ("gross_list_amount: {join: [a, b], round: 2}", "MAPPING_COLUMN", "`round` belongs to `expr`"),
        ("gross_list_amount: {exp: a}", "CONFIG_UNKNOWN_KEY", "'exp'"),
        ("gross_list_amount: {lookup: {file: goods, key: a, in: b, valu: c}}", "CONFIG_UNKNOWN_KEY", "'valu'"),
        ("gross_list_amount: {lookup: {file: goods, key: a, in: b, value: c}}", "MAPPING_UNKNOWN_FILE", "goods"),
        ("gross_list_amount: 1", "CONFIG_TYPE", "text is needed"),
        ("gross_list_amount: {expr: a, round: 9}", "CONFIG_RANGE", "9"),
        ("gross_list_amount: {expr: 'sum(a)'}", "MAPPING_EXPR", "several records"),
        ("gross_list_amount: {expr: 'random() * a'}", "MAPPING_EXPR", "the same rows"),
        ("gross_list_amount: {expr: 'now()'}", "MAPPING_EXPR", "the same rows"),
        ("gross_list_amount: {expr: '(select 1)'}", "MAPPING_EXPR", "a query of its own"),
        ("gross_list_amount: {expr: '1), (2'}", "MAPPING_EXPR", "more than one"),
        ("gross_list_amount: {expr: \"read_text('x')\"}", "MAPPING_EXPR", "read_text"),
        ("gross_list_amount: {expr: 'row_number() over ()'}", "MAPPING_EXPR", "window"),
    ],
)
def test_a_word_that_means_nothing_is_told_at_its_line(words: str, code: str, said: str, tmp_path: Path) -> None:
    name, _, text = words.partition(": ")
    with pytest.raises(ConfigError) as caught:
        company(tmp_path, mapped(**{name: text}))
    problems = [problem for problem in caught.value.problems if problem.code == code]
    assert problems, caught.value.problems
    assert said in problems[0].what
    assert (
        (tmp_path / "config" / "sources.yml")
        .read_text()
        .splitlines()[int(problems[0].where.rpartition(":")[2]) - 1]
        .strip()
        .startswith(name)
    )


@pytest.mark.parametrize(
    ("addition", "said"),
    [
        ("    load: incremental\n", "numbers the records of one delivery"),
        ("    sql: select * from lines\n", "beside `sql`"),
    ],
)
def test_words_that_do_not_go_together_are_refused(addition: str, said: str, tmp_path: Path) -> None:
    mapping = mapped(line_no="{number_within: [invoice_id]}", table=addition)
    with pytest.raises(ConfigError) as caught:
        company(tmp_path, mapping.replace("    from: lines\n", "") if "sql" in addition else mapping)
    assert said in str(caught.value.problems)


@pytest.mark.parametrize("condition", ["foo(Kz) = 1", "Kzz = 'S'", "Menge::date > 1", "Kz::integer > 0"])
def test_a_condition_duckdb_refuses_is_a_coded_finding(condition: str, tmp_path: Path) -> None:
    _, outcome = landed(tmp_path, mapped(table=f'    where: "{condition}"\n'), {})
    assert (outcome.status, len(outcome.problems)) == ("file_quarantined", 1)
    assert outcome.problems[0].problem.code in ("SQL_MAPPING_FAILED", "TYPED_MISSING")
    assert "tables.invoice_lines.where" in outcome.problems[0].problem.where


def test_large_numbers_are_exact_too(tmp_path: Path) -> None:
    """Numbers of more than 18 digits take another way."""
    mapping = mapped(gross_list_amount="{expr: Brutto - Menge, round: 2}")
    records = (
        {"Brutto": "12345678901,12345678", "Menge": "0,12345678"},
        {"Brutto": "99999999999999999999,5", "Menge": "99999999999999999998"},
        {"Brutto": "999999999999999999999", "Menge": "0"},
    )
    workspace, outcome = landed(tmp_path, mapping, *records)
    found = rows(workspace, "raw", "invoice_lines", "gross_list_amount")
    assert found == [(Decimal("12345678901.00"),), (Decimal("1.50"),)]
    assert [f.problem.code for f in outcome.problems] == ["NUM_OVERFLOW"]
