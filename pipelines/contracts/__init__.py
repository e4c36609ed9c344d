"""What every raw table looks like: one YAML contract per table and the strict model that reads them.

Belongs here: names, types, keys, allowed values and descriptions of raw columns; this is the only place a raw column is
named. Not here: where a company's data is (settings), how it is loaded (landing).
"""

from __future__ import annotations

from pipelines.contracts.load import load_contracts
from pipelines.contracts.model import Column, Contract

__all__ = ["Column", "Contract", "load_contracts"]
