"""A published version small enough to be read: six customers and leads, one group, own companies, an unknown id.

The tables have the columns and types docs/marts states, so a column that is renamed there fails here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from tests.marts import published_columns
from tests.pipelines.showing.small_manifest import write_manifest

AS_OF = date(2025, 12, 31)
BEFORE = date(2025, 11, 30)

STAR, GROUP, UNRATED, LEAD, NEW, YOUNGER = "010001", "G00001", "010021", "KTO-1", "010019", "010099"
OWN, NOBODY = "090001", "099999"
HOSTILE_NAME = "[red]Böse[/red] {zone} \x1b[31mGmbH\x07\u202e"

Row = Mapping[str, object]

CUSTOMER_AXES = {
    "potential": {"achievable_gap": 40, "future_demand": 30, "revenue_cagr_3y": 30},
    "attractiveness": {"access": 30, "payment": 20, "chemistry": 20, "process": 20, "strategy": 10},
    "contribution": {"contribution_4": 100},
    "value_of_customer": {"margin": 70, "loyalty": 30},
    "value_to_customer": {"benefit": 60, "satisfaction": 40},
}
LEAD_AXES = {
    "potential": {"achievable_gap": 60, "future_demand": 40},
    "attractiveness": {"access": 60, "chemistry": 40},
}
MEASURED = {"achievable_gap", "revenue_cagr_3y", "payment", "contribution_4", "margin"}
RAW = {
    "achievable_gap": "1234567.8",
    "revenue_cagr_3y": "0.0314",
    "payment": "3.45",
    "contribution_4": "91000",
    "margin": "0.2",
}


def build(path: Path, *, with_method: bool = False, extra: str = "") -> Path:
    """Write the version `v000007` into `path` and return its directory; `extra` is SQL run last, to spoil it.

    `with_method` adds the columns by which a version publishes its method: weights, threshold, titles of criteria.
    """
    version = path / "v000007"
    (version / "bi").mkdir(parents=True)
    database = path / "made.duckdb"
    database.write_bytes(_made(with_method))
    with duckdb.connect(str(database)) as connection:
        connection.execute(extra)
        for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall():
            connection.execute(f"copy {table} to '{version / 'bi' / table}.parquet' (format parquet)")
    database.unlink()
    write_manifest(version, BEFORE, AS_OF)
    return version


@cache
def _made(with_method: bool) -> bytes:
    with TemporaryDirectory() as directory:
        path = Path(directory) / "made.duckdb"
        _write(path, with_method)
        return path.read_bytes()


def _write(path: Path, with_method: bool) -> None:
    with duckdb.connect(str(path)) as connection:
        for table, columns in published_columns().items():
            connection.execute(f"create table {table} ({', '.join(f'{name} {kind}' for name, kind in columns)})")
        if with_method:
            _publish_method(connection)
        _star(connection)
        _group(connection)
        _unrated(connection)
        _lead(connection)
        _new(connection)
        _insert(connection, "mart_portfolio", [_portfolio(YOUNGER, "Jüngling OHG", net_revenue="5")])
        _insert(connection, "mart_portfolio", [_portfolio("010098", "Altmark Brücken KG", as_of_date=BEFORE)])
        _insert(connection, "dim_customer", [_known("010098", "customer", BEFORE), _known(OWN, "intercompany", AS_OF)])
        _insert(connection, "fct_customer_contribution", [_booked(OWN, OWN, "intercompany")])
        _insert(connection, "fct_customer_contribution", [_booked(NOBODY, None, "unassigned")])
        if with_method:
            connection.execute(
                """
                update mart_portfolio set zone_threshold = 50, hysteresis_band = 5, value_weight_contribution = 0.4,
                    value_weight_potential = 0.3, value_weight_attractiveness = 0.3;
                update fct_criterion_score set criterion_name_en = 'English ' || criterion_id,
                    criterion_name_de = 'Deutsch ' || criterion_id;
                update fct_criterion_score set measure = 'weighted_days_beyond_terms' where criterion_id = 'payment';
                update fct_criterion_score set measure = 'contribution_4_margin_ratio' where criterion_id = 'margin';
                """
            )


def _publish_method(connection: duckdb.DuckDBPyConnection) -> None:
    columns = {
        "mart_portfolio": {
            "zone_threshold": "decimal(9, 4)",
            "hysteresis_band": "decimal(9, 4)",
            "value_weight_contribution": "decimal(18, 6)",
            "value_weight_potential": "decimal(18, 6)",
            "value_weight_attractiveness": "decimal(18, 6)",
        },
        "fct_criterion_score": {"measure": "varchar", "criterion_name_en": "varchar", "criterion_name_de": "varchar"},
    }
    for table, added in columns.items():
        for name, kind in added.items():
            connection.execute(f"alter table {table} add column if not exists {name} {kind}")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Row]) -> None:
    for row in rows:
        places = ", ".join("?" for _ in row)
        connection.execute(f"insert into {table} ({', '.join(row)}) values ({places})", list(row.values()))


def _known(parent: str, relationship_type: str, as_of: date) -> Row:
    return {"as_of_date": as_of, "ultimate_parent_id": parent, "relationship_type": relationship_type}


def _booked(customer_id: str, parent: str | None, assignment: str) -> Row:
    return {
        "as_of_date": AS_OF,
        "month_start": date(2025, 12, 1),
        "customer_id": customer_id,
        "ultimate_parent_id": parent,
        "assignment": assignment,
        "product_group": "Pumpen",
    }


def _portfolio(parent: str, name: str, **facts: object) -> Row:
    return {
        "as_of_date": AS_OF,
        "ultimate_parent_id": parent,
        "customer_name": name,
        "relationship_type": "customer",
        "customer_status": "active",
        "reporting_currency": "EUR",
        "method_version": "0123456789ab",
        "zone": "withdrawal",
        "raw_zone": "withdrawal",
        "service_zone": "withdrawal",
        "zone_status": "confirmed",
        "zone_status_reasons": "",
        "possible_zones": "withdrawal",
        "zone_since": AS_OF,
        "is_hysteresis_hold": False,
        "is_treatment_frozen": False,
        "is_rating_due": False,
        "recommended_action": "withdrawal",
        "action_reason": "withdrawal",
        **facts,
    }


def _scores(
    connection: duckdb.DuckDBPyConnection,
    parent: str,
    axes: Mapping[str, Mapping[str, int]],
    levels: Mapping[str, str],
) -> None:
    """Levels as parts, points by the method's formula; what has no level is unknown. Scores are their sums."""
    connection.execute(
        "create or replace temp table parts (axis varchar, criterion_id varchar, w int, l decimal(9, 4))"
    )
    for axis, weights in axes.items():
        for criterion, weight in weights.items():
            connection.execute(
                "insert into parts values (?, ?, ?, ?)", [axis, criterion, weight, levels.get(criterion)]
            )
    raw = " ".join(f"when '{criterion}' then {value}" for criterion, value in RAW.items())
    measured = ", ".join(f"'{criterion}'" for criterion in sorted(MEASURED))
    connection.execute(
        f"""
        insert into fct_criterion_score by name
        select
            $as_of as as_of_date, $id as ultimate_parent_id, 'customer' as scorecard, axis, criterion_id,
            case when criterion_id in ({measured}) then 'breakpoints' else 'rating' end as method,
            case when l is not null then case criterion_id {raw} else l end end as raw_value,
            l as level, w as weight_points, w * (coalesce(l, 3) - 1) / 4 as points,
            w * (coalesce(l, 1) - 1) / 4 as points_low, w * (coalesce(l, 5) - 1) / 4 as points_high,
            l is null as is_imputed, criterion_id = 'chemistry' and $id = '{STAR}' as is_rating_stale
        from parts
        """,
        {"as_of": AS_OF, "id": parent},
    )
    published = {"potential": "mart_portfolio", "attractiveness": "mart_portfolio"}
    published |= {axis: "mart_customer_types" for axis in axes if axis.startswith("value_")}
    _insert(connection, "mart_customer_types", [{"as_of_date": AS_OF, "ultimate_parent_id": parent}])
    for axis, table in published.items():
        for column, points in (("score", "points"), ("score_low", "points_low"), ("score_high", "points_high")):
            connection.execute(
                f"update {table} set {axis}_{column} = ({_SUM.format(points=points)}) where ultimate_parent_id = $id",
                {"id": parent, "axis": axis},
            )
        connection.execute(
            f"""
            update {table} set {axis}_coverage_points =
                (select sum(case when l is null then 0 else w end) from parts where axis = $axis)
            where ultimate_parent_id = $id
            """,
            {"id": parent, "axis": axis},
        )
    if "contribution" in axes:
        connection.execute(
            f"update mart_portfolio set contribution_score = ({_SUM.format(points='points')}) where ultimate_parent_id = $id",
            {"id": parent, "axis": "contribution"},
        )
        connection.execute(
            """
            update mart_portfolio set customer_value_score =
                round(0.4 * contribution_score + 0.3 * potential_score + 0.3 * attractiveness_score, 4)
            where ultimate_parent_id = $id
            """,
            {"id": parent},
        )


_SUM = "select sum({points}) from fct_criterion_score where ultimate_parent_id = $id and axis = $axis"

MONEY: Row = {
    "gross_list_revenue": "1300000.10",
    "revenue_deductions": "65432.29",
    "net_revenue": "1234567.81",
    "cogs": "900000.00",
    "contribution_1": "334567.81",
    "marketing_cost": "-0.19",
    "contribution_2": "334568.00",
    "sales_cost": "240000.01",
    "contribution_3": "94567.99",
    "service_logistics_cost": "3567.99",
    "contribution_4": "91000.00",
    "contribution_4_margin_ratio": "0.073710",
    "contribution_4_low": "81000.50",
    "logged_capacity_ratio": "0.55",
    "contribution_reliability": "low",
}


def _star(connection: duckdb.DuckDBPyConnection) -> None:
    """Known in every part; held in protection by hysteresis; set to maintain by hand; one stale rating."""
    facts = {
        **MONEY,
        "zone": "protection",
        "raw_zone": "maintain",
        "possible_zones": "maintain",
        "is_hysteresis_hold": True,
        "previous_zone": "development",
        "override_zone": "maintain",
        "override_reason": "weil {x} [b]wichtig[/b]",
        "override_expires_on": date(2026, 3, 31),
        "service_zone": "maintain",
        "zone_status": "provisional",
        "zone_status_reasons": "potential_contradicted, ratings_stale",
        "annual_demand": "2000000",
        "sow_capped_ratio": "0.6",
        "achievable_gap": "1234567.80",
        "rank_customer_value": 1,
        "abc_class": "A",
        "customer_type": "question_mark",
        "is_key_account": True,
        "recommended_action": "rate_first",
        "recommended_action_en": "Rate first, in our words",
        "recommended_action_de": "Erst bewerten, in unseren Worten",
        "action_reason": "provisional",
        "blocking_criterion_id": "access",
        "lost_points": "7.5",
        "points_to_protection": "2.5",
    }
    _insert(connection, "mart_portfolio", [_portfolio(STAR, HOSTILE_NAME, **facts)])
    # Means of several raters: rounded to one decimal these points no longer add up.
    means = {"future_demand": "3.625", "achievable_gap": "3", "chemistry": "4.3333", "process": "3.3333"}
    levels = dict.fromkeys((name for axis in CUSTOMER_AXES.values() for name in axis), "4")
    _scores(connection, STAR, CUSTOMER_AXES, {**levels, **means})
    key = {"as_of_date": AS_OF, "ultimate_parent_id": STAR}
    group = {"annual_demand": "1000", "net_revenue": "0", "is_potential_stale": False, "is_sow_above_100": False}
    flags = {"is_white_space": True, "is_next_best_product_group": True, "is_potential_contradicted": False}
    wrong = {"is_white_space": False, "is_next_best_product_group": False, "is_potential_contradicted": True}
    _insert(
        connection,
        "mart_share_of_wallet",
        [{**key, "product_group": "Pumpen", "achievable_gap": "1000", **group, **flags}],
    )
    _insert(
        connection,
        "mart_share_of_wallet",
        [{**key, "product_group": "Ventile", "achievable_gap": "0", **group, **wrong}],
    )
    stability = {"threshold_stability": "0.666667", "weight_stability": "0.9", "distance_to_threshold": "2.5"}
    _insert(connection, "mart_sensitivity", [{**key, **stability}])
    _insert(connection, "mart_customer_finance", [{**key, "items_due": 2, "is_payment_low_n": True}])
    loyalty = {"revenue_yoy": "-0.0805", "repeat_probability": "0.75", "repeat_gap_count": 100, "churn_risk": False}
    _insert(connection, "mart_loyalty_growth", [{**key, **loyalty, "last_order_date": date(2025, 12, 1)}])
    _insert(connection, "mart_abc_vs_value", [{**key, "danger_3_order_behaviour": True}])
    _insert(connection, "mart_data_coverage", [_source(STAR, "orders", "erp", has_data=True)])
    _insert(connection, "fct_customer_contribution", [_booked(STAR, STAR, "customer")])


def _group(connection: duckdb.DuckDBPyConnection) -> None:
    facts = {**MONEY, "net_revenue": "10", "gross_list_revenue": "65442.29", "rank_customer_value": 2}
    facts |= {"contribution_1": "-899990.00", "contribution_2": "-899989.81", "contribution_3": "-1139989.82"}
    facts |= {"contribution_4": "-1143557.81", "contribution_4_margin_ratio": None}
    _insert(connection, "mart_portfolio", [_portfolio(GROUP, "Straßenbau Weiß Holding AG", **facts)])
    _scores(connection, GROUP, CUSTOMER_AXES, {"payment": "5"})
    _insert(connection, "fct_customer_contribution", [_booked("010002", GROUP, "customer")])
    _insert(connection, "fct_customer_contribution", [_booked("010003", GROUP, "customer")])


def _unrated(connection: duckdb.DuckDBPyConnection) -> None:
    """As in a company with an ERP only: nothing is rated, nothing estimated, no field hours."""
    facts = {**MONEY, "contribution_4_low": None, "logged_capacity_ratio": None, "contribution_reliability": None}
    facts |= {"zone": "unrated", "raw_zone": None, "zone_status": "unrated", "zone_status_reasons": "missing_criteria"}
    facts |= {"service_zone": None, "possible_zones": "development, maintain, protection, withdrawal"}
    facts |= {"recommended_action": "rate_first", "action_reason": "unrated", "rank_customer_value": 3}
    _insert(connection, "mart_portfolio", [_portfolio(UNRATED, "Straßenbau Müller GmbH", **facts)])
    _scores(connection, UNRATED, CUSTOMER_AXES, {"revenue_cagr_3y": "2", "payment": "5", "contribution_4": "4"})
    sources = [
        _source(UNRATED, "orders", "erp", has_data=False),
        _source(UNRATED, "open_items", "erp", has_data=False, is_delivered=False),
        _source(UNRATED, "ratings", "unmapped", has_data=False, is_mapped=False, note="no CRM in this company"),
    ]
    _insert(connection, "mart_data_coverage", sources)


def _lead(connection: duckdb.DuckDBPyConnection) -> None:
    zero = dict.fromkeys(
        name for name in MONEY if name.startswith(("gross", "revenue", "net", "cogs", "contribution_1"))
    )
    facts = {"relationship_type": "lead", "customer_status": "lead", "zone": "target_lead", "raw_zone": "target_lead"}
    facts |= {"service_zone": "target_lead", "possible_zones": "target_lead", "recommended_action": "target_lead"}
    _insert(connection, "mart_portfolio", [_portfolio(LEAD, "Wunschkunde Windkraft", **{**zero, **facts})])
    _scores(connection, LEAD, LEAD_AXES, {"achievable_gap": "5", "future_demand": "5", "access": "4", "chemistry": "4"})
    _insert(connection, "mart_data_coverage", [_source(LEAD, "orders", "erp", has_data=False)])


def _new(connection: duckdb.DuckDBPyConnection) -> None:
    facts = {**MONEY, "zone": "new_customer", "zone_status": "observation", "customer_status": "new"}
    facts |= {"service_zone": "new_customer", "action_reason": "observation", "recommended_action": "onboard"}
    _insert(
        connection, "mart_portfolio", [_portfolio(NEW, "Windräder Neu GmbH", raw_zone="protection", **_without(facts))]
    )
    _scores(connection, NEW, CUSTOMER_AXES, {"achievable_gap": "5", "payment": "5"})


def _without(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in facts.items() if name != "raw_zone"}


def _source(
    parent: str,
    name: str,
    system: str,
    *,
    has_data: bool,
    is_mapped: bool = True,
    is_delivered: bool = True,
    note: str | None = None,
) -> Row:
    return {
        "as_of_date": AS_OF,
        "ultimate_parent_id": parent,
        "source_name": name,
        "source_system": system,
        "is_mapped": is_mapped,
        "is_delivered": is_delivered and is_mapped,
        "has_data": has_data,
        "row_count": int(has_data),
        "coverage_note": note,
    }
