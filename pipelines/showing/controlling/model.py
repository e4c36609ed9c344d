"""What the controllers' page and workbook show: the rows of sql/, and a section as both of them write it.

Belongs here: shapes. Not here: reading them (query), which columns a section has (sections), words (words). Money is in the
reporting currency unless the field says `delivered`; None where the version does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pipelines.vocabulary import Text

Kind = Literal["words", "name", "whole", "money", "day", "moment", "month", "light"]
"""How a column is written: `name` holds what the row is about, `light` the words of the row's light."""

Cell = Text | str | int | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a section: its title, how it is written, how wide it is in the workbook (characters).

    `is_rare`: the page leaves it out where it says nothing of any row (nothing, or 0); the workbook never does.
    """

    title: Text
    kind: Kind = "words"
    width: int = 14
    is_rare: bool = False


@dataclass(frozen=True, slots=True)
class Fold:
    """Rows of a section that the page folds together under a title; `note` says what they add up to."""

    title: Text
    note: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: Text | None = None
    """What stands above the rows: what to do about them."""


@dataclass(frozen=True, slots=True)
class Section:
    """One table: on the page under its heading, in the workbook on a sheet of its own.

    `rows` hold a cell per column. On the page the first `shown` rows are open, the rest folded; where there are `folds`, they stand
    below them. `name` is the section's place on the page.
    """

    name: str
    sheet: Text
    heading: Text
    lead: Text
    empty: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shown: int = 12
    folds: tuple[Fold, ...] = ()
    lights: tuple[str, ...] = ()
    """A light per row, where rows have one."""
    left_out: int = 0
    """Rows the page has no room for; the workbook holds all."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a version: when it came, how much of it counts, what its light is and why (codes of `light_reason`)."""

    source_name: str
    domain: str | None
    light: str
    reasons: str
    delivered_at: datetime | None
    data_to: date | None
    rows_used: int
    rows_set_aside: int
    rows_filtered: int
    rows_lost: int | None
    values_left_empty: int
    delivered_amount_set_aside: Decimal | None
    currency_code: str | None
    age_days: int | None
    agreed_age_days: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Month:
    """Net revenue of a month: what was delivered = what the marts hold + what is set aside."""

    month_start: date | None
    delivered: Decimal | None
    in_marts: Decimal | None
    of_nobody: Decimal | None
    set_aside: Decimal | None
    difference: Decimal | None
    rows_set_aside: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Rows set aside, or values left empty, of one source, month, reason and column."""

    source_name: str
    month_start: date | None
    is_row_kept: bool
    reason: str
    column_name: str | None
    affected_rows: int
    delivered_amount: Decimal | None
    currency_code: str | None
    file_name: str | None
    first_line: int | None
    last_line: int | None


@dataclass(frozen=True, slots=True)
class Booking:
    """Row of mart_reconciliation."""

    company_id: str
    period: str
    period_kind: str
    account_group: str
    customers: Decimal | None
    leads: Decimal | None
    intercompany: Decimal | None
    unassigned_unknown_customer: Decimal | None
    unassigned_missing_cost_centre: Decimal | None
    quarantined: Decimal | None
    unused_capacity: Decimal | None
    total: Decimal | None
    ledger: Decimal | None
    difference: Decimal | None
    status: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a check of the sales input found in one area within the months the as-of date looks at; `check_...`: in all areas."""

    check_id: str
    severity: str
    table_name: str
    check_text_en: str
    check_text_de: str
    area: str
    affected_rows: int
    checked_rows: int
    customers: int
    confirmed_zones: int
    affected_amount: Decimal | None
    first_seen: date | None
    trend: str | None
    due_on: date
    check_customers: int
    check_confirmed_zones: int


@dataclass(frozen=True, slots=True)
class Rating:
    """A customer or lead to be rated, with the money nobody can judge until then."""

    ultimate_parent_id: str
    customer_name: str
    owner_area: str | None
    zone: str | None
    happened: str
    happened_days: int | None
    money: Decimal
    due_on: date


@dataclass(frozen=True, slots=True)
class Restated:
    """A published month that a later version corrected."""

    restated_version: int
    month_start: date
    customers: int
    old_net_revenue: Decimal | None
    new_net_revenue: Decimal | None
    delta_net_revenue: Decimal | None
    delta_contribution_4: Decimal | None
    is_method_changed: bool


@dataclass(frozen=True, slots=True)
class RestatedCustomer:
    """Row of mart_restatements with the customer's name as of the latest as-of date."""

    restated_version: int
    month_start: date
    ultimate_parent_id: str
    customer_name: str | None
    old_net_revenue: Decimal | None
    new_net_revenue: Decimal | None
    delta_net_revenue: Decimal | None
    old_contribution_4: Decimal | None
    new_contribution_4: Decimal | None
    delta_contribution_4: Decimal | None
    is_method_changed: bool


@dataclass(frozen=True, slots=True)
class Waiver:
    """A waiver that acts on a failed check, or one that no longer does (`state` expired or unused)."""

    state: str
    code: str
    subject: str
    affected_rows: int | None
    affected_amount: Decimal | None
    waived_by: str | None
    waived_why: str | None
    waived_until: date | None


@dataclass(frozen=True, slots=True)
class Warned:
    """A check that warns, beside those of the landing: `kind` of check, `finding` and `remedy` in the words of the run (English)."""

    kind: str
    area: str
    subject: str
    finding: str
    remedy: str | None
    observed_value: str | None
    limit_value: str | None
    affected_rows: int | None
    affected_amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Override:
    """A zone set by a person: in force (with its customer), or rejected (with its place in the file)."""

    state: str
    ultimate_parent_id: str | None
    customer_name: str | None
    zone: str | None
    override_zone: str | None
    override_reason: str | None
    expires_on: date | None
    quarantine_reason: str | None
    file_name: str | None
    line_number: int | None


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the method that the version before had otherwise; None: it was, or is, not there or left open."""

    setting: str
    value_before: str | None
    value_now: str | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Urgent:
    """One of the things to be done first, of one kind (code of `urgent`): how much, about what."""

    kind: str
    place: int
    source_name: str | None
    check_id: str | None
    affected_rows: int
    customers: int
    confirmed_zones: int
    amount: Decimal | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Which version is spoken of."""

    version: int
    previous_version: int | None
    known_at: datetime
    as_of_date: date
    method_version: str
    previous_method_version: str | None
    why: tuple[str, ...]
    reporting_currency: str


@dataclass(frozen=True, slots=True)
class Controlling:
    """Everything the page and the workbook hold."""

    facts: Facts
    has_previous: bool
    urgent: tuple[Urgent, ...]
    sources: tuple[Source, ...]
    months: tuple[Month, ...]
    reasons: tuple[Reason, ...]
    bookings: tuple[Booking, ...]
    doubts: tuple[Doubt, ...]
    ratings: tuple[Rating, ...]
    restated: tuple[Restated, ...]
    restated_customers: tuple[RestatedCustomer, ...]
    warned: tuple[Warned, ...]
    waivers: tuple[Waiver, ...]
    overrides: tuple[Override, ...]
    settings: tuple[Setting, ...]
