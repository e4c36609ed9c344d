"""Whether two programs say the same: the product's published marts, the script, pandas and Polars.

Belongs here: how closely results are compared, and what is shown of a difference; not here: computing (reference.sql), what of the
product stands for a result (published.sql). Money, scores, levels and ranks are equal to the last digit, quotients to 1e-6; an unknown is
equal to an unknown only.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import duckdb

KEYS: Final = {
    "customers": ("parent_id",),
    "customer_months": ("customer_id", "month", "product"),
    "wallet": ("parent_id", "product"),
    "criteria": ("parent_id", "axis", "criterion_id"),
    "reconciliation": ("period", "account_group"),
}
"""Result -> the columns that name a row."""

QUOTIENTS: Final = frozenset({"revenue_cagr_3y", "revenue_yoy", "weighted_days_beyond_terms", "measure"})
"""With everything called *_ratio: compared to 1e-6."""

CLOSE: Final = 1.0000001e-6
SHOWN: Final = 5
"""Differing rows shown of each result."""


def publish(marts: Path, folder: Path) -> None:
    """Write the product's published marts below `folder` in the shape of the script's results."""
    folder.mkdir(parents=True, exist_ok=True)
    text = Path(__file__).with_name("published.sql").read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute(text.replace("MARTS", str(marts)).replace("FOLDER", str(folder)))


def published(version: Path) -> dict[str, str]:
    """SHA-256 of every Parquet file of a published version, by its path, as its manifest has them."""
    manifest = json.loads((version / "manifest.json").read_text(encoding="utf-8"))
    return {file["path"]: file["sha256"] for file in manifest["files"] if file["path"].endswith(".parquet")}


def differences(expected: Path, found: Path) -> list[str]:
    """What differs between two folders of results, in lines; empty if nothing does."""
    with duckdb.connect() as connection:
        return [line for name in KEYS for line in _different(connection, name, expected, found)]


def _different(connection: duckdb.DuckDBPyConnection, name: str, expected: Path, found: Path) -> list[str]:
    left, right = (f"'{folder / name}.parquet'" for folder in (expected, found))
    types = {column: str(kind) for column, kind, *_ in connection.execute(f"describe from {left}").fetchall()}
    lacking = types.keys() - {column for column, *_ in connection.execute(f"describe from {right}").fetchall()}
    if lacking:
        return [f"{name}: {found.name} has no {', '.join(sorted(lacking))}"]
    keys = KEYS[name]
    values = [column for column in types if column not in keys]
    unequal = [_unequal(column, types[column]) for column in values]
    # A list of the columns that differ; a row that is on one side only differs in all of them.
    which = ", ".join(f"case when {test} then '{column}' end" for column, test in zip(values, unequal, strict=True))
    shown = ", ".join(f"expected.{column}, found.{column}" for column in values)
    same = " and ".join(f"expected.{key} is not distinct from found.{key}" for key in keys)
    query = f"""
        select {", ".join(f"coalesce(expected.{key}, found.{key})" for key in keys)},
            expected.is_there is null, found.is_there is null, list_filter([{which}], lambda x: x is not null), {shown}
        from (select *, true as is_there from {left}) as expected
        full join (select *, true as is_there from {right}) as found on {same}
        where expected.is_there is null or found.is_there is null or {" or ".join(unequal)}
    """
    rows = connection.execute(f"{query} order by all limit {SHOWN}").fetchall()
    if not rows:
        return []
    (count,) = connection.execute(f"select count(*) from ({query})").fetchone() or (0,)
    lines = [f"{name}: {count} rows differ between {expected.name} and {found.name}, for example"]
    for row in rows:
        place = ", ".join(f"{key} {value}" for key, value in zip(keys, row, strict=False))
        is_new, is_gone, columns = row[len(keys) : len(keys) + 3]
        pairs = row[len(keys) + 3 :]
        said = [f"{c}: {pairs[2 * values.index(c)]} and {pairs[2 * values.index(c) + 1]}" for c in columns]
        if is_new or is_gone:
            said = [f"only in {found.name if is_new else expected.name}"]
        lines.append(f"  {place}: {'; '.join(said)}")
    return lines


def _unequal(column: str, kind: str) -> str:
    """A condition that holds where two values of a column are not the same."""
    left, right = f"expected.{column}", f"found.{column}"
    if kind in ("VARCHAR", "BOOLEAN"):
        return f"{left} is distinct from {right}"
    is_quotient = column in QUOTIENTS or column.endswith("_ratio")
    as_digits = f"{left}::decimal(38, 4) <> {right}::decimal(38, 4)"
    apart = f"abs({left}::double - {right}::double) > {CLOSE}" if is_quotient else as_digits
    return f"(({left} is null) <> ({right} is null) or coalesce({apart}, false))"
