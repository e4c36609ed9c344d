"""Visits lose the person after 24 months, in every place landing keeps them; nothing that is counted of customers changes (METHOD 1.17)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines.landing import ledger, warehouse
from pipelines.landing.land import land_table
from pipelines.landing.retention import FORMER, MONTHS, Forgotten, take_persons_out
from pipelines.settings.workspace import Workspace
from tests.conftest import REPOSITORY
from tests.pipelines.landing.company import company, deliver, rows

MAPPING = """
files:
  visits: {path: "visits_{date}.csv", format: german}
tables:
  activities:
    from: visits
    load: incremental
    columns: {activity_id: Nr, account_id: Konto, activity_type: Art, activity_at: Am, recorded_at: Am, rep_id: Wer, contact_id: Mit}
    constants: {duration_minutes: 60}
"""
HEAD = "Nr;Konto;Art;Am;Wer;Mit\n"


def land(tmp_path: Path, **files: str) -> Workspace:
    workspace = company(tmp_path, MAPPING)
    for name, content in files.items():
        deliver(tmp_path, f"visits_{name[1:].replace('_', '-')}.csv", HEAD + content)
        land_table(workspace, "activities")
    return workspace


def forget(workspace: Workspace) -> Forgotten:
    done = take_persons_out(workspace.home, workspace.contracts)
    warehouse.attach(workspace.home, workspace.contracts)
    return done


def kept(workspace: Workspace) -> dict[object, tuple[object, object]]:
    found = rows(workspace, "raw", "activities", "activity_id, rep_key, contact_key")
    return {activity: (ours, met) for activity, ours, met in found}


OLD = (
    "A1;K1;visit;31.12.2023 10:00:00;VT1;AP1\n"
    "A2;K2;visit;31.12.2023 10:00:00;VT2;\n"
    "A3;K1;visit;31.12.2023 10:00:00;VT1;AP2\n"
    "A4;K1;call;30.12.2023 10:00:00;;\n"
    "A5;K1;visit;01.01.2024 10:00:00;VT1;AP1\n"
    "A6;;visit;31.12.2023 10:00:00;VT1;AP1\n"
)


def test_the_person_goes_after_24_months_and_the_visit_stays(tmp_path: Path) -> None:
    workspace = land(tmp_path, _2024_01_10=OLD, _2025_12_31="B1;K9;visit;31.12.2023 10:00:00;VT3;\n")
    before = kept(workspace)
    assert forget(workspace) == Forgotten(date(2023, 12, 1), 0, 0), "23 months and some days are not 24"
    assert kept(workspace) == before

    land(tmp_path, _2026_01_02="C1;K1;visit;01.01.2026 10:00:00;VT1;AP1\n")
    counted = rows(workspace, "raw", "activities", "activity_id, account_id, activity_at, duration_minutes")
    done = forget(workspace)
    # The rejected row (no account) is one of them.
    assert (done.before, done.rows, done.originals) == (date(2024, 1, 1), 5, 0)
    now = kept(workspace)
    assert {activity for activity, persons in now.items() if persons == before.get(activity)} == {"A4", "A5"}
    assert now["C1"][0] == before["A5"][0], "who still is a person stays one"
    # Nothing of the person, but: who entered the same twice did, and who came with others did not.
    assert now["A1"] == now["A3"] and now["A1"][1] is None
    assert sorted(str(ours) for ours in {now["A1"][0], now["A2"][0], now["B1"][0]}) == [
        "former 1",
        "former 2",
        "former 3",
    ]
    assert rows(workspace, "raw", "activities", "activity_id, account_id, activity_at, duration_minutes") == counted
    assert rows(workspace, "quarantine", "activities", "rep_key, contact_key, raw_text, quarantine_reason") == [
        (None, None, None, "NULL_REQUIRED")
    ]
    assert forget(workspace).rows == 0, "once"


def test_what_comes_late_meets_no_number_that_is_taken(tmp_path: Path) -> None:
    workspace = land(tmp_path, _2024_01_10=OLD, _2026_01_02="C1;K1;visit;01.01.2026 10:00:00;VT1;AP1\n")
    forget(workspace)
    land(tmp_path, _2026_01_03="D1;K1;visit;31.12.2023 10:00:00;VT9;\n")
    assert forget(workspace).rows == 1
    assert kept(workspace)["D1"] == ("former 3", None)


def test_copies_of_files_of_that_time_go_and_stay_away(tmp_path: Path) -> None:
    workspace = land(tmp_path, _2024_01_10=OLD)
    (copy,) = workspace.home.originals.iterdir()
    assert forget(workspace).originals == 0
    land(tmp_path, _2026_02_01="C1;K1;visit;01.01.2026 10:00:00;VT1;AP1\n")
    assert forget(workspace).originals == 1
    assert not copy.exists() and len(list(workspace.home.originals.iterdir())) == 1
    # The delivered file still lies there.
    land_table(workspace, "activities")
    forget(workspace)
    assert not copy.exists()
    # What was landed of it is still what everything is built from.
    assert {entry.delivered_at.date() for entry in ledger.read(workspace.home)} == {date(2024, 1, 10), date(2026, 2, 1)}
    assert len(kept(workspace)) == 6


def test_the_models_know_how_long_and_by_what_name() -> None:
    macros = (REPOSITORY / "dbt_project" / "macros" / "privacy.sql").read_text(encoding="utf-8")
    assert f"person_months() -%}} {{{{ return({MONTHS}) }}}}" in macros
    assert f"like '{FORMER}%'" in macros
