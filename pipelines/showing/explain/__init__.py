"""One customer explained to a head of sales: what, why, what to do, how sure, what is missing.

Belongs here: reading one published version and showing it. Not here: any formula (dbt_project), the warehouse, the
configuration: what a version does not publish is not explained.
"""

from __future__ import annotations

from pipelines.showing.explain.model import Explanation
from pipelines.showing.explain.read import explain
from pipelines.showing.explain.render import render

__all__ = ["Explanation", "explain", "render"]
