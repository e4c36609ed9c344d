"""The same core in Polars, lazily: `python frames_polars.py DATA OUT`, by any Python that has Polars; it imports nothing of the project.

Belongs here: what reference.sql computes, statement by statement in the same order and in the same whole units (cents, 1e-10, 1e-4).
"""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from pathlib import Path

import polars as pl
from polars import col

AS_OF, FIRST_DAY, KNOWN_AT = date(2025, 12, 31), date(2025, 1, 1), datetime(2026, 1, 2, 23, 59, 59)  # noqa: DTZ001 - deliveries are in UTC
SCALES = {
    **dict.fromkeys(("gross_list_amount", "revenue_deductions", "cogs", "amount", "annual_demand"), 100),
    "achievable_share": 10_000,
    "units_per_reporting_currency": 1_000_000,
}
WHOLE = 10_000_000_000
CENT = pl.lit(Decimal("0.01"), dtype=pl.Decimal(3, 2))
CRM = ("accounts", "activities", "potential_estimates", "ratings", "sales_reps")
AXES = {
    "achievable_gap": ("potential", 40),
    "future_demand": ("potential", 30),
    "revenue_cagr_3y": ("potential", 30),
    "access_decision_makers": ("attractiveness", 30),
    "process_maturity": ("attractiveness", 20),
    "chemistry": ("attractiveness", 20),
    "strategy_clarity": ("attractiveness", 10),
    "payment": ("attractiveness", 20),
}
BOUNDS = {
    "achievable_gap": ([500_000, 2_000_000, 5_000_000, 15_000_000], 1),
    "revenue_cagr_3y": ([-0.05, 0, 0.05, 0.15], 1),
    "payment": ([3, 8, 15, 30], -1),
}


def quotient(n: pl.Expr, d: pl.Expr | int) -> pl.Expr:
    """n / d, half away from zero; d > 0."""
    return (2 * n.abs() + d) // (2 * d) * n.sign()


def ratio(n: pl.Expr, d: pl.Expr) -> pl.Expr:
    """A quotient with six decimals; unknown where there is nothing to divide by."""
    return pl.when(d != 0).then((n / d).round(6))


def in_euros(name: str) -> pl.Expr:
    """Cents of a row's currency in euro cents."""
    return (
        pl.when(col("units") == 1_000_000)
        .then(col(name))
        .otherwise(quotient(col(name) * 1_000_000, col("units")))
        .cast(pl.Int64)
    )


def money(name: str, alias: str) -> pl.Expr:
    """Cents as decimals."""
    return (col(name).cast(pl.Decimal(20, 0)) * CENT).cast(pl.Decimal(18, 2)).alias(alias)


def points(name: str, alias: str) -> pl.Expr:
    """Whole 1e-4 as a number with four decimals."""
    return (col(name) / 10_000).round(4).alias(alias)


def read(data: Path, table: str, columns: list[str]) -> pl.LazyFrame:
    """Needed columns of a delivery, typed by their names."""
    path = data / "first" / ("crm" if table in CRM else "erp") / f"{table}_2026-01-02.csv"

    def typed(name: str) -> pl.Expr:
        if name in SCALES:
            return (col(name).cast(pl.Float64) * SCALES[name]).round(0).cast(pl.Int64)
        if name.endswith("_date") or name in ("valid_from", "valid_to"):
            return col(name).str.to_date("%Y-%m-%d")
        if name.endswith("_at"):
            return col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S")
        if name in ("level", "duration_minutes"):
            return col(name).cast(pl.Int64)
        if name == "is_disputed":
            return col(name) == "true"
        return col(name)

    return pl.scan_csv(path, infer_schema=False).select([typed(name) for name in columns])


def now(frame: pl.LazyFrame) -> pl.DataFrame:
    """Compute, in pieces where the engine can."""
    return frame.collect(engine="streaming")


def rates_of(data: Path) -> pl.LazyFrame:
    """Currency, day, units: a rate holds until the day before the next one, five days at most."""
    published = now(read(data, "exchange_rates", ["currency_code", "rate_date", "units_per_reporting_currency"])).sort(
        "rate_date"
    )
    days = pl.DataFrame({"day": pl.date_range(date(2021, 12, 20), date(2025, 12, 31), eager=True)})
    every = days.join(published.select("currency_code").unique(), how="cross").sort("day")
    held = every.join_asof(
        published,
        left_on="day",
        right_on="rate_date",
        by="currency_code",
        tolerance=timedelta(days=5),
        check_sortedness=False,
    )
    foreign = held.drop_nulls().select("currency_code", "day", col("units_per_reporting_currency").alias("units"))
    euro = days.select(pl.lit("EUR").alias("currency_code"), "day", pl.lit(1_000_000, dtype=pl.Int64).alias("units"))
    return pl.concat([foreign, euro]).lazy()


def firms_of(data: Path) -> pl.DataFrame:
    """Every customer and the top of its group."""
    columns = ["customer_id", "parent_id", "valid_from", "valid_to"]
    valid = (col("valid_from") <= AS_OF) & (col("valid_to").is_null() | (col("valid_to") >= AS_OF))
    links = now(read(data, "customer_parents", columns).filter(valid)).sort("valid_from", "parent_id")
    links = links.unique("customer_id", keep="last", maintain_order=True).select("customer_id", "parent_id")
    upwards = links.rename({"customer_id": "parent_id", "parent_id": "above"})
    tops = links
    for _ in range(10):
        tops = tops.join(upwards, on="parent_id", how="left").select(
            "customer_id", pl.coalesce("above", "parent_id").alias("parent_id")
        )
    customers = now(read(data, "customers", ["customer_id", "relationship_type", "first_invoice_date"]))
    firms = customers.join(tops, on="customer_id", how="left").with_columns(
        pl.coalesce("parent_id", "customer_id").alias("parent_id")
    )
    return firms.with_columns((col("parent_id").rank("dense") - 1).cast(pl.Int32).alias("parent"))


def levels(frame: pl.DataFrame, criterion: str, value: str) -> pl.DataFrame:
    """Level of a measure by its bounds."""
    bounds, direction = BOUNDS[criterion]
    over = reduce(lambda a, b: a + b, [(col(value) >= bound).cast(pl.Int64) for bound in bounds])
    measure = col(value) / 100 if value == "gap" else col(value)
    return frame.filter(col(value).is_not_null()).select(
        "parent",
        pl.lit(criterion).alias("criterion_id"),
        ((1 + over if direction == 1 else 5 - over) * WHOLE).alias("level"),
        measure.cast(pl.Float64).alias("measure"),
        pl.lit(None, dtype=pl.Date).alias("oldest"),
    )


def main(data: Path, folder: Path) -> None:
    """Write the results as Parquet files below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    rates = rates_of(data)
    firms = firms_of(data)
    parents = (
        firms.group_by("parent")
        .agg(
            col("parent_id").first(),
            col("first_invoice_date").min().alias("customer_since"),
            (col("relationship_type") == "customer").any().alias("is_customer"),
        )
        .filter("is_customer")
    )
    of_firm = firms.select("customer_id", "parent").lazy()
    article = read(data, "products", ["product_id", "product_group"]).select(
        "product_id", col("product_group").str.slice(2).cast(pl.UInt8).alias("product")
    )

    def converted(frame: pl.LazyFrame, day: str) -> pl.LazyFrame:
        return frame.join(rates, left_on=["currency_code", day], right_on=["currency_code", "day"])

    amounts = ["gross_list_amount", "revenue_deductions", "cogs"]
    lines = read(data, "invoice_lines", ["posting_date", "customer_id", "product_id", "currency_code", *amounts])
    window = converted(lines.filter(col("posting_date").is_between(FIRST_DAY, AS_OF)), "posting_date").join(
        article, on="product_id"
    )
    booked = now(
        window.select(
            "customer_id",
            col("posting_date").dt.month().cast(pl.UInt8).alias("month"),
            "product",
            in_euros("gross_list_amount").alias("gross"),
            in_euros("revenue_deductions").alias("deducted"),
            in_euros("cogs").alias("cost"),
        )
        .group_by("customer_id", "month", "product")
        .agg(col("gross", "deducted", "cost").sum())
    )
    before = lines.filter(col("posting_date").dt.year().is_in([2022, 2024])).drop("product_id", "cogs")
    earlier = now(
        converted(before, "posting_date")
        .select(
            "customer_id",
            col("posting_date").dt.year().alias("year"),
            (in_euros("gross_list_amount") - in_euros("revenue_deductions")).alias("net"),
        )
        .group_by("customer_id", "year")
        .agg(col("net").sum())
        .join(of_firm, on="customer_id")
        .group_by("parent")
        .agg(
            pl.when((col("year") == 2022).any())
            .then(col("net").filter(col("year") == 2022).sum())
            .alias("three_years_ago"),
            pl.when((col("year") == 2024).any()).then(col("net").filter(col("year") == 2024).sum()).alias("last_year"),
        )
    )
    revenue = (
        booked.join(firms.select("customer_id", "parent"), on="customer_id", how="left")
        .group_by("parent", "product")
        .agg(col("gross", "deducted", "cost").sum())
    )

    costs = read(data, "direct_costs", ["customer_id", "cost_type", "posting_date", "amount", "currency_code"])
    costs = converted(costs.filter(col("posting_date").is_between(FIRST_DAY, AS_OF)), "posting_date").with_columns(
        in_euros("amount").alias("amount")
    )
    charged = now(
        costs.join(of_firm, on="customer_id", how="left")
        .group_by("parent", col("posting_date").dt.month().cast(pl.UInt8).alias("month"))
        .agg(
            col("amount").filter(col("cost_type") == "marketing").sum().alias("marketing"),
            col("amount").filter(col("cost_type") != "marketing").sum().alias("logistics"),
        )
    )
    placed = (
        now(read(data, "accounts", ["account_id", "customer_id"]).join(of_firm, on="customer_id"))
        .select("account_id", "parent")
        .lazy()
    )
    activities = read(
        data,
        "activities",
        ["activity_id", "account_id", "activity_type", "activity_at", "recorded_at", "duration_minutes", "rep_id"],
    )
    in_window = (
        (col("activity_at") >= FIRST_DAY)
        & (col("activity_at") < AS_OF + timedelta(days=1))
        & (col("recorded_at") <= KNOWN_AT)
    )
    standard = pl.LazyFrame(
        {"activity_type": ["visit", "call", "email"], "standard": [240, 20, 10], "rate": [8000, 4000, 4000]}
    )
    visited = now(
        activities.filter(in_window)
        .join(placed, on="account_id")
        .group_by("parent", "activity_type", "rep_id", "activity_at")
        .agg(col("duration_minutes").sort_by("activity_id").first())
        .join(standard, on="activity_type")
        .with_columns(quotient(pl.coalesce("duration_minutes", "standard") * col("rate"), 60).alias("sales"))
        .group_by("parent")
        .agg(col("sales").sum())
    )
    contribution = (
        parents.select("parent")
        .join(revenue.group_by("parent").agg(col("gross", "deducted", "cost").sum()), on="parent", how="left")
        .join(charged.group_by("parent").agg(col("marketing", "logistics").sum()), on="parent", how="left")
        .join(visited, on="parent", how="left")
        .fill_null(0)
        .with_columns((col("gross") - col("deducted")).alias("net"))
        .with_columns((col("net") - col("cost")).alias("first"))
        .with_columns((col("first") - col("marketing")).alias("second"))
        .with_columns((col("second") - col("sales")).alias("third"))
        .with_columns((col("third") - col("logistics")).alias("fourth"))
    )

    estimates = read(
        data,
        "potential_estimates",
        [
            "account_id",
            "product_group",
            "annual_demand",
            "currency_code",
            "achievable_share",
            "valid_from",
            "recorded_at",
        ],
    )
    estimates = estimates.filter((col("valid_from") <= AS_OF) & (col("recorded_at") <= KNOWN_AT)).sort(
        "valid_from", "recorded_at"
    )
    estimates = estimates.unique(["account_id", "product_group"], keep="last", maintain_order=True)
    demanded = now(
        converted(estimates, "valid_from")
        .join(placed, on="account_id")
        .with_columns(in_euros("annual_demand").alias("demand"))
        .group_by("parent", col("product_group").str.slice(2).cast(pl.UInt8).alias("product"))
        .agg(
            col("demand").sum(),
            (col("demand") * col("achievable_share")).sum().alias("reachable"),
            col("valid_from").min().alias("oldest"),
        )
    ).with_columns(quotient(col("reachable"), 10_000).alias("reachable"))
    wallet = demanded.join(
        revenue.filter(col("parent").is_not_null()), on=["parent", "product"], how="full", coalesce=True
    )
    wallet = wallet.with_columns((col("gross") - col("deducted")).fill_null(0).alias("net")).with_columns(
        col("net").clip(0).alias("positive")
    )
    is_known = col("demand").is_not_null()
    wallet = wallet.with_columns(
        pl.when(is_known).then((col("reachable") - col("positive")).clip(0)).alias("gap"),
        pl.when(is_known)
        .then(pl.max_horizontal("net", col("reachable")))
        .otherwise(col("positive"))
        .alias("potential"),
        pl.when(is_known).then(pl.min_horizontal("positive", "demand")).alias("capped"),
        (col("net") * 10 > col("demand") * 11).fill_null(False).alias("is_contradicted"),
    )
    wallets = wallet.group_by("parent").agg(
        *(
            pl.when(is_known.any()).then(col(name).filter(is_known).sum()).alias(name)
            for name in ("demand", "gap", "capped")
        ),
        pl.when(is_known.any()).then(col("net").filter(is_known).sum()).alias("demanded_revenue"),
        col("potential").sum(),
        col("is_contradicted").any(),
        col("oldest").min().alias("oldest_estimate"),
    )

    items = read(
        data, "open_items", ["customer_id", "amount", "currency_code", "due_date", "cleared_date", "is_disputed"]
    )
    items = converted(
        items.filter(
            (col("due_date") <= AS_OF)
            & (col("amount") > 0)
            & ~col("is_disputed")
            & ((col("due_date") >= FIRST_DAY) | col("cleared_date").is_null() | (col("cleared_date") >= FIRST_DAY))
        ),
        "due_date",
    ).with_columns(
        in_euros("amount").alias("amount"),
        (pl.min_horizontal(col("cleared_date").fill_null(AS_OF), pl.lit(AS_OF)) - col("due_date"))
        .dt.total_days()
        .clip(0)
        .alias("late"),
    )
    paid = now(
        items.join(of_firm, on="customer_id")
        .group_by("parent")
        .agg((col("amount") * col("late")).sum().alias("weighted"), col("amount").sum())
    )
    paid = paid.select("parent", ratio(col("weighted"), col("amount")).alias("days_beyond_terms"))

    ratings = read(
        data, "ratings", ["account_id", "criterion_id", "rater_id", "rated_by", "level", "valid_from", "recorded_at"]
    )
    ratings = ratings.filter(
        (col("valid_from") <= AS_OF) & (col("recorded_at") <= KNOWN_AT) & (col("rated_by") == "staff")
    ).sort("valid_from", "recorded_at")
    words = (
        ratings.unique(["account_id", "criterion_id", "rater_id"], keep="last", maintain_order=True)
        .drop_nulls("level")
        .join(placed, on="account_id")
    )
    per_rater = words.group_by("parent", "criterion_id", "rater_id").agg(
        quotient(col("level").sum() * WHOLE, pl.len().cast(pl.Int64)).alias("level"),
        col("valid_from").min().alias("oldest"),
    )
    rated = now(
        per_rater.group_by("parent", "criterion_id").agg(
            quotient(col("level").sum(), pl.len().cast(pl.Int64)).alias("level"), col("oldest").min()
        )
    )

    measured = (
        parents.join(contribution, on="parent")
        .join(earlier, on="parent", how="left")
        .join(paid, on="parent", how="left")
        .join(wallets, on="parent", how="left")
    )
    base = col("three_years_ago")
    measured = measured.with_columns(
        pl.when(base.is_null() | (base <= 0))
        .then(None)
        .when(col("net") <= 0)
        .then(-1.0)
        .otherwise(((col("net") / base).pow(1 / 3) - 1).round(6))
        .alias("growth"),
        pl.when(col("last_year") > 0)
        .then(ratio(col("net") - col("last_year"), col("last_year")))
        .alias("growth_of_a_year"),
    )
    known = pl.concat(
        [
            levels(measured, "achievable_gap", "gap"),
            levels(measured, "revenue_cagr_3y", "growth"),
            levels(measured, "payment", "days_beyond_terms"),
            rated.select("parent", "criterion_id", "level", (col("level") / WHOLE).alias("measure"), "oldest"),
        ]
    )
    weighted = pl.DataFrame(
        [(axis, name, weight) for name, (axis, weight) in AXES.items()],
        schema=["axis", "criterion_id", "weight"],
        orient="row",
    )
    criteria = (
        parents.select("parent").join(weighted, how="cross").join(known, on=["parent", "criterion_id"], how="left")
    )
    criteria = criteria.with_columns(
        quotient(col("weight") * (col("level") - WHOLE), 4_000_000).alias("reached")
    ).with_columns(
        col("reached").fill_null(col("weight") * 5000).alias("points"),
        col("reached").fill_null(0).alias("points_low"),
        col("reached").fill_null(col("weight") * 10_000).alias("points_high"),
    )

    def of_axis(axis: str) -> list[pl.Expr]:
        on_axis = col("axis") == axis
        return [
            col("points").filter(on_axis).sum().alias(f"{axis}_score"),
            col("points_low").filter(on_axis).sum().alias(f"{axis}_low"),
            col("points_high").filter(on_axis).sum().alias(f"{axis}_high"),
            col("weight").filter(on_axis & col("level").is_not_null()).sum().alias(f"{axis}_known"),
        ]

    scored = criteria.group_by("parent").agg(
        *of_axis("potential"), *of_axis("attractiveness"), col("oldest").min().alias("oldest_rating")
    )
    all_first, all_net = measured["first"].sum(), measured["net"].sum()
    half, stale = 500_000, date(2024, 1, 1)
    high_p, high_a = col("potential_score") >= half, col("attractiveness_score") >= half
    unsure = [(col(f"{axis}_low") < half) & (col(f"{axis}_high") >= half) for axis in ("potential", "attractiveness")]
    judged = (
        measured.join(scored, on="parent")
        .with_columns(
            pl.when(col("customer_since").is_null() | (col("customer_since") > date(2024, 12, 31)))
            .then(pl.lit("observation"))
            .when((col("potential_known") < 60) | (col("attractiveness_known") < 60))
            .then(pl.lit("unrated"))
            .when(
                unsure[0]
                | unsure[1]
                | col("is_contradicted").fill_null(False)
                | (col("oldest_estimate") < stale).fill_null(False)
                | (col("oldest_rating") < stale).fill_null(False)
            )
            .then(pl.lit("provisional"))
            .otherwise(pl.lit("confirmed"))
            .alias("zone_status"),
            (
                250_000
                * sum((col("fourth") >= bound).cast(pl.Int64) for bound in (0, 1_000_000, 4_000_000, 10_000_000))
            ).alias("contribution_score"),
        )
        .with_columns(
            quotient(
                4 * col("contribution_score") + 3 * col("potential_score") + 3 * col("attractiveness_score"), 10
            ).alias("customer_value"),
            pl.when(col("zone_status") == "observation")
            .then(pl.lit("new_customer"))
            .when(col("zone_status") == "unrated")
            .then(pl.lit("unrated"))
            .when(high_p & high_a)
            .then(pl.lit("protection"))
            .when(high_p)
            .then(pl.lit("development"))
            .when(high_a)
            .then(pl.lit("maintain"))
            .otherwise(pl.lit("withdrawal"))
            .alias("zone"),
            pl.when((col("net") > 0) & (col("first") > 0))
            .then(quotient(col("gap").cast(pl.Int128) * col("first"), col("net").cast(pl.Int128)))
            .otherwise(quotient(col("gap").cast(pl.Int128) * all_first, pl.lit(all_net, dtype=pl.Int128)))
            .cast(pl.Int64)
            .alias("potential_contribution"),
        )
    )
    ranked = judged.sort(["customer_value", "fourth", "parent_id"], descending=[True, True, False]).with_row_index(
        "rank_customer_value", 1
    )
    ranked = ranked.sort(["net", "parent_id"], descending=[True, False]).with_columns(
        col("net").clip(0).cum_sum().shift(1, fill_value=0).alias("net_before")
    )
    ranked = (
        ranked.sort(["fourth", "parent_id"], descending=[True, False])
        .with_row_index("whale_rank", 1)
        .with_columns(col("fourth").cum_sum().alias("cumulative"))
    )
    total, positive = ranked["fourth"].sum(), ranked["net"].clip(0).sum()

    booked.select(
        "customer_id",
        "month",
        "product",
        money("gross", "gross_list_revenue"),
        money("deducted", "revenue_deductions"),
        (col("gross") - col("deducted")).alias("net"),
        money("cost", "cogs"),
        (col("gross") - col("deducted") - col("cost")).alias("first"),
    ).with_columns(money("net", "net_revenue"), money("first", "contribution_1")).drop("net", "first").write_parquet(
        folder / "customer_months.parquet"
    )
    names = {
        "gross": "gross_list_revenue",
        "deducted": "revenue_deductions",
        "net": "net_revenue",
        "cost": "cogs",
        "first": "contribution_1",
        "marketing": "marketing_cost",
        "second": "contribution_2",
        "sales": "sales_cost",
        "third": "contribution_3",
        "logistics": "service_logistics_cost",
        "fourth": "contribution_4",
        "demand": "annual_demand",
        "gap": "achievable_gap",
        "potential_contribution": "potential_contribution",
        "cumulative": "cumulative_contribution",
    }
    ranked.with_columns(col("potential").fill_null(0)).select(
        "parent_id",
        *(money(name, alias) for name, alias in names.items()),
        money("potential", "potential_revenue"),
        pl.when(col("net") > 0).then(ratio(col("fourth"), col("net"))).alias("contribution_4_margin_ratio"),
        ratio(col("demanded_revenue"), col("demand")).alias("sow_raw_ratio"),
        ratio(col("capped"), col("demand")).alias("sow_capped_ratio"),
        col("growth").alias("revenue_cagr_3y"),
        col("growth_of_a_year").alias("revenue_yoy"),
        col("days_beyond_terms").alias("weighted_days_beyond_terms"),
        points("potential_score", "potential_score"),
        points("potential_low", "potential_score_low"),
        points("potential_high", "potential_score_high"),
        col("potential_known").alias("potential_coverage_points"),
        points("attractiveness_score", "attractiveness_score"),
        points("attractiveness_low", "attractiveness_score_low"),
        points("attractiveness_high", "attractiveness_score_high"),
        col("attractiveness_known").alias("attractiveness_coverage_points"),
        "zone",
        "zone_status",
        points("contribution_score", "contribution_score"),
        points("customer_value", "customer_value_score"),
        "rank_customer_value",
        "whale_rank",
        pl.when(col("net") <= 0)
        .then(pl.lit("C"))
        .when(col("net_before") * 10 < positive * 8)
        .then(pl.lit("A"))
        .when(col("net_before") * 10 < positive * 9)
        .then(pl.lit("B"))
        .otherwise(pl.lit("C"))
        .alias("abc_class"),
        pl.when(pl.lit(total) > 0).then((col("cumulative") / total).round(6)).alias("cumulative_contribution_ratio"),
    ).write_parquet(folder / "customers.parquet")
    named = parents.select("parent", "parent_id")
    wallet.join(named, on="parent").select(
        "parent_id",
        "product",
        money("demand", "annual_demand"),
        money("net", "net_revenue"),
        money("gap", "achievable_gap"),
        money("potential", "potential_revenue"),
    ).write_parquet(folder / "wallet.parquet")
    criteria.join(named, on="parent").select(
        "parent_id",
        "axis",
        "criterion_id",
        "weight",
        "measure",
        (quotient(col("level"), 1_000_000) / 10_000).round(4).alias("level"),
        points("points", "points"),
        points("points_low", "points_low"),
        points("points_high", "points_high"),
    ).write_parquet(folder / "criteria.parquet")
    groups = {
        "gross": "gross_list_revenue",
        "deducted": "revenue_deductions",
        "cost": "cogs",
        "marketing": "marketing",
        "logistics": "service_logistics",
    }
    totals = pl.concat(
        [
            booked.group_by("month").agg(col("gross", "deducted", "cost").sum()).unpivot(index="month"),
            charged.group_by("month").agg(col("marketing", "logistics").sum()).unpivot(index="month"),
        ]
    ).with_columns(
        col("variable").replace(groups).alias("account_group"),
        ("2025-" + col("month").cast(pl.String).str.zfill(2)).alias("period"),
    )
    ledger = now(read(data, "ledger_totals", ["period", "account_group", "amount"]))
    totals.join(ledger, on=["period", "account_group"]).with_columns(
        (col("value") - col("amount")).alias("difference")
    ).select(
        "period", "account_group", money("value", "total"), money("amount", "ledger"), money("difference", "difference")
    ).write_parquet(folder / "reconciliation.parquet")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
