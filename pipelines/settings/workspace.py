"""A company's configuration and its state directory, opened together.

Belongs here: that, and what must hold between the two files. Not here: what must hold within one (portfolio, sources).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.contracts import Contract, load_contracts
from pipelines.errors import ConfigError, Problem, did_you_mean
from pipelines.home import Home
from pipelines.settings import automation
from pipelines.settings.portfolio import Portfolio, Privacy, read_portfolio
from pipelines.settings.sources import SourceMap, read_sources
from pipelines.settings.waivers import Waiver, read_waivers
from pipelines.settings.yaml_file import NodePath, display, read

SOURCES_FILE = automation.SOURCES_FILE
PORTFOLIO_FILE = "portfolio.yml"
WAIVERS_FILE = "waivers.yml"
NEEDED_TABLES: Mapping[str, tuple[str, ...]] = {
    "customers": ("customers", "accounts"),
    "invoice_lines": ("invoice_lines", "accounts"),
}
"""What a portfolio needs -> the tables that can bring it: those of an ERP, or the accounts of a CRM alone."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Valid configuration and the home it works in."""

    config_dir: Path
    home: Home
    sources: SourceMap
    portfolio: Portfolio
    contracts: Mapping[str, Contract]
    waivers: tuple[Waiver, ...] = ()
    expired: Privacy | None = None
    """What was allowed to be shown of people and no longer is; `portfolio` shows nothing of them then."""


def open_workspace(config_dir: Path, home: Home) -> Workspace:
    """Read and check the files of `config_dir`. Raises ConfigError with the problems of all; touches no data.

    Whether people may be shown is asked of the calendar, not of the data: an agreement ends on its day, whatever is computed.
    """
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
    waivers: tuple[Waiver, ...] = ()
    try:
        waivers = read_waivers(config_dir / WAIVERS_FILE, contracts)
    except ConfigError as error:
        problems += error.problems
    if sources is not None and portfolio is not None:
        problems += name_problems(sources, portfolio, config_dir)
        problems += _cost_problems(sources, portfolio, config_dir)
    if problems or sources is None or portfolio is None:
        raise ConfigError(*problems)
    expired = portfolio.privacy if portfolio.privacy.is_expired(datetime.now(UTC).date()) else None
    if expired is not None:
        hidden = expired.model_copy(update={"sales_input_detail": "off"})
        portfolio = portfolio.model_copy(update={"privacy": hidden})
    return Workspace(config_dir, home, sources, portfolio, contracts, waivers, expired)


def _needed_tables(sources: SourceMap, path: Path) -> Iterator[Problem]:
    has_erp = bool({"customers", "invoice_lines"}.intersection(sources.tables))
    for table, either in NEEDED_TABLES.items():
        # Whoever delivers the one of an ERP's tables has the other, too.
        if table not in sources.tables and (has_erp or not set(either).intersection(sources.tables)):
            what = f"the table '{table}' is not mapped; without it there is no portfolio"
            remedy = f"add `{table}` under `tables`"
            remedy += (
                "" if has_erp else "; a company without an ERP maps `accounts`, and neither customers nor invoice_lines"
            )
            yield Problem("MAPPING_NEEDED", what, f"{display(path)}:1", remedy)


def mapped_costs(sources: SourceMap) -> dict[str, bool | None]:
    """Cost -> whether its column or table is mapped; of sales: whether activities are. None: only the rows tell, because the mapping
    does not name the column, or passes the cost types through."""
    lines, costs = sources.tables.get("invoice_lines"), sources.tables.get("direct_costs")
    found: dict[str, bool | None] = {"sales": "activities" in sources.tables, "cogs": False}
    if lines is not None:
        is_constant, is_named = "cogs" in lines.constants, "cogs" in lines.columns
        found["cogs"] = lines.constants["cogs"] is not None if is_constant else True if is_named else None
    for kind in ("marketing", "service_logistics"):
        found[kind] = False if costs is None else None
        if costs is not None and "cost_type" in costs.constants:
            found[kind] = costs.constants["cost_type"] == kind
        elif costs is not None and kind in costs.values.get("cost_type", {}).values():
            found[kind] = True
    return found


def costs_said_twice(is_mapped: Mapping[str, bool | None], portfolio: Portfolio) -> list[str]:
    """The costs that are mapped although the company says it has none; of sales one needs activities and pools."""
    none = [cost for cost in is_mapped if getattr(portfolio.costs, cost) == "none" and is_mapped[cost]]
    return [cost for cost in none if cost != "sales" or portfolio.resource_pools]


def _cost_problems(sources: SourceMap, portfolio: Portfolio, config_dir: Path) -> Iterator[Problem]:
    """A cost that is mapped and said not to exist: one of the two is wrong, and they give different contributions."""
    for cost in costs_said_twice(mapped_costs(sources), portfolio):
        what = f"costs.{cost} is none, and {SOURCES_FILE} maps it: is it 0.00, or what is delivered?"
        where = read(config_dir / PORTFOLIO_FILE).where(("costs", cost))
        yield Problem("COST_NONE_MAPPED", what, where, f"remove `{cost}: none`, or the mapping")


def name_problems(sources: SourceMap, portfolio: Portfolio, config_dir: Path) -> list[Problem]:
    """Names of the method that the mapping writes into a table (values, constants) and the method does not have.

    What a delivery itself says is data, not configuration: landing and the checks judge it.
    """
    sections: dict[tuple[str, str], tuple[str, Iterable[str]]] = {
        ("activities", "activity_type"): ("activity_types", portfolio.activity_types),
        ("campaigns", "focus_criterion_id"): ("criteria", portfolio.criteria),
        ("ledger_totals", "account_group"): ("ledger_groups", portfolio.ledger_groups),
        ("ratings", "criterion_id"): ("criteria", portfolio.criteria),
    }
    found: list[tuple[NodePath, str, str]] = []
    for (table, column), (section, names) in sections.items():
        mapping = sources.tables.get(table)
        if mapping is None:
            continue
        known = frozenset(names)
        written: dict[NodePath, str | None] = {("constants", column): mapping.constants.get(column)}
        for theirs, ours in mapping.values.get(column, {}).items():
            written["values", column, theirs] = ours
        for path, name in written.items():
            if name is not None and name not in known:
                what = f"{table}.{column}: '{name}' is not under `{section}` of {PORTFOLIO_FILE}"
                found.append((("tables", table, *path), what, did_you_mean(name, known)))
            elif name is not None and table == "ratings" and portfolio.criteria[name].method != "rating":
                what = (
                    f"ratings.criterion_id: '{name}' is computed (method {portfolio.criteria[name].method}), not rated"
                )
                found.append((("tables", table, *path), what, "use a criterion with method rating"))
    if not found:
        return []
    document = read(config_dir / SOURCES_FILE)
    return [Problem("MAPPING_VALUE", what, document.where(path), remedy) for path, what, remedy in found]
