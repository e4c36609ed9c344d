"""METHOD 1.12: how long a customer has been one, whether that is only a lower bound, and what an order is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.statements.room import Room, Row, method

ALWAYS = "1900-01-01 00:00:00"
PARENT, EARLIER = "P", "FIRST"


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One group with the entities of the case, beside a customer with the first line of the company."""
    as_of = asked["as_of_date"]
    entities = asked["first_invoice_dates"]
    customer = next(iter(entities))
    lines = [
        {
            "company_id": "K",
            "line_no": number,
            "customer_id": customer,
            "currency_code": "EUR",
            "gross_list_amount": line["net_amount"],
            "revenue_deductions": "0",
            "invoice_id": line["invoice_id"],
            "doc_type": line["doc_type"],
            "posting_date": line["posting_date"],
        }
        for number, line in enumerate(asked["invoice_lines"])
    ]
    first = {
        "company_id": "K",
        "line_no": 1,
        "customer_id": EARLIER,
        "currency_code": "EUR",
        "gross_list_amount": "1",
        "invoice_id": "FIRST",
        "doc_type": "invoice",
        "posting_date": asked["first_line_of_company"],
    }
    orders = asked["orders"]
    year, month = int(as_of[:4]), int(as_of[5:7])
    given: dict[str, Sequence[Row]] = {
        **method({"loyalty.tenure_censored_within_days": asked["censored_within_days"]}),
        "staging.stg_control__as_of_dates": [
            {
                "as_of_date": as_of,
                "known_at": "2100-01-01 00:00:00",
                "is_latest": True,
                "window_start": f"{year - (month < 12)}-{month % 12 + 1:02}-01",
            }
        ],
        "staging.stg_control__source_coverage": [
            {"table_name": "orders", "is_mapped": orders is not None, "is_delivered": orders is not None}
        ],
        "staging.stg_erp__customers": [
            {"customer_id": one, "relationship_type": "customer", "first_invoice_date": day, "known_from": ALWAYS}
            for one, day in {**entities, EARLIER: None}.items()
        ],
        "staging.stg_erp__customer_parents": [
            {"customer_id": one, "parent_id": PARENT, "valid_from": "1900-01-01", "known_from": ALWAYS}
            for one in entities
        ],
        "staging.stg_erp__invoice_lines": [{**line, "known_from": ALWAYS} for line in [first, *lines]],
        "staging.stg_erp__orders": [{"customer_id": customer, **one, "known_from": ALWAYS} for one in orders or []],
    }
    rows = room.ask(given, "intermediate.int_loyalty__parent")["intermediate.int_loyalty__parent"]
    (row,) = [one for one in rows if one["ultimate_parent_id"] == PARENT]
    same = (
        "is_never_bought",
        "customer_since",
        "tenure_years",
        "is_tenure_censored",
        "order_basis",
        "days_since_last_order",
        "median_interval_days",
        "recency_ratio",
        "churn_risk",
    )
    return {
        **{name: row[name] for name in same},
        "is_observed": row["is_observation"],
        "order_days": row["order_date_count"],
    }
