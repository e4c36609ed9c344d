"""`kundenwert explain` from options to page: the current version, JSON with the same content, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orchestration.commands.explain import explain_customer
from pipelines.errors import ExitCode, KundenwertError, VerifyError
from pipelines.home import Home
from pipelines.vocabulary.__main__ import main as languages_listing
from tests.pipelines.showing.explain.small_version import LEAD, STAR, build


def published(root: Path, extra: str = "") -> Home:
    home = Home.at(root).prepare()
    build(home.published, extra=extra)
    home.current.symlink_to("v000007")
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return published(tmp_path_factory.mktemp("home"))


def test_the_page_of_the_current_version_keeps_its_lines(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    explain_customer(home, LEAD, None, "en", as_json=False)
    shown = capsys.readouterr().out
    assert "Wunschkunde Windkraft" in shown
    assert "version v000007" in shown
    assert max(map(len, shown.splitlines())) <= 90


def test_the_page_speaks_german(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    explain_customer(home, LEAD, "2025-12-31", "DE", as_json=False)
    assert "Zielkunde (bestätigt)" in capsys.readouterr().out


def test_a_third_language_is_one_file_and_what_it_lacks_is_english(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {
        "zone.target_lead": "Prospect cible",
        "zone_status.confirmed": "confirmée",
        "explain.title.do": "Que faire",
        "explain.zone.since": "{zone} depuis le {day}.",
    }
    entries = "".join(f'msgid "{key}"\nmsgstr "{text}"\n\n' for key, text in texts.items())
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (tmp_path / "fr.po").write_text(head + entries, encoding="utf-8")
    explain_customer(home, LEAD, None, "fr", as_json=False, catalogues=tmp_path)
    shown = " ".join(capsys.readouterr().out.split())
    assert "Prospect cible (confirmée): much to sell, would fit us well" in shown
    assert "Que faire ──" in shown
    assert "Prospect cible depuis le 31 déc. 2025." in shown
    assert "What is missing" in shown
    assert languages_listing([str(tmp_path)]) == 0
    listed = capsys.readouterr().out
    assert f"fr: {len(texts)} of " in listed
    assert "  explain.title.missing: What is missing" in listed
    assert "  zone.target_lead:" not in listed


def test_json_holds_every_fact_money_as_text(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    explain_customer(home, STAR, None, "en", as_json=True)
    facts = json.loads(capsys.readouterr().out)
    assert facts["contribution"]["contribution_4"] == "91000.00"
    assert facts["as_of_date"] == "2025-12-31"
    assert [axis["axis"] for axis in facts["axes"]][:2] == ["potential", "attractiveness"]
    assert facts["axes"][0]["criteria"][1]["points"] == "19.6875"
    assert facts["zone"]["override_reason"] == "weil {x} [b]wichtig[/b]"
    assert facts["adds_up"] is True


@pytest.mark.parametrize("as_json", [False, True])
def test_parts_that_do_not_add_up_are_shown_and_end_with_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    home = published(tmp_path, "update mart_portfolio set cogs = cogs + 0.01")
    with pytest.raises(VerifyError, match=r"PARTS_DIFFER.*contribution_1") as caught:
        explain_customer(home, STAR, None, "en", as_json)
    assert caught.value.exit_code is ExitCode.VERIFY_FAILED
    assert "900,000.01" in capsys.readouterr().out.replace('"900000.01"', "900,000.01")


@pytest.mark.parametrize(
    ("customer", "as_of", "language", "code", "exit_code"),
    [
        ("nobody at all", None, "en", "CUSTOMER_UNKNOWN", ExitCode.USAGE),
        (STAR, "2024-02-29", "en", "AS_OF_UNKNOWN", ExitCode.USAGE),
        (STAR, "2024-02-28", "en", "AS_OF_NOT_MONTH_END", ExitCode.USAGE),
        (STAR, None, "xx", "LANGUAGE_UNKNOWN", ExitCode.USAGE),
    ],
)
def test_what_cannot_be_explained_is_told_by_code(
    home: Home, customer: str, as_of: str | None, language: str, code: str, exit_code: ExitCode
) -> None:
    with pytest.raises(KundenwertError, match=code) as caught:
        explain_customer(home, customer, as_of, language, as_json=False)
    assert caught.value.exit_code is exit_code


def test_before_the_first_publication_there_is_nothing_to_explain(tmp_path: Path) -> None:
    with pytest.raises(VerifyError, match="NOTHING_PUBLISHED"):
        explain_customer(Home.at(tmp_path), STAR, None, "en", as_json=False)
