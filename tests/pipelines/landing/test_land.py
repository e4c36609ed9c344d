"""A delivery is in completely or not at all, nothing is lost, and the same bytes give the same bytes."""

# ruff: noqa: DTZ001 - moments in the tables are UTC without a zone
from __future__ import annotations

import random
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.landing import ledger
from pipelines.landing.findings import Finding
from pipelines.landing.land import land_table
from tests.pipelines.landing.company import HEADER, LINES, company, deliver, line, lines_landed, parquet_bytes, rows


def codes(problems: tuple[Finding, ...]) -> list[str]:
    return [finding.problem.code for finding in problems]


def test_a_line_without_cost_of_goods_is_accepted_without_it(tmp_path: Path) -> None:
    workspace, outcome = lines_landed(tmp_path, line("R1", cogs=""), line("R2", cogs="0"))
    assert (outcome.rows_accepted, outcome.rows_quarantined) == (2, 0)
    assert rows(workspace, "raw", "invoice_lines", "invoice_id, cogs") == [("R1", None), ("R2", Decimal("0.00"))]


def test_accepted_rows_are_typed_and_carry_file_and_line(tmp_path: Path) -> None:
    workspace, outcome = lines_landed(
        tmp_path,
        line("R2"),
        "\n",
        line(" R1", day=" 30.12.2025", art=" GU ", gross="-5,00\xa0", group='"a\nb"'),
        line("R3"),
    )
    assert (outcome.status, outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined) == ("loaded", 3, 3, 0)
    columns = (
        "invoice_id, line_no, doc_type, posting_date, customer_id, product_group, gross_list_amount, cogs, "
        "file_name, line_number"
    )
    assert rows(workspace, "raw", "invoice_lines", columns) == [
        ("R1", 1, "credit_note", date(2025, 12, 30), "007", "a\nb", Decimal("-5.00"), Decimal("1.50"), "lines.csv", 4),
        ("R2", 1, "invoice", date(2025, 12, 31), "007", "Größe", Decimal("1234.56"), Decimal("1.50"), "lines.csv", 2),
        ("R3", 1, "invoice", date(2025, 12, 31), "007", "Größe", Decimal("1234.56"), Decimal("1.50"), "lines.csv", 6),
    ]
    described = duckdb.sql(
        f"describe select * from read_parquet('{workspace.home.raw}/invoice_lines/schema.parquet')"
    ).fetchall()
    batch = duckdb.sql(
        f"describe select * from read_parquet('{workspace.home.raw}/invoice_lines/batch=*/*', hive_partitioning=false)"
    ).fetchall()
    assert described == batch


def test_every_row_and_every_amount_that_parses_is_accounted_for(tmp_path: Path) -> None:
    workspace, outcome = lines_landed(
        tmp_path,
        line("R1", gross="100,00"),
        line("R2", gross="12,345"),  # more places than cents
        line("R3", gross="1,234.56"),
        line("R4", gross="7,00", day="31.02.2025"),
        line("R5", gross="8,00", customer=" "),
        line("R6", gross="9,00", art="XX", day="1.1.2025"),
        "R7;1;RE\n",
        line("R8", gross="20,00"),
        line("R8", gross="20,00"),  # the same once more
        line("R9", gross="30,00"),
        line("R9", gross="31,00"),  # the same key, another amount
    )
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined) == (11, 2, 9)
    assert rows(workspace, "raw", "invoice_lines", "invoice_id, gross_list_amount") == [
        ("R1", Decimal("100.00")),
        ("R8", Decimal("20.00")),
    ]
    columns = "line_number, quarantine_reason, quarantine_reasons, rejected_column, gross_list_amount, raw_text"
    found = {row[0]: row[1:] for row in rows(workspace, "quarantine", "invoice_lines", columns)}
    money = "gross_list_amount"
    key = "company_id+invoice_id+line_no"
    assert {number: row[:3] for number, row in found.items()} == {
        3: ("NUM_SCALE", f"NUM_SCALE:{money}", money),
        4: ("NUM_FORMAT", f"NUM_FORMAT:{money}", money),
        5: ("DATE_INVALID", "DATE_INVALID:posting_date", "posting_date"),
        6: ("NULL_REQUIRED", "NULL_REQUIRED:customer_id", "customer_id"),
        7: ("VALUE_NOT_ALLOWED", "VALUE_NOT_ALLOWED:doc_type, DATE_FORMAT:posting_date", "doc_type"),
        8: ("FIELD_COUNT", "FIELD_COUNT", None),
        10: ("DUP_EXACT", f"DUP_EXACT:{key}", key),
        11: ("DUP_CONFLICT", f"DUP_CONFLICT:{key}", key),
        12: ("DUP_CONFLICT", f"DUP_CONFLICT:{key}", key),
    }
    assert [found[number][3] for number in (3, 4, 5, 12)] == [None, None, Decimal("7.00"), Decimal("31.00")]
    assert found[8][4] == "R7;1;RE"
    assert found[12][4] == line("R9", gross="31,00").rstrip()
    (entry,) = ledger.read(workspace.home)
    assert (entry.amounts[money].accepted, entry.amounts[money].quarantined) == (Decimal("120.00"), Decimal("105.00"))
    assert entry.rows_duplicate_exact == 1
    weights = {(f.problem.code, f.severity): (f.rows, f.amount) for f in outcome.problems}
    assert weights[("NUM_FORMAT", "critical")] == (1, None), "a row of unknown amount must be able to stop the run"
    assert weights[("DUP_CONFLICT", "warning")] == (2, Decimal("61.00"))
    assert "lines.csv:4" in next(f.problem.where for f in outcome.problems if f.problem.code == "NUM_FORMAT")


def test_an_unparsed_row_and_its_good_twin_are_a_conflict(tmp_path: Path) -> None:
    """Otherwise the readable one would win silently."""
    _, outcome = lines_landed(tmp_path, line("R1"), line("R1", gross="x"), line("R2"))
    assert (outcome.rows_accepted, outcome.rows_quarantined) == (1, 2)


def test_where_no_row_is_accepted_the_reasons_are_told_with_it(tmp_path: Path) -> None:
    """A gate that is red shows what blocks: the format that is declared wrongly is named in the reasons, not in the sum of them."""
    _, outcome = lines_landed(tmp_path, line("R1", day="12/31/2025"), line("R2", day="12/30/2025"))
    told = [(finding.problem.code, finding.severity) for finding in outcome.problems]
    assert told == [("NO_ROW_ACCEPTED", "critical"), ("DATE_FORMAT", "critical")]


def test_the_order_of_rows_and_files_does_not_matter(tmp_path: Path) -> None:
    """Also across row groups and threads; only where a row stood differs."""
    lines = [line(f"R{number:05d}", 1, f"{number},00", day=f"{number % 28 + 1:02d}.11.2025") for number in range(3000)]
    lines += [line("R1", gross="x"), line("R2", gross="1,00"), line("R2", gross="1,00")]
    first, _ = lines_landed(tmp_path, *lines)
    shuffled = lines[:]
    random.Random(7).shuffle(shuffled)  # noqa: S311 - any order will do
    (tmp_path / "other").mkdir()
    second = company(tmp_path / "other")
    deliver(tmp_path / "other", "lines-b.csv", HEADER + "".join(shuffled[:1000]))
    deliver(tmp_path / "other", "lines-a.csv", HEADER + "".join(shuffled[1000:]))
    outcome = land_table(second, "invoice_lines")
    assert (outcome.rows_accepted, outcome.rows_quarantined) == (3001, 2)
    content = "* exclude (batch_id, file_name, line_number)"
    assert rows(first, "raw", "invoice_lines", content) == rows(second, "raw", "invoice_lines", content)
    assert sorted(rows(first, "quarantine", "invoice_lines", "quarantine_reasons, raw_text")) == sorted(
        rows(second, "quarantine", "invoice_lines", "quarantine_reasons, raw_text")
    )


def test_a_line_number_is_the_record_s_however_many_threads_read(tmp_path: Path) -> None:
    """A record's line is its position in what was read, so nothing may change the order; a long list of values, which
    DuckDB would make a join of, least of all."""
    values = ", ".join(f"X{number}: invoice" for number in range(300))
    workspace = company(tmp_path, LINES.replace("RE: invoice", f"RE: invoice, {values}"))
    count = 80_000
    for part in ("a", "b"):
        lines = (
            line(f"{part}{number:06d}", number + 2, art=f"X{number % 300}", group="g" * 100) for number in range(count)
        )
        deliver(tmp_path, f"lines-{part}.csv", HEADER + "".join(lines))
    assert land_table(workspace, "invoice_lines").rows_accepted == 2 * count
    wrong = "count(*) filter (line_number <> line_no or file_name <> 'lines-' || left(invoice_id, 1) || '.csv')"
    assert rows(workspace, "raw", "invoice_lines", wrong) == [(0,)]


def test_identical_input_gives_identical_bytes(tmp_path: Path) -> None:
    lines = [
        line(f"R{number % 40000:06d}", number // 40000, day=f"{number % 28 + 1:02d}.10.2025")
        for number in range(130_000)
    ]
    found = []
    for name, memory in (("one", "1GB"), ("two", "300MB")):
        (tmp_path / name).mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("KUNDENWERT_MEMORY_LIMIT", memory)
            workspace, outcome = lines_landed(tmp_path / name, *lines)
        assert outcome.rows_accepted == 130_000
        found.append(parquet_bytes(workspace.home))
    assert found[0] == found[1]


def test_the_same_bytes_again_change_nothing_and_say_the_same(tmp_path: Path) -> None:
    workspace, first = lines_landed(tmp_path, line("R1"), line("R2", gross="x"))
    before = parquet_bytes(workspace.home)
    second = land_table(workspace, "invoice_lines")
    assert (second.status, second.batch_ids, second.rows_in) == ("duplicate", (), 0)
    assert second.problems == first.problems
    (tmp_path / "delivered" / "lines.csv").rename(tmp_path / "delivered" / "lines_renamed.csv")
    assert land_table(workspace, "invoice_lines").status == "duplicate"
    assert parquet_bytes(workspace.home) == before
    assert len(ledger.read(workspace.home)) == 1


def test_an_earlier_state_delivered_again_counts_again(tmp_path: Path) -> None:
    workspace, first = lines_landed(tmp_path, line("R1"))
    _, second = lines_landed(tmp_path, line("R1"), line("R2"))
    before = parquet_bytes(workspace.home)
    _, third = lines_landed(tmp_path, line("R1"))
    assert (third.status, third.batch_ids) == ("reactivated", first.batch_ids)
    assert parquet_bytes(workspace.home) == before
    batches = ledger.batches(ledger.read(workspace.home))
    assert [batch.entry.batch_id for batch in batches] == [*first.batch_ids, *second.batch_ids, *first.batch_ids]
    assert [(b.entry.sequence, b.entry.is_reactivation, b.is_first, b.is_active) for b in batches] == [
        (1, False, True, False), (2, False, False, False), (3, True, False, True),
    ]  # fmt: skip


def test_a_changed_mapping_loads_the_same_bytes_again(tmp_path: Path) -> None:
    _, first = lines_landed(tmp_path, line("R1", art="ZZ"), line("R2"))
    changed = company(tmp_path, LINES.replace("GU: credit_note", "ZZ: credit_note"))
    second = land_table(changed, "invoice_lines")
    assert (first.rows_quarantined, second.status, second.rows_quarantined) == (1, "loaded", 0)


@pytest.mark.parametrize("load", ["full", "incremental"])
def test_dated_directories_are_one_batch_each(load: str, tmp_path: Path) -> None:
    mapping = LINES.replace("lines*.csv", "{date}/lines.csv").replace(", delivered_at: 2026-01-02T06:00:00", "")
    workspace = company(tmp_path, mapping + f"    load: {load}\n")
    deliver(tmp_path, "2026-01-03/lines.csv", HEADER + line("R1") + line("R2"))
    deliver(tmp_path, "2026-01-02/lines.csv", HEADER + line("R1"))
    outcome = land_table(workspace, "invoice_lines")
    assert (outcome.status, len(outcome.batch_ids), outcome.rows_accepted) == ("loaded", 2, 3)
    batches = ledger.batches(ledger.read(workspace.home))
    assert [batch.entry.delivered_at for batch in batches] == [
        datetime(2026, 1, 2, 22, 59, 59),
        datetime(2026, 1, 3, 22, 59, 59),
    ]
    assert [batch.is_active for batch in batches] == [load == "incremental", True]
    assert batches[0].superseded_at == (None if load == "incremental" else datetime(2026, 1, 3, 22, 59, 59))
    # Same bytes under a later day are nothing new. Once the earlier day is corrected, they are again the latest state.
    deliver(tmp_path, "2026-01-04/lines.csv", HEADER + line("R1") + line("R2"))
    assert land_table(workspace, "invoice_lines").status == "duplicate"
    deliver(tmp_path, "2026-01-03/lines.csv", HEADER + line("R1") + line("R3"))
    assert land_table(workspace, "invoice_lines").status == "loaded"
    assert land_table(workspace, "invoice_lines").status == "duplicate"
    active = [batch.entry.delivery for batch in ledger.batches(ledger.read(workspace.home)) if batch.is_active]
    assert active == (["2026-01-02", "2026-01-03", "2026-01-04"] if load == "incremental" else ["2026-01-04"])


def test_a_late_full_delivery_does_not_replace_a_newer_one(tmp_path: Path) -> None:
    workspace = company(tmp_path, LINES.replace("lines*.csv", "{date}/lines.csv"))
    deliver(tmp_path, "2026-01-03/lines.csv", HEADER + line("R1") + line("R2"))
    land_table(workspace, "invoice_lines")
    deliver(tmp_path, "2026-01-02/lines.csv", HEADER + line("R1"))
    outcome = land_table(workspace, "invoice_lines")
    assert (outcome.status, codes(outcome.problems)) == ("duplicate", ["OLDER_DELIVERY"])
    assert len(ledger.read(workspace.home)) == 1


def test_incremental_files_add_up_and_a_corrected_file_replaces_itself(tmp_path: Path) -> None:
    workspace = company(tmp_path, LINES + "    load: incremental\n")
    deliver(tmp_path, "lines-01.csv", HEADER + line("R1"))
    land_table(workspace, "invoice_lines")
    deliver(tmp_path, "lines-02.csv", HEADER + line("R2"))
    assert land_table(workspace, "invoice_lines").rows_accepted == 1
    deliver(tmp_path, "lines-01.csv", HEADER + line("R1", gross="5,00"))
    assert land_table(workspace, "invoice_lines").rows_accepted == 1
    batches = ledger.batches(ledger.read(workspace.home))
    assert [(batch.entry.delivery, batch.is_active) for batch in batches] == [
        ("lines-01.csv", False), ("lines-02.csv", True), ("lines-01.csv", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE_EMPTY"),
        (HEADER, "FILE_NO_ROWS"),
        (HEADER.replace("Brutto", "Betrag") + line(), "SCHEMA_MISSING_COLUMN"),
        (HEADER.replace("Einsatz", "Einsatz;pos") + line()[:-1] + ";1\n", "SCHEMA_DUP_COLUMN"),
        (HEADER.replace(";", "|") + line().replace(";", "|"), "HEADER_MISMATCH"),
        (HEADER.encode() + line(group="\x81").encode("latin-1"), "ENCODING"),
        (HEADER + line(group='"a') + line("R2"), "QUOTE_UNBALANCED"),
    ],
)
def test_a_file_that_is_not_as_declared_is_refused_whole_and_the_table_keeps_what_it_had(
    content: str | bytes, code: str, tmp_path: Path
) -> None:
    workspace, _ = lines_landed(tmp_path, line("R1"))
    before = [path for path in parquet_bytes(workspace.home) if "originals" not in path]
    deliver(tmp_path, "lines.csv", content)
    outcome = land_table(workspace, "invoice_lines")
    assert (outcome.status, outcome.batch_ids) == ("file_quarantined", ())
    assert [(finding.severity, finding.problem.code) for finding in outcome.problems] == [("critical", code)]
    assert all("lines.csv" in finding.problem.where and finding.problem.remedy for finding in outcome.problems)
    assert [path for path in parquet_bytes(workspace.home) if "originals" not in path] == before
    assert [batch.is_active for batch in ledger.batches(ledger.read(workspace.home))] == [True]


def test_a_missing_column_comes_with_the_one_that_was_meant(tmp_path: Path) -> None:
    workspace = company(tmp_path)
    deliver(tmp_path, "lines.csv", HEADER.replace("Brutto", "Brutto EUR").replace("Kunde", "Kunde Nr") + line())
    problems = land_table(workspace, "invoice_lines").problems
    assert [finding.problem.remedy.partition(";")[0] for finding in problems] == [
        "did you mean 'Kunde Nr'?",
        "did you mean 'Brutto EUR'?",
    ]


def test_columns_are_found_by_name_whatever_their_order(tmp_path: Path) -> None:
    workspace = company(tmp_path)
    deliver(tmp_path, "lines-1.csv", HEADER + line("R1", gross="10,00", cogs="3,00"))
    deliver(
        tmp_path,
        "lines-2.csv",
        "Einsatz;Brutto;Abzug;WG;Kunde;Datum;Art;Pos;Beleg;Neu\n3,00;10,00;0,00;x;7;31.12.2025;RE;1;R2;?\n",
    )
    land_table(workspace, "invoice_lines")
    assert rows(workspace, "raw", "invoice_lines", "invoice_id, gross_list_amount, cogs") == [
        ("R1", Decimal(10), Decimal(3)), ("R2", Decimal(10), Decimal(3)),
    ]  # fmt: skip


def test_filtered_rows_are_counted(tmp_path: Path) -> None:
    workspace = company(tmp_path, LINES + "    where: \"Art <> 'ST' and line_number > 2\"\n")
    deliver(tmp_path, "lines.csv", HEADER + line("R1") + line("R2") + line("R3", art="ST") + line("R4", gross="x"))
    outcome = land_table(workspace, "invoice_lines")
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined, outcome.rows_filtered) == (4, 1, 1, 2)


@pytest.mark.parametrize(
    ("totals", "fits"),
    [("rows: 2, sums: {Brutto: 1239.56}", True), ("rows: 3", False), ("sums: {Brutto: 1239.57}", False)],
)
def test_control_totals_must_agree(totals: str, fits: bool, tmp_path: Path) -> None:
    workspace = company(tmp_path, LINES.replace("format: german,", f"format: german, control_totals: {{{totals}}},"))
    deliver(tmp_path, "lines.csv", HEADER + line("R1") + line("R2", gross="5,00"))
    outcome = land_table(workspace, "invoice_lines")
    assert codes(outcome.problems) == ([] if fits else ["RECONCILE_FAIL"])
    assert outcome.status == ("loaded" if fits else "file_quarantined")


def test_absent_deliveries_are_said(tmp_path: Path) -> None:
    workspace = company(tmp_path)
    assert (land_table(workspace, "customers").status, land_table(workspace, "customers").problems) == ("absent", ())
    first = land_table(workspace, "invoice_lines")
    assert [(finding.severity, finding.problem.code) for finding in first.problems] == [("critical", "SOURCE_ABSENT")]


ANOTHER = LINES.replace("files:\n", "files:\n  other: {path: other.csv, format: german}\n")


@pytest.mark.parametrize(
    ("mapping", "severity"),
    [
        (LINES, "critical"),  # nothing at all is delivered: the place is wrong, or nobody delivered
        (ANOTHER, "warning"),  # files of such names come and go
        (ANOTHER.replace("lines*.csv", "lines.csv"), "critical"),  # a file of one name is always there
        (
            ANOTHER.replace("lines*.csv", "lines.csv").replace("    from:", "    may_be_empty: true\n    from:"),
            "warning",
        ),
    ],
)
def test_a_delivery_that_was_there_and_is_gone_is_said(mapping: str, severity: str, tmp_path: Path) -> None:
    """Seen: all sources absent, green."""
    workspace = company(tmp_path, mapping)
    deliver(tmp_path, "lines.csv", HEADER + line())
    deliver(tmp_path, "other.csv", "a\n")
    land_table(workspace, "invoice_lines")
    (tmp_path / "delivered" / "lines.csv").unlink()
    if mapping == LINES:
        (tmp_path / "delivered" / "other.csv").unlink()
    later = land_table(workspace, "invoice_lines")
    assert [(finding.severity, finding.problem.code) for finding in later.problems] == [(severity, "SOURCE_ABSENT")]


def test_a_source_can_name_its_columns_as_it_likes(tmp_path: Path) -> None:
    """Names and values from a delivery or the configuration never become SQL."""
    hostile = [
        'x"; drop table typed; --',
        "a'b",
        "select",
        "Größe (€)",
        "{{ env_var('HOME') }}",
        "t0",
        "v0",
        "typed",
        "raw",
    ]
    mapping = """
files:
  f: {path: f.csv, format: iso}
tables:
  customers:
    from: f
    constants: {relationship_type: customer, currency_code: EUR}
    columns: {customer_id: COL, customer_name: name}
    values: {customer_id: {"'); drop table typed; --": "o'k"}}
"""
    for number, name in enumerate(hostile):
        directory = tmp_path / str(number)
        directory.mkdir()
        workspace = company(directory, mapping.replace("COL", "'" + name.replace("'", "''") + "'"))
        column = '"' + name.replace('"', '""') + '"'
        deliver(directory, "f.csv", f"{column},name\n'); drop table typed; --,{{{{ 1 }}}}\n00123,=cmd\n".encode())
        assert land_table(workspace, "customers").rows_accepted == 2
        assert rows(workspace, "raw", "customers", "customer_id, customer_name") == [
            ("00123", "=cmd"),
            ("o'k", "{{ 1 }}"),
        ]


def test_parquet_is_read_by_its_types(tmp_path: Path) -> None:
    mapping = LINES.split("files:", maxsplit=1)[0] + (
        "files:\n  f: {path: f.parquet, format: parquet}\ntables:\n  orders: {from: f}\n"
        "  direct_costs: {from: f, constants: {company_id: '1', cost_type: marketing, posting_date: 2025-01-01, "
        "currency_code: EUR}}\n"
    )
    workspace = company(tmp_path, mapping)
    (tmp_path / "delivered" / "f.parquet").unlink(missing_ok=True)
    duckdb.sql(
        "copy (select * from (values ('2', 'K1', timestamp '2025-03-01', 'web', 0.0::double), ('1', 'K1', timestamp "
        "'2025-03-01 08:00', 'fax', 1.5)) "
        f"t(order_id, customer_id, order_date, channel, amount)) to '{tmp_path}/delivered/f.parquet' (format parquet)"
    )
    outcome = land_table(workspace, "orders")
    assert (outcome.rows_accepted, outcome.rows_quarantined) == (1, 1)
    assert rows(workspace, "quarantine", "orders", "line_number, quarantine_reasons") == [
        (2, "DATE_FORMAT:order_date, VALUE_NOT_ALLOWED:channel")
    ]
    refused = land_table(workspace, "direct_costs")
    assert (refused.status, codes(refused.problems)) == ("file_quarantined", ["SCHEMA_TYPE"])
    whole = (tmp_path / "delivered" / "f.parquet").read_bytes()
    deliver(tmp_path, "f.parquet", whole[:-10])
    assert codes(land_table(workspace, "orders").problems)[0] == "PARQUET_CORRUPT"


def test_copies_are_unchanged_private_and_repaired(tmp_path: Path) -> None:
    workspace, _ = lines_landed(tmp_path, line("R1"))
    (copy,) = workspace.home.originals.iterdir()
    assert copy.read_bytes() == (tmp_path / "delivered" / "lines.csv").read_bytes()
    copy.write_bytes(b"rotten")
    land_table(workspace, "invoice_lines")
    assert copy.read_bytes() == (tmp_path / "delivered" / "lines.csv").read_bytes()
    open_to_others = [path for path in workspace.home.root.rglob("*") if path.stat().st_mode & 0o077]
    assert open_to_others == []


CUSTOMERS = """
files:
  customers: {path: customers.csv, format: german, delivered_at: 2026-01-02T06:00:00}
tables:
  customers:
    from: customers
    constants: {relationship_type: customer, currency_code: EUR}
"""


def test_a_value_that_cannot_be_read_in_an_optional_column_never_costs_the_row(tmp_path: Path) -> None:
    """402 customers, 401 of them with a credit limit in English notation: all of them stay customers."""
    workspace = company(tmp_path, CUSTOMERS)
    limits = ["10,00", *(f"{number},000.00" for number in range(1, 402))]
    lines = [f"{number:03d};Kunde {number};{limit}\n" for number, limit in enumerate(limits)]
    deliver(tmp_path, "customers.csv", "customer_id;customer_name;credit_limit\n" + "".join(lines))
    outcome = land_table(workspace, "customers")
    assert (outcome.rows_accepted, outcome.rows_quarantined) == (402, 0)
    assert rows(workspace, "raw", "customers", "count(*), count(credit_limit)") == [(402, 1)]
    (finding,) = outcome.problems
    assert (finding.severity, finding.problem.code, finding.rows) == ("warning", "NUM_FORMAT", 401)
    assert "credit_limit" in finding.problem.what
    assert finding.problem.where == "customers.csv:3, customers.csv:4, customers.csv:5, ..."
    columns = "table_name, row_key, column_name, reason, raw_value, file_name, line_number"
    kept = rows(workspace, "quarantine", "unreadable_values", columns)
    assert len(kept) == 401
    assert kept[0] == ("customers", "001", "credit_limit", "NUM_FORMAT", "1,000.00", "customers.csv", 3)
    (entry,) = ledger.read(workspace.home)
    assert entry.values_unreadable == 401
    assert land_table(workspace, "customers").problems == outcome.problems, "a second run says the same"


def test_an_unreadable_cost_of_goods_is_told_with_the_weight_of_its_lines(tmp_path: Path) -> None:
    workspace, outcome = lines_landed(
        tmp_path,
        line("R1", gross="100,00", cogs="x"),
        line("R2", gross="20,00", cogs="1,234"),
        line("R3", gross="x", cogs="y"),
    )
    assert (outcome.rows_accepted, outcome.rows_quarantined) == (2, 1)
    assert rows(workspace, "raw", "invoice_lines", "invoice_id, cogs") == [("R1", None), ("R2", None)]
    weights = {(f.problem.code, f.severity): (f.rows, f.amount) for f in outcome.problems}
    assert weights == {
        ("NUM_FORMAT", "critical"): (1, None),
        ("NUM_FORMAT", "warning"): (1, Decimal("100.00")),
        ("NUM_SCALE", "warning"): (1, Decimal("20.00")),
    }
    assert rows(workspace, "quarantine", "invoice_lines", "quarantine_reasons") == [
        ("NUM_FORMAT:gross_list_amount, NUM_FORMAT:cogs",)
    ], "a row that is lost for another reason names all that is wrong with it"
    assert rows(workspace, "quarantine", "unreadable_values", "raw_value, amount") == [
        ("x", Decimal("100.00")),
        ("1,234", Decimal("20.00")),
    ]


def test_an_amount_in_an_unreadable_currency_is_no_amount_in_the_default_one(tmp_path: Path) -> None:
    workspace = company(
        tmp_path, LINES.replace("doc_type: Art}", "doc_type: Art, local_net_amount: HW, local_currency_code: W}")
    )
    header = HEADER.rstrip("\n") + ";HW;W\n"
    lines = [line(f"R{number}").rstrip("\n") + f";900,00;{code}\n" for number, code in enumerate(("CHF", "Fr.", ""))]
    deliver(tmp_path, "lines.csv", header + "".join(lines))
    assert land_table(workspace, "invoice_lines").rows_accepted == 3
    assert rows(workspace, "raw", "invoice_lines", "local_net_amount, local_currency_code") == [
        (Decimal("900.00"), "CHF"), (None, None), (Decimal("900.00"), None),
    ]  # fmt: skip


def test_a_row_whose_one_of_two_columns_cannot_be_read_needs_the_other(tmp_path: Path) -> None:
    _, outcome = lines_landed(tmp_path, line("R1", group="\x01"), line("R2"))
    assert (outcome.rows_accepted, outcome.rows_quarantined) == (1, 1)
    (finding,) = outcome.problems
    assert (finding.problem.code, finding.problem.what.partition(":")[0]) == (
        "CONTROL_CHAR",
        "invoice_lines.product_group",
    )


def test_an_empty_value_that_is_a_statement_is_not_made_of_an_unreadable_one(tmp_path: Path) -> None:
    """An empty level says that the rater chose "unknown": text in its place is no such choice."""
    mapping = LINES.split("tables:", maxsplit=1)[0] + "tables:\n  ratings: {from: lines}\n"
    workspace = company(tmp_path, mapping)
    header = "account_id;criterion_id;rater_id;level;valid_from;recorded_at\n"
    end = "01.01.2025;01.01.2025 08:00:00\n"
    deliver(tmp_path, "lines.csv", header + f"A1;c;r1;;{end}" + f"A1;c;r2;gut;{end}" + f"A1;c;r3;6;{end}")
    outcome = land_table(workspace, "ratings")
    assert (outcome.rows_accepted, outcome.rows_quarantined) == (1, 2)


def test_a_customer_with_a_row_per_address_is_not_lost(tmp_path: Path) -> None:
    """Two rows that differ only where the mapping looks: nobody knows which is right, and without either its revenue is nobody's."""
    workspace = company(tmp_path, CUSTOMERS)
    header = "customer_id;customer_name;postal_code;region\n"
    deliver(tmp_path, "customers.csv", header + "100;Alpha;80331;S\n100;Alpha;20095;S\n200;Beta;50667;W\n")
    (finding,) = land_table(workspace, "customers").problems
    assert (finding.severity, finding.problem.code, finding.rows) == ("critical", "DUP_CONFLICT", 2)
    assert finding.problem.what.endswith("rows of one key differ in postal_code")
    assert "`columns`" in finding.problem.remedy
    once = company(tmp_path, CUSTOMERS + "    columns: {postal_code: region}\n")
    assert land_table(once, "customers").rows_accepted == 2, "rows that agree in all that is used land once"


def test_an_activity_has_a_row_for_each_of_us_who_took_part(tmp_path: Path) -> None:
    mapping = LINES.split("tables:", maxsplit=1)[0] + "tables:\n  activities: {from: lines}\n"
    workspace = company(tmp_path, mapping)
    header = "activity_id;account_id;activity_type;activity_at;recorded_at;rep_id\n"
    end = "A;visit;01.02.2025 09:00:00;01.02.2025 12:00:00"
    lines = [f"1;{end};r1", f"1;{end};r2", f"2;{end};", f"2;{end};", f"3;{end};r1", f"3;{end.replace('09', '10')};r1"]
    deliver(tmp_path, "lines.csv", header + "\n".join(lines) + "\n")
    outcome = land_table(workspace, "activities")
    assert rows(workspace, "raw", "activities", "activity_id") == [("1",), ("1",), ("2",)]
    assert sorted(codes(outcome.problems)) == ["DUP_CONFLICT", "DUP_EXACT"]
