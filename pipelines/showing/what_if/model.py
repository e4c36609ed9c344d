"""What a comparison of two states holds. Belongs here: shapes. Not here: comparing (compare), words (words), layout (render)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from pipelines.settings.changes import Change


@dataclass(frozen=True, slots=True)
class CustomerMove:
    """A customer or lead whose zone or raw zone differs. Money as it is before, 12 months; `_after` where a setting changes it too.

    `raw_zone` is what the scores alone say, without memory. `crossed_axis` is the axis on whose other side of the threshold the
    customer would be, None if on neither; the criterion is that of this axis whose weighted points moved the score most, by
    `criterion_points`. The contribution is the deepest that the company's costs allow (METHOD 1.3 depth).
    """

    ultimate_parent_id: str
    customer_name: str | None
    relationship_type: str
    zone_before: str | None
    zone_after: str | None
    raw_zone_before: str | None
    raw_zone_after: str | None
    is_held_before: bool | None
    is_held_after: bool | None
    zone_status_before: str | None
    zone_status_after: str | None
    service_zone_before: str | None
    service_zone_after: str | None
    potential_score_before: Decimal | None
    potential_score_after: Decimal | None
    attractiveness_score_before: Decimal | None
    attractiveness_score_after: Decimal | None
    potential_coverage_before: Decimal | None
    potential_coverage_after: Decimal | None
    attractiveness_coverage_before: Decimal | None
    attractiveness_coverage_after: Decimal | None
    threshold_before: Decimal | None
    threshold_after: Decimal | None
    crossed_axis: str | None
    criterion_id: str | None
    criterion_name_en: str | None
    criterion_name_de: str | None
    criterion_points: Decimal | None
    net_revenue: Decimal | None
    contribution: Decimal | None
    contribution_after: Decimal | None
    potential_contribution: Decimal | None
    potential_contribution_after: Decimal | None


@dataclass(frozen=True, slots=True)
class MoveTotal:
    """Everyone who goes from one zone to another; sums of what is known of them, before the change."""

    zone_before: str | None
    zone_after: str | None
    customers: int
    net_revenue: Decimal | None
    contribution: Decimal | None
    potential_contribution: Decimal | None


@dataclass(frozen=True, slots=True)
class ZoneMoves:
    """All differences between two states as of one date.

    `customers` are those who change zone, by the size of their contribution; `held` those whose scores alone would say another
    zone and who keep theirs. `compared` counts everyone (leads too), `statuses` those who keep the zone but not the status,
    `scores` those with another score on either axis.
    """

    compared: int
    statuses: int
    scores: int
    totals: tuple[MoveTotal, ...]
    customers: tuple[CustomerMove, ...]
    held: tuple[CustomerMove, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would be different. `differs_from_version`: customers whose present state already differs from the version's."""

    version: str
    as_of: date
    as_of_dates: tuple[date, ...]
    known_at: datetime
    currency: str
    method_version_before: str
    method_version_after: str
    changes: tuple[Change, ...]
    differs_from_version: int
    moves: ZoneMoves
