"""What the page's sheet of a customer tells beside its card, as JSON. Belongs here: which figures, and how compactly.

Not here: the rows (query), the card (payload), layout (bi/portfolio). The whole sheet is `kundenwert sheet customer`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from pipelines.showing.areas import area
from pipelines.showing.explain.model import CASCADE
from pipelines.showing.explain.telling import capital
from pipelines.showing.portfolio.everybody import Json, Number, figure
from pipelines.showing.portfolio.model import PortfolioPage, Sheet, SheetMonths
from pipelines.vocabulary import Text, Voice, code_groups, text

CARE: Final = (
    "planned_visits",
    "actual_visits",
    "last_contact_date",
    "field_hours",
    "inside_hours",
    "avoidable_cost",
)


GROUP: Final = ("product_group", "annual_demand", "net_revenue", "sow_capped_ratio", "achievable_gap", "is_next")
"""What is told of a product group, in this order."""


def drawn(page: PortfolioPage, voices: Sequence[Voice]) -> Json:
    """What a sheet draws and lists, read when the first one is opened. Per detail, in order: the amounts of each month, the product
    groups, the roles of the buying centre.

    `months` names the months, `roles` the roles, in every language; of an amount nobody knows stands null.
    """
    groups: dict[int, list[Json]] = defaultdict(list)
    for group in page.sheet_groups:
        groups[group.detail_number].append([figure(getattr(group, name)) for name in GROUP])
    roles: dict[int, list[Json]] = defaultdict(list)
    for role in page.sheet_roles:
        roles[role.detail_number].append([role.buying_role, role.contact_count, role.max_access_level])
    months = page.sheet_months[0].months if page.sheet_months else []
    by_month = {each.detail_number: each for each in page.sheet_months}
    return {
        "months": {
            voice.language: [voice.month(each.isoformat()[: len("2026-09")]) for each in months] for voice in voices
        },
        "roles": {
            voice.language: {
                role: capital(voice.label("buying_role", role)) for role in code_groups()["buying_role"].codes
            }
            for voice in voices
        },
        "rows": [
            [
                _by_month(by_month.get(detail.detail_number)),
                groups.get(detail.detail_number, []),
                roles.get(detail.detail_number, []),
            ]
            for detail in page.details
        ],
    }


def _by_month(row: SheetMonths | None) -> Json:
    """Revenue, contribution and visits by month; nothing where no month has any."""
    if row is None:
        return []
    found = (row.net_revenue, row.contribution, row.visits)
    return [[*values] for values in found] if any(value is not None for values in found for value in values) else []


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
