"""The same core in pandas, in whole columns: `python frames_pandas.py DATA OUT`, by any Python that has pandas and pyarrow.

Belongs here: what reference.sql computes, statement by statement in the same order and in the same whole units (cents, 1e-10, 1e-4).
The months before are replayed one after the other, by the functions that compute the date.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

AS_OF, FIRST_DAY = pd.Timestamp("2025-12-31"), pd.Timestamp("2025-01-01")
JUDGED = pd.date_range("2023-11-30", AS_OF, freq="ME")
END, KNOWN_AT, STALE = pd.Timestamp("2026-01-01"), pd.Timestamp("2026-01-02 23:59:59"), pd.Timestamp("2024-01-01")
SCALES = {
    **dict.fromkeys(("gross_list_amount", "revenue_deductions", "cogs", "amount", "annual_demand"), 100),
    "achievable_share": 10_000,
    "units_per_reporting_currency": 1_000_000,
}
FEW = ("currency_code", "product_id", "cost_type", "activity_type", "criterion_id", "product_group", "demand_stage")
WHOLE = 10_000_000_000
CRM = ("accounts", "activities", "potential_estimates", "ratings", "sales_reps")
CRITERIA = pd.DataFrame(
    [
        ("potential", "achievable_gap", 40),
        ("potential", "future_demand", 30),
        ("potential", "revenue_cagr_3y", 30),
        ("attractiveness", "access_decision_makers", 30),
        ("attractiveness", "process_maturity", 20),
        ("attractiveness", "chemistry", 20),
        ("attractiveness", "strategy_clarity", 10),
        ("attractiveness", "payment", 20),
    ],
    columns=["axis", "criterion_id", "weight"],
)


def quotient(n, d):
    """n / d, half away from zero; d > 0, whole numbers."""
    return (2 * np.abs(n) + d) // (2 * d) * np.sign(n)


def exact_quotient(n, factor, d):
    """n * factor / d where the product is larger than a machine word: Python's whole numbers, a column of objects."""
    return quotient(n.astype(object) * factor, d)


def is_date(name):
    """Whether a column's name says that it holds a day or a moment."""
    return name.endswith(("_date", "_at")) or name in ("valid_from", "valid_to")


def read(data, table, columns):
    """Needed columns of a delivery, typed by their names."""
    path = data / "first" / ("crm" if table in CRM else "erp") / f"{table}_2026-01-02.csv"
    kinds = {
        name: "float64" if name in SCALES else "Int64" if name in ("level", "duration_minutes") else "str"
        for name in columns
        if not is_date(name)
    }
    if "is_disputed" in kinds:
        kinds["is_disputed"] = "bool"
    frame = pd.read_csv(
        path, usecols=columns, engine="pyarrow", dtype=kinds, parse_dates=[name for name in columns if is_date(name)]
    )
    for name in columns:
        if name in SCALES:
            frame[name] = (frame[name] * SCALES[name]).round().astype("int64")
        elif name in FEW:
            frame[name] = frame[name].astype("category")
    return frame


class Rates:
    """Units of a currency per euro and day, as an array: day x currency."""

    start = np.datetime64("2021-12-20")

    def __init__(self, data):
        """Read the published ones; a rate holds until the day before the next one, five days at most."""
        days = pd.DataFrame({"rate_date": pd.date_range(self.start, AS_OF).astype("datetime64[s]")})
        published = read(data, "exchange_rates", ["currency_code", "rate_date", "units_per_reporting_currency"])
        published["rate_date"] = published.rate_date.astype("datetime64[s]")
        self.by_currency = {"EUR": np.full(len(days), 1_000_000)}
        for currency, of in published.groupby("currency_code", observed=True):
            held = pd.merge_asof(days, of.sort_values("rate_date"), on="rate_date", tolerance=pd.Timedelta("5D"))
            self.by_currency[currency] = held.units_per_reporting_currency.fillna(0).astype("int64").to_numpy()

    def units(self, days, currencies):
        """The units for each row."""
        table = np.stack([self.by_currency[name] for name in currencies.cat.categories])
        return table[
            currencies.cat.codes.to_numpy(), (days.to_numpy().astype("datetime64[D]") - self.start).astype(int)
        ]


def in_euros(cents, units):
    """Cents of a row's currency in euro cents."""
    cents = np.asarray(cents)
    return np.where(units == 1_000_000, cents, quotient(cents * 1_000_000, units))


def decimal(values, scale):
    """Whole numbers of the last digit as decimals; unknown stays unknown."""
    whole = pa.array(pd.array(values, dtype="Int64")).cast(pa.decimal128(19, 0))
    one = pa.scalar("0." + "0" * (scale - 1) + "1").cast(pa.decimal128(scale + 1, scale))
    return pc.multiply(whole, one)


def write(folder, name, columns):
    """One result: column -> array of pandas or Arrow."""
    arrays = [
        column if isinstance(column, pa.Array | pa.ChunkedArray) else pa.array(column, from_pandas=True)
        for column in columns.values()
    ]
    pq.write_table(pa.table(dict(zip(columns, arrays, strict=True))), folder / f"{name}.parquet")


def ratio(n, d):
    """A quotient with six decimals; unknown where there is nothing to divide by."""
    return (n.astype("float64") / d.astype("float64").replace(0, np.nan)).round(6)


def month_of(days):
    """Months counted, so that windows are plain comparisons."""
    return days.dt.year * 12 + days.dt.month


def mean_levels(words):
    """Level per parent and criterion: the mean of a rater's accounts, then of the raters. `words` are the last ones of each."""
    words = words[words.level.notna()].astype({"level": "int64"})
    of_rater = words.groupby(["parent", "criterion_id", "rater_id"]).agg(
        total=("level", "sum"), count=("level", "size"), oldest=("valid_from", "min")
    )
    of_rater["level"] = quotient(of_rater.total * WHOLE, of_rater["count"])
    rated = (
        of_rater.groupby(["parent", "criterion_id"])
        .agg(total=("level", "sum"), count=("level", "size"), oldest=("oldest", "min"))
        .reset_index()
    )
    rated["level"] = quotient(rated.total, rated["count"])
    rated["measure"] = rated.level / WHOLE
    return rated[["parent", "criterion_id", "level", "measure", "oldest"]]


def level(criterion, values, bounds, direction, measure):
    """Level of a measure by its bounds, where it is known."""
    over = np.searchsorted(bounds, values.dropna(), side="right")
    reached = (1 + over if direction == 1 else 5 - over) * WHOLE
    return pd.DataFrame(
        {
            "parent": values.dropna().index,
            "criterion_id": criterion,
            "level": reached,
            "measure": measure[values.notna()].to_numpy(),
        }
    )


def axis_scores(known):
    """Both scores of each parent of whom enough is known on both axes; the midpoint counts for what is not."""
    known = known.merge(CRITERIA, on="criterion_id")
    known["reached"] = quotient(known.weight * (known.level - WHOLE), 4_000_000)
    sums = known.groupby(["parent", "axis"])[["reached", "weight"]].sum().unstack(fill_value=0)
    sums = sums[(sums.weight >= 60).all(axis=1)]
    return sums.reached + 5000 * (100 - sums.weight)


def firms_of(data):
    """Every customer with the top of its group, and the tops' names by number."""
    firms = read(data, "customers", ["customer_id", "relationship_type", "first_invoice_date"])
    links = read(data, "customer_parents", ["customer_id", "parent_id", "valid_from", "valid_to"])
    links = links[(links.valid_from <= AS_OF) & (links.valid_to.isna() | (links.valid_to >= AS_OF))]
    above = (
        links.sort_values(["valid_from", "parent_id"])
        .drop_duplicates("customer_id", keep="last")
        .set_index("customer_id")
        .parent_id
    )
    tops = above
    for _ in range(10):
        tops = tops.map(above).fillna(tops)
    firms["parent_id"] = firms.customer_id.map(tops).fillna(firms.customer_id)
    firms["parent"], names = pd.factorize(firms.parent_id, sort=True)
    return firms, np.asarray(names)


def main(data: Path, folder: Path) -> None:
    """Write the results as Parquet files below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    rates = Rates(data)
    firms, names = firms_of(data)
    place = pd.Index(firms.customer_id)
    parent_of = np.append(firms.parent.to_numpy(), -1)  # -1: nobody's

    def parents_of(customers):
        return parent_of[place.get_indexer(customers)]

    grouped = firms.groupby("parent")
    customers = pd.DataFrame(
        {
            "since": grouped.first_invoice_date.min(),
            "is_customer": (firms.relationship_type == "customer").groupby(firms.parent).any(),
        }
    )
    customers = customers[customers.is_customer].drop(columns="is_customer")

    # Revenue.
    products = read(data, "products", ["product_id", "product_group"])
    product_of = dict(zip(products.product_id, products.product_group.astype(str).str[2:].astype(int), strict=True))
    lines = read(
        data,
        "invoice_lines",
        [
            "posting_date",
            "customer_id",
            "product_id",
            "currency_code",
            "gross_list_amount",
            "revenue_deductions",
            "cogs",
        ],
    )
    units = rates.units(lines.posting_date, lines.currency_code)
    lines["gross"], lines["deducted"] = (
        in_euros(lines.gross_list_amount, units),
        in_euros(lines.revenue_deductions, units),
    )
    inside = (lines.posting_date >= FIRST_DAY).to_numpy() & (lines.posting_date <= AS_OF).to_numpy()
    window = lines.loc[inside, ["customer_id", "gross", "deducted"]].copy()
    window["cost"] = in_euros(lines.cogs[inside], units[inside])
    window["month"] = lines.posting_date[inside].dt.month
    window["product"] = lines.product_id[inside].map(product_of).astype("int64")
    window["firm"], ids = pd.factorize(window.customer_id)
    window["key"] = (window.firm * 13 + window.month) * 100 + window["product"]
    booked = window.groupby("key", sort=False)[["gross", "deducted", "cost"]].sum().reset_index()
    booked["customer_id"] = np.asarray(ids)[booked.key // 1300]
    booked["month"], booked["product"] = booked.key // 100 % 13, booked.key % 100
    sold = pd.DataFrame(
        {
            "parent": parents_of(lines.customer_id),
            "product": lines.product_id.map(product_of).astype("int64"),
            "month": month_of(lines.posting_date),
            "net": lines.gross - lines.deducted,
        }
    )
    sold = sold[sold.parent >= 0].groupby(["parent", "product", "month"], sort=False).net.sum().reset_index()
    total_of = sold.groupby(["month", "parent"]).net.sum().reset_index()
    first_lines = lines.groupby("customer_id").posting_date.min()
    first_line = first_lines.groupby(parents_of(first_lines.index)).min().reindex(customers.index)
    del lines, window
    booked["parent"] = parents_of(booked.customer_id)
    revenue = booked.groupby(["parent", "product"])[["gross", "deducted", "cost"]].sum().reset_index()
    revenue["net"] = revenue.gross - revenue.deducted

    # Costs.
    costs = read(data, "direct_costs", ["customer_id", "cost_type", "posting_date", "amount", "currency_code"])
    costs = costs[(costs.posting_date >= FIRST_DAY) & (costs.posting_date <= AS_OF)]
    costs = costs.assign(
        amount=in_euros(costs.amount, rates.units(costs.posting_date, costs.currency_code)),
        parent=parents_of(costs.customer_id),
        month=costs.posting_date.dt.month,
    )
    charged = costs.pivot_table(index="parent", columns="cost_type", values="amount", aggfunc="sum", observed=True)
    accounts = read(data, "accounts", ["account_id", "customer_id"]).dropna()
    account_place, account_parents = pd.Index(accounts.account_id), np.append(parents_of(accounts.customer_id), -1)

    def parents_of_accounts(ids):
        return account_parents[account_place.get_indexer(ids)]

    # Since when: the first invoice as the ERP has it, else the first line, which says nothing of whoever was there at once.
    customers["bought"] = pd.concat([customers.since, first_line], axis=1).min(axis=1)
    by_invoice = customers.since <= AS_OF
    customers["since"] = customers.since.where(by_invoice, first_line)
    is_aged = ~by_invoice & (customers.since < first_lines.min() + pd.Timedelta(days=90))
    customers["is_new"] = (customers.since > pd.Timestamp("2024-12-31")) & ~is_aged

    visits = read(
        data,
        "activities",
        ["activity_id", "account_id", "activity_type", "activity_at", "recorded_at", "duration_minutes", "rep_id"],
    )
    visits = visits[(visits.activity_at >= FIRST_DAY) & (visits.activity_at < END) & (visits.recorded_at <= KNOWN_AT)]
    visits = visits.assign(parent=parents_of_accounts(visits.account_id))
    visits = (
        visits[visits.parent >= 0]
        .sort_values("activity_id")
        .drop_duplicates(["parent", "activity_type", "rep_id", "activity_at"])
    )
    kind = visits.activity_type.astype(str)
    minutes = (
        visits.duration_minutes.astype("float64")
        .fillna(kind.map({"visit": 240, "call": 20, "email": 10}))
        .astype("int64")
    )
    visited = quotient(minutes * np.where(kind == "visit", 8000, 4000), 60).groupby(visits.parent).sum()
    base = customers.join(revenue.groupby("parent")[["gross", "deducted", "cost", "net"]].sum())
    base["marketing"], base["sales"], base["logistics"] = charged.marketing, visited, charged.service_logistics
    whole = ["gross", "deducted", "cost", "net", "marketing", "sales", "logistics"]
    base[whole] = base[whole].fillna(0).astype("int64")
    base["first"] = base.net - base.cost
    base["second"] = base["first"] - base.marketing
    base["third"] = base.second - base.sales
    base["fourth"] = base.third - base.logistics

    # Share of wallet.
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
    place_of_account = account_place.get_indexer(estimates.account_id)
    estimates["parent"] = account_parents[place_of_account]
    estimates["customer_id"] = np.append(accounts.customer_id.to_numpy(), None)[place_of_account]
    estimates = estimates[
        (estimates.valid_from <= AS_OF)
        & (estimates.recorded_at <= KNOWN_AT)
        & (estimates.demand_stage != "need")
        & (estimates.parent >= 0)
    ]
    # Effective demand comes last, so that it is the one that is kept.
    estimates["is_effective"] = estimates.demand_stage == "effective_demand"
    estimates = estimates.sort_values(["is_effective", "valid_from", "recorded_at"])
    estimates["demand"] = in_euros(estimates.annual_demand, rates.units(estimates.valid_from, estimates.currency_code))
    estimates["reachable"] = estimates.demand * estimates.achievable_share
    estimates["product"] = estimates.product_group.astype(str).str[2:].astype("int64")

    def demanded_at(end):
        in_use = estimates[estimates.valid_from <= end].drop_duplicates(["account_id", "product"], keep="last")
        # The same on several accounts of one customer counts once.
        in_use = in_use.drop_duplicates(["customer_id", "product", "annual_demand", "currency_code", "valid_from"])
        summed = in_use.groupby(["parent", "product"]).agg(
            demand=("demand", "sum"), reachable=("reachable", "sum"), oldest=("valid_from", "min")
        )
        summed["reachable"] = quotient(summed.reachable, 10_000)
        return summed.reset_index()

    def gap_at(end):
        last = end.year * 12 + end.month
        net = sold[(sold.month > last - 12) & (sold.month <= last)].groupby(["parent", "product"]).net.sum()
        demanded = demanded_at(end).join(net, on=["parent", "product"])
        left = (demanded.reachable - demanded.net.fillna(0).astype("int64").clip(lower=0)).clip(lower=0)
        return left.groupby(demanded.parent).sum()

    demanded = demanded_at(AS_OF)
    wallet = demanded.merge(
        revenue.loc[revenue.parent >= 0, ["parent", "product", "net"]], on=["parent", "product"], how="outer"
    )
    wallet["net"] = wallet.net.fillna(0).astype("int64")
    positive = wallet.net.clip(lower=0)
    wallet["gap"] = (wallet.reachable - positive).clip(lower=0)
    wallet["potential"] = np.where(wallet.demand.isna(), positive, np.maximum(wallet.net, wallet.reachable))
    wallet["capped"] = np.minimum(positive, wallet.demand)
    wallet["demanded_revenue"] = wallet.net.where(wallet.demand.notna())
    wallet["is_contradicted"] = wallet.net * 10 > wallet.demand * 11
    of_parent = wallet.groupby("parent")
    base = base.join(of_parent[["demand", "demanded_revenue", "gap", "capped"]].sum(min_count=1))
    base["potential"] = of_parent.potential.sum().where(of_parent.demand.count() > 0)
    base["is_contradicted"], base["oldest_estimate"] = of_parent.is_contradicted.any(), of_parent.oldest.min()

    # Payment.
    items = read(
        data, "open_items", ["customer_id", "amount", "currency_code", "due_date", "cleared_date", "is_disputed"]
    )
    items = items[(items.due_date <= AS_OF) & (items.amount > 0) & ~items.is_disputed]
    items["amount"] = in_euros(items.amount, rates.units(items.due_date, items.currency_code))
    items["parent"] = parents_of(items.customer_id)
    items["paid_on"] = items.cleared_date.fillna(END)

    def days_at(end):
        begin = end + pd.Timedelta(days=1) - pd.DateOffset(years=1)
        due = items[(items.due_date <= end) & ((items.due_date >= begin) | (items.paid_on >= begin))]
        late = (due.paid_on.clip(upper=end) - due.due_date).dt.days.clip(lower=0)
        paid = pd.DataFrame({"weighted": due.amount * late, "amount": due.amount}).groupby(due.parent).sum()
        return ratio(paid.weighted, paid.amount)

    base["days"] = days_at(AS_OF)

    # Ratings.
    ratings = read(
        data, "ratings", ["account_id", "criterion_id", "rater_id", "rated_by", "level", "valid_from", "recorded_at"]
    )
    ratings = ratings.assign(parent=parents_of_accounts(ratings.account_id))
    ratings = ratings[
        (ratings.valid_from <= AS_OF)
        & (ratings.recorded_at <= KNOWN_AT)
        & (ratings.rated_by == "staff")
        & (ratings.parent >= 0)
    ].sort_values(["valid_from", "recorded_at"])
    ratings["criterion_id"] = ratings.criterion_id.astype(str)
    ratings["key"] = ratings.groupby(["account_id", "criterion_id", "rater_id"], sort=False).ngroup()
    is_late = ratings.recorded_at >= AS_OF - pd.Timedelta(days=6)

    def rated_at(end, opinions):
        return mean_levels(opinions[opinions.valid_from <= end].drop_duplicates("key", keep="last"))

    rated = rated_at(AS_OF, ratings)

    # Growth, levels, scores.
    def growth_at(end):
        """Over three years, and on last year; unknown where they are not delivered."""
        last = end.year * 12 + end.month
        if last - 47 < total_of.month.min():
            nothing = pd.Series(np.nan, index=base.index)
            return nothing, nothing
        age = (last - total_of.month) // 12
        now, ago, before = (
            total_of[(total_of.month <= last) & (age == years)].groupby("parent").net.sum().reindex(base.index)
            for years in (0, 3, 1)
        )
        now = now.fillna(0)
        root = np.where(now <= 0, -1.0, (now.clip(lower=0) / ago.where(ago > 0)) ** (1 / 3) - 1)
        return pd.Series(np.where(ago > 0, root, np.nan), index=base.index).round(6), ratio(
            now - before, before.where(before > 0)
        )

    base["growth"], base["growth_of_a_year"] = growth_at(AS_OF)

    def known_levels(end, gap, growth, days, rated):
        """Level of each criterion that is known; who has not bought yet is not judged."""
        known = pd.concat(
            [
                level("achievable_gap", gap, [500_000, 2_000_000, 5_000_000, 15_000_000], 1, gap / 100),
                level("revenue_cagr_3y", growth, [-0.05, 0, 0.05, 0.15], 1, growth),
                level("payment", days, [3, 8, 15, 30], -1, days),
                rated,
            ]
        )
        return known[known.parent.isin(customers.index[customers.bought <= end])]

    # A side is the last one a score has said: at first from 50 on, later from 55 on high and below 45 low.
    sides = pd.DataFrame(np.nan, index=base.index, columns=["potential", "attractiveness"])
    for end in JUDGED:
        scores = axis_scores(known_levels(end, gap_at(end), growth_at(end)[0], days_at(end), rated_at(end, ratings)))
        for axis in sides:
            score, side = scores[axis], sides[axis].reindex(scores.index)
            band = np.where(side.isna(), 0, 50_000)
            said = np.select([score >= 500_000 + band, score < 500_000 - band], [1.0, 0.0], side)
            sides.loc[scores.index, axis] = said
    known = known_levels(AS_OF, base.gap, base.growth, base.days, rated)
    # Without late ratings the plain zone would be another one, or none.
    hurried = ratings.parent[is_late].unique()
    is_hurried = ratings.parent.isin(hurried)
    unhurried = known_levels(AS_OF, base.gap, base.growth, base.days, rated_at(AS_OF, ratings[is_hurried & ~is_late]))
    now, then = (axis_scores(levels[levels.parent.isin(hurried)]) >= 500_000 for levels in (known, unhurried))
    unconfirmed = now.index[~now.eq(then.reindex(now.index)).all(axis=1)]

    judged_index = base.index[base.since.notna()]
    criteria = (
        pd.DataFrame({"parent": judged_index})
        .merge(CRITERIA, how="cross")
        .merge(known, on=["parent", "criterion_id"], how="left")
    )
    criteria["level"] = criteria.level.astype("Int64")
    reached = quotient((criteria.weight * (criteria.level - WHOLE)).astype("Int64"), 4_000_000)
    criteria["points"], criteria["points_low"] = reached.fillna(criteria.weight * 5000), reached.fillna(0)
    criteria["points_high"] = reached.fillna(criteria.weight * 10_000)
    criteria["known"] = criteria.weight.where(criteria.level.notna(), 0)
    for axis in ("potential", "attractiveness"):
        of_axis = (
            criteria[criteria.axis == axis]
            .groupby("parent")[["points", "points_low", "points_high", "known"]]
            .sum()
            .astype("Int64")
        )
        base[[f"{axis}_score", f"{axis}_low", f"{axis}_high", f"{axis}_known"]] = of_axis
    base["oldest_rating"] = criteria.groupby("parent").oldest.min()

    # Zones, value, ranks.
    half = 500_000
    high_p, high_a = sides.potential == 1, sides.attractiveness == 1
    unsure = ((base.potential_low < half) & (base.potential_high >= half)) | (
        (base.attractiveness_low < half) & (base.attractiveness_high >= half)
    )
    unsure = unsure.fillna(False).astype(bool) | base.is_contradicted.eq(True) | base.index.isin(unconfirmed)
    unsure |= (base.oldest_estimate < STALE) | (base.oldest_rating < STALE)
    never, is_new = base.since.isna(), base.is_new
    is_unrated = ((base.potential_known < 60) | (base.attractiveness_known < 60)).fillna(False).astype(bool)
    statuses = [None, "observation", "unrated", "provisional"]
    base["zone_status"] = np.select([never, is_new, is_unrated, unsure], statuses, "confirmed")
    zones = ["never_bought", "new_customer", "unrated", "protection", "development", "maintain"]
    base["zone"] = np.select([never, is_new, is_unrated, high_p & high_a, high_p, high_a], zones, "withdrawal")
    base["contribution_score"] = 250_000 * sum(
        (base.fourth >= bound).astype("Int64") for bound in (0, 1_000_000, 4_000_000, 10_000_000)
    ).where(~never)
    base["customer_value"] = quotient(
        4 * base.contribution_score + 3 * base.potential_score + 3 * base.attractiveness_score, 10
    )
    own = (base.net > 0) & (base["first"] > 0)
    gap = base.gap.fillna(0).astype("int64")
    as_own = exact_quotient(gap[own], base["first"][own].astype(object), base.net[own].astype(object))
    as_all = exact_quotient(gap[~own], int(base["first"].sum()), int(base.net.sum()))
    base["potential_contribution"] = pd.concat([as_own, as_all]).astype("float64").where(base.gap.notna())
    base["parent_id"] = names[base.index]
    # Who never bought has no rank.
    base = base.assign(is_ranked=~never)
    ranked = base[base.is_ranked].sort_values(["customer_value", "fourth", "parent_id"], ascending=[False, False, True])
    ranked["rank_customer_value"] = np.arange(1, len(ranked) + 1)
    ranked = ranked.sort_values(["net", "parent_id"], ascending=[False, True])
    gained = ranked.net.clip(lower=0)
    net_before = gained.cumsum() - gained
    classes = [ranked.net <= 0, net_before * 10 < gained.sum() * 8, net_before * 10 < gained.sum() * 9]
    ranked["abc_class"] = np.select(classes, ["C", "A", "B"], "C")
    ranked = ranked.sort_values(["fourth", "parent_id"], ascending=[False, True])
    ranked["whale_rank"], ranked["cumulative"] = np.arange(1, len(ranked) + 1), ranked.fourth.cumsum()
    total = ranked.fourth.sum()
    places = ["rank_customer_value", "abc_class", "whale_rank", "cumulative"]
    base = base.join(ranked[places].astype(dict.fromkeys(set(places) - {"abc_class"}, "Int64")))

    money = {
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
        "potential": "potential_revenue",
        "potential_contribution": "potential_contribution",
        "cumulative": "cumulative_contribution",
    }
    scores = {
        "potential_score": "potential_score",
        "potential_low": "potential_score_low",
        "potential_high": "potential_score_high",
        "attractiveness_score": "attractiveness_score",
        "attractiveness_low": "attractiveness_score_low",
        "attractiveness_high": "attractiveness_score_high",
        "contribution_score": "contribution_score",
        "customer_value": "customer_value_score",
    }
    write(
        folder,
        "customers",
        {
            "parent_id": base.parent_id,
            **{alias: decimal(base[name], 2) for name, alias in money.items()},
            **{alias: decimal(base[name], 4) for name, alias in scores.items()},
            "potential_coverage_points": base.potential_known,
            "attractiveness_coverage_points": base.attractiveness_known,
            "contribution_4_margin_ratio": ratio(base.fourth, base.net.where(base.net > 0)),
            "sow_raw_ratio": ratio(base.demanded_revenue, base.demand),
            "sow_capped_ratio": ratio(base.capped, base.demand),
            "revenue_cagr_3y": base.growth,
            "revenue_yoy": base.growth_of_a_year,
            "weighted_days_beyond_terms": base.days,
            **{name: base[name] for name in ("zone", "zone_status", "rank_customer_value", "abc_class", "whale_rank")},
            "cumulative_contribution_ratio": (base.cumulative / total).round(6)
            if total > 0
            else base.cumulative * np.nan,
        },
    )
    net = booked.gross - booked.deducted
    write(
        folder,
        "customer_months",
        {
            "customer_id": booked.customer_id,
            "month": booked.month,
            "product": booked["product"],
            "gross_list_revenue": decimal(booked.gross, 2),
            "revenue_deductions": decimal(booked.deducted, 2),
            "net_revenue": decimal(net, 2),
            "cogs": decimal(booked.cost, 2),
            "contribution_1": decimal(net - booked.cost, 2),
        },
    )
    wallet = wallet[wallet.parent.isin(customers.index)]
    write(
        folder,
        "wallet",
        {
            "parent_id": names[wallet.parent],
            "product": wallet["product"],
            "annual_demand": decimal(wallet.demand, 2),
            "net_revenue": decimal(wallet.net, 2),
            "achievable_gap": decimal(wallet.gap, 2),
            "potential_revenue": decimal(wallet.potential, 2),
        },
    )
    write(
        folder,
        "criteria",
        {
            "parent_id": names[criteria.parent],
            "axis": criteria.axis,
            "criterion_id": criteria.criterion_id,
            "weight": criteria.weight,
            "measure": criteria.measure,
            "level": decimal(quotient(criteria.level, 1_000_000), 4),
            **{name: decimal(criteria[name], 4) for name in ("points", "points_low", "points_high")},
        },
    )
    of_month = (
        booked.groupby("month")[["gross", "deducted", "cost"]]
        .sum()
        .set_axis(["gross_list_revenue", "revenue_deductions", "cogs"], axis=1)
    )
    of_month = of_month.join(
        costs.pivot_table(index="month", columns="cost_type", values="amount", aggfunc="sum", observed=True).rename(
            columns=str
        )
    )
    totals = of_month.melt(ignore_index=False, var_name="account_group", value_name="total").reset_index()
    totals["period"] = "2025-" + totals.month.astype(str).str.zfill(2)
    totals = totals.merge(
        read(data, "ledger_totals", ["period", "account_group", "amount"]), on=["period", "account_group"]
    )
    write(
        folder,
        "reconciliation",
        {
            "period": totals.period,
            "account_group": totals.account_group,
            "total": decimal(totals.total, 2),
            "ledger": decimal(totals.amount, 2),
            "difference": decimal(totals.total - totals.amount, 2),
        },
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
