"""Data Docs: one local page that says what every batch was expected to be and whether it is.

Belongs here: that page. Not here: the checks (suites, batches), what was decided (gate).

Not Great Expectations' own site: its templates load styles and scripts from six other machines and cannot be replaced
(the package's come first), its pages print the time they were made, and rendering costs more than the checks themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import jinja2

from pipelines import durable
from pipelines.checks import CheckResult, Severity, in_order
from pipelines.contracts import Contract

PAGE: Final = "index.html"
_TEMPLATE: Final = Path(__file__).with_suffix(".html.j2")
_WORST_FIRST: Final[tuple[Severity, ...]] = ("critical", "warning", "info")


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    contract: str
    description: str
    results: tuple[CheckResult, ...]

    @property
    def broken(self) -> int:
        return sum(not result.passed for result in self.results)

    @property
    def worst(self) -> str:
        failed = {result.severity for result in self.results if not result.passed}
        return next((severity for severity in _WORST_FIRST if severity in failed), "holds")


def page(results: Iterable[CheckResult], contracts: Mapping[str, Contract]) -> str:
    """The page of these batch results, in the contracts' order. The same results give the same text: no clock.

    Results hold counts and measures, never a cell value, so neither does the page; it refers to no other file.
    """
    ordered = in_order(results)
    tables = [
        _Table(contract.name, f"{contract.domain} {contract.version}", contract.description, of_table)
        for contract in contracts.values()
        if (of_table := tuple(result for result in ordered if result.subject == contract.name))
    ]
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        tables=tables, expectations=len(ordered), broken=sum(not result.passed for result in ordered)
    )


def write(results: Iterable[CheckResult], contracts: Mapping[str, Contract], folder: Path) -> None:
    """Write the page into `folder` (made if missing, 0700; the page 0600)."""
    durable.write_text(folder / PAGE, page(results, contracts))
