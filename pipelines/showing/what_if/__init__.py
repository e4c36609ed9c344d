"""Two states of one portfolio: who would change zone under other settings, why, and who would by the scores alone.

Belongs here: comparing two states and saying what differs. Not here: computing either (orchestration.what_if).
"""

from __future__ import annotations

from pipelines.showing.what_if.compare import compare, differences_to_published, keep_state
from pipelines.showing.what_if.model import CustomerMove, MoveTotal, WhatIf, ZoneMoves
from pipelines.showing.what_if.render import render

__all__ = [
    "CustomerMove",
    "MoveTotal",
    "WhatIf",
    "ZoneMoves",
    "compare",
    "differences_to_published",
    "keep_state",
    "render",
]
