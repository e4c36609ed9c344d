"""Configures a company from a golden folder: its settings files become portfolio.yml, its place and dates sources.yml.

Belongs here: which number of which file stands where in the configuration. What the files do not state (names, texts, the
measure of a criterion) is said once, in portfolio.template.yml and the tables below; the mapping of the deliveries is
config/sources.yml. Not here: running. `python -m tests.golden.settings` writes config/portfolio.yml anew.
"""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from string import Template
from typing import Any

HERE = Path(__file__).parent
EXAMPLE = HERE / "example"
"""The project's own copy of the worked example."""

CONFIG = HERE / "config"

HEADER = """\
# Made by `python -m tests.golden.settings` from the settings files of the example (config.json, scorecard_criteria.csv,
# breakpoints.csv, service_levels.csv, resource_pools.csv, activity_types.csv) and tests/golden/portfolio.template.yml.
version: 1

"""
NAMES = {
    "achievable_gap_eur": ("Untapped achievable demand", "Unausgeschöpftes Potenzial"),
    "future_demand": ("Future demand", "Künftiger Bedarf"),
    "revenue_cagr_3y": ("Revenue growth over three years", "Umsatzwachstum über drei Jahre"),
    "access_decision_makers": ("Access to decision makers", "Zugang zu Entscheidungsträgern"),
    "process_maturity": ("Process maturity", "Prozessreife"),
    "chemistry": ("Chemistry between people", "Chemie zwischen den Menschen"),
    "strategy_clarity": ("Clarity of strategy", "Klarheit der Strategie"),
    "dbt_weighted_days": ("Days beyond terms", "Zahlungsverzug in Tagen"),
    "contribution_4_margin": ("Customer contribution margin", "Kundendeckungsbeitrag in Prozent"),
    "loyalty_level": ("Loyalty", "Loyalität"),
    "perceived_benefit": ("Perceived benefit", "Wahrgenommener Nutzen"),
    "satisfaction": ("Satisfaction", "Zufriedenheit"),
    "contribution_4_eur": ("Customer contribution", "Kundendeckungsbeitrag"),
}
MEASURES = {
    "achievable_gap_eur": "achievable_gap",
    "revenue_cagr_3y": "revenue_cagr_3y",
    "dbt_weighted_days": "weighted_days_beyond_terms",
    "contribution_4_margin": "contribution_4_margin_ratio",
    "contribution_4_eur": "contribution_4",
    "loyalty_level": "loyalty_level",
}
CONTRIBUTION = "contribution_4_eur"
"""The criterion of the value score's contribution level: in breakpoints.csv, on no scorecard of the example."""

VISITS = ("visit",)
"""Activity types that are visits."""


def configure(folder: Path, into: Path) -> Path:
    """Write the configuration of the company in `folder` to the directory `into`; returns it."""
    into.mkdir(parents=True, exist_ok=True)
    (into / "portfolio.yml").write_text(portfolio(folder), encoding="utf-8")
    (into / "sources.yml").write_text(sources(folder), encoding="utf-8")
    return into


def sources(folder: Path) -> str:
    """The example's mapping with the folder as its root, and the folder's dates where deliveries state none."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    as_of = date.fromisoformat(expected["as_of_date"])
    text = (CONFIG / "sources.yml").read_text(encoding="utf-8")
    for written, meant in {
        "root: ../example\n": f"root: {json.dumps(str(folder.resolve()))}\n",
        "2025-12-31T23:59:59": expected["known_at"],
        'posting_date: "2025-12-31"': f'posting_date: "{as_of}"',
        'period: "2025"': f'period: "{as_of.year}"',
        'as_of_date: "2024-12-31"': f'as_of_date: "{as_of.replace(year=as_of.year - 1)}"',
    }.items():
        assert written in text, f"config/sources.yml no longer says {written!r}"
        text = text.replace(written, meant)
    return text


def portfolio(folder: Path) -> str:
    """portfolio.yml of the settings files in `folder`, numbers as they are written there."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"), parse_float=str, parse_int=str)
    small, weights = config["small_customer"], config["customer_value_weights"]
    template = Template((HERE / "portfolio.template.yml").read_text(encoding="utf-8"))
    return HEADER + template.substitute(
        {name: value for name, value in config.items() if isinstance(value, str)},
        criteria=_block(_criteria(folder)),
        scorecards=_block(_scorecards(folder)),
        service_levels=_block(_service_levels(folder, config["allocation_elasticity"])),
        resource_pools=_block(_resource_pools(folder, config["period"][0])),
        activity_types=_block(_activity_types(folder)),
        tenure_years=_flow(dict(enumerate(config["loyalty_tenure_years_for_level"], start=1))),
        weight_contribution=weights["contribution_score"],
        weight_potential=weights["potential_score"],
        weight_attractiveness=weights["attractiveness_score"],
        abc_a_share=config["abc_cutoffs"][0],
        abc_b_share=config["abc_cutoffs"][1],
        standard_visits=small["standard_visits"],
        hours_per_visit=small["hours_per_visit"],
        inside_hours=small["inside_hours"],
        target_contribution_3_ratio=small["target_contribution_3_ratio"],
        thresholds=f"[{', '.join(config['sensitivity']['threshold_grid'])}]",
        weight_shift_points=config["sensitivity"]["weight_shift_points"],
        judged_from=config.get("judged_from", "null"),
    )


def _criteria(folder: Path) -> list[str]:
    bounds: dict[str, dict[object, str]] = {}
    for row in _rows(folder, "breakpoints.csv"):
        bounds.setdefault(row["criterion_id"], {})[row["level"]] = row["lower_bound_inclusive"] or "null"
    stated = {row["criterion_id"]: row for row in _rows(folder, "scorecard_criteria.csv")}
    stated.setdefault(CONTRIBUTION, {"method": "breakpoints", "direction": "higher"})
    lines = []
    for criterion, row in stated.items():
        english, german = NAMES.get(criterion, (criterion, criterion))
        lines += [f"{criterion}:", f"  name_en: {english}", f"  name_de: {german}", f"  method: {row['method']}"]
        if row["method"] != "rating":
            lines.append(f"  measure: {MEASURES[criterion]}")
        if row["method"] == "breakpoints":
            lines += [f"  direction: {row['direction']}", f"  levels: {_flow(bounds[criterion])}"]
    return lines


def _scorecards(folder: Path) -> list[str]:
    axes: dict[str, dict[str, dict[object, str]]] = {}
    for row in _rows(folder, "scorecard_criteria.csv"):
        axis = axes.setdefault(row["scorecard"], {}).setdefault(row["axis"], {})
        axis[row["criterion_id"]] = row["weight_points"]
    axes["customer"]["contribution"] = {CONTRIBUTION: "100"}
    lines = []
    for scorecard, weights in axes.items():
        lines += [f"{scorecard}:", *(f"  {axis}: {_flow(points)}" for axis, points in weights.items())]
    return lines


def _service_levels(folder: Path, elasticities: dict[str, str]) -> list[str]:
    names = {"planned_visits_per_year": "visits_per_year"}
    lines = []
    for row in _rows(folder, "service_levels.csv"):
        zone = row.pop("zone")
        level: dict[object, str] = {names.get(name, name): value for name, value in row.items() if value}
        lines.append(f"{zone}: {_flow(level | {'allocation_elasticity': elasticities.get(zone, '0')})}")
    return lines


def _resource_pools(folder: Path, valid_from: str) -> list[str]:
    lines = []
    for row in _rows(folder, "resource_pools.csv"):
        period: dict[object, str] = {
            "valid_from": valid_from,
            "annual_cost": row["annual_cost_eur"],
            "practical_capacity_hours": row["practical_capacity_hours"],
        }
        group = f"  account_group: {row['pool']}_sales_cost"
        lines += [f"{row['pool']}:", group, "  periods:", f"    - {_flow(period)}"]
    return lines


def _activity_types(folder: Path) -> list[str]:
    lines = []
    for row in _rows(folder, "activity_types.csv"):
        kind: dict[object, str] = {"pool": row["pool"], "standard_minutes": row["standard_minutes"]}
        if row["activity_type"] in VISITS:
            kind["is_visit"] = "true"
        lines.append(f"{row['activity_type']}: {_flow(kind)}")
    return lines


def _rows(folder: Path, name: str) -> list[dict[str, Any]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _flow(mapping: dict[object, str] | dict[int, str]) -> str:
    """`{key: value, ...}` on one line."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in mapping.items()) + "}"


def _block(lines: list[str]) -> str:
    """Lines below the section whose first line is indented by the template."""
    return "\n  ".join(lines)


if __name__ == "__main__":
    (CONFIG / "portfolio.yml").write_text(portfolio(EXAMPLE), encoding="utf-8")
