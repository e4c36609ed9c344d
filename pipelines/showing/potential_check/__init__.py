"""The potential check: where potential is likely, and whom to ask first so that the fewest answers judge the most revenue.

Belongs here: reading what a published version says of it, and showing it as one page. Not here: any rule of the method
(mart_potential_check, mart_product_group_signals hold the results), the sheets people fill in (showing.rating_sheets), the look
(bi/potential_check).
"""

from pipelines.showing.potential_check.model import PotentialCheck
from pipelines.showing.potential_check.page import PageContext, write_page
from pipelines.showing.potential_check.read import read_check
from pipelines.showing.potential_check.words import leading

__all__ = ["PageContext", "PotentialCheck", "leading", "read_check", "write_page"]
