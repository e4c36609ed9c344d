"""Somebody takes responsibility: only of what the waiver names, only as long as it acts, and never unseen."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from data_quality import gate
from data_quality.landing_results import landing_results, said_once
from data_quality.waivers import applied
from data_quality.warehouse_results import quarantine_results
from pipelines import checks, duck
from pipelines.checks import CheckResult
from pipelines.errors import ConfigError
from pipelines.landing import control, ledger, warehouse
from pipelines.landing.land import land_table
from pipelines.settings.waivers import read_waivers
from pipelines.settings.workspace import Workspace
from tests.pipelines.landing.company import HEADER, company, deliver, line

WAIVER = {
    "code": "NUM_FORMAT",
    "table": "invoice_lines",
    "who": "A. Controller",
    "why": "illegible",
    "until": "2026-01-31",
}


def waivers(directory: Path, *each: dict[str, str]) -> None:
    (directory / "config").mkdir(exist_ok=True)
    listed = "\n".join(f"  - {{{', '.join(f'{name}: {value}' for name, value in one.items())}}}" for one in each)
    (directory / "config" / "waivers.yml").write_text(f"version: 1\nwaivers:\n{listed}\n", encoding="utf-8")


def judged(workspace: Workspace, directory: Path) -> gate.GateDecision:
    """What the gate says of landing and quarantine alone, with the waivers of the directory."""
    from dataclasses import replace

    workspace = replace(workspace, waivers=read_waivers(directory / "config" / "waivers.yml", workspace.contracts))
    control.write_control(workspace, (control.AsOf(date(2025, 12, 31), datetime(2026, 1, 2)),))  # noqa: DTZ001
    warehouse.attach(workspace.home, workspace.contracts)
    results: list[CheckResult] = [*landing_results((), ledger.batches(ledger.read(workspace.home)))]
    with duck.reading(workspace.home.warehouse, workspace.home.temporary) as connection:
        results += quarantine_results(connection, workspace.contracts)
    return gate.decide(applied(workspace, results), required_areas=())


@pytest.fixture
def unreadable(tmp_path: Path) -> Workspace:
    """One unreadable amount among 200 rows."""
    workspace = company(tmp_path)
    lines = [line(f"R{number}") for number in range(199)]
    deliver(tmp_path, "lines.csv", HEADER + "".join(lines) + line("R4711", 2, gross="1O0,00"))
    land_table(workspace, "invoice_lines")
    return workspace


def batch_of(workspace: Workspace) -> str:
    (entry,) = ledger.read(workspace.home)
    return entry.batch_id


def test_without_a_waiver_an_unreadable_amount_is_red_and_the_ways_out_are_said(
    unreadable: Workspace, tmp_path: Path
) -> None:
    decision = judged(unreadable, tmp_path)
    assert [gate.code_of(each) for each in decision.blocking] == ["NUM_FORMAT", "AMOUNT_UNKNOWN"]
    (ways,) = gate.ways_out(decision)
    for word in (
        "deliver again",
        "quarantine export",
        "waivers.yml",
        "code: NUM_FORMAT",
        f"batch: {batch_of(unreadable)}",
    ):
        assert word in ways.remedy
    assert "lines.csv:201" in gate.plain_words(decision)[0].where


def test_one_row_is_waived_by_its_key_and_is_said_as_long_as_it_is_there(unreadable: Workspace, tmp_path: Path) -> None:
    waivers(tmp_path, {**WAIVER, "key": '"1000|R4711|2"'})
    decision = judged(unreadable, tmp_path)
    assert decision.green
    assert {gate.code_of(each) for each in decision.waived} == {"NUM_FORMAT", "AMOUNT_UNKNOWN"}
    said = gate.waived_words(decision)[0]
    assert "1 row was put into quarantine" in said.what
    assert "A. Controller" in said.remedy and "illegible" in said.remedy and "2026-01-31" in said.remedy
    assert decision.waived[0].rows == 1, "waiving hides no number"
    checks.write(decision.waived, tmp_path / "results.parquet")
    assert checks.read(tmp_path / "results.parquet")[0].waived_by == "A. Controller"


def test_a_second_unreadable_row_is_not_waived_with_the_first(unreadable: Workspace, tmp_path: Path) -> None:
    waivers(tmp_path, {**WAIVER, "key": '"1000|R4711|2"'})
    text = (tmp_path / "delivered" / "lines.csv").read_text(encoding="cp1252")
    deliver(tmp_path, "lines.csv", text + line("R4712", 1, gross="x"))
    land_table(unreadable, "invoice_lines")
    decision = judged(unreadable, tmp_path)
    assert not decision.green and not decision.waived


@pytest.mark.parametrize(
    ("change", "green", "said"),
    [
        ({}, True, set()),
        ({"table": "orders"}, False, {"WAIVER_UNUSED"}),
        ({"batch": "0123456789abcdef"}, False, {"WAIVER_UNUSED"}),
        ({"code": "DATE_RANGE"}, False, {"WAIVER_UNUSED"}),
        ({"until": "2026-01-01"}, False, {"WAIVER_EXPIRED"}),
        ({"until": "2026-01-02"}, True, set()),
    ],
)
def test_a_batch_is_waived_for_one_code_until_a_day(
    unreadable: Workspace, tmp_path: Path, change: dict[str, str], green: bool, said: set[str]
) -> None:
    named = {**WAIVER, "batch": f'"{batch_of(unreadable)}"', **change}
    waivers(tmp_path, named, {**named, "code": "AMOUNT_UNKNOWN"})
    decision = judged(unreadable, tmp_path)
    assert decision.green is green
    assert {gate.code_of(each) for each in decision.warnings} == said


def test_a_batch_that_follows_is_judged_again(unreadable: Workspace, tmp_path: Path) -> None:
    named = {**WAIVER, "batch": f'"{batch_of(unreadable)}"'}
    waivers(tmp_path, named, {**named, "code": "AMOUNT_UNKNOWN"})
    deliver(tmp_path, "lines.csv", HEADER + line("R1") + line("R4711", 2, gross="1O0,00"))
    land_table(unreadable, "invoice_lines")
    assert not judged(unreadable, tmp_path).green


@pytest.mark.parametrize(
    ("text", "code", "place", "remedy"),
    [
        (
            "- {code: X_Y, table: invoce_lines, key: a, who: a, why: b, until: 2026-01-31}",
            "WAIVER_TABLE",
            3,
            "invoice_lines",
        ),
        ("- {code: X_Y, table: orders, who: a, why: b, until: 2026-01-31}", "WAIVER_SCOPE", 3, "keep one"),
        (
            '- {code: X_Y, table: orders, batch: "1", key: "2", who: a, why: b, until: 2026-01-31}',
            "WAIVER_SCOPE",
            3,
            "keep one",
        ),
        (
            '- {code: X_Y, table: orders, month: "12/2025", who: a, why: b, until: 2026-01-31}',
            "WAIVER_SCOPE",
            3,
            "2025-12",
        ),
        ("- {code: x y, table: orders, key: a, who: a, why: b, until: 2026-01-31}", "WAIVER_CODE", 3, "NUM_FORMAT"),
        ("- {code: X_Y, table: orders, key: a, why: b, until: 2026-01-31}", "CONFIG_MISSING_KEY", 3, "add 'who'"),
        ('- {code: X_Y, table: orders, key: a, who: "", why: b, until: 2026-01-31}', "CONFIG_RANGE", 3, ""),
        ("- {code: X_Y, table: orders, key: a, who: a, why: b, until: soon}", "CONFIG_TYPE", 3, "2026-01-31"),
        ("- {code: X_Y, table: orders, key: a, who: a, why: b, untill: 2026-01-31}", "CONFIG_UNKNOWN_KEY", 3, "until"),
    ],
)
def test_a_wrong_waiver_is_refused_with_file_and_line(
    tmp_path: Path, text: str, code: str, place: int, remedy: str
) -> None:
    workspace = company(tmp_path)
    path = tmp_path / "config" / "waivers.yml"
    path.write_text(f"version: 1\nwaivers:\n  {text}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        read_waivers(path, workspace.contracts)
    problem = next(each for each in refused.value.problems if each.code == code)
    assert problem.where.endswith(f"waivers.yml:{place}") and remedy in problem.remedy


def test_what_the_ledger_repeats_is_said_once() -> None:
    fields = {
        "check_id": "landing.t.x_y",
        "area": "landing",
        "subject": "t",
        "severity": "warning",
        "passed": False,
        "what": "w",
    }
    bare = CheckResult.model_validate(fields)
    named = bare.model_copy(update={"batch_id": "b"})
    other = CheckResult.model_validate({**fields, "what": "another file"})
    assert said_once((bare, named, other)) == (named, other)
