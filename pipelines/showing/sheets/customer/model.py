"""What a customer sheet holds. Belongs here: shapes, and what follows from one row. Not here: reading (read), layout (page).

A class that stands for a mart's row has the mart's columns as fields (docs/marts tells their units and meaning). A field with a
default is read from versions that publish the column, else it keeps the default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pipelines.showing.explain.model import Axis, Explanation
from pipelines.showing.worklist.model import Task


@dataclass(frozen=True, slots=True)
class Profile:
    """Row of mart_customer_profile: the five areas of the customer description."""

    industry_code: str | None
    legal_form: str | None
    country_code: str | None
    region: str | None
    owner_area: str | None
    entity_count: int | None
    customer_since: date | None
    is_wish_customer: bool | None
    referrals: int | None
    has_co_development: bool | None
    has_co_marketing: bool | None
    contact_count: int | None
    role_coverage_ratio: Decimal | None
    decision_maker_access_level: int | None
    external_contacts: int | None
    informal_contacts: int | None
    offerings_rated: int | None
    basic_share_ratio: Decimal | None
    differentiating_share_ratio: Decimal | None
    delighting_share_ratio: Decimal | None
    fascinating_share_ratio: Decimal | None
    parity_better_ratio: Decimal | None
    parity_worse_ratio: Decimal | None
    offering_gaps: int | None
    annual_need: Decimal | None
    annual_demand: Decimal | None
    potential_revenue: Decimal | None
    credit_index: int | None
    payment_terms_days: int | None
    weighted_days_beyond_terms: Decimal | None
    price_realisation_ratio: Decimal | None
    exchange_completeness_ratio: Decimal | None
    exploitation_ratio: Decimal | None
    penetration_ratio: Decimal | None
    profitable_months: int | None
    individual_treatments: int | None
    customer_rating_level: Decimal | None
    staff_rating_level: Decimal | None
    customer_minus_staff_rating: Decimal | None
    profile_completeness_ratio: Decimal | None
    oldest_field_age_days: int | None
    annual_wish: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """Row of mart_buying_centre: whom we know in a role, persons counted and never named."""

    buying_role: str
    contact_count: int | None
    max_access_level: int | None


@dataclass(frozen=True, slots=True)
class Care:
    """Row of mart_service_levels: what is planned for the customer, and what was done in the 12 months."""

    planned_visits: int | None
    actual_visits: int | None
    days_since_last_contact: int | None
    max_contact_gap_days: int | None
    contact_gap_breach: bool | None
    field_hours: Decimal | None
    inside_hours: Decimal | None
    last_contact_date: date | None = None
    is_never_contacted: bool | None = None
    care_cost: Decimal | None = None
    avoidable_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """A delivered month and its row of mart_contribution_month; without a row nothing was booked, and every amount is None.

    `contribution` is the deepest contribution the company knows.
    """

    month_start: date
    net_revenue: Decimal | None
    contribution: Decimal | None
    visits: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Row of mart_share_of_wallet: one product group, those with the largest gap first."""

    product_group: str
    annual_demand: Decimal | None
    net_revenue: Decimal | None
    sow_capped_ratio: Decimal | None
    achievable_gap: Decimal | None
    is_white_space: bool | None
    is_next_best_product_group: bool
    sow_change_ratio: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Row of mart_score_change: by how much a criterion's points moved since the as-of date before."""

    axis: str
    criterion_id: str
    previous_as_of_date: date | None
    change_points: Decimal | None


@dataclass(frozen=True, slots=True)
class CustomerSheet:
    """One customer or lead as of the version's latest date. What the version says nothing of is None in
    its row, or empty.

    `months` are the last delivered ones, at most 24, the oldest first; `months_depth` the contribution they show (1..4, 0: none is
    known). `groups` are those shown, `more_groups` how many are not; `tasks` stand in the order they are due.
    """

    explanation: Explanation
    profile: Profile
    roles: tuple[Role, ...]
    care: Care
    months: tuple[Month, ...]
    months_depth: int
    groups: tuple[Group, ...]
    more_groups: int
    changes: Mapping[tuple[str, str], Change] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()

    @property
    def compared_with(self) -> date | None:
        """The as-of date the score's change is counted from."""
        return min(
            (each.previous_as_of_date for each in self.changes.values() if each.previous_as_of_date), default=None
        )

    def change_of(self, axis: Axis) -> Decimal | None:
        """By how much an axis moved: the sum of its criteria's changes, None where nothing is compared."""
        moved = [each.change_points for each in self.changes.values() if each.axis == axis.axis]
        return sum((each for each in moved if each is not None), Decimal(0)) if moved else None
