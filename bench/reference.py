"""Runs the script by hand on a size's deliveries: `python -m bench.reference DATA OUT [--day]`.

Belongs here: loading the CSV files with the types the script needs, running its statements; not here: what is computed (reference.sql).
With --day the second delivery counts, too: its lines replace those of the same key.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import duckdb

from bench.generate import DAY, FIRST, delivered

MONEY: Final = "decimal(15, 2)"
"""Fits a machine word with two decimals more: amounts up to a trillion."""

COLUMNS: Final = {
    "exchange_rates": {
        "rate_date": "date",
        "currency_code": "varchar",
        "units_per_reporting_currency": "decimal(12, 6)",
    },
    "products": {"product_id": "varchar", "product_group": "varchar"},
    "customers": {"customer_id": "varchar", "relationship_type": "varchar", "first_invoice_date": "date"},
    "customer_parents": {"customer_id": "varchar", "parent_id": "varchar", "valid_from": "date", "valid_to": "date"},
    "invoice_lines": {
        **dict.fromkeys(("customer_id", "product_id", "currency_code"), "varchar"),
        "posting_date": "date",
        **dict.fromkeys(("gross_list_amount", "revenue_deductions", "cogs"), MONEY),
    },
    "open_items": {
        **dict.fromkeys(("customer_id", "currency_code"), "varchar"),
        "amount": MONEY,
        **dict.fromkeys(("due_date", "cleared_date"), "date"),
        "is_disputed": "boolean",
    },
    "direct_costs": {
        **dict.fromkeys(("customer_id", "cost_type", "currency_code"), "varchar"),
        "posting_date": "date",
        "amount": MONEY,
    },
    "accounts": {"account_id": "varchar", "customer_id": "varchar"},
    "activities": {
        **dict.fromkeys(("activity_id", "account_id", "activity_type", "rep_id"), "varchar"),
        **dict.fromkeys(("activity_at", "recorded_at"), "timestamp"),
        "duration_minutes": "integer",
    },
    "ratings": {
        **dict.fromkeys(("account_id", "criterion_id", "rater_id", "rated_by"), "varchar"),
        "level": "integer",
        "valid_from": "date",
        "recorded_at": "timestamp",
    },
    "potential_estimates": {
        **dict.fromkeys(("account_id", "product_group", "currency_code", "demand_stage"), "varchar"),
        "annual_demand": MONEY,
        "achievable_share": "decimal(9, 4)",
        "valid_from": "date",
        "recorded_at": "timestamp",
    },
    "ledger_totals": {"period": "varchar", "account_group": "varchar", "amount": MONEY},
}
"""Table -> the columns the script needs -> their types."""

KEYS: Final = {"invoice_lines": ("invoice_id", "line_no"), "ratings": (), "ledger_totals": ("period", "account_group")}
"""What the day delivers -> the key by which its rows replace earlier ones; none: they only come in addition."""


def compute(data: Path, folder: Path, *, with_day: bool = False) -> None:
    """Write the script's results as Parquet files below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        settings: dict[str, Any] = {"threads": 2, "preserve_insertion_order": "false", "temp_directory": scratch}
        with duckdb.connect(config=settings) as connection:
            connection.execute("set enable_progress_bar = false")
            connection.execute(f"set variable known_at = timestamp '{DAY if with_day else FIRST} 23:59:59'")
            for table, columns in COLUMNS.items():
                keys = KEYS.get(table, ()) if with_day else ()
                connection.execute(f"create table {table} as {_read(delivered(data, table), columns, keys)}")
                if with_day and table in KEYS:
                    query = _read(delivered(data, table, DAY), columns, keys)
                    if keys:
                        same = f"({', '.join(keys)}) in (select ({', '.join(keys)}) from ({query}))"
                        connection.execute(f"delete from {table} where {same}")
                    connection.execute(f"insert into {table} {query}")
            text = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
            connection.execute(text.replace("FOLDER", str(folder)))


def _read(path: Path, columns: dict[str, str], keys: tuple[str, ...]) -> str:
    """A query over a file's needed columns; those the script does not need are read as text and left out."""
    with path.open(encoding="utf-8") as file:
        header = file.readline().strip().split(",")
    types = ", ".join(f"'{name}': '{columns.get(name, 'varchar')}'" for name in header)
    wanted = ", ".join(dict.fromkeys((*keys, *columns)))
    options = "header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = false, nullstr = ''"
    return f"select {wanted} from read_csv('{path}', {options}, columns = {{{types}}})"


if __name__ == "__main__":
    compute(Path(sys.argv[1]), Path(sys.argv[2]), with_day="--day" in sys.argv[3:])
