"""The customer sheet: all that is published about one customer or lead, on two pages of A4 at most.

Belongs here: reading one published version and laying it out. Not here: any formula (dbt_project), sentences (explain, the
vocabulary), the browser that prints it (sheets.printing).
"""

from __future__ import annotations

from pipelines.showing.sheets.customer.model import CustomerSheet
from pipelines.showing.sheets.customer.page import body, document, write_sheet
from pipelines.showing.sheets.customer.read import read_sheet, read_sheet_in

__all__ = ["CustomerSheet", "body", "document", "read_sheet", "read_sheet_in", "write_sheet"]
