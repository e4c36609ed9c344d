"""Readers: delivered files -> relations DuckDB can read. They know formats, never tables.

Belongs here: finding delivered files, refusing what is not as declared, exact line numbers. Not here: contracts, types,
quarantine (landing).
"""

from __future__ import annotations

from pipelines.sources.csv_file import prepare_csv
from pipelines.sources.locate import Delivery, FoundFile, locate
from pipelines.sources.parquet_file import prepare_parquet
from pipelines.sources.prepared import FILE, LINE, NAME, PreparedFile, ragged_sql, relation_sql

__all__ = [
    "FILE",
    "LINE",
    "NAME",
    "Delivery",
    "FoundFile",
    "PreparedFile",
    "locate",
    "prepare_csv",
    "prepare_parquet",
    "ragged_sql",
    "relation_sql",
]
