"""`kundenwert init`: from unknown files to a published portfolio, with answers and without editing; nothing is overwritten or guessed."""

from __future__ import annotations

import json
import re
import shlex
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import ExitCode
from pipelines.home import Home
from pipelines.settings.sources import TableMapping
from pipelines.settings.workspace import open_workspace
from tests.conftest import REPOSITORY, SHARED
from tests.orchestration.commands.command_line import kundenwert
from tests.pipelines.onboarding import exports

numbers_lines = pytest.mark.skipif(
    "helpers" not in TableMapping.model_fields, reason="needs a mapping that numbers the lines of a document"
)
ANSWERS = ("--answer", "currency=EUR", "--answer", "delivered=2025-01-02")


def test_open_questions_stay_open_and_check_says_what_is_missing(tmp_path: Path) -> None:
    directory = exports.two_files(tmp_path / "exports")
    done = kundenwert(tmp_path / "var", "init", str(directory), "--yes", config=tmp_path / "config")
    assert done.exit_code == 0, done.stderr
    text = (tmp_path / "config" / "sources.yml").read_text(encoding="utf-8")
    assert "# OPEN currency" in text
    assert not re.search(r"^\s*currency_code:", text, re.MULTILINE), "a currency nobody named is not taken"
    assert "currency" in (tmp_path / "config" / "TODO.md").read_text(encoding="utf-8")
    checked = kundenwert(tmp_path / "var", "check", config=tmp_path / "config")
    assert checked.exit_code != 0
    if "helpers" in TableMapping.model_fields:
        assert "constants: {currency_code: EUR}" in checked.stderr


def test_a_configuration_is_not_overwritten_unasked(tmp_path: Path) -> None:
    directory = exports.two_files(tmp_path / "exports")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "portfolio.yml").write_text("version: 1\n", encoding="utf-8")
    done = kundenwert(tmp_path / "var", "init", str(directory), "--yes", config=tmp_path / "config")
    assert done.exit_code == ExitCode.CONFIG
    assert "CONFIG_EXISTS" in done.stderr
    assert not (tmp_path / "config" / "sources.yml").exists()
    forced = kundenwert(tmp_path / "var", "init", str(directory), "--yes", "--force", config=tmp_path / "config")
    assert forced.exit_code == 0, forced.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("nowhere",), "NOTHING_FOUND"), (("exports", "--answer", "currency"), "ANSWER_UNKNOWN")],
)
def test_what_is_not_there_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: str
) -> None:
    exports.two_files(tmp_path / "exports")
    monkeypatch.chdir(tmp_path)
    done = kundenwert(tmp_path / "var", "init", *arguments, config=tmp_path / "config")
    assert done.exit_code == ExitCode.CONFIG
    assert code in done.stderr


def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    directory = exports.two_files(tmp_path / "exports")
    (directory / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0 and so on")
    done = kundenwert(tmp_path / "var", "init", str(directory), "--json", config=tmp_path / "config")
    facts = json.loads(done.stdout)
    assert set(facts["tables"]) == {"customers", "invoice_lines"}
    assert [problem["code"] for problem in facts["unread"]] == ["FILE_FORMAT"]
    assert "not read: old.xls" in (tmp_path / "config" / "sources.yml").read_text(encoding="utf-8")


@numbers_lines
def test_what_is_answered_is_a_valid_configuration(tmp_path: Path) -> None:
    for make in (exports.two_files, exports.day_files, exports.header_and_lines):
        directory = make(tmp_path / make.__name__ / "exports")
        config = tmp_path / make.__name__ / "config"
        done = kundenwert(tmp_path / "var", "init", str(directory), *ANSWERS[:2], "--yes", config=config)
        assert done.exit_code == 0, done.stderr
        open_workspace(config, Home.at(tmp_path / "var"))


@numbers_lines
def test_the_ten_minutes_of_the_document_end_with_a_portfolio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of docs/first_two_files.md, on two German files without cost and line numbers."""
    monkeypatch.chdir(tmp_path)
    exports.two_files(tmp_path / "mycompany" / "exports")
    text = (REPOSITORY / "docs" / "first_two_files.md").read_text(encoding="utf-8")
    commands = [line for block in re.findall(r"```\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    ran = [shlex.split(line)[1:] for line in commands if line.startswith("kundenwert ")]
    assert [command[4] for command in ran] == ["init", "init", "check", "run"]
    for command in ran:
        done = kundenwert(Path(command[3]).resolve(), *command[4:], config=Path(command[1]).resolve())
        assert done.exit_code == 0, (command, done.stdout[-2000:], done.stderr)
    with duckdb.connect("mycompany/var/published/CURRENT/bi/serving.duckdb", read_only=True) as bi:
        found = bi.execute(
            "select count(*), count(zone), sum(net_revenue) from mart_portfolio where as_of_date = date '2024-12-31'"
        ).fetchone()
    year = sum(
        Decimal(row.split(";")[5].replace(".", "").replace(",", "."))
        for row in exports.lines().splitlines()[1:]
        if row.split(";")[1].endswith("2024")
    )
    assert found == (4, 4, year)
    # What is to be done says how customers can be rated without a CRM, and it is a mapping as it stands.
    todo = Path("mycompany/config/TODO.md").read_text(encoding="utf-8")
    (accounts,) = re.findall(r"`(accounts: .*?)`", todo)
    sources = Path("mycompany/config/sources.yml")
    sources.write_text(
        sources.read_text(encoding="utf-8").replace("\ntables:\n", f"\ntables:\n  {accounts}\n"), encoding="utf-8"
    )
    asked = kundenwert(Path("mycompany/var").resolve(), "check", config=Path("mycompany/config").resolve())
    assert asked.exit_code == 0 and "accounts" in asked.stdout


@numbers_lines
@pytest.mark.slow
@pytest.mark.needs("shared")
def test_a_retailers_305_files_reach_the_truth_to_the_penny(tmp_path: Path) -> None:
    data = SHARED / "data" / "online_retail"
    truth = json.loads((data / "TRUTH.json").read_text(encoding="utf-8"))["truth"]
    config = tmp_path / "config"
    answers = ["--answer", "currency=GBP", "--answer", "delivered=2011-12-10", "--time-zone", "Europe/London"]
    begun = kundenwert(tmp_path / "var", "init", str(data / "by-day"), *answers, config=config)
    assert begun.exit_code == 0 and "open: guests: 24.9% of the lines" in begun.output
    refused = kundenwert(tmp_path / "var", "run", config=config)
    assert refused.exit_code == 5 and "UNKNOWN_CUSTOMERS" in refused.output + refused.stderr
    # That a quarter is sold to guests only the company can know: it says so once.
    answers += ["--answer", "guests=yes", "--force"]
    assert kundenwert(tmp_path / "var", "init", str(data / "by-day"), *answers, config=config).exit_code == 0
    checked = kundenwert(tmp_path / "var", "check", "--full", "--json", config=config)
    assert checked.exit_code == 0, checked.stderr
    facts = json.loads(checked.stdout)
    (lines,) = [table for table in facts["tables"] if table["table"] == "invoice_lines"]
    assert lines["rows_used"] == truth["total"]["lines"]
    assert lines["sums"][0]["used"] == truth["total"]["revenue"]
    (meeting,) = [each for each in facts["meetings"] if each["table"] == "invoice_lines"]
    assert (meeting["rows_alone"], meeting["amount_alone"]) == (
        truth["without_customer"]["lines"],
        truth["without_customer"]["revenue"],
    )
    assert kundenwert(tmp_path / "var", "run", config=config).exit_code == 0
    with duckdb.connect(str(tmp_path / "var/published/CURRENT/bi/serving.duckdb"), read_only=True) as bi:
        found = bi.execute("select max(as_of_date), sum(net_revenue) from mart_portfolio").fetchone()
    year = truth["twelve_months_to_2011_11_30_known_customers"]
    assert found == (date(2011, 11, 30), Decimal(year["revenue"]))
