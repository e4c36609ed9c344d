"""Readers: delivered files -> relations DuckDB can read. They know formats, never tables.

Belongs here: finding delivered files, refusing what is not as declared, exact line numbers. Not here: contracts, types,
quarantine (landing).
"""

from __future__ import annotations

from pipelines.sources.door import prepare
from pipelines.sources.locate import Delivery, FoundFile, locate
from pipelines.sources.prepared import FILE, LINE, NAME, PreparedFile, ragged_sql, relation_sql

__all__ = [
    "FILE",
    "LINE",
    "NAME",
    "Delivery",
    "FoundFile",
    "PreparedFile",
    "locate",
    "prepare",
    "ragged_sql",
    "relation_sql",
]
