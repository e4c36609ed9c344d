"""Running twice changes nothing: no new rows, no new version; and computed again, the same bytes.

The first and the second run are processes of different origin (`Company.run` and `fork`), so with different hash seeds.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration import run, unchanged
from orchestration.dbt.manifest import PROJECT_DIR
from orchestration.periods import parse_known_at, parse_period
from pipelines.home import Home
from pipelines.settings.workspace import open_workspace
from tests.end_to_end.demo import ten_customers, ten_customers_published
from tests.end_to_end.kundenwert import Company

pytestmark = pytest.mark.slow


# First: meanwhile another process may be making the company that both tests copy.
def test_the_order_of_rows_and_the_home_make_no_difference(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    turned = ten_customers(tmp_path / "turned")
    for path in (turned.config.parent / "demo").rglob("*.csv"):
        head, *rows = path.read_bytes().splitlines(keepends=True)
        if b'"' not in b"".join(rows):
            path.write_bytes(head + b"".join(reversed(rows)))
    turned.fork_and_succeed("run")
    plain = ten_customers_published(tmp_path_factory, tmp_path / "plain")
    marts = {name: digest for name, digest in plain.published_bytes().items() if name.startswith("bi/")}
    assert marts, "line numbers of the quarantine differ, the marts must not"
    assert {name: digest for name, digest in turned.published_bytes().items() if name.startswith("bi/")} == marts


def test_running_twice_gives_the_same_bytes_and_no_new_rows(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    company = ten_customers_published(tmp_path_factory, tmp_path)
    first, raw, published = company.current, company.raw_bytes(), company.published_bytes()
    ledger = sorted(path.name for path in (company.home / "landing" / "ledger").iterdir())
    originals = sorted(path.name for path in (company.home / "landing" / "originals").iterdir())
    assert raw and published

    assert "nothing has changed since" in company.succeed("run")
    # Everything computed again, the gate, the export: the same to the last byte, so there is nothing to publish.
    assert "nothing has changed since" in company.succeed("run", "--rebuild")

    assert company.current == first
    assert [path.name for path in first.parent.glob("v*")] == [first.name]
    assert company.raw_bytes() == raw
    assert company.published_bytes() == published
    assert sorted(path.name for path in (company.home / "landing" / "ledger").iterdir()) == ledger
    assert sorted(path.name for path in (company.home / "landing" / "originals").iterdir()) == originals
    company.succeed("verify")


CHANGES: dict[str, Callable[[Company], object]] = {
    "a delivered byte": lambda company: _append(company.config.parent / "demo", "crm/*.csv"),
    "a setting": lambda company: _replace(
        company.config / "portfolio.yml", "stale_after_days: 730", "stale_after_days: 700"
    ),
    "the page is gone": lambda company: next((company.home / "reports").glob("*.html")).unlink(),
    "a published byte": lambda company: _append(company.current / "bi", "mart_portfolio.parquet"),
    "what was checked": lambda company: (company.home / "checks" / "check_results.parquet").unlink(),
    "what was landed": lambda company: next((company.home / "landing" / "raw" / "ratings").glob("batch=*/*")).unlink(),
}


def _append(folder: Path, pattern: str) -> None:
    for path in list(folder.glob(pattern))[:1]:
        path.write_bytes(path.read_bytes() + b"\n")


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_a_version_follows_from_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, what: str
) -> None:
    company = ten_customers_published(tmp_path_factory, tmp_path)
    workspace = open_workspace(company.config, Home.at(company.home))
    # The home was copied, and with it what stands in it about where it lay.
    begun_with = unchanged.inputs(workspace, PROJECT_DIR)
    unchanged.keep(workspace, 1, begun_with)
    assert unchanged.published_period(workspace, None, None, begun_with)
    CHANGES[what](company)
    workspace = open_workspace(company.config, Home.at(company.home))
    assert not unchanged.published_period(workspace, None, None, unchanged.inputs(workspace, PROJECT_DIR)), what


def test_what_is_delivered_while_a_run_works_is_news_for_the_next(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = ten_customers_published(tmp_path_factory, tmp_path)
    workspace = open_workspace(company.config, Home.at(company.home))

    def computed(*_: object) -> None:
        """The run's work; the delivery comes when landing is over."""
        _append(company.config.parent / "demo", "crm/*.csv")

    monkeypatch.setattr(run, "_execute", computed)
    run.run_portfolio(workspace)
    assert not unchanged.published_period(workspace, None, None, unchanged.inputs(workspace, PROJECT_DIR))


def test_other_months_and_another_state_of_knowledge_are_other_questions(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    company = ten_customers_published(tmp_path_factory, tmp_path)
    workspace = open_workspace(company.config, Home.at(company.home))
    begun_with = unchanged.inputs(workspace, PROJECT_DIR)
    unchanged.keep(workspace, 1, begun_with)
    august = parse_period("2026-08-31", None, None)
    assert unchanged.published_period(workspace, None, None, begun_with)
    assert not unchanged.published_period(workspace, august, None, begun_with)
    assert not unchanged.published_period(workspace, None, parse_known_at("2026-12-01"), begun_with)
