"""Seconds of a run's parts, from the home's step log. Belongs here: reading it, and which models the core needs; not here: measuring."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

CORE_MARTS: Final = (
    "fct_customer_contribution",
    "fct_criterion_score",
    "mart_portfolio",
    "mart_loyalty_growth",
    "mart_customer_finance",
    "mart_share_of_wallet",
    "mart_whale_curve",
    "mart_reconciliation",
)
"""The marts that hold what the script computes (published.sql reads them)."""

MODEL: Final = "dbt "
LANDING: Final = ("asset raw/", "land ")
"""The invoice lines are landed before the assets begin: the month to compute follows from them."""


@dataclass(frozen=True, slots=True)
class Step:
    """One finished step: its name, and the seconds since the epoch between which it ran."""

    name: str
    begin: float
    end: float


def read(home: Path) -> tuple[Step, ...]:
    """The finished steps of the last run of a home, which is what one process wrote."""
    lines = (home / "logs" / "steps.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    ended = [record for record in records if record["pid"] == records[-1]["pid"] and record["event"] == "end"]
    return tuple(Step(record["step"], record["at"] - record["seconds"], record["at"]) for record in ended)


def nodes_of(home: Path) -> dict[str, Any]:
    """What dbt last compiled in a home: models, seeds, tests."""
    nodes: dict[str, Any] = json.loads((home / "dbt" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    return nodes


def seconds(steps: Iterable[Step]) -> float:
    """The time in which at least one of the steps ran: steps beside and inside one another count once."""
    total, reached = 0.0, float("-inf")
    for step in sorted(steps, key=lambda each: each.begin):
        total += max(0.0, step.end - max(step.begin, reached))
        reached = max(reached, step.end)
    return total


def by_stage(steps: Iterable[Step]) -> dict[str, float]:
    """Seconds of each stage of a run, in the order of their begin: landing, the models together, every other asset."""
    stages: dict[str, list[Step]] = {}
    for step in sorted(steps, key=lambda each: each.begin):
        if step.name.startswith(LANDING):
            stages.setdefault("landing", []).append(step)
        elif step.name.startswith(MODEL):
            stages.setdefault("models", []).append(step)
        elif step.name.startswith("asset "):
            stages.setdefault(step.name.removeprefix("asset "), []).append(step)
    return {name: seconds(of) for name, of in stages.items()}


def by_model(steps: Iterable[Step], nodes: Mapping[str, Any]) -> dict[str, float]:
    """Seconds of each model; dbt's tests are steps of the same kind and left out. What another engine computed is a step, too, and a
    second one that it came back."""
    models = {node["name"] for node in nodes.values() if node["resource_type"] == "model"}
    taken: dict[str, float] = {}
    for step in steps:
        name = step.name.removeprefix(MODEL)
        if step.name.startswith(MODEL) and name in models:
            taken[name] = taken.get(name, 0.0) + step.end - step.begin
    return taken


def core(steps: Iterable[Step], nodes: Mapping[str, Any]) -> float:
    """Seconds of landing and of the models the core marts need, by dbt's graph."""
    needed = {f"{MODEL}{name}" for name in needed_models(nodes)}
    return seconds(step for step in steps if step.name.startswith(LANDING) or step.name in needed)


def needed_models(nodes: Mapping[str, Any]) -> set[str]:
    """Names of the core marts and of every model above them."""
    found: set[str] = set()
    waiting = [key for key, node in nodes.items() if node["resource_type"] == "model" and node["name"] in CORE_MARTS]
    while waiting:
        node = nodes[waiting.pop()]
        if node["name"] not in found:
            found.add(node["name"])
            waiting += [key for key in node["depends_on"]["nodes"] if key in nodes]
    return found
