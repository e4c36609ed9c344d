"""`check` rehearses a run: what it says is what a run would make of the deliveries, and it loads nothing."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import Problem
from pipelines.home import Home
from pipelines.landing.dry_run import Protocol, TableProtocol, rehearse
from pipelines.landing.land import land_table
from pipelines.settings.sources import CsvFormat, ParquetFormat
from pipelines.settings.workspace import Workspace, open_workspace
from pipelines.sources.beginning import beginning
from tests.pipelines.landing.company import HEADER, LINES, company, deliver, line

GOLDEN = Path(__file__).parents[2] / "golden"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    shutil.copytree(GOLDEN, tmp_path / "golden", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return open_workspace(tmp_path / "golden" / "config", Home.at(tmp_path / "home"))


def deliveries(workspace: Workspace) -> Path:
    return workspace.sources.root


def change(workspace: Workspace, name: str, old: str, new: str, count: int = -1) -> None:
    path = deliveries(workspace) / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def of(protocol: Protocol, table: str) -> TableProtocol:
    return next(each for each in protocol.tables if each.table == table)


def problems(protocol: Protocol) -> list[Problem]:
    return list(dict.fromkeys(problem for table in protocol.tables for problem in table.problems))


def test_the_protocol_says_what_a_run_lands(workspace: Workspace) -> None:
    protocol = rehearse(workspace)
    assert problems(protocol) == []
    for table in workspace.sources.tables:
        landed = land_table(workspace, table)
        said = of(protocol, table)
        assert (said.rows_read, said.rows_used, said.rows_set_aside, said.rows_filtered) == (
            landed.rows_in,
            landed.rows_accepted,
            landed.rows_quarantined,
            landed.rows_filtered,
        )
    lines = of(protocol, "invoice_lines")
    assert {sums.column: sums.used for sums in lines.sums}["gross_list_amount"] == Decimal("1297234.56")
    assert (str(lines.first), str(lines.last)) == ("2024-11-01", "2025-11-05")
    assert str(protocol.as_of) == "2025-11-30"


def test_how_each_column_is_filled_is_told(workspace: Workspace) -> None:
    protocol = rehearse(workspace)
    ways = {column.column: (column.way, column.source) for column in of(protocol, "activities").columns}
    assert ways["account_id"] == ("mapping", "customer_id")
    assert ways["activity_type"] == ("equal name", "activity_type")
    assert ways["campaign_id"] == ("nothing", "")
    assert ("constant", "EUR") in {(c.way, c.source) for c in of(protocol, "direct_costs").columns}
    assert "is_insolvent" in of(protocol, "customers").not_taken


def test_who_has_no_partner_is_told_with_rows_and_money(workspace: Workspace) -> None:
    (meeting,) = [each for each in rehearse(workspace).meetings if each.table == "invoice_lines"]
    assert (meeting.rows, meeting.rows_alone, meeting.amount_alone) == (20, 1, Decimal("1234.56"))
    assert meeting.examples == ("UNKNOWN",)
    assert (meeting.partners, meeting.partners_alone) == (10, 1)


def test_what_is_set_aside_is_told_with_one_example(workspace: Workspace) -> None:
    change(workspace, "invoice_lines.csv", "2024-11-01", "2024-11-31", 1)
    lines = of(rehearse(workspace), "invoice_lines")
    (reason,) = lines.reasons
    assert (reason.code, reason.column, reason.rows, reason.value) == ("DATE_INVALID", "posting_date", 1, "2024-11-31")
    assert reason.where.startswith("invoice_lines.csv:")
    assert reason.remedy


def test_no_text_of_a_record_is_shown(workspace: Workspace) -> None:
    path = deliveries(workspace) / "ratings.csv"
    text = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*text, text[-1].replace(text[-1].split(",")[3], "Karla Kolumna", 1)]), encoding="utf-8")
    protocol = rehearse(workspace)
    assert of(protocol, "ratings").reasons or of(protocol, "ratings").problems
    assert "Karla" not in str(protocol)


def test_nothing_is_loaded_and_nothing_is_left(workspace: Workspace) -> None:
    rehearse(workspace)
    assert not workspace.home.raw.exists()
    assert not workspace.home.originals.exists()
    assert not workspace.home.secret.exists()
    assert list(workspace.home.temporary.iterdir()) == []


def test_every_problem_is_told_at_once(workspace: Workspace) -> None:
    change(workspace, "customers.csv", "customer_id", "customer_ids", 1)
    (deliveries(workspace) / "orders.csv").unlink()
    (deliveries(workspace) / "ratings.csv").write_bytes(b"")
    found = problems(rehearse(workspace))
    codes = {problem.code for problem in found}
    assert {"SOURCE_ABSENT", "FILE_EMPTY"} <= codes
    absent = next(problem for problem in found if problem.code == "SOURCE_ABSENT")
    assert "orders" in absent.what
    assert any("customer_ids" in str(problem) for problem in found), "the renamed column is suggested or named"


def test_a_file_used_by_several_tables_is_told_once(workspace: Workspace) -> None:
    (deliveries(workspace) / "customers.csv").write_bytes(b"")
    codes = [problem.code for problem in problems(rehearse(workspace))]
    assert codes.count("FILE_EMPTY") == 1


def test_a_missing_column_is_told_with_the_word_that_helps(workspace: Workspace) -> None:
    change(workspace, "invoice_lines.csv", "line_no", "zeile", 1)
    (problem,) = of(rehearse(workspace), "invoice_lines").problems
    assert "number_within" in problem.remedy


# --- the first rows of each file --------------------------------------------------------------------------------------


def test_rows_that_were_left_out_are_said_and_the_rest_is_the_same(workspace: Workspace) -> None:
    protocol = rehearse(workspace, 8)
    lines = of(protocol, "invoice_lines")
    assert protocol.is_sample
    assert lines.more
    assert lines.rows_read == 8
    assert not of(protocol, "exchange_rates").more
    assert rehearse(workspace, None).is_sample is False
    assert of(rehearse(workspace, None), "invoice_lines").rows_read == 20


def test_of_a_part_nothing_is_said_that_only_the_whole_can_tell(workspace: Workspace) -> None:
    """8 of 20 lines and 8 of 10 customers were read: who has no partner, which month comes last, which names are missing is not known."""
    part, whole = rehearse(workspace, 8), rehearse(workspace, None)
    assert {each.table for each in whole.meetings} >= {"invoice_lines", "open_items"}
    for meeting in part.meetings:
        if of(part, meeting.partner).more:
            assert (meeting.rows_alone, meeting.amount_alone, meeting.examples) == (None, None, ())
        if of(part, meeting.table).more:
            assert meeting.partners_alone is None
    assert any(of(part, each.partner).more for each in part.meetings)
    assert not any(groups.only_there for groups in part.groups if of(part, groups.table).more)
    assert (part.as_of, str(whole.as_of)) == (None, "2025-11-30")


def csv_format(**changes: object) -> CsvFormat:
    said = {"kind": "csv", "delimiter": ";", "encoding": "utf-8", "decimal": ",", "date": "dd.mm.yyyy"}
    return CsvFormat.model_validate(said | {"timestamp": "dd.mm.yyyy hh:mm:ss"} | changes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
def test_a_beginning_ends_with_a_record_not_with_a_line(tmp_path: Path, encoding: str) -> None:
    text = 'Nr;Text\n1;"zwei\nZeilen ""hier"""\n2;ä\n3;ü\n'
    source, target = tmp_path / "whole.csv", tmp_path / "begun.csv"
    source.write_bytes(text.encode(csv_format(encoding=encoding).codec))
    assert beginning(source, csv_format(encoding=encoding), 2, target)
    assert target.read_bytes().decode(csv_format(encoding=encoding).codec) == text.removesuffix("3;ü\n")
    assert not beginning(source, csv_format(encoding=encoding), 3, target)
    assert target.read_bytes() == source.read_bytes()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
def test_a_beginning_counts_records_over_blocks_and_any_number_of_quotes(tmp_path: Path, encoding: str) -> None:
    """Blocks end anywhere, within a quoted cell and within a sign; their quotes are more than a byte can count."""
    source, target = tmp_path / "whole.csv", tmp_path / "begun.csv"
    records = [f'{number};"{"ä" * (number % 7)}""\n{number}"\n' for number in range(20_000)]
    source.write_bytes(f"Nr;Text\n{''.join(records)}".encode(csv_format(encoding=encoding).codec))
    for rows in (4_999, 12_345):
        assert beginning(source, csv_format(encoding=encoding), rows, target)
        begun = target.read_bytes().decode(csv_format(encoding=encoding).codec)
        assert begun == f"Nr;Text\n{''.join(records[:rows])}"


def test_a_beginning_counts_from_the_header_row(tmp_path: Path) -> None:
    source, target = tmp_path / "whole.csv", tmp_path / "begun.csv"
    source.write_text("Bericht\n\nNr;Text\n1;a\n2;b\n", encoding="utf-8")
    assert beginning(source, csv_format(header_row=3), 1, target)
    assert target.read_text(encoding="utf-8") == "Bericht\n\nNr;Text\n1;a\n"


def test_a_parquet_file_is_cut_and_what_is_none_is_handed_on(tmp_path: Path) -> None:
    source, target = tmp_path / "whole.parquet", tmp_path / "begun.parquet"
    duckdb.sql("select range as nr from range(10)").write_parquet(str(source))
    assert beginning(source, ParquetFormat(kind="parquet"), 4, target)
    assert duckdb.sql(f"select count(*), max(nr) from '{target}'").fetchone() == (4, 3)
    source.write_bytes(b"PAR1 and then nothing")
    assert not beginning(source, ParquetFormat(kind="parquet"), 4, target)
    assert target.read_bytes() == source.read_bytes()


def test_many_files_are_named_by_the_first_few(workspace: Workspace) -> None:
    whole = deliveries(workspace) / "orders.csv"
    text = whole.read_text(encoding="utf-8").replace("order_id", "order_ids", 1)
    whole.unlink()
    for number in range(30):
        (deliveries(workspace) / f"orders_{number:02}.csv").write_text(text, encoding="utf-8")
    files = dict(workspace.sources.files)
    name = next(name for name, file in files.items() if file.path.endswith("orders.csv"))
    files[name] = files[name].model_copy(update={"path": files[name].path.replace("orders.csv", "orders_*.csv")})
    sources = workspace.sources.model_copy(update={"files": files})
    protocol = rehearse(
        Workspace(workspace.config_dir, workspace.home, sources, workspace.portfolio, workspace.contracts)
    )
    for problem in of(protocol, "orders").problems:
        assert "orders_29.csv" not in str(problem)
        assert len(problem.where) < 200


def test_the_next_step_is_landings_own(tmp_path: Path) -> None:
    """It names the word of the format that reads the value."""
    workspace = company(tmp_path, LINES)
    deliver(tmp_path, "lines.csv", (HEADER + line("R1") + line("R2", gross="12,50-")).encode("cp1252"))
    (reason,) = of(rehearse(workspace), "invoice_lines").reasons
    assert reason.value == "12,50-"
    assert "trailing_minus: true" in reason.remedy


def test_rows_lost_in_a_query_stand_in_the_protocol(tmp_path: Path) -> None:
    workspace = company(
        tmp_path,
        "files:\n  items: {path: items.csv, format: german, typed: {Betrag: number}}\n  heads: {path: heads.csv, format: german}\n"
        "tables:\n  direct_costs:\n    sql: |\n      select Tag as posting_date, Betrag as amount from items join heads using (Nr)\n"
        "    constants: {cost_type: marketing, currency_code: EUR, company_id: '1'}\n",
    )
    deliver(tmp_path, "items.csv", b"Nr;Tag;Betrag\nA;31.12.2025;1,00\nB;31.12.2025;2,00\nC;31.12.2025;3,00\n")
    deliver(tmp_path, "heads.csv", b"Nr\nA\nB\n")
    said = of(rehearse(workspace), "direct_costs")
    assert (said.rows_read, said.rows_used + said.rows_set_aside, said.rows_lost_in_mapping) == (3, 2, 1)
