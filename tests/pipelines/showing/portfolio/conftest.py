"""The pages under test."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.showing.portfolio import words
from pipelines.showing.portfolio.page import PageContext, write_page
from tests.pipelines.showing.portfolio.small_version import ERP_ONLY, build

CONTEXT = PageContext(
    company="Werkzeug <Nord> & Söhne",
    criteria={"access": words.title("access", en="Access to decision-makers", de="Zugang zu Entscheidern")},
)

FRENCH = {
    "page.title": "Portefeuille <i>clients</i>",
    "page.matrix.heading": "Matrice du portefeuille",
    "page.chart.attractiveness": "Attractivité (0 à 100)",
    "page.chart.own": "seul {amount}",
    "zone.protection": "Zone de protection",
}
"""What a third language has so far; a company may write anything into it."""


@pytest.fixture(scope="session")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="session")
def report(version: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(version, tmp_path_factory.mktemp("reports") / "portfolio.html", CONTEXT)


@pytest.fixture(scope="session")
def erp_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    missing = ("ratings", "potential_estimates", "activities", "ledger_totals")
    made = build(tmp_path_factory.mktemp("erp"), extra=ERP_ONLY, missing=missing)
    return write_page(made, tmp_path_factory.mktemp("reports") / "portfolio.html", CONTEXT)


@pytest.fixture(scope="session")
def french(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the catalogue of a third language of which most is missing."""
    directory = tmp_path_factory.mktemp("catalogues")
    messages = "".join(f'\nmsgid "{key}"\nmsgstr "{said}"\n' for key, said in FRENCH.items())
    header = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    (directory / "fr.po").write_text(header + messages, encoding="utf-8")
    return directory
