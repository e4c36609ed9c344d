"""Share of wallet, achievable gap, its change and the funnel of demand per parent (METHOD 1.6, 1.18).

Belongs here: demand against revenue per product group, never netted.

Readings:
- Latest is per account, product group and stage: valid_from, then recorded_at; a stated stage before a missing one, which is effective
  demand. An account's demand is its latest effective demand, else its latest demand, never a need.
- The same amount, currency and day on several accounts of one ERP customer (the survivor of merges) counts once: that of the lowest
  account id, asked among the demands, whatever their stage and share, and for the funnel among the rows of a stage.
- Accounts of one parent may have different shares: their achievable amounts (demand x share) are added.
- Gap and potential revenue are rounded to cents per product group, then only summed.
- Product groups with revenue or demand are listed; without demand there is no SoW, no gap and no flag. Without any demand nothing about
  the parent's wallet is known, potential_revenue neither.
- sow_* and netted sums run over product groups with demand; so do the flags. A demand of 0 with revenue > 0 is above
  110 % and therefore contradicted.
- achievable_share_ratio is the demand-weighted share, at least the current share (capped at 1).
- Stale if any estimate in use is. next_best_product_group only if its gap is > 0 (tie: id).
- potential_contribution is exact gap x ratio, rounded once; NULL without a gap or where no ratio exists (the
  portfolio's net revenue is not positive).
- The share of then: 12 months before, estimates valid that day and known now, accounts and entities of now. Groups with a demand on both
  days; unknown if one of them is contradicted on either day, if the 12 months before it are not wholly delivered, or if their demand is 0
  on either day.
- Funnel: groups with revenue, a demand or a need; potential is of the effective demand alone, with the share of its own rows.
- penetration_ratio: product groups with revenue > 0 in the window / product groups in products or on any line up to the as-of date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from .arithmetic import divide, money, quotient, ratio
from .book import Book, Estimate
from .contribution import Sums
from .inputs import Row
from .periods import month_end, month_of
from .result import FunnelStage, Wallet, WalletGroup

STAGES = ("need", "demand", "effective_demand", "potential", "revenue")
Revenue = Mapping[str | None, int]


class _Row(NamedTuple):
    """An estimate in use, and whose it is: the account and its ERP customer, None for a lead's account."""

    account_id: str
    customer_id: str | None
    group: str
    estimate: Estimate


@dataclass
class _Demand:
    amount: int = 0
    achievable: Fraction = Fraction(0)
    is_stale: bool = False
    basis: str = "effective_demand"
    is_duplicated: bool = False


def portfolio_ratio(customers: list[Sums]) -> Fraction | None:
    """The DB I ratio of all customers together."""
    net = sum(sums.net for sums in customers)
    return Fraction(sum(sums.contribution_1 for sums in customers), net) if net > 0 else None


def evaluate_wallet(
    book: Book,
    accounts: Mapping[str, str | None],
    sums: Sums,
    revenue: Revenue,
    revenue_before: Revenue,
    fallback_ratio: Fraction | None,
    as_of: date,
    known_at: datetime,
    parameters: Row,
) -> Wallet:
    """The wallet of one parent; `accounts` with their ERP customers, revenue in cents per product group of the 12 months."""
    latest = _latest(book, accounts, as_of, known_at)
    demands = _demands(latest, as_of, parameters["stale_after_days"])
    before_day = month_end(month_of(as_of) - 12)
    before = _demands(_latest(book, accounts, before_day, known_at), as_of, parameters["stale_after_days"])
    is_delivered = book.first_month is not None and book.first_month <= month_of(as_of) - 23
    factor = Fraction(parameters["contradiction_factor"])

    def is_contradicted(group: str) -> bool:
        return revenue.get(group, 0) > factor * demands[group].amount

    def shares(groups: Iterable[str]) -> tuple[Fraction, Fraction] | None:
        """Share of wallet now and then; None where it cannot be compared."""
        common = [group for group in groups if group in demands and group in before]
        if not common or not is_delivered:
            return None
        if any(
            is_contradicted(group) or revenue_before.get(group, 0) > factor * before[group].amount for group in common
        ):
            return None
        totals = [sum(of[group].amount for group in common) for of in (demands, before)]
        if not all(totals):
            return None
        bought = (
            sum(_capped(amounts.get(group, 0), of[group].amount) for group in common)
            for amounts, of in ((revenue, demands), (revenue_before, before))
        )
        now, then = (Fraction(part, total) for part, total in zip(bought, totals, strict=True))
        return now, then

    groups, potential, gap, raw, capped, demand_sum, achievable_sum = [], 0, 0, 0, 0, 0, Fraction(0)
    contradicted = False
    flags: set[str] = set()
    for group in sorted({*demands, *revenue}, key=lambda group: (group is None, group or "")):
        bought = revenue.get(group, 0)
        demand = demands.get(group) if group is not None else None
        if demand is None or group is None:
            potential += max(0, bought)
            groups.append(WalletGroup(group, None, money(bought), None, None, None, None, None, None))
            continue
        group_gap = _rounded(max(Fraction(0), demand.achievable - max(0, bought)))
        potential += max(bought, _rounded(demand.achievable))
        capped_revenue = _capped(bought, demand.amount)
        group_flags = tuple(
            flag
            for flag, applies in (("sow_above_100", bought > demand.amount), ("sow_negative", bought < 0))
            if applies
        )
        share = None
        if demand.amount:
            share = ratio(max(demand.achievable / demand.amount, Fraction(capped_revenue, demand.amount)))
        compared = shares([group])
        groups.append(
            WalletGroup(
                product_group=group,
                annual_demand=money(demand.amount),
                net_revenue=money(bought),
                sow_raw_ratio=quotient(bought, demand.amount),
                sow_capped_ratio=quotient(capped_revenue, demand.amount),
                achievable_share_ratio=share,
                achievable_gap=money(group_gap),
                is_white_space=demand.amount > 0 and bought == 0,
                flags=group_flags,
                demand_basis=demand.basis,
                is_duplicated=demand.is_duplicated,
                sow_capped_ratio_before=None if compared is None else ratio(compared[1]),
                sow_change_ratio=None if compared is None else ratio(compared[0] - compared[1]),
            )
        )
        flags |= set(group_flags)
        contradicted = contradicted or is_contradicted(group)
        gap, raw, capped = gap + group_gap, raw + bought, capped + capped_revenue
        demand_sum, achievable_sum = demand_sum + demand.amount, achievable_sum + demand.achievable
    own_ratio = Fraction(sums.contribution_1, sums.net) if sums.net > 0 and sums.contribution_1 > 0 else fallback_ratio
    best = max((row for row in groups if row.achievable_gap), key=lambda row: row.achievable_gap or 0, default=None)
    both = shares(demands)
    basis = "demand" if any(demand.basis == "demand" for demand in demands.values()) else "effective_demand"
    return Wallet(
        annual_demand=money(demand_sum) if demands else None,
        sow_raw_ratio=quotient(raw, demand_sum) if demands else None,
        sow_capped_ratio=quotient(capped, demand_sum) if demands else None,
        achievable_gap=money(gap) if demands else None,
        netted_gap=money(_rounded(max(Fraction(0), achievable_sum - max(0, raw)))) if demands else None,
        potential_revenue=money(potential) if demands else None,
        potential_contribution=money(_rounded(gap * own_ratio)) if demands and own_ratio is not None else None,
        next_best_product_group=None if best is None else best.product_group,
        is_contradicted=contradicted if demands else None,
        is_stale=any(demand.is_stale for demand in demands.values()) if demands else None,
        flags=tuple(sorted(flags)) if demands else None,
        groups=tuple(groups),
        demand_basis=basis if demands else None,
        sow_change_ratio=None if both is None else ratio(both[0] - both[1]),
        is_share_falling=None
        if both is None
        else both[0] - both[1] <= Fraction(parameters["share_falling_at_or_below"]),
        funnel=_funnel(latest, {*demands, *revenue}, revenue),
    )


def _rounded(amount: Fraction) -> int:
    return divide(amount.numerator, amount.denominator)


def _capped(bought: int, demand: int) -> int:
    return min(max(bought, 0), demand)


def _latest(book: Book, accounts: Mapping[str, str | None], day: date, known_at: datetime) -> list[_Row]:
    """The latest estimate of each account, product group and stage valid on a day."""
    rows = []
    for account_id in sorted(accounts):
        for group, estimates in book.estimates.get(account_id, {}).items():
            by_stage: dict[str, list[Estimate]] = defaultdict(list)
            for one in estimates:
                if one.valid_from <= day and one.recorded_at <= known_at:
                    by_stage[one.stage].append(one)
            for usable in by_stage.values():
                chosen = max(usable, key=lambda one: (one.valid_from, one.recorded_at, one.has_stage))
                rows.append(_Row(account_id, accounts[account_id], group, chosen))
    return rows


def _once(rows: Iterable[_Row]) -> tuple[list[_Row], list[_Row]]:
    """Those that count, and those that say again what another account of the same ERP customer says; lowest account first."""
    seen: set[object] = set()
    counted: list[_Row] = []
    repeated: list[_Row] = []
    for row in sorted(rows, key=lambda one: one.account_id):
        key = (row.customer_id, row.group, row.estimate.delivered, row.estimate.valid_from)
        (repeated if row.customer_id is not None and key in seen else counted).append(row)
        seen.add(key)
    return counted, repeated


def _demands(latest: list[_Row], as_of: date, stale_after_days: int) -> dict[str, _Demand]:
    """Demand per product group."""
    stages: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in latest:
        stages[row.account_id, row.group].add(row.estimate.stage)

    def is_demand(row: _Row) -> bool:
        others = stages[row.account_id, row.group]
        wanted = "effective_demand" if "effective_demand" in others else "demand"
        return row.estimate.stage == wanted

    demands: dict[str, _Demand] = defaultdict(_Demand)
    counted, repeated = _once(row for row in latest if is_demand(row))
    for row in counted:
        demand = demands[row.group]
        demand.amount += row.estimate.demand
        demand.achievable += row.estimate.demand * row.estimate.share
        demand.is_stale = demand.is_stale or (as_of - row.estimate.valid_from).days > stale_after_days
        if row.estimate.stage == "demand":
            demand.basis = "demand"
    for row in repeated:
        demands[row.group].is_duplicated = True
    return dict(demands)


def _funnel(latest: list[_Row], groups: set[str | None], revenue: Revenue) -> dict[tuple[str | None, str], FunnelStage]:
    """Every stage of every product group that is known of the parent."""
    amounts: dict[tuple[str | None, str], int] = defaultdict(int)
    achievable: dict[str, Fraction] = defaultdict(Fraction)
    for stage in ("need", "demand", "effective_demand"):
        for row in _once(row for row in latest if row.estimate.stage == stage)[0]:
            amounts[row.group, stage] += row.estimate.demand
            if stage == "effective_demand":
                achievable[row.group] += row.estimate.demand * row.estimate.share
    for name, share in achievable.items():
        bought = _capped(revenue.get(name, 0), amounts[name, "effective_demand"])
        amounts[name, "potential"] = _rounded(max(share, Fraction(bought)))
    funnel: dict[tuple[str | None, str], FunnelStage] = {}
    listed: set[str | None] = {*groups, *(group for group, _ in amounts)}
    for group in listed:
        amounts[group, "revenue"] = max(0, revenue.get(group, 0))
        before: int | None = None
        for stage in STAGES:
            amount = amounts.get((group, stage))
            is_larger = before is not None and amount is not None and amount > before
            passed_on = None
            if before is not None and amount is not None and not is_larger:
                passed_on = quotient(amount, before)
            funnel[group, stage] = FunnelStage(None if amount is None else money(amount), passed_on, is_larger)
            before = amount
    return funnel
