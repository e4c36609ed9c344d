"""The work list: what is due next, about which money, what happened, what to do.

Belongs here: reading mart_worklist of one published version and saying it. Not here: which task applies, its money and its day
(dbt_project), the page around it (portfolio).
"""

from __future__ import annotations

from pipelines.showing.worklist.model import Task, Worklist
from pipelines.showing.worklist.read import worklist
from pipelines.showing.worklist.render import render

__all__ = ["Task", "Worklist", "render", "worklist"]
