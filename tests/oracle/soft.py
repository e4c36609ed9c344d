"""What a criterion may stand on beside money: the soft factors of S0 and S4 (METHOD 1.20).

Belongs here: what accounts, contacts, orders and opportunities say of a parent, as numbers. Not here: levels (scoring.py).

Readings:
- Accounts of a parent are added or asked together: referrals are summed, joint work is there if one of them has it; silence is unknown.
- The six roles of a buying centre are covered by contacts with that role; a contact without a role says only that somebody is known.
- Of several accounts that see an offering differently the worse view counts.
- Opportunities are open from created_on until before closed_on; without one the pipeline is not known.
- Order changes and errors: per order of the 12 months, an order that says nothing counts as 0, unless none says anything.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from .arithmetic import cents, money, published, quotient
from .book import Book
from .inputs import Company, Row
from .periods import month_of

ROLES = ("initiator", "user", "influencer", "buyer", "decider", "gatekeeper")
SEEN_AS = ("basic", "differentiating", "delighting", "fascinating")
Figures = dict[str, Decimal | int | None]


def of_accounts(company: Company, book: Book, accounts: list[Row], as_of: date) -> Figures:
    """The measures that a parent's CRM accounts tell."""
    ids = {row["account_id"] for row in accounts}
    contacts = [row for row in company.contacts if row["account_id"] in ids]
    roles = {row["buying_role"] for row in contacts} & {*ROLES}
    access = [row["access_level"] for row in contacts if row["buying_role"] == "decider" and row["access_level"]]
    referrals = [row["referrals"] for row in accounts if row.get("referrals") is not None]
    return {
        "referrals": sum(referrals) if referrals else None,
        "has_co_development": _any(accounts, "has_co_development"),
        "has_co_marketing": _any(accounts, "has_co_marketing"),
        "decision_maker_access_level": max(access, default=None),
        "buying_centre_coverage_ratio": quotient(len(roles), len(ROLES)) if contacts else None,
        "fascination_index": _fascination([row for row in company.service_ratings if row["account_id"] in ids]),
        "open_pipeline": _pipeline([row for row in company.opportunities if row["account_id"] in ids], book, as_of),
    }


def of_orders(company: Company, members: list[str], months: range, as_of: date) -> Figures:
    """How often a parent's orders of the 12 months were changed or wrong."""
    orders = [
        row
        for row in company.orders
        if row["customer_id"] in members and month_of(row["order_date"]) in months and row["order_date"] <= as_of
    ]
    return {
        name: _per_order([row.get(column) for row in orders])
        for name, column in (("order_change_ratio", "change_count"), ("order_error_ratio", "error_count"))
    }


def _any(accounts: list[Row], column: str) -> int | None:
    said = [row[column] for row in accounts if row.get(column) is not None]
    return int(any(said)) if said else None


def _fascination(ratings: list[Row]) -> Decimal | None:
    seen: dict[str, int] = {}
    for row in ratings:
        rank = SEEN_AS.index(row["offering_level"]) + 1
        seen[row["offering"]] = min(rank, seen.get(row["offering"], rank))
    return published(Fraction(sum(seen.values()), len(seen)), 4) if seen else None


def _pipeline(opportunities: list[Row], book: Book, as_of: date) -> Decimal | None:
    amounts = []
    for row in opportunities:
        rate = book.rates.on(row["currency_code"], row["created_on"])
        is_open = row["created_on"] <= as_of and (row["closed_on"] is None or row["closed_on"] > as_of)
        if is_open and rate is not None:
            amounts.append(cents(row["amount"], rate))
    return money(sum(amounts)) if amounts else None


def _per_order(counts: list[int | None]) -> Decimal | None:
    known = [count for count in counts if count is not None]
    return quotient(sum(known), len(counts)) if known else None
