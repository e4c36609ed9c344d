"""A company's configuration and its state directory, opened together. Belongs here: only that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.contracts import Contract, load_contracts
from pipelines.errors import ConfigError, Problem
from pipelines.home import Home
from pipelines.settings.portfolio import Portfolio, read_portfolio
from pipelines.settings.sources import SourceMap, read_sources
from pipelines.settings.yaml_file import display

SOURCES_FILE = "sources.yml"
PORTFOLIO_FILE = "portfolio.yml"
NEEDED_TABLES = ("customers", "invoice_lines")
"""Without these there is no portfolio at all; everything else may be absent."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Valid configuration and the home it works in."""

    config_dir: Path
    home: Home
    sources: SourceMap
    portfolio: Portfolio
    contracts: Mapping[str, Contract]


def open_workspace(config_dir: Path, home: Home) -> Workspace:
    """Read and check both files of `config_dir`. Raises ConfigError with the problems of both; touches no data."""
    problems: list[Problem] = []
    contracts = load_contracts()
    sources: SourceMap | None = None
    portfolio: Portfolio | None = None
    try:
        sources = read_sources(config_dir / SOURCES_FILE, contracts)
        problems += _needed_tables(sources, config_dir / SOURCES_FILE)
    except ConfigError as error:
        problems += error.problems
    try:
        portfolio = read_portfolio(config_dir / PORTFOLIO_FILE)
    except ConfigError as error:
        problems += error.problems
    if problems or sources is None or portfolio is None:
        raise ConfigError(*problems)
    return Workspace(config_dir, home, sources, portfolio, contracts)


def _needed_tables(sources: SourceMap, path: Path) -> Iterator[Problem]:
    for table in NEEDED_TABLES:
        if table not in sources.tables:
            what = f"the table '{table}' is not mapped; without it there is no portfolio"
            yield Problem("MAPPING_NEEDED", what, f"{display(path)}:1", f"add `{table}` under `tables`")
