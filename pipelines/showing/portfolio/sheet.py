"""What the page's sheet of a customer tells beside its card, as JSON. Belongs here: which figures, and how compactly.

Not here: the rows (query), the card (payload), layout (bi/portfolio). The whole sheet is `kundenwert sheet customer`.
"""

from __future__ import annotations

from typing import Final

from pipelines.showing.areas import area
from pipelines.showing.explain.model import CASCADE
from pipelines.showing.portfolio.everybody import Json, Number, figure
from pipelines.showing.portfolio.model import PortfolioPage, Sheet
from pipelines.vocabulary import Text, text

CARE: Final = (
    "planned_visits",
    "actual_visits",
    "last_contact_date",
    "field_hours",
    "inside_hours",
    "avoidable_cost",
)


def sheets(page: PortfolioPage, number: Number) -> Json:
    """`columns`, and per detail, in order, its figures; of an area and a last contact the number of a text."""
    return {
        "steps": [*CASCADE],
        "care": [*CARE],
        "columns": ["region", "owner_area", *CASCADE, *CARE],
        "rows": [
            [
                row.region,
                number(area(row.owner_area)),
                *(figure(getattr(row, step)) for step in CASCADE),
                *(
                    number(_contact(row)) if name == "last_contact_date" else figure(getattr(row, name))
                    for name in CARE
                ),
            ]
            for row in page.sheets
        ],
    }


def _contact(row: Sheet) -> Text:
    if row.is_never_contacted:
        return text("customer_sheet.field.never")
    return Text(lambda voice: voice.day(row.last_contact_date) if row.last_contact_date else "")
