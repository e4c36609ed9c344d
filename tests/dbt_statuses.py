"""The statuses dbt gives a node that did not get done. tests/orchestration/dbt/test_inside.py holds them against dbt's own list."""

from __future__ import annotations

from typing import Final

NOT_DONE: Final = frozenset({"error", "fail", "runtime error", "partial success", "skipped", "no-op"})
