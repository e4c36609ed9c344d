"""What the oracle reads: a company's deliveries and its settings, as plain rows.

Belongs here: the two containers, the errors, and the checks of METHOD 1.7 on the settings. Column names are the load
names of the contracts (personal ids as `rep_key`, `rater_key`, ...); values are str, int, Decimal, bool, date, naive
UTC datetime or None. An optional column may be missing from a row. Does not belong here: reading files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]
Rows = list[Row]

CUSTOMER_AXES = ("potential", "attractiveness", "value_of_customer", "value_to_customer", "contribution")
LEAD_AXES = ("potential", "attractiveness")


class ConfigurationError(ValueError):
    """The settings contradict the method: configuration error, no scores published."""


class DataError(ValueError):
    """The deliveries contain what the method calls an error (a cycle of parents, a lead with a customer's id)."""


@dataclass(frozen=True)
class Company:
    """One list of rows per contract table; an empty list is a table without rows.

    The two quarantined lists have the columns of their table (typed where they parse, else None) and
    `quarantine_reason`.
    """

    customers: Rows = field(default_factory=list)
    customer_parents: Rows = field(default_factory=list)
    customer_id_changes: Rows = field(default_factory=list)
    products: Rows = field(default_factory=list)
    invoice_lines: Rows = field(default_factory=list)
    orders: Rows = field(default_factory=list)
    open_items: Rows = field(default_factory=list)
    direct_costs: Rows = field(default_factory=list)
    ledger_totals: Rows = field(default_factory=list)
    revenue_history: Rows = field(default_factory=list)
    opening_portfolio: Rows = field(default_factory=list)
    exchange_rates: Rows = field(default_factory=list)
    accounts: Rows = field(default_factory=list)
    contacts: Rows = field(default_factory=list)
    activities: Rows = field(default_factory=list)
    opportunities: Rows = field(default_factory=list)
    ratings: Rows = field(default_factory=list)
    potential_estimates: Rows = field(default_factory=list)
    campaigns: Rows = field(default_factory=list)
    campaign_members: Rows = field(default_factory=list)
    service_ratings: Rows = field(default_factory=list)
    sales_reps: Rows = field(default_factory=list)
    zone_overrides: Rows = field(default_factory=list)
    quarantined_invoice_lines: Rows = field(default_factory=list)
    quarantined_direct_costs: Rows = field(default_factory=list)


@dataclass(frozen=True)
class Settings:
    """The settings tables of a portfolio configuration; `parameters` is its one row."""

    parameters: Row
    scorecard_criteria: Rows
    criterion_breakpoints: Rows
    loyalty_tenure_levels: Rows
    zone_rules: Rows
    resource_pools: Rows
    activity_types: Rows
    ledger_groups: Rows
    sensitivity_thresholds: Rows
    actions: Rows = field(default_factory=list)
    costs: Rows = field(default_factory=list)
    cost_sources: Rows = field(default_factory=list)
    """Of each cost, whether its column or table is mapped; one without a row is."""


def check_weights(weights: list[int]) -> None:
    """Weights of one scorecard and axis: positive whole numbers that sum to 100, never renormalised."""
    if any(not isinstance(weight, int) or weight <= 0 for weight in weights) or sum(weights) != 100:
        raise ConfigurationError(
            f"weights {weights}: configuration error, no scores published (never silently renormalised)"
        )


def check_settings(settings: Settings) -> None:
    """Weights, number of criteria, axes and breakpoints of every scorecard; ConfigurationError otherwise."""
    weights: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in settings.scorecard_criteria:
        weights[row["scorecard"], row["axis"]].append(row["weight_points"])
    expected = {("customer", axis) for axis in CUSTOMER_AXES} | {("lead", axis) for axis in LEAD_AXES}
    if set(weights) != expected:
        raise ConfigurationError(f"axes missing or unknown: {sorted(set(weights) ^ expected)}")
    for (scorecard, axis), points in weights.items():
        check_weights(points)
        fewest, most = (3, 5) if scorecard == "customer" and axis in LEAD_AXES else (2, 5)
        if axis == "contribution":
            fewest = most = 1
        if not fewest <= len(points) <= most:
            raise ConfigurationError(f"{scorecard}/{axis} has {len(points)} criteria, allowed are {fewest} to {most}")
    with_bounds = {row["criterion_id"] for row in settings.criterion_breakpoints}
    for row in settings.scorecard_criteria:
        if row["method"] == "breakpoints" and row["criterion_id"] not in with_bounds:
            raise ConfigurationError(f"criterion {row['criterion_id']} has no breakpoints")
