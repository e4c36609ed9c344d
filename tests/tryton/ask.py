"""What Tryton itself says of the filled company, asked through its own client library: `python ask.py DATABASE_URI` prints JSON.

Run by the Python of `make tryton-tools`, never by the project's own. Belongs here: Tryton's own reports and computed fields, against which
the marts are held. Not here: SQL over its tables, for that is what is tested.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fill import CENT, Tryton, know


def asked(database: str) -> dict[str, Any]:
    """Every answer, amounts as text."""
    tryton = Tryton(database)
    know(tryton)
    invoices = tryton.find(
        "account.invoice",
        [("number", "!=", None)],
        ["number", "party", "state", "lines", "move", "total_amount", "cancel_move"],
    )
    return {
        "invoices": len(invoices),
        "credit_notes": sum(read["total_amount"] < 0 for read in invoices),
        "ledger": ledger(tryton),
        "receivable": receivable(tryton),
        "cost": str(cost(tryton, invoices)),
        "opportunities": opportunities(tryton),
    }


def ledger(tryton: Tryton) -> dict[str, dict[str, str]]:
    """Month -> account -> credit less debit, of the accounts of revenue, by Tryton's report "General Ledger"."""
    found: dict[str, dict[str, str]] = {}
    for period in tryton.find("account.period", [("type", "=", "standard")], ["fiscalyear", "start_date"]):
        own = {
            "fiscalyear": period["fiscalyear"],
            "start_period": period["id"],
            "end_period": period["id"],
            "posted": True,
        }
        with tryton.config.set_context(own):
            accounts = tryton.find(
                "account.general_ledger.account", [("account.code", "like", "4.%")], ["account.code", "debit", "credit"]
            )
        found[f"{period['start_date']:%Y-%m}"] = {
            read["account."]["code"]: str(read["credit"] - read["debit"])
            for read in accounts
            if read["debit"] or read["credit"]
        }
    return found


def receivable(tryton: Tryton) -> dict[str, dict[str, str]]:
    """Code of a party -> what it owes by Tryton's party, and the tax that is in the open invoices."""
    tax: dict[int, Decimal] = defaultdict(Decimal)
    for read in tryton.find(
        "account.invoice", [("state", "=", "posted")], ["party", "amount_to_pay", "untaxed_amount", "total_amount"]
    ):
        # Only euros are taxed in this company; elsewhere the whole is without tax.
        open_amount, total = read["amount_to_pay"], read["total_amount"]
        if total:
            tax[read["party"]] += open_amount - (open_amount * read["untaxed_amount"] / total).quantize(
                CENT, ROUND_HALF_UP
            )
    parties = tryton.find("party.party", [("receivable", "!=", 0)], ["code", "receivable"])
    return {read["code"]: {"gross": str(read["receivable"]), "tax": str(tax[read["id"]])} for read in parties}


def cost(tryton: Tryton, invoices: list[dict[str, Any]]) -> Decimal:
    """Quantity by cost price of all lines that stand: of posted documents, less what was cancelled without a credit note."""
    moves = {read["move"] for read in invoices}
    gone = {read["id"] for read in invoices if read["cancel_move"] and read["cancel_move"] not in moves}
    prices = {read["id"]: read["cost_price"] for read in tryton.find("product.product", [], ["cost_price"])}
    lines = tryton.find("account.invoice.line", [("invoice.number", "!=", None)], ["invoice", "product", "quantity"])
    return sum(
        (
            (Decimal(str(read["quantity"])) * prices[read["product"]]).quantize(CENT, ROUND_HALF_UP)
            for read in lines
            if read["product"] and read["invoice"] not in gone
        ),
        Decimal(0),
    )


def opportunities(tryton: Tryton) -> list[dict[str, str]]:
    """Number, party, state, amount, probability and last day (empty: none) of every opportunity."""
    names = ["number", "party", "state", "amount", "conversion_probability", "end_date"]
    codes = {read["id"]: read["code"] for read in tryton.find("party.party", [], ["code"])}
    return [
        {
            "number": read["number"],
            "party": codes[read["party"]],
            "state": read["state"],
            "amount": str(read["amount"]),
            "probability": str(read["conversion_probability"]),
            "ended": str(read["end_date"] or ""),
        }
        for read in tryton.find("sale.opportunity", [], names)
    ]


if __name__ == "__main__":
    json.dump(asked(sys.argv[1]), sys.stdout)
