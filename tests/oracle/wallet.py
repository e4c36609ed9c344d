"""Share of wallet, achievable gap and potential per parent (METHOD 1.6).

Belongs here: demand against revenue per product group, never netted.

Readings:
- Latest is per account and product group: valid_from, then recorded_at; a stated stage before a missing one. Accounts
  of one parent may have different shares: their achievable amounts (demand x share) are added.
- Gap and potential revenue are rounded to cents per product group, then only summed.
- Product groups with revenue or demand are listed; without demand there is no SoW and no gap. Without any demand the
  parent's gap, demand and SoW are NULL, potential_revenue is the sum of max(0, revenue).
- sow_* and netted sums run over product groups with demand; so do the flags. A demand of 0 with revenue > 0 is above
  110 % and therefore contradicted.
- achievable_share_ratio is the demand-weighted share, at least the current share (capped at 1).
- Stale if any estimate in use is. next_best_product_group only if its gap is > 0 (tie: id).
- potential_contribution is exact gap x ratio, rounded once; NULL without a gap or where no ratio exists (the
  portfolio's net revenue is not positive).
- penetration_ratio: product groups with revenue > 0 in the window / product groups in products or on any line up to the as-of date.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from .arithmetic import divide, money, quotient, ratio
from .book import Book, Estimate
from .contribution import Sums
from .inputs import Row
from .result import Wallet, WalletGroup


@dataclass
class _Demand:
    amount: int = 0
    achievable: Fraction = Fraction(0)
    is_stale: bool = False


def portfolio_ratio(customers: list[Sums]) -> Fraction | None:
    """The DB I ratio of all customers together."""
    net = sum(sums.net for sums in customers)
    return Fraction(sum(sums.contribution_1 for sums in customers), net) if net > 0 else None


def evaluate_wallet(
    book: Book,
    account_ids: list[str],
    sums: Sums,
    revenue: dict[str | None, int],
    fallback_ratio: Fraction | None,
    as_of: date,
    known_at: datetime,
    parameters: Row,
) -> Wallet:
    """The wallet of one parent; `revenue` is net revenue in cents per product group of the window."""
    demands = _demands(book, account_ids, as_of, known_at, parameters["stale_after_days"])
    factor = Fraction(parameters["contradiction_factor"])
    groups, potential, gap, raw, capped, demand_sum, achievable_sum = [], 0, 0, 0, 0, 0, Fraction(0)
    contradicted = False
    flags: set[str] = set()
    for group in sorted({*demands, *revenue}, key=lambda group: (group is None, group or "")):
        bought = revenue.get(group, 0)
        demand = demands.get(group) if group is not None else None
        if demand is None:
            potential += max(0, bought)
            groups.append(WalletGroup(group, None, money(bought), None, None, None, None, False, ()))
            continue
        group_gap = _rounded(max(Fraction(0), demand.achievable - max(0, bought)))
        potential += max(bought, _rounded(demand.achievable))
        capped_revenue = min(max(bought, 0), demand.amount)
        group_flags = tuple(
            flag
            for flag, applies in (("sow_above_100", bought > demand.amount), ("sow_negative", bought < 0))
            if applies
        )
        share = None
        if demand.amount:
            share = ratio(max(demand.achievable / demand.amount, Fraction(capped_revenue, demand.amount)))
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
            )
        )
        flags |= set(group_flags)
        contradicted = contradicted or bought > factor * demand.amount
        gap, raw, capped = gap + group_gap, raw + bought, capped + capped_revenue
        demand_sum, achievable_sum = demand_sum + demand.amount, achievable_sum + demand.achievable
    own_ratio = Fraction(sums.contribution_1, sums.net) if sums.net > 0 and sums.contribution_1 > 0 else fallback_ratio
    best = max((row for row in groups if row.achievable_gap), key=lambda row: row.achievable_gap or 0, default=None)
    return Wallet(
        annual_demand=money(demand_sum) if demands else None,
        sow_raw_ratio=quotient(raw, demand_sum) if demands else None,
        sow_capped_ratio=quotient(capped, demand_sum) if demands else None,
        achievable_gap=money(gap) if demands else None,
        netted_gap=money(_rounded(max(Fraction(0), achievable_sum - max(0, raw)))) if demands else None,
        potential_revenue=money(potential),
        potential_contribution=money(_rounded(gap * own_ratio)) if demands and own_ratio is not None else None,
        next_best_product_group=None if best is None else best.product_group,
        is_contradicted=contradicted,
        is_stale=any(demand.is_stale for demand in demands.values()),
        flags=tuple(sorted(flags)),
        groups=tuple(groups),
    )


def _rounded(amount: Fraction) -> int:
    return divide(amount.numerator, amount.denominator)


def _demands(
    book: Book, account_ids: list[str], as_of: date, known_at: datetime, stale_after_days: int
) -> dict[str, _Demand]:
    demands: dict[str, _Demand] = defaultdict(_Demand)
    for account_id in account_ids:
        for group, estimates in book.estimates.get(account_id, {}).items():
            usable = [one for one in estimates if one.valid_from <= as_of and one.recorded_at <= known_at]
            if not usable:
                continue
            latest: Estimate = max(usable, key=lambda one: (one.valid_from, one.recorded_at, one.has_stage))
            demand = demands[group]
            demand.amount += latest.demand
            demand.achievable += latest.demand * latest.share
            demand.is_stale = demand.is_stale or (as_of - latest.valid_from).days > stale_after_days
    return dict(demands)
