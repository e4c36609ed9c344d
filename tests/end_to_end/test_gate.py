"""A red gate publishes nothing, and says in plain words what is wrong, where, and what to do; nor does a killed run change anything."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path

import pytest

from pipelines.errors import ExitCode
from pipelines.steps import KILL_AT
from tests.end_to_end import example
from tests.end_to_end.example import AS_OF
from tests.end_to_end.kundenwert import Company


@pytest.fixture
def golden_copy(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Company:
    """The golden company, published, in a folder of its own, so that its deliveries can be spoilt."""
    return example.golden_copy(tmp_path_factory, tmp_path)


def test_neither_one_cent_too_much_nor_a_kill_touches_what_is_published(golden_copy: Company) -> None:
    before, published = golden_copy.current, golden_copy.published_bytes()

    lines = golden_copy.config.parent / "example" / "invoice_lines.csv"
    right = lines.read_text(encoding="utf-8")
    assert right.count("EUR,150000.00,") == 1
    (golden_copy.config / "sources.yml").open("a").write("\nalerts: {file: told.jsonl}\n")
    lines.write_text(right.replace("EUR,150000.00,", "EUR,150000.01,"), encoding="utf-8")
    red = golden_copy.fork(*AS_OF)

    assert red.returncode == ExitCode.GATE_RED, red.stdout + red.stderr
    assert golden_copy.current == before
    assert golden_copy.published_bytes() == published
    message = " ".join((red.stdout + red.stderr).split())
    assert "0.01" in message and "gross_list_revenue" in message and "2025" in message, message
    assert "Traceback" not in message
    assert "RECONCILE_FAIL" in (golden_copy.home / "logs" / "last_error.txt").read_text(encoding="utf-8")
    assert sorted(path.name for path in (golden_copy.home / "published").iterdir()) == ["CURRENT", before.name]
    (told,) = map(json.loads, (golden_copy.config / "told.jsonl").read_text(encoding="utf-8").splitlines())
    assert (told["code"], told["what"]) == ("GATE_RED", "The gate is red and nothing was published: RECONCILE_FAIL."), (
        told
    )
    assert "account group gross_list_revenue" in told["where"], told
    assert _metric(golden_copy, "gate_green") == 0

    lines.write_text(right, encoding="utf-8")
    killed = golden_copy.fork(*AS_OF, **{KILL_AT: "publish: manifest"})
    assert killed.returncode == -signal.SIGKILL, killed.stdout + killed.stderr
    assert golden_copy.steps()[-1] == ("begin", "publish: manifest")
    assert golden_copy.current == before
    golden_copy.fork_and_succeed("verify")
    assert "RUN_DEAD" in golden_copy.fork("doctor").stdout

    assert "nothing has changed since" in golden_copy.fork_and_succeed(*AS_OF)
    assert golden_copy.current == before, "the repaired delivery gives the former bytes: there is nothing to publish"
    assert golden_copy.published_bytes() == published
    assert sorted(path.name for path in (golden_copy.home / "published").iterdir()) == ["CURRENT", before.name]
    golden_copy.fork_and_succeed("verify")
    golden_copy.fork_and_succeed("doctor")
    assert (_metric(golden_copy, "gate_green"), _metric(golden_copy, "last_run_exit_code")) == (1, 0)
    assert len((golden_copy.config / "told.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def _metric(company: Company, name: str) -> int:
    text = (company.home / "metrics" / "kundenwert.prom").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith(f"kundenwert_{name} ")))


@pytest.mark.slow
def test_a_rate_that_is_missing_is_named_with_currency_day_and_amount(golden_copy: Company) -> None:
    # A rate once delivered counts for good.
    shutil.rmtree(golden_copy.home)
    rates = golden_copy.config.parent / "example" / "fx_rates.csv"
    rates.write_text("rate_date,currency_code,units_per_eur\n2025-01-06,CHF,0.9600\n", encoding="utf-8")
    red = golden_copy.fork(*AS_OF)
    message = " ".join((red.stdout + red.stderr).split())
    assert red.returncode == ExitCode.GATE_RED, message
    assert "CHF" in message and "2025-03-09" in message, message
    assert not (golden_copy.home / "published" / "CURRENT").exists()
