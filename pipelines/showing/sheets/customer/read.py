"""What one published version says about one customer, for a sheet. Belongs here: the sheet's queries.

Not here: which customer is meant and what explain reads (explain), words and layout (page). Every figure is read as published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeVar

from pipelines.showing.explain.model import Contact, ProductGroup
from pipelines.showing.explain.read import TABLES as EXPLAINED
from pipelines.showing.explain.read import explain_in
from pipelines.showing.monthly import months_of
from pipelines.showing.sheets.customer.model import Care, Change, CustomerSheet, Group, Month, Profile, Role
from pipelines.showing.version import Table, Tables, Version, columns_of
from pipelines.showing.worklist.model import Task
from pipelines.vocabulary import code_groups

GROUPS_SHOWN: Final = 10
TASKS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class _Depth:
    """Later columns of mart_contribution_month; before them every cost counted as delivered."""

    contribution_depth: int | None = None
    customer_contribution: Decimal | None = None


TABLES: Final[Tables] = {
    **EXPLAINED,
    "mart_share_of_wallet": Table.of(ProductGroup, Group),
    "mart_service_levels": Table((Contact, Care), is_later=True),
    "mart_customer_profile": Table.of(Profile),
    "mart_buying_centre": Table.of(Role),
    "mart_contribution_month": Table.of(_Depth),
    "mart_score_change": Table.of(Change),
    "mart_worklist": Table((Task,), is_later=True),
}
"""What is read of a version, and which rows become what."""

Row = TypeVar("Row")
Key = Mapping[str, object]

_MONTHS: Final = (
    "select month_start, net_revenue, contribution, visits "
    f"from ({months_of('(select $id as ultimate_parent_id)', '$as_of')}) order by month_start"
)

_DEPTH: Final = """
    select coalesce(max(contribution_depth), 4) from mart_contribution_month where ultimate_parent_id = $id
"""


def read_sheet(version: Path, customer: str) -> CustomerSheet:
    """The sheet of a customer or lead from a published version's directory, as of its latest date.

    `customer` is an id or part of a name, as in explain. Raises KundenwertError CUSTOMER_UNKNOWN, CUSTOMER_AMBIGUOUS,
    CUSTOMER_NOT_SCORED, AS_OF_UNKNOWN; VerifyError as Version.opened does.
    """
    with Version.opened(version, TABLES) as opened:
        return read_sheet_in(opened, customer)


def read_sheet_in(version: Version, customer: str) -> CustomerSheet:
    """As `read_sheet`, from a version that is open with TABLES."""
    explanation = explain_in(version, customer)
    parent = explanation.who.ultimate_parent_id
    key: Key = {"as_of": explanation.as_of_date, "id": parent}
    groups = _rows(
        version, Group, "mart_share_of_wallet", key, "achievable_gap desc nulls last, net_revenue desc, product_group"
    )
    role = code_groups()["buying_role"].place
    return CustomerSheet(
        explanation=explanation,
        profile=_one(version, Profile, "mart_customer_profile", key),
        roles=tuple(sorted(_rows(version, Role, "mart_buying_centre", key), key=lambda each: role(each.buying_role))),
        care=_one(version, Care, "mart_service_levels", key),
        months=_months(version, explanation.as_of_date, parent),
        months_depth=_depth(version, parent),
        groups=groups[:GROUPS_SHOWN],
        more_groups=max(0, len(groups) - GROUPS_SHOWN),
        changes={
            (each.axis, each.criterion_id): each
            for each in _rows(version, Change, "mart_score_change", key, "axis, criterion_id")
        },
        tasks=_rows(version, Task, "mart_worklist", key, "due_on, priority")[:TASKS_SHOWN],
    )


def _rows(version: Version, kind: type[Row], table: str, key: Key, order_by: str = "all") -> tuple[Row, ...]:
    return version.rows(kind, table, "as_of_date = $as_of and ultimate_parent_id = $id", key, order_by)


def _one(version: Version, kind: type[Row], table: str, key: Key) -> Row:
    """The customer's row; one that knows nothing where there is none."""
    rows = _rows(version, kind, table, key)
    return rows[0] if rows else kind(**dict.fromkeys(column.name for column in columns_of(kind)))


def _months(version: Version, as_of: date, parent: str) -> tuple[Month, ...]:
    return version.query(Month, _MONTHS, {"as_of": as_of, "id": parent})


def _depth(version: Version, parent: str) -> int:
    ((depth,),) = version.connection.execute(_DEPTH, {"id": parent}).fetchall()
    return int(depth)
