"""Alerts reach a real mail server, a real web server and a file; each matter once, nothing personal, and no failure fails a run."""

from __future__ import annotations

import json
import subprocess
import time
from email import message_from_string
from email.policy import default
from pathlib import Path

import pytest

from pipelines.errors import ConfigError, GateRedError, KundenwertError, LockedError, Problem, SourceError, UsageError
from pipelines.home import Home
from pipelines.settings.sources import read_sources
from pipelines.watching import record
from pipelines.watching.ended import watched
from tests.orchestration.commands.command_line import kundenwert
from tests.servers import HOST, Kept, mail_server, self_signed, web_server

SOURCES = """
version: 1
company: Muster AG
root: .
time_zone: Europe/Berlin
formats:
  csv: {kind: csv, delimiter: ";", encoding: utf-8, decimal: ",", date: dd.mm.yyyy, timestamp: "dd.mm.yyyy hh:mm:ss"}
files:
  kunden: {path: erp/Kunden.csv, format: csv}
  posten: {path: erp/Posten.csv, format: csv}
tables:
  customers: {from: kunden}
  invoice_lines: {from: posten}
"""
NOBODY = "Erika Mustermann"
RED = GateRedError(
    Problem("RECONCILE_FAIL", f"the sum of {NOBODY} differs by 0.01", "invoice_lines.gross_list_amount", "look"),
    Problem("BATCH_CHECK_FAILED", "x", f"{NOBODY}.csv:3", f"ask {NOBODY}"),
    Problem("RECONCILE_FAIL", "x", f"legal entity 1000, period 2025-03, {NOBODY}", ""),
    Problem("GATE_WAYS", "x", "", "waive it"),
)

WHERE = "invoice_lines, legal entity 1000, period 2025-03"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").prepare()


def configured(folder: Path, alerts: str) -> Path:
    (folder / "sources.yml").write_text(f"{SOURCES}\nalerts: {alerts}\n", encoding="utf-8")
    return folder


def run(config: Path, home: Home, error: BaseException | None = None) -> list[Problem]:
    """A run that ends with `error`; what was warned of."""
    warned: list[Problem] = []
    try:
        with watched(config, home, warned.append):
            if error is not None:
                raise error
    except KundenwertError as raised:
        assert raised is error
    return warned


def test_a_red_gate_is_told_to_every_target_once_and_again_when_it_is_back(
    tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path / "server.pem")
    with mail_server(certificate) as mail, web_server() as web:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        monkeypatch.setenv("SMTP_PASSWORD", "correct horse")
        monkeypatch.setenv("ALERT_URL", f"http://{HOST}:{web.port}/hook")
        config = configured(
            tmp_path,
            f'{{language: de, file: told.jsonl, webhook: "${{ALERT_URL}}", mail: {{host: {HOST}, port: {mail.port}, user: u, '
            'password: "${SMTP_PASSWORD}", sender: kw@example.com, to: [ops@example.com, boss@example.com]}}',
        )
        assert run(config, home, RED) == []
        assert run(config, home, RED) == [], "told once"
        once = (list(mail.got), list(web.got), _lines(tmp_path))
        assert [len(each) for each in once] == [1, 1, 1]
        _is_the_whole_message(mail, web, tmp_path)

        assert run(config, home) == []
        assert [len(mail.got), len(web.got), len(_lines(tmp_path))] == [1, 1, 1], "nobody is told that all is well"
        run(config, home, RED)
        assert [len(mail.got), len(web.got), len(_lines(tmp_path))] == [2, 2, 2], "it is back"


def _is_the_whole_message(mail: Kept, web: Kept, folder: Path) -> None:
    (method, path, said), (sender, recipients, letter) = web.got[0], mail.got[0]
    assert (method, path) == ("POST", "/hook")
    assert (sender.split()[0], recipients) == ("<kw@example.com>", ("<ops@example.com>", "<boss@example.com>"))
    assert mail.was_encrypted == [True]
    assert mail.logins == ["\0u\0correct horse"]
    read = message_from_string(letter, policy=default)
    assert read["Subject"] == "kundenwert: Muster AG: GATE_RED"
    for text in (read.get_content(), said["text"]):
        assert "GATE_RED: Die Freigabe ist rot" in text
        assert "BATCH_CHECK_FAILED, RECONCILE_FAIL (2)." in text
        assert f"  wo: {WHERE}" in text.splitlines()
        assert "  weiter: kundenwert run" in text
    told = _lines(folder)[0]
    assert said["messages"][0].items() >= {"code": "GATE_RED", "company": "Muster AG", "where": WHERE}.items()
    assert told.items() >= {"code": "GATE_RED", "where": WHERE}.items()
    everything = json.dumps([said, told, letter]) + read.get_content()
    assert not [word for word in (*NOBODY.split(), "0.01", "horse") if word in everything]
    assert (folder / "told.jsonl").stat().st_mode & 0o777 == 0o600


def _lines(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / "told.jsonl").read_text(encoding="utf-8").splitlines()]


def test_who_cannot_be_reached_fails_no_run_and_is_told_later(
    tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configured(tmp_path, '{file: told.jsonl, webhook: "${ALERT_URL}"}')
    failed = SourceError(Problem("ENCODING", NOBODY, "erp/Kunden.csv:7", ""))
    (unset,) = run(config, home, failed)
    assert (unset.code, unset.where) == ("ALERT_NOT_SENT", "sources.yml, alerts.webhook")
    assert "ALERT_URL is not set" in unset.what
    assert record.read(home) is not None, "the run is recorded all the same"
    with web_server() as web:
        monkeypatch.setenv("ALERT_URL", f"http://{HOST}:{web.port}/hook?token=secret")
        web.answer = 302
        (sent_on,) = run(config, home, failed)
        assert "answered 302" in sent_on.what
        assert "secret" not in str(sent_on)
        assert [method for method, *_ in web.got] == ["POST"], "a redirect is not followed"
        web.answer = 200
        assert run(config, home, failed) == []
        assert len(web.got) == 2
    monkeypatch.setenv("ALERT_URL", f"http://{HOST}:{web.port}/")
    assert run(config, home, failed) == [], "nobody is to be told: nobody is asked"
    assert [line["where"] for line in _lines(tmp_path)] == ["erp/Kunden.csv:7"], "who was told is not told again"
    (tmp_path / "told.jsonl").unlink()
    (tmp_path / "told.jsonl").mkdir()
    assert [problem.code for problem in run(config, home, SourceError(Problem("DELIMITER", "", "", "")))] == [
        "ALERT_NOT_SENT",
        "ALERT_NOT_SENT",
    ]


def test_a_refused_run_is_none(tmp_path: Path, home: Home) -> None:
    config = configured(tmp_path, "{file: told.jsonl}")
    for refused in (LockedError(Problem("LOCKED", "")), UsageError(Problem("OPEN_MONTH", ""))):
        run(config, home, refused)
    assert record.read(home) is None
    with pytest.raises(ZeroDivisionError), watched(config, home, lambda _: None):
        raise ZeroDivisionError
    assert [line["code"] for line in _lines(tmp_path)] == ["RUN_FAILED"]
    with pytest.raises(KeyboardInterrupt), watched(config, home, lambda _: None):
        raise KeyboardInterrupt
    assert len(_lines(tmp_path)) == 1, "who pressed Ctrl-C knows it"


def test_a_configuration_that_cannot_be_read_is_told_to_those_who_were_named_before(tmp_path: Path, home: Home) -> None:
    config = configured(tmp_path, "{file: told.jsonl}")
    assert run(config, home) == []
    (config / "sources.yml").write_text(f"{SOURCES}\nalert: nobody\n", encoding="utf-8")
    assert run(config, home, ConfigError(Problem("CONFIG_UNKNOWN_KEY", "", "config/sources.yml:16", ""))) == []
    assert [(line["code"], line["where"]) for line in _lines(tmp_path)] == [("RUN_FAILED", "sources.yml:16")]
    configured(tmp_path, "{file: others.jsonl}")
    run(config, home)
    (config / "sources.yml").write_text(SOURCES, encoding="utf-8")
    run(config, home)
    (config / "sources.yml").write_text("", encoding="utf-8")
    run(config, home, RED)
    assert len(_lines(tmp_path)) == 1, "who took the block out wants nobody to be told"
    assert not (tmp_path / "others.jsonl").exists()


def test_a_timer_tells_and_a_trial_is_sent(tmp_path: Path, home: Home) -> None:
    """Of a run that never ended nobody told."""
    config = configured(tmp_path, "{file: told.jsonl}")
    gone = subprocess.Popen(["true"])
    gone.wait()
    begun = {"at": time.time(), "pid": gone.pid, "step": "gate: decide", "event": "begin", "seconds": 0.0}
    (home.logs / "steps.jsonl").write_text(json.dumps(begun) + "\n", encoding="utf-8")
    for said in (["RUN_DEAD"], ["RUN_DEAD"], ["RUN_DEAD", "TRIAL"]):
        done = kundenwert(home.root, "alerts", *(["--test"] if "TRIAL" in said else []), config=config)
        assert done.exit_code == 0, done.output
        assert [line["code"] for line in _lines(tmp_path)] == said
    assert home.metrics.is_file(), "replaced by it, too"


def test_without_the_block_nothing_is_sent_and_what_cannot_be_written_is_said(tmp_path: Path, home: Home) -> None:
    (tmp_path / "sources.yml").write_text(SOURCES, encoding="utf-8")
    assert run(tmp_path, home, RED) == []
    assert not (home.watch / "alerts.json").exists()
    home.metrics.unlink()
    home.metrics.mkdir()
    assert [problem.code for problem in run(tmp_path, home, RED)] == ["WATCH_UNWRITTEN"]


@pytest.mark.parametrize(
    ("alerts", "code"),
    [
        ("{webhook: 'https://hooks.example.com/T0PS3CRET'}", "ALERTS_SECRET"),
        ("{mail: {host: h, user: u, password: T0PS3CRET, sender: a@b, to: [c@d]}}", "ALERTS_SECRET"),
        ("{mail: {host: h, user: u, sender: a@b, to: [c@d]}}", "ALERTS_MAIL"),
        ("{mail: {host: h, security: none, user: u, password: '${P}', sender: a@b, to: [c@d]}}", "ALERTS_MAIL"),
        ("{mail: {host: h, sender: a@b, to: ['c@d, e@f']}}", "ALERTS_MAIL"),
        ("{no_version_days: 3}", "ALERTS_NOWHERE"),
    ],
)
def test_what_cannot_work_or_is_not_safe_is_refused_with_its_line(tmp_path: Path, alerts: str, code: str) -> None:
    with pytest.raises(KundenwertError) as caught:
        read_sources(configured(tmp_path, alerts) / "sources.yml")
    assert [problem.code for problem in caught.value.problems] == [code]
    assert "T0PS3CRET" not in str(caught.value)
    assert "sources.yml:" in caught.value.problems[0].where
