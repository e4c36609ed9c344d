"""Readers: delivered files -> relations DuckDB can read. They know formats, never tables.

Belongs here: finding delivered files, refusing what is not as declared, exact line numbers. Not here: contracts, types,
quarantine (landing).
"""

from __future__ import annotations

from pipelines.sources.door import prepare
from pipelines.sources.fetch import at_hand, fetch
from pipelines.sources.locate import Delivery, Found, FoundFile, FoundRows, deliveries, locate
from pipelines.sources.prepared import (
    ANYTHING,
    FILE,
    LINE,
    NAME,
    PreparedFile,
    Skipped,
    TextFacts,
    in_order_sql,
    places_sql,
    ragged_sql,
    relation_sql,
)

__all__ = [
    "ANYTHING",
    "FILE",
    "LINE",
    "NAME",
    "Delivery",
    "Found",
    "FoundFile",
    "FoundRows",
    "PreparedFile",
    "Skipped",
    "TextFacts",
    "at_hand",
    "deliveries",
    "fetch",
    "in_order_sql",
    "locate",
    "places_sql",
    "prepare",
    "ragged_sql",
    "relation_sql",
]
