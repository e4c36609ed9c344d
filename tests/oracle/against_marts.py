"""Every published number beside the oracle's, row by row and column by column.

Belongs here: which field of the oracle stands in which mart's column, and how landed rows become the oracle's input. Not
here: formulas, tolerances (there are none: both sides round as METHOD 1 says).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contracts import load_contracts
from tests.oracle.arithmetic import in_cents, quotient
from tests.oracle.inputs import Company, Judging, Settings
from tests.oracle.periods import label, window
from tests.oracle.result import AsOf, Value

Key = tuple[object, ...]
NO_GROUP = "unknown"
"""What stands for the product group of lines whose product nobody knows."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell in which marts and oracle disagree."""

    mart: str
    key: Key
    column: str
    published: object
    expected: object


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many cells were compared and which of them differ."""

    cells: int
    differences: tuple[Difference, ...]


def company_from(home: Path) -> Company:
    """What landing accepted and rejected, read from the typed Parquet of a home with one batch per table."""
    tables: dict[str, list[Mapping[str, Any]]] = {}
    for name, contract in load_contracts().items():
        columns = [column.load_name for column in contract.columns]
        tables[name] = _rows(home / "landing" / "raw" / name, columns)
        if name in ("invoice_lines", "direct_costs"):
            tables[f"quarantined_{name}"] = _rows(
                home / "landing" / "quarantine" / name, [*columns, "quarantine_reason"]
            )
    return Company(**tables)


def settings_from(home: Path) -> Settings:
    """The settings tables of a home."""
    beside = ("parameters", "judging", "time_zone", "cost_sources")
    names = [field.name for field in fields(Settings) if field.name not in beside]
    tables = {name: _read(f"select * from read_parquet('{home}/settings/{name}.parquet')") for name in names}
    tables["cost_sources"] = _read(f"select * from read_parquet('{home}/control/cost_sources.parquet')")
    (parameters,) = _read(f"select * from read_parquet('{home}/settings/parameters.parquet')")
    path = f"{home}/settings/method_settings.parquet"
    method = {row["setting"]: row["value"] for row in _read(f"select setting, value from read_parquet('{path}')")}
    configured = method["zones.judged_from"]
    judging = Judging(
        judged_from=None if configured is None else date.fromisoformat(configured),
        max_replayed_months=int(method["zones.max_replayed_months"]),
        rating_cutoff_days=int(method["input_quality.rating_cutoff_days"]),
    )
    (company,) = _read(f"select * from read_parquet('{home}/control/company.parquet')")
    return Settings(parameters=parameters, judging=judging, time_zone=company["time_zone"], **tables)


def compare_with_marts(
    truth: AsOf, bi: duckdb.DuckDBPyConnection, controlling: duckdb.DuckDBPyConnection | None = None
) -> Comparison:
    """Compare one as-of date in every mart the oracle knows about; missing and surplus rows are differences, too.

    What only controlling may read is compared where it is given.
    """
    differences: list[Difference] = []
    cells = 0
    for mart, key_columns, expected in _expectations(truth):
        audience = controlling if mart == INPUT_ROWS else bi
        if audience is None:
            continue
        published = _published(audience, mart, key_columns, truth.as_of_date)
        if mart == INPUT_ROWS:
            published = {key: row for key, row in published.items() if key[0] in CHECKS.values()}
        if mart == "mart_reconciliation":
            published = {key: row for key, row in published.items() if _is_in_window(truth, str(key[1]))}
        if mart == "mart_zone_migration":
            published = {key: row for key, row in published.items() if key[0] == "customer" and key[2] != "(gone)"}
        if mart == "mart_programme":
            published = {key: row for key, row in published.items() if key in expected}
        if mart == "mart_claims_check":
            # The portfolio's own growth, which one claim stands on, is not the oracle's.
            published = {key: row for key, row in published.items() if key[0] != "small_hold_in_crisis"}
        if mart == "mart_campaign_candidates":
            published = {key: row for key, row in published.items() if row["is_focus_list"]}
        for key in sorted(expected.keys() | published.keys(), key=str):
            if key not in published or key not in expected:
                side = "only expected" if key in expected else "only published"
                differences.append(Difference(mart, key, "(row)", side, side))
                continue
            for column, value in expected[key].items():
                cells += 1
                actual = published[key][column]
                if actual != value:
                    differences.append(Difference(mart, key, column, actual, value))
    return Comparison(cells, tuple(differences))


def compared_marts(truth: AsOf) -> tuple[str, ...]:
    """The marts that are compared, whatever the company."""
    return tuple(mart for mart, _, _ in _expectations(truth))


Expected = tuple[str, tuple[str, ...], dict[Key, dict[str, object]]]
PARENT = ("ultimate_parent_id",)
INPUT_ROWS = "mart_input_quality_rows"
CHECKS = {
    "duplicate": "duplicate_activity",
    "future_dated": "future_dated",
    "recorded_after_known_at": "recorded_after_known_at",
    "duration_imputed": "duration_missing",
    "unknown_customer": "unknown_customer_activity",
    "backdated": "backdated_activity",
}
"""The oracle's names of the checks of the sales input -> the published ones."""


def _expectations(truth: AsOf) -> Iterator[Expected]:
    yield "mart_portfolio", PARENT, {(parent,): _portfolio(truth, parent) for parent in truth.zone}
    yield (
        "fct_criterion_score",
        (*PARENT, "axis", "criterion_id"),
        {
            (parent, axis, criterion.criterion_id): {
                "weight_points": criterion.weight_points,
                "level": criterion.level,
                "points": criterion.points,
                "points_low": criterion.points_low,
                "points_high": criterion.points_high,
                "is_imputed": criterion.is_imputed,
            }
            for (parent, axis), scores in truth.axes.items()
            for criterion in scores.criteria
        },
    )
    yield (
        "mart_share_of_wallet",
        (*PARENT, "product_group"),
        {
            (parent, group.product_group or NO_GROUP): {
                "annual_demand": group.annual_demand,
                "net_revenue": group.net_revenue,
                "sow_raw_ratio": group.sow_raw_ratio,
                "sow_capped_ratio": group.sow_capped_ratio,
                "achievable_share_ratio": group.achievable_share_ratio,
                "achievable_gap": group.achievable_gap,
                "is_white_space": group.is_white_space,
                "demand_basis": group.demand_basis,
                "is_estimate_duplicated": group.is_duplicated,
                "is_sow_above_100": None if group.flags is None else "sow_above_100" in group.flags,
                "is_sow_negative": None if group.flags is None else "sow_negative" in group.flags,
                "sow_capped_ratio_before": group.sow_capped_ratio_before,
                "sow_change_ratio": group.sow_change_ratio,
            }
            for parent, wallet in truth.wallet.items()
            for group in wallet.groups
        },
    )
    yield (
        "mart_demand_funnel",
        (*PARENT, "product_group", "demand_stage"),
        {
            (parent, group or NO_GROUP, name): {
                "stage_amount": stage.amount,
                "passed_on_ratio": stage.passed_on_ratio,
                "is_stage_contradicted": stage.is_contradicted,
            }
            for parent, wallet in truth.wallet.items()
            for (group, name), stage in wallet.funnel.items()
        },
    )
    yield "mart_potential_check", PARENT, {(parent,): row for parent, row in truth.potential_check.items()}
    yield "mart_loyalty_growth", PARENT, {(parent,): _loyalty(truth, parent) for parent in truth.loyalty}
    yield (
        "mart_loyalty_profit",
        ("loyalty_level", "margin_level"),
        {
            key: {
                "loyalty_profit_field": cell.field,
                "customer_count": cell.customer_count,
                "net_revenue": cell.net_revenue,
                "customer_contribution": cell.customer_contribution,
            }
            for key, cell in truth.loyalty_profit.items()
        },
    )
    yield (
        "mart_customer_finance",
        PARENT,
        {
            (parent,): {
                "weighted_days_beyond_terms": payment.weighted_days_beyond_terms,
                "payment_deviation_days": payment.payment_deviation_days,
                "items_due": payment.items,
                "is_payment_low_n": payment.is_low_n,
                "price_realisation_ratio": truth.contribution[parent].price_realisation_ratio,
                "discount_rate_ratio": truth.contribution[parent].discount_rate_ratio,
                "credit_index": truth.credit_index[parent],
            }
            for parent, payment in truth.payment.items()
        },
    )
    yield "mart_abc_vs_value", PARENT, {(parent,): _abc(truth, parent) for parent in truth.value}
    yield "mart_method_use", ("statement",), _judged(truth)
    yield (
        "mart_whale_curve",
        PARENT,
        {
            (point.ultimate_parent_id,): {
                "whale_rank": point.rank,
                "customer_contribution": point.customer_contribution,
                "cumulative_contribution": point.cumulative_contribution,
                "cumulative_contribution_ratio": point.cumulative_contribution_ratio,
                "peak_contribution": truth.whale_summary.peak,
                "peak_share_ratio": truth.whale_summary.peak_share,
                "destroyed_by_tail": truth.whale_summary.destroyed_by_tail,
                "unprofitable_customers": truth.whale_summary.unprofitable_customers,
            }
            for point in truth.whale_curve
        },
    )
    yield from _effort(truth)
    yield "mart_worklist", (*PARENT, "task"), _worklist(truth)
    yield "mart_customer_profile", PARENT, {(parent,): _profile(truth, parent) for parent in truth.zone}
    yield "mart_campaign_candidates", ("campaign_id", *PARENT), _focus_lists(truth)
    yield "mart_customer_types", PARENT, {(parent,): _types(truth, parent) for parent in truth.value}
    yield (
        "mart_sensitivity",
        PARENT,
        {
            (parent,): _named(sensitivity)
            for parent, sensitivity in truth.sensitivity.items()
            if sensitivity.threshold_stability is not None
        },
    )
    yield "mart_zone_history", PARENT, {(parent,): _zone_history(truth, parent) for parent in truth.zone}
    yield "mart_zone_migration", ("relationship_type", "from_zone", "to_zone"), _migrations(truth)
    yield "mart_campaign_effects", ("campaign_id",), {(key,): _named(row) for key, row in truth.campaigns.items()}
    yield "mart_programme", ("step_number",), {(number,): row for number, row in truth.steps.items()}
    yield "mart_claims_check", ("claim_id",), {(key,): _named(row) for key, row in truth.claims.items()}
    yield (
        "mart_reconciliation",
        ("company_id", "period", "account_group"),
        {
            (row.company_id, row.period, row.account_group): {
                name: getattr(row, name)
                for name in (
                    "customers",
                    "leads",
                    "intercompany",
                    "unassigned_unknown_customer",
                    "unassigned_missing_cost_centre",
                    "quarantined",
                    "unused_capacity",
                    "imputed_cogs",
                    "advance",
                    "ledger",
                    "difference",
                    "status",
                )
            }
            for row in truth.reconciliation
            if _is_in_window(truth, row.period)
        },
    )
    yield (
        INPUT_ROWS,
        ("check_id", "row_id"),
        {
            (check, activity_id): {"table_name": "activities", "affected_rows": 1}
            for name, check in CHECKS.items()
            for activity_id in getattr(truth.activity_quality, name)
        },
    )


def _zone_history(truth: AsOf, parent: str) -> dict[str, object]:
    zone = truth.zone[parent]
    row = {
        name: getattr(zone, name)
        for name in (
            "raw_zone", "zone", "zone_status", "is_hysteresis_hold", "zone_since", "service_zone", "is_treatment_frozen",
            "is_rating_due", "override_zone", "previous_zone", "is_since_before_history",
        )
    }  # fmt: skip
    if truth.relationship_type[parent] == "customer":
        row["contribution_4_change"] = truth.zone_change.contribution_4_delta.get(parent)
        row["potential_state"], row["attractiveness_state"] = zone.potential_state, zone.attractiveness_state
    return row


def _migrations(truth: AsOf) -> dict[Key, dict[str, object]]:
    """The moves of customers; leads and those who are gone are not the oracle's."""
    change = truth.zone_change
    rows: dict[Key, dict[str, Any]] = {}
    for parent, (start, end) in change.migration.items():
        row = rows.setdefault(
            ("customer", start or "(new)", end),
            {
                "score_objects": 0,
                "contribution_4_change": None,
                "net_change_high_value_segment": change.net_change_high_value_segment,
                "net_change_low_value_segment": change.net_change_low_value_segment,
                "overcompensation_ratio": change.overcompensation_ratio,
            },
        )
        row["score_objects"] += 1
        if (delta := change.contribution_4_delta.get(parent)) is not None:
            row["contribution_4_change"] = (row["contribution_4_change"] or Decimal(0)) + delta
    return dict(rows)


def _effort(truth: AsOf) -> Iterator[Expected]:
    """Service levels, next year's hours, pools, small customers."""
    hours = ("minimum_hours", "allocated_field_hours")
    service = {parent: _named(row) for parent, row in truth.service.items()}
    yield (
        "mart_service_levels",
        PARENT,
        {
            (parent,): {name: value for name, value in row.items() if name not in hours}
            | {
                "service_zone": truth.zone[parent].service_zone,
                "field_hours": truth.contribution[parent].field_hours,
                "inside_hours": truth.contribution[parent].inside_hours,
                "sales_cost": truth.contribution[parent].sales_cost,
            }
            for parent, row in service.items()
        },
    )
    yield (
        "mart_hours_allocation",
        PARENT,
        {
            (parent,): {name: row[name] for name in hours}
            | {"potential_contribution": truth.wallet[parent].potential_contribution}
            for parent, row in service.items()
        },
    )
    allocation = _named(truth.allocation)
    allocation["next_year_practical_hours"] = allocation.pop("practical_field_hours")
    capacity = {pool: _named(row) for pool, row in truth.capacity.items()}
    for pool, row in capacity.items():
        row["practical_hours"] = row.pop("practical_capacity_hours")
        row |= {name: value if pool == truth.field_pool else None for name, value in allocation.items()}
    yield "mart_capacity", ("pool",), {(pool,): row for pool, row in capacity.items()}
    threshold = _named(truth.small_threshold)
    yield (
        "mart_small_customers",
        PARENT,
        {
            (parent,): threshold
            | _named(small)
            | {
                "net_revenue": truth.contribution[parent].net_revenue,
                "potential_revenue": truth.wallet[parent].potential_revenue,
            }
            for parent, small in truth.small.items()
        },
    )


def _portfolio(truth: AsOf, parent: str) -> dict[str, object]:
    wallet, zone, small = truth.wallet[parent], truth.zone[parent], truth.small[parent]
    value, consequence = truth.value.get(parent), truth.consequence[parent]
    development = truth.development.get(parent) if consequence.is_gap_shown else None
    contribution = _named(truth.contribution[parent])
    del contribution["price_realisation_ratio"], contribution["discount_rate_ratio"]
    row = contribution | {
        "relationship_type": truth.relationship_type[parent],
        "customer_status": truth.customer_status[parent],
        "is_tenure_censored": truth.loyalty[parent].is_tenure_censored,
        "order_basis": truth.loyalty[parent].order_basis,
        "last_contact_date": truth.service[parent].last_contact_date,
        "annual_demand": wallet.annual_demand,
        "demand_basis": wallet.demand_basis,
        "sow_change_ratio": wallet.sow_change_ratio,
        "is_share_falling": wallet.is_share_falling,
        "is_sow_above_100": None if wallet.flags is None else "sow_above_100" in wallet.flags,
        "is_sow_negative": None if wallet.flags is None else "sow_negative" in wallet.flags,
        "sow_raw_ratio": wallet.sow_raw_ratio,
        "sow_capped_ratio": wallet.sow_capped_ratio,
        "achievable_gap": wallet.achievable_gap,
        "netted_gap_contrast": wallet.netted_gap,
        "potential_revenue": wallet.potential_revenue,
        "potential_contribution": wallet.potential_contribution,
        "raw_zone": zone.plain_zone,
        "zone": zone.zone,
        "zone_status": zone.zone_status,
        "zone_status_reasons": None if zone.zone_status is None else ", ".join(zone.zone_status_reasons),
        "possible_zones": ", ".join(zone.possible_zones) or None,
        "service_zone": zone.service_zone,
        "is_hysteresis_hold": zone.is_hysteresis_hold,
        "is_treatment_frozen": zone.is_treatment_frozen,
        "is_rating_due": zone.is_rating_due,
        "zone_since": zone.zone_since,
        "is_since_before_history": zone.is_since_before_history,
        "previous_zone": zone.previous_zone,
        "override_zone": zone.override_zone,
        "override_reason": zone.override_reason,
        "override_expires_on": zone.override_expires_on,
        "is_key_account": zone.is_key_account,
        "is_small_customer": small.is_small_customer,
        "is_small_by_revenue": small.is_small_by_revenue,
        "customer_type": truth.customer_type.get(parent),
        "effort_value_index": truth.service[parent].effort_value_index,
        **_named(consequence),
        "blocking_criterion_id": development.blocking_criterion_id if development else None,
        "lost_points": development.lost_points if development else None,
        "points_to_protection": development.points_to_protection if development else None,
        "contribution_score": value.contribution_score if value else None,
        "customer_value_score": value.customer_value_score if value else None,
        "rank_customer_value": value.rank_customer_value if value else None,
        "abc_class": value.abc_class if value else None,
    }
    for axis in ("potential", "attractiveness"):
        row |= _axis(truth, parent, axis)
    return row


def _axis(truth: AsOf, parent: str, axis: str) -> dict[str, object]:
    scores = truth.axes.get((parent, axis))
    if scores is None:
        return dict.fromkeys((f"{axis}_score", f"{axis}_score_low", f"{axis}_score_high", f"{axis}_coverage_points"))
    return {
        f"{axis}_score": scores.score,
        f"{axis}_score_low": scores.low,
        f"{axis}_score_high": scores.high,
        f"{axis}_coverage_points": Decimal(scores.coverage_weight),
    }


def _loyalty(truth: AsOf, parent: str) -> dict[str, object]:
    row = _named(truth.loyalty[parent])
    row["repeat_gap_count"] = row["repeat_n"]
    if parent in truth.growth:
        row |= _named(truth.growth[parent])
    return row


def _abc(truth: AsOf, parent: str) -> dict[str, object]:
    row = _named(truth.value[parent])
    row["cumulative_share_before_ratio"] = row.pop("cumulative_share_before")
    del row["contribution_score"]
    return row


def _judged(truth: AsOf) -> dict[Key, dict[str, object]]:
    """Of how many customers each danger could be asked, and of how many it is true."""
    names = [field.name for field in fields(Value) if field.name.startswith("danger_")][:4]
    asked = {name: [getattr(row, name) for row in truth.value.values()] for name in names}
    return {
        (name[: len("danger_1")],): {
            "statement_customers": len(said),
            "customers_judged": sum(one is not None for one in said),
            "customers_true": sum(one is True for one in said),
        }
        for name, said in asked.items()
        if said
    }


def _types(truth: AsOf, parent: str) -> dict[str, object]:
    return {
        "customer_type": truth.customer_type[parent],
        **_axis(truth, parent, "value_of_customer"),
        **_axis(truth, parent, "value_to_customer"),
    }


def _profile(truth: AsOf, parent: str) -> dict[str, object]:
    """What the profile takes over from measures of the method; its own counts of contacts and views are not the oracle's."""
    contribution, wallet, payment = truth.contribution[parent], truth.wallet[parent], truth.payment.get(parent)
    net = in_cents(contribution.net_revenue)
    potential = in_cents(wallet.potential_revenue or Decimal(0))
    return {
        "relationship_type": truth.relationship_type[parent],
        "net_revenue": contribution.net_revenue,
        "contribution_4": contribution.contribution_4,
        "contribution_4_margin_ratio": contribution.contribution_4_margin_ratio,
        "annual_demand": wallet.annual_demand,
        "potential_revenue": wallet.potential_revenue,
        "exploitation_ratio": quotient(net, potential) if net > 0 and potential > 0 else None,
        "penetration_ratio": truth.penetration_ratio[parent],
        "credit_index": truth.credit_index[parent],
        "weighted_days_beyond_terms": payment.weighted_days_beyond_terms if payment else None,
        "price_realisation_ratio": contribution.price_realisation_ratio,
        "discount_rate_ratio": contribution.discount_rate_ratio,
    }


def _focus_lists(truth: AsOf) -> dict[Key, dict[str, object]]:
    """Per blocking criterion the confirmed customers in development, by potential contribution, unknown last, then id."""
    lists: dict[str, list[str]] = defaultdict(list)
    for parent, blocked in truth.development.items():
        if blocked.blocking_criterion_id is not None and truth.zone[parent].zone_status == "confirmed":
            lists[blocked.blocking_criterion_id].append(parent)

    def place(parent: str) -> tuple[bool, Decimal, str]:
        worth = truth.wallet[parent].potential_contribution
        return worth is None, -(worth or Decimal(0)), parent

    return {
        (f"focus:{criterion}", parent): {
            "is_candidate": True,
            "candidate_rank": rank,
            "blocking_criterion_id": criterion,
            "lost_points": truth.development[parent].lost_points,
            "points_to_protection": truth.development[parent].points_to_protection,
            "potential_contribution": truth.wallet[parent].potential_contribution,
        }
        for criterion, parents in lists.items()
        for rank, parent in enumerate(sorted(parents, key=place), 1)
    }


def _worklist(truth: AsOf) -> dict[Key, dict[str, object]]:
    return {
        (task.ultimate_parent_id, task.task): {
            "priority": place,
            "due_on": task.due_on,
            "money": task.money,
            "money_kind": task.money_kind,
            "happened": task.happened,
            "next_step": task.next_step,
        }
        for place, task in enumerate(truth.tasks, 1)
    }


def _named(row: Any) -> dict[str, object]:
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _published(
    bi: duckdb.DuckDBPyConnection, mart: str, key_columns: tuple[str, ...], as_of_date: date
) -> dict[Key, dict[str, object]]:
    cursor = bi.execute(f"select * from {mart} where as_of_date = ?", [as_of_date])
    names = [column[0] for column in cursor.description or ()]
    rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    return {tuple(row[column] for column in key_columns): row for row in rows}


def _is_in_window(truth: AsOf, period: str) -> bool:
    """The mart looks back over every period, the oracle over the 12 months of its as-of date and years ending there."""
    months = window(truth.as_of_date)
    if len(period) == 4:
        return int(period) == truth.as_of_date.year or int(period) * 12 + 11 in months
    return period == "unknown" or period >= label(months[0])


def _rows(folder: Path, columns: list[str]) -> list[Mapping[str, Any]]:
    batches = len(list(folder.glob("batch=*")))
    if batches == 0:
        return []
    return _read(
        f"select {', '.join(columns)} from read_parquet('{folder}/batch=*/*.parquet', hive_partitioning=false)"
    )


def _read(query: str) -> list[Mapping[str, Any]]:
    with duckdb.connect() as connection:
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
