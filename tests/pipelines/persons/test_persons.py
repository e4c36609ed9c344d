"""A person is found wherever a home holds something of them, and gone from there after an erasure: also when they are delivered again."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines import durable, persons
from pipelines.errors import KundenwertError
from pipelines.landing import ledger, warehouse
from pipelines.landing.land import land_table
from pipelines.persons import Person
from pipelines.publishing import layout
from pipelines.settings.workspace import Workspace
from tests.pipelines.landing.company import company, deliver, rows

MAPPING = """
files:
  reps: {path: reps.csv, format: german}
  ratings: {path: ratings.csv, format: german}
  accounts: {path: accounts.csv, format: german}
tables:
  sales_reps: {from: reps, columns: {rep_id: Nr}}
  ratings:
    from: ratings
    columns: {account_id: Konto, criterion_id: K, rater_id: Wer, level: Stufe, valid_from: Ab, recorded_at: Am}
    constants: {rated_by: staff}
  accounts: {from: accounts, columns: {account_id: Konto, account_name: Name, owner_rep_id: Wer}}
"""
TABLES = ("sales_reps", "ratings", "accounts")
RATING = "Konto;K;Wer;Stufe;Ab;Am\nK1;c;Canary7;4;01.01.2025;01.01.2025 08:00:00\nK1;c;VT09;9;01.01.2025;01.01.2025 08:00:00\n"


def landed(tmp_path: Path, *, extra: str = "") -> Workspace:
    workspace = company(tmp_path, MAPPING)
    deliver(tmp_path, "reps.csv", f"Nr;team\nCanary7;A\nVT09;A\n{extra}Canary7;\n")
    deliver(tmp_path, "ratings.csv", RATING + extra.replace("VT11;B", "K2;c;VT09;3;01.01.2025;01.01.2025 08:00:00"))
    # One row is rejected for its missing name, another cannot be told apart into fields.
    text = f"Konto;Name;Wer\nK1;Alpha GmbH;Canary7\nK2;;Canary7\nK3;Beta;Canary7;x\nK4;Canary7 Handel;\n{extra.replace(';', ';Gamma;')}"
    deliver(tmp_path, "accounts.csv", text)
    for table in TABLES:
        land_table(workspace, table)
    return workspace


def person(workspace: Workspace, named: str = "Canary7") -> Person:
    return persons.identified(workspace.home, named)


def where(workspace: Workspace, named: str = "Canary7") -> set[tuple[str, str | None]]:
    return {
        (place.kind, place.table)
        for place in persons.held(workspace.home, workspace.contracts, person(workspace, named)).places
    }


def files_that_name(workspace: Workspace, *texts: str) -> list[str]:
    return sorted(
        path.relative_to(workspace.home.root).as_posix()
        for path in workspace.home.root.rglob("*")
        if path.is_file() and any(text.encode() in path.read_bytes() for text in texts)
    )


def test_everything_held_is_found(tmp_path: Path) -> None:
    workspace = landed(tmp_path)
    found = where(workspace)
    assert found == {
        *(("original", table) for table in TABLES),
        ("raw", "ratings"),
        ("raw", "accounts"),
        ("quarantine", "accounts"),
        ("quarantine", "sales_reps"),
    }
    by_pseudonym = persons.identified(workspace.home, person(workspace).pseudonym)
    assert {place.kind for place in persons.held(workspace.home, workspace.contracts, by_pseudonym).places} >= {
        "raw",
        "original",
    }
    assert not where(workspace, "Nobody")


def test_nothing_is_left_but_what_texts_say_and_numbers_stay(tmp_path: Path) -> None:
    workspace = landed(tmp_path)
    somebody = person(workspace)
    with pytest.raises(KundenwertError, match="the reason names"):
        persons.erase(workspace.home, workspace.contracts, somebody, why="Canary7 asked")
    done = persons.erase(workspace.home, workspace.contracts, somebody, why="a request")
    assert done.rows == {"ratings": 1, "accounts": 4, "sales_reps": 2}
    assert done.originals == 3
    assert [Path(path).parts[2] for path, _ in done.left] == ["accounts"], (
        "the name of an account is to be corrected where it is from"
    )
    assert "a text names" in done.left[0][1]
    # The rating and the account stay; of the person's own rows only that they were set aside, and why.
    assert rows(workspace, "raw", "ratings", "rater_key, level") == [("erased", 4)]
    assert rows(workspace, "raw", "accounts", "account_id, owner_rep_key") == [("K1", None), ("K4", None)]
    aside = rows(workspace, "quarantine", "sales_reps", "rep_key, team, raw_text, quarantine_reason")
    assert [row for row in aside if row[0] is None] == [(None, None, None, "DUP_CONFLICT")] * 2
    assert {text for (text,) in rows(workspace, "quarantine", "accounts", "raw_text")} == {None}
    log = json.loads(workspace.home.erasures.read_text(encoding="utf-8"))
    assert log["why"] == "a request" and log["rows"] == done.rows
    hidden = files_that_name(workspace, "Canary7", somebody.pseudonym)
    assert [Path(path).parts[1:3] for path in hidden] == [("raw", "accounts")], hidden


def test_a_row_about_the_person_goes_and_is_accounted_for(tmp_path: Path) -> None:
    workspace = company(tmp_path, MAPPING)
    deliver(tmp_path, "reps.csv", "Nr;team\nCanary7;A\nVT09;A\n")
    land_table(workspace, "sales_reps")
    persons.erase(workspace.home, workspace.contracts, person(workspace))
    assert rows(workspace, "raw", "sales_reps", "team") == [("A",)]
    (entry,) = ledger.read(workspace.home)
    assert (entry.rows_in, entry.rows_accepted, entry.rows_filtered) == (2, 1, 1)
    warehouse.attach(workspace.home, workspace.contracts)
    with pytest.raises(KundenwertError, match="nothing is held about Somebody"):
        persons.erase(workspace.home, workspace.contracts, person(workspace, "Somebody"))


def test_a_later_delivery_does_not_bring_them_back(tmp_path: Path) -> None:
    workspace = landed(tmp_path)
    somebody = person(workspace)
    persons.erase(workspace.home, workspace.contracts, somebody)
    # Once the very same files, once others.
    for extra in ("", "VT11;B\n"):
        landed(tmp_path, extra=extra)
        warehouse.attach(workspace.home, workspace.contracts)
        hidden = [
            path for path in files_that_name(workspace, "Canary7", somebody.pseudonym) if "raw/accounts" not in path
        ]
        # A record that cannot be told apart into fields may name anybody: only its words do.
        assert all("quarantine/accounts" in path for path in hidden), hidden
    (entry,) = (each for each in ledger.read(workspace.home) if each.table == "sales_reps" and each.sequence > 3)
    assert (entry.rows_in, entry.rows_accepted, entry.rows_quarantined, entry.rows_filtered) == (4, 2, 0, 2)
    (told,) = (finding for finding in entry.findings if finding.problem.code == "PERSON_ERASED")
    assert told.severity == "warning" and told.rows == 2 and "Canary" not in str(told)
    assert rows(workspace, "raw", "ratings", "rater_key, level", batch_id=entry_of(workspace, "ratings"))[0] == (
        "erased",
        4,
    )
    persons.erase(workspace.home, workspace.contracts, somebody)
    assert [path for path in files_that_name(workspace, "Canary7") if "raw/accounts" not in path] == []


def test_versions_that_hold_the_pseudonym_go_but_the_current_one_which_a_run_replaces(tmp_path: Path) -> None:
    workspace = landed(tmp_path)
    somebody, home = person(workspace), workspace.home
    for number, key in ((1, somebody.pseudonym), (2, "0" * 64), (3, somebody.pseudonym)):
        folder = layout.directory_of(home, number) / "controlling"
        folder.mkdir(parents=True)
        durable.write_table(folder / "mart_raters.parquet", pa.table({"rater_key": [key]}))
    named = layout.directory_of(home, 4) / "pages"
    named.mkdir(parents=True)
    (named / "portfolio.html").write_text(f"<p>{somebody.pseudonym}")
    home.current.symlink_to("v000003")
    done = persons.erase(home, workspace.contracts, somebody)
    assert done.versions == ("v000001", "v000004"), "what only its page says is said, too"
    assert sorted(path.name for path in home.published.iterdir()) == ["CURRENT", "v000002", "v000003"]
    (step,) = (step for path, step in done.left if path.startswith("published/"))
    assert step.startswith("kundenwert run publishes a version without it")
    # A run has replaced it; once more, and it is gone.
    durable.write_symlink(home.current, "v000002")
    again = persons.erase(home, workspace.contracts, somebody)
    assert again.versions == ("v000003",) and not [path for path, _ in again.left if path.startswith("published/")]


def entry_of(workspace: Workspace, table: str) -> str:
    return [each for each in ledger.read(workspace.home) if each.table == table][-1].batch_id
