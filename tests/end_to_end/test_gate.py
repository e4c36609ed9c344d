"""A red gate publishes nothing, and says in plain words what is wrong, where, and what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.errors import ExitCode
from tests.end_to_end.kundenwert import REPOSITORY, Company

GOLDEN = REPOSITORY / "tests" / "golden"
AS_OF = ("run", "--as-of", "2025-12-31", "--known-at", "2025-12-31T23:59:59")


@pytest.fixture
def golden_copy(tmp_path: Path) -> Company:
    """The golden company in a folder of its own, so that its deliveries can be spoilt."""
    shutil.copytree(GOLDEN / "config", tmp_path / "config")
    shutil.copytree(GOLDEN / "example", tmp_path / "example")
    return Company(config=tmp_path / "config", home=tmp_path / "home")


def test_one_cent_in_one_line_turns_the_gate_red_and_leaves_current_alone(golden_copy: Company) -> None:
    golden_copy.succeed(*AS_OF)
    before, published = golden_copy.current, golden_copy.published_bytes()

    lines = golden_copy.config.parent / "example" / "invoice_lines.csv"
    right = lines.read_text(encoding="utf-8")
    assert right.count("EUR,150000.00,") == 1
    lines.write_text(right.replace("EUR,150000.00,", "EUR,150000.01,"), encoding="utf-8")
    red = golden_copy.run(*AS_OF)

    assert red.returncode == ExitCode.GATE_RED, red.stdout + red.stderr
    assert golden_copy.current == before
    assert golden_copy.published_bytes() == published
    message = " ".join((red.stdout + red.stderr).split())
    assert "0.01" in message and "gross_list_revenue" in message and "2025" in message, message
    assert "Traceback" not in message
    assert sorted(path.name for path in (golden_copy.home / "published").iterdir()) == ["CURRENT", before.name]

    lines.write_text(right, encoding="utf-8")
    golden_copy.succeed(*AS_OF)
    assert golden_copy.published_bytes() == published, "the repaired delivery must give the former bytes"


def test_a_rate_that_is_missing_is_named_with_currency_day_and_amount(golden_copy: Company) -> None:
    rates = golden_copy.config.parent / "example" / "fx_rates.csv"
    rates.write_text("rate_date,currency_code,units_per_eur\n2025-01-06,CHF,0.9600\n", encoding="utf-8")
    red = golden_copy.run(*AS_OF)
    message = " ".join((red.stdout + red.stderr).split())
    assert red.returncode == ExitCode.GATE_RED, message
    assert "CHF" in message and "2025-03-09" in message, message
    assert not (golden_copy.home / "published" / "CURRENT").exists()
