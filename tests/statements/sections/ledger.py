"""ledger (METHOD 1.5): what the product has per legal entity, month and account group, and the ledger as delivered by account."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

import duckdb

from data_quality.warehouse_results import reconciliation_results
from tests.statements.room import Room, Row, method
from tests.statements.sections.contribution_depth import AS_OF, COSTS, KNOWN_AT

PARTS: Final = {
    "customers": "customer", "leads": "lead", "intercompany": "intercompany", "unassigned": "unknown_customer",
    "quarantined": "quarantined", "unused_capacity": "unused_capacity", "imputed_cogs": "imputed_cogs",
}  # fmt: skip
BATCH: Final = "ledger_totals-1"
RELATION: Final = "intermediate.int_contribution__reconciliation"
NAMES: Final = {"reconciled": "ok"}


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The compared periods, what the gate says of them, and how many rows of the ledger are in quarantine."""
    parts = [
        {
            "as_of_date": AS_OF, "company_id": row["company_id"], "account_group": row["account_group"],
            "month_start": datetime.date.fromisoformat(f"{row['month']}-01"), "part": part, "is_cost_unknown": False,
            "amount": row[column], "unknown_amounts": 0,
        }
        for row in asked["product"] for column, part in PARTS.items() if column in row
    ]  # fmt: skip
    delivered: dict[bool, list[Row]] = {True: [], False: []}
    for number, row in enumerate(asked["ledger_totals"], 2):
        place = {"batch_id": BATCH, "file_name": "ledger_totals.csv", "line_number": number}
        delivered[row["is_quarantined"]].append(
            {**place, **{name: row[name] for name in row if name != "is_quarantined"}}
        )
    given = {
        **method(),
        "control.as_of_dates": [{"as_of_date": AS_OF, "known_at": KNOWN_AT, "is_latest": True}],
        "control.cost_sources": [{"cost": cost, "is_mapped": True} for cost in COSTS],
        "control.load_batches": [
            {
                "batch_id": BATCH, "table_name": "ledger_totals", "sequence": 1, "mode": "full", "is_first": True,
                "delivered_at": KNOWN_AT, "is_active": True,
            }
        ],
        "raw.ledger_totals": delivered[False],
        "quarantine.ledger_totals": delivered[True],
        "intermediate.int_contribution__reconciliation_parts": parts,
        "intermediate.int_contribution__lines_by_month": [{"month_start": datetime.date(AS_OF.year, 1, 1)}],
    }  # fmt: skip
    quarantined = "staging.stg_erp__quarantined_ledger_totals"
    answered = room.ask(given, RELATION, quarantined)
    rows = [row for row in answered[RELATION] if row["status"] != "within_year"]
    return {
        "rows": [
            {
                "company_id": row["company_id"], "account_group": row["account_group"], "period": row["period"],
                "total": row["total"], "ledger": row["ledger"], "difference": row["difference"],
                "status": NAMES.get(row["status"], row["status"]),
            }
            for row in sorted(rows, key=lambda row: (row["company_id"], row["account_group"], row["period"]))
        ],
        "gate": _gate(answered[RELATION], len(answered[quarantined])),
        "ledger_rows_in_quarantine": len(answered[quarantined]),
    }  # fmt: skip


def _gate(rows: list[Row], quarantined: int) -> str:
    """The gate's own judgement of these rows."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("create schema marts; create schema staging")
        connection.execute(
            "create table marts.mart_reconciliation (company_id varchar, period varchar, account_group varchar, "
            "status varchar, difference decimal(18, 2))"
        )
        connection.executemany(
            "insert into marts.mart_reconciliation values (?, ?, ?, ?, ?)",
            [[row[name] for name in ("company_id", "period", "account_group", "status", "difference")] for row in rows],
        )
        connection.execute(f"create table staging.stg_erp__quarantined_ledger_totals as from range({quarantined})")
        results = reconciliation_results(connection)
    if any(not result.passed and result.severity == "critical" for result in results):
        return "red"
    return "green" if any(row["status"] == "reconciled" for row in rows) else "not_available"
