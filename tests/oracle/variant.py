"""The golden example with other numbers: a folder of the same shape, its expected.json computed by the oracle.

Belongs here: which numbers of deliveries and settings are drawn anew, and the ledger that fits them. Not here: formulas. The
ids, rows and traps of the example stay; amounts, days, ratings, demands and nearly every setting change.
`python -m tests.oracle.variant FOLDER [SEED]` writes one.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from . import golden
from .example import expected

SIGN = {"gross_list_revenue": 1}
"""The sign of an account group in the result; the others are deducted."""

Edit = Callable[[dict[str, str]], None]


def write(folder: Path, seed: int) -> Path:
    """Write the example with other numbers to `folder`; the same seed gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in golden.EXAMPLE.iterdir():
        if source.suffix in (".csv", ".json"):
            (folder / source.name).write_bytes(source.read_bytes())
    draw = Random(seed)  # noqa: S311 - numbers of an example
    for name, edit in _deliveries(draw).items():
        _rewrite(folder / name, edit)
    _settings(folder, draw)
    _ledger(folder)
    given = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["unit_vectors"]
    computed = expected(golden.evaluated(folder), given)
    (folder / "expected.json").write_text(json.dumps(computed, indent=1) + "\n", encoding="utf-8")
    return folder


def _deliveries(draw: Random) -> dict[str, Edit]:
    def amounts(*columns: str) -> Edit:
        def edit(row: dict[str, str]) -> None:
            for column in columns:
                row[column] = _scaled(draw, row[column], "0.01")

        return edit

    def potential(row: dict[str, str]) -> None:
        row["annual_demand_eur"] = _scaled(draw, row["annual_demand_eur"], "0.01")
        row["achievable_share"] = str(Decimal(draw.randint(20, 100)) / 100)

    def rating(row: dict[str, str]) -> None:
        if draw.random() < 0.5:
            row["level"] = str(draw.randint(1, 5))

    def activity(row: dict[str, str]) -> None:
        if row["duration_minutes"]:
            row["duration_minutes"] = str(int(row["duration_minutes"]) + draw.choice((-20, -5, 0, 0, 15)))

    def item(row: dict[str, str]) -> None:
        row["amount_eur"] = _scaled(draw, row["amount_eur"], "0.01")
        if row["cleared_date"]:
            row["cleared_date"] = _moved(draw, row["cleared_date"])

    def rate(row: dict[str, str]) -> None:
        row["units_per_eur"] = _scaled(draw, row["units_per_eur"], "0.0001")

    def order(row: dict[str, str]) -> None:
        row["order_date"] = _moved(draw, row["order_date"])

    return {
        "invoice_lines.csv": amounts("gross_list_amount", "revenue_deductions", "cogs"),
        "direct_costs.csv": amounts("amount_eur"),
        "revenue_history.csv": amounts("net_revenue_eur"),
        "previous_period.csv": amounts("contribution_4_eur"),
        "potential_estimates.csv": potential,
        "ratings.csv": rating,
        "activities.csv": activity,
        "open_items.csv": item,
        "fx_rates.csv": rate,
        "orders.csv": order,
    }


def _settings(folder: Path, draw: Random) -> None:
    def pool(row: dict[str, str]) -> None:
        row["annual_cost_eur"] = _scaled(draw, row["annual_cost_eur"], "0.01")
        row["practical_capacity_hours"] = str(int(row["practical_capacity_hours"]) + draw.randint(10, 90))

    def kind(row: dict[str, str]) -> None:
        row["standard_minutes"] = str(int(row["standard_minutes"]) + draw.choice((-15, 15)))

    def care(row: dict[str, str]) -> None:
        row["planned_visits_per_year"] = str(int(row["planned_visits_per_year"]) + draw.randint(0, 3))
        row["hours_per_visit"] = draw.choice(("3", "3.5", "5"))
        row["max_contact_gap_days"] = str(int(row["max_contact_gap_days"]) + draw.randint(-15, 15))

    factors: dict[str, Decimal] = {}

    def bound(row: dict[str, str]) -> None:
        # One factor for all levels of a criterion keeps their order.
        factor = factors.setdefault(row["criterion_id"], Decimal(draw.randint(80, 125)) / 100)
        if row["lower_bound_inclusive"]:
            row["lower_bound_inclusive"] = str(Decimal(row["lower_bound_inclusive"]) * factor)

    moved: dict[tuple[str, str], int] = {}

    def weight(row: dict[str, str]) -> None:
        # The first criterion of an axis gives the second what it loses: the sum stays 100.
        axis = (row["scorecard"], row["axis"])
        given = moved.get(axis)
        points = draw.choice((-5, 5)) if given is None else -given
        moved[axis] = points if given is None else 0
        row["weight_points"] = str(int(row["weight_points"]) + points)

    for name, edit in {
        "resource_pools.csv": pool,
        "activity_types.csv": kind,
        "service_levels.csv": care,
        "breakpoints.csv": bound,
        "scorecard_criteria.csv": weight,
    }.items():
        _rewrite(folder / name, edit)
    path = folder / "config.json"
    config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    config["zone_threshold"] = draw.randint(46, 54)
    config["hysteresis_band"] = draw.randint(3, 7)
    config["min_coverage_weight"] = draw.choice((55, 65))
    config["stale_after_days"] = draw.randint(600, 800)
    config["contradiction_factor"] = draw.choice(("1.05", "1.20"))
    config["abc_cutoffs"] = [f"0.{draw.randint(70, 84)}", f"0.{draw.randint(86, 95)}"]
    config["type_threshold"] = draw.randint(44, 56)
    config["churn_recency_ratio_above"] = draw.choice(("1.5", "2.5"))
    config["weak_credit_index_from"] = draw.randint(260, 340)
    config["decline_cagr_below"] = draw.choice(("-0.03", "-0.08"))
    config["customer_value_weights"] = draw.choice(
        (
            {"contribution_score": "0.5", "potential_score": "0.25", "attractiveness_score": "0.25"},
            {"contribution_score": "0.3", "potential_score": "0.45", "attractiveness_score": "0.25"},
        )
    )
    config["loyalty_tenure_years_for_level"] = [0, 1, draw.randint(2, 3), draw.randint(4, 6), draw.randint(8, 12)]
    config["small_customer"] = {
        "standard_visits": draw.randint(18, 30),
        "hours_per_visit": draw.randint(3, 5),
        "inside_hours": draw.randint(10, 30),
        "target_contribution_3_ratio": draw.choice(("0.08", "0.12")),
    }
    for zone in config["allocation_elasticity"]:
        config["allocation_elasticity"][zone] = f"0.{draw.randint(0, 60):02}"
    config["backdated_after_days"] = draw.randint(10, 20)
    config["sensitivity"] = {"threshold_grid": [42, 50, 57], "weight_shift_points": draw.choice((5, 15))}
    path.write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def _ledger(folder: Path) -> None:
    """What the general ledger must say so that nothing is left over."""
    off = {row.account_group: row.difference for row in golden.of_the_year(golden.evaluated(folder))}

    def fit(row: dict[str, str]) -> None:
        difference = off[row["account_group"]]
        assert difference is not None
        row["amount_eur"] = str(Decimal(row["amount_eur"]) + SIGN.get(row["account_group"], -1) * difference)

    _rewrite(folder / "gl_totals.csv", fit)


def _rewrite(path: Path, edit: Edit) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = reader.fieldnames, list(reader)
    for row in rows:
        edit(row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns or [], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _scaled(draw: Random, number: str, unit: str) -> str:
    """The number times 0.800 to 1.250, to the unit."""
    return str((Decimal(number) * draw.randint(800, 1250) / 1000).quantize(Decimal(unit)))


def _moved(draw: Random, day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=draw.randint(-3, 3))).isoformat()


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
