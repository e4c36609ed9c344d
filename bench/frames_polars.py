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

JUDGED_FROM = date(2023, 11, 30)
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
    """Level of a measure by its bounds, where it is known, for each month."""
    bounds, direction = BOUNDS[criterion]
    over = reduce(lambda a, b: a + b, [(col(value) >= bound).cast(pl.Int64) for bound in bounds])
    measure = col(value) / 100 if value == "gap" else col(value)
    return frame.filter(col(value).is_not_null()).select(
        "parent",
        "month",
        pl.lit(criterion).alias("criterion_id"),
        ((1 + over if direction == 1 else 5 - over) * WHOLE).alias("level"),
        measure.cast(pl.Float64).alias("measure"),
        pl.lit(None, dtype=pl.Date).alias("oldest"),
    )


def month_of(name: str) -> pl.Expr:
    """Months counted, so that windows are plain comparisons."""
    return (col(name).dt.year().cast(pl.Int32) * 12 + col(name).dt.month()).alias("month")


WEIGHTS = pl.DataFrame(
    [(axis, name, weight) for name, (axis, weight) in AXES.items()],
    schema=["axis", "criterion_id", "weight"],
    orient="row",
)


def axis_scores(known: pl.DataFrame) -> pl.DataFrame:
    """Both scores per month and parent of whom enough is known on both axes; the midpoint counts for what is not."""

    def of(axis: str, what: pl.Expr) -> pl.Expr:
        return what.filter(col("axis") == axis).sum()

    reached = quotient(col("weight") * (col("level") - WHOLE), 4_000_000)
    return (
        known.lazy()
        .join(WEIGHTS.lazy(), on="criterion_id")
        .group_by("month", "parent")
        .agg(
            *(
                (of(axis, reached) + 5000 * (100 - of(axis, col("weight")))).alias(axis)
                for axis in ("potential", "attractiveness")
            ),
            pl.min_horizontal(of("potential", col("weight")), of("attractiveness", col("weight"))).alias("least"),
        )
        .filter(col("least") >= 60)
        .drop("least")
        .collect(engine="streaming")
    )


def main(data: Path, folder: Path) -> None:
    """Write the results as Parquet files below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    rates = rates_of(data)
    firms = firms_of(data)
    months = pl.DataFrame({"end": pl.date_range(JUDGED_FROM, AS_OF, "1mo", eager=True).dt.month_end()}).with_columns(
        month_of("end")
    )
    first_month, last_month = months["month"].min(), months["month"].max()
    of_firm = firms.select("customer_id", "parent").lazy()

    def replayed(first: pl.Expr, last: pl.Expr) -> pl.Expr:
        """The judged months from one to another."""
        return pl.int_ranges(
            pl.max_horizontal(first, pl.lit(first_month)),
            pl.min_horizontal(last, pl.lit(last_month)) + 1,
            dtype=pl.Int32,
        ).alias("month")

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
    # Since when: the first invoice as the ERP has it, else the first line, which says nothing of whoever was there at once.
    first_lines = now(lines.group_by("customer_id").agg(col("posting_date").min().alias("first_line")))
    export_begins = first_lines["first_line"].min()
    by_invoice = (col("first_invoice_date") <= AS_OF).fill_null(False)
    parents = (
        firms.join(first_lines, on="customer_id", how="left")
        .group_by("parent")
        .agg(
            col("parent_id").first(),
            col("first_invoice_date").min(),
            col("first_line").min(),
            (col("relationship_type") == "customer").any().alias("is_customer"),
        )
        .filter("is_customer")
        .with_columns(
            pl.when(by_invoice).then("first_invoice_date").otherwise("first_line").alias("customer_since"),
            pl.min_horizontal("first_invoice_date", "first_line").alias("bought"),
        )
        .with_columns(
            (
                (col("customer_since") > date(2024, 12, 31))
                & (by_invoice | (col("customer_since") >= export_begins + timedelta(days=90)))
            )
            .fill_null(False)
            .alias("is_new")
        )
        .drop("first_invoice_date", "first_line", "is_customer")
    )
    sold = now(
        converted(lines.drop("cogs"), "posting_date")
        .join(article, on="product_id")
        .join(of_firm, on="customer_id")
        .select(
            "parent",
            "product",
            month_of("posting_date"),
            (in_euros("gross_list_amount") - in_euros("revenue_deductions")).alias("net"),
        )
        .group_by("parent", "product", "month")
        .agg(col("net").sum())
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
        .select("account_id", "customer_id", "parent")
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
            "demand_stage",
            "achievable_share",
            "valid_from",
            "recorded_at",
        ],
    )
    # Effective demand comes last, so that it is the one that is kept.
    estimates = now(
        converted(
            estimates.filter(
                (col("valid_from") <= AS_OF) & (col("recorded_at") <= KNOWN_AT) & (col("demand_stage") != "need")
            ),
            "valid_from",
        )
        .join(placed, on="account_id")
        .with_columns(
            in_euros("annual_demand").alias("demand"),
            col("product_group").str.slice(2).cast(pl.UInt8).alias("product"),
            (col("demand_stage") == "effective_demand").alias("is_effective"),
        )
        .sort("is_effective", "valid_from", "recorded_at")
    )

    def demanded_at(end: date) -> pl.DataFrame:
        in_use = estimates.filter(col("valid_from") <= end).unique(["account_id", "product"], keep="last")
        # The same on several accounts of one customer counts once.
        once = ["customer_id", "product", "annual_demand", "currency_code", "valid_from"]
        in_use = in_use.sort("account_id").unique(once, keep="first", maintain_order=True)
        return in_use.group_by("parent", "product").agg(
            col("demand").sum(),
            quotient((col("demand") * col("achievable_share")).sum(), 10_000).alias("reachable"),
            col("valid_from").min().alias("oldest"),
        )

    demanded = demanded_at(AS_OF)
    gaps = []
    for end, month in months.iter_rows():
        net = (
            sold.filter(col("month").is_between(month - 11, month)).group_by("parent", "product").agg(col("net").sum())
        )
        of_month = demanded_at(end).join(net, on=["parent", "product"], how="left")
        left = (col("reachable") - col("net").fill_null(0).clip(0)).clip(0)
        gaps.append(
            of_month.group_by("parent").agg(left.sum().alias("gap")).with_columns(month=pl.lit(month, pl.Int32))
        )
    gap = pl.concat(gaps)
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
        pl.when(is_known.any()).then(col("potential").sum()).alias("potential"),
        col("is_contradicted").any(),
        col("oldest").min().alias("oldest_estimate"),
    )

    items = read(
        data, "open_items", ["customer_id", "amount", "currency_code", "due_date", "cleared_date", "is_disputed"]
    )
    due, cleared = month_of("due_date"), month_of("cleared_date").fill_null(last_month)
    items = (
        converted(items.filter((col("due_date") <= AS_OF) & (col("amount") > 0) & ~col("is_disputed")), "due_date")
        .join(of_firm, on="customer_id")
        .select(
            "parent",
            in_euros("amount").alias("amount"),
            "due_date",
            "cleared_date",
            replayed(due, pl.max_horizontal(due, cleared) + 11),
        )
        .explode("month", empty_as_null=False, keep_nulls=False)
        .join(months.lazy(), on="month")
        .with_columns(
            (pl.min_horizontal(col("cleared_date").fill_null(AS_OF), col("end")) - col("due_date"))
            .dt.total_days()
            .clip(0)
            .alias("late")
        )
    )
    paid = now(
        items.group_by("parent", "month").agg(
            (col("amount") * col("late")).sum().alias("weighted"), col("amount").sum()
        )
    )
    paid = paid.select("parent", "month", ratio(col("weighted"), col("amount")).alias("days_beyond_terms"))

    ratings = read(
        data, "ratings", ["account_id", "criterion_id", "rater_id", "rated_by", "level", "valid_from", "recorded_at"]
    )
    ratings = now(
        ratings.filter((col("valid_from") <= AS_OF) & (col("recorded_at") <= KNOWN_AT) & (col("rated_by") == "staff"))
        .join(placed, on="account_id")
        .sort("valid_from", "recorded_at")
    )

    def rated_at(end: date, opinions: pl.DataFrame) -> pl.DataFrame:
        return now(
            opinions.lazy()
            .filter(col("valid_from") <= end)
            .unique(["account_id", "criterion_id", "rater_id"], keep="last", maintain_order=True)
            .drop_nulls("level")
            .group_by("parent", "criterion_id", "rater_id")
            .agg(
                quotient(col("level").sum() * WHOLE, pl.len().cast(pl.Int64)).alias("level"),
                col("valid_from").min().alias("oldest"),
            )
            .group_by("parent", "criterion_id")
            .agg(quotient(col("level").sum(), pl.len().cast(pl.Int64)).alias("level"), col("oldest").min())
        ).select(
            "parent", "criterion_id", "level", (col("level") / WHOLE).alias("measure"), "oldest", month=month_at(end)
        )

    def month_at(end: date) -> pl.Expr:
        return pl.lit(end.year * 12 + end.month, pl.Int32)

    rated = pl.concat([rated_at(end, ratings) for end in months["end"]])

    # Growth over three years where all of them are delivered; on last year for the date.
    total_of = sold.group_by("parent", "month").agg(col("net").sum())
    whole = months.filter(col("month") - 47 >= total_of["month"].min()).select(col("month").alias("last"))
    age = (col("last") - col("month")) // 12
    grown = (
        total_of.join(whole, how="cross")
        .filter(age.is_between(0, 3))
        .group_by("parent", "last")
        .agg(
            col("net").filter(age == 0).sum().alias("net_now"),
            *(
                pl.when((age == years).any()).then(col("net").filter(age == years).sum()).alias(name)
                for years, name in ((1, "last_year"), (3, "three_years_ago"))
            ),
        )
        .rename({"last": "month"})
    )
    base = col("three_years_ago")
    grown = grown.select(
        "parent",
        "month",
        pl.when(base.is_null() | (base <= 0))
        .then(None)
        .when(col("net_now") <= 0)
        .then(-1.0)
        .otherwise(((col("net_now") / base).pow(1 / 3) - 1).round(6))
        .alias("growth"),
        pl.when(col("last_year") > 0)
        .then(ratio(col("net_now") - col("last_year"), col("last_year")))
        .alias("growth_of_a_year"),
    )
    at_date = col("month") == last_month
    measured = (
        parents.join(contribution, on="parent")
        .join(grown.filter(at_date).drop("month"), on="parent", how="left")
        .join(paid.filter(at_date).drop("month"), on="parent", how="left")
        .join(wallets, on="parent", how="left")
    )
    bought = parents.select("parent", month_of("bought").alias("bought_from"))

    def known_levels(rated: pl.DataFrame) -> pl.DataFrame:
        """Level of each criterion that is known at the month ends; who has not bought yet is not judged."""
        known = [
            levels(gap, "achievable_gap", "gap"),
            levels(grown, "revenue_cagr_3y", "growth"),
            levels(paid, "payment", "days_beyond_terms"),
            rated,
        ]
        every = pl.concat(known, how="diagonal").join(bought, on="parent")
        return every.filter(col("bought_from") <= col("month")).drop("bought_from")

    every = known_levels(rated)
    known = every.filter(at_date).drop("month")
    # A side is the last one a score has said: at first from 50 on, later from 55 on high and below 45 low.
    scores = (
        axis_scores(every)
        .sort("parent", "month")
        .with_columns((col("month") == col("month").min().over("parent")).alias("is_first"))
    )

    def side(axis: str) -> pl.Expr:
        band = pl.when("is_first").then(0).otherwise(50_000)
        said = pl.when(col(axis) >= 500_000 + band).then(True).when(col(axis) < 500_000 - band).then(False)
        return said.drop_nulls().last().alias(f"is_{axis}_high")

    sides = scores.group_by("parent", maintain_order=True).agg(side("potential"), side("attractiveness"))
    # Without late ratings the plain zone would be another one, or none.
    is_late = col("recorded_at").dt.date() > AS_OF - timedelta(days=7)
    hurried = ratings.filter(is_late).select("parent").unique()
    unhurried = known_levels(rated_at(AS_OF, ratings.filter(~is_late).join(hurried, on="parent", how="semi")))
    plain = [
        axis_scores(levels.filter(at_date).join(hurried, on="parent", how="semi")).select(
            "parent", *(col(axis) >= 500_000 for axis in ("potential", "attractiveness"))
        )
        for levels in (every, unhurried)
    ]
    is_same = col("potential").eq_missing(col("potential_right")) & col("attractiveness").eq_missing(
        col("attractiveness_right")
    )
    unconfirmed = (
        plain[0].join(plain[1], on="parent", how="left").filter(~is_same).select("parent", is_unconfirmed=pl.lit(True))
    )
    criteria = (
        parents.drop_nulls("customer_since")
        .select("parent")
        .join(WEIGHTS, how="cross")
        .join(known, on=["parent", "criterion_id"], how="left")
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
    high_p, high_a = col("is_potential_high"), col("is_attractiveness_high")
    unsure = [(col(f"{axis}_low") < half) & (col(f"{axis}_high") >= half) for axis in ("potential", "attractiveness")]
    judged = (
        measured.join(scored, on="parent", how="left")
        .join(sides, on="parent", how="left")
        .join(unconfirmed, on="parent", how="left")
        .with_columns(
            pl.when(col("customer_since").is_null())
            .then(None)
            .when("is_new")
            .then(pl.lit("observation"))
            .when((col("potential_known") < 60) | (col("attractiveness_known") < 60))
            .then(pl.lit("unrated"))
            .when(
                unsure[0]
                | unsure[1]
                | col("is_contradicted").fill_null(False)
                | (col("oldest_estimate") < stale).fill_null(False)
                | (col("oldest_rating") < stale).fill_null(False)
                | col("is_unconfirmed").fill_null(False)
            )
            .then(pl.lit("provisional"))
            .otherwise(pl.lit("confirmed"))
            .alias("zone_status"),
            pl.when(col("customer_since").is_not_null())
            .then(
                250_000
                * sum((col("fourth") >= bound).cast(pl.Int64) for bound in (0, 1_000_000, 4_000_000, 10_000_000))
            )
            .alias("contribution_score"),
        )
        .with_columns(
            quotient(
                4 * col("contribution_score") + 3 * col("potential_score") + 3 * col("attractiveness_score"), 10
            ).alias("customer_value"),
            pl.when(col("customer_since").is_null())
            .then(pl.lit("never_bought"))
            .when(col("zone_status") == "observation")
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
    # Who never bought has no rank.
    ranked = (
        judged.drop_nulls("customer_since")
        .sort(["customer_value", "fourth", "parent_id"], descending=[True, True, False])
        .with_row_index("rank_customer_value", 1)
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
    ranked = pl.concat([ranked, judged.filter(col("customer_since").is_null())], how="diagonal")

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
    ranked.select(
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
        pl.when(col("whale_rank").is_null())
        .then(None)
        .when(col("net") <= 0)
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
