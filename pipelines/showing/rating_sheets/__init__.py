"""Rating sheets: workbooks in which people who know the customers say what no system knows, to be returned as a delivery.

Belongs here: whom a published version asks about (read), how the workbook looks (write). Not here: reading a returned one
(pipelines.sources.rating_sheet), what its levels mean for a score (dbt_project).
"""

from __future__ import annotations

from pipelines.showing.rating_sheets.read import Area, Asked, asked
from pipelines.showing.rating_sheets.write import Written, write

__all__ = ["Area", "Asked", "Written", "asked", "write"]
