"""Who belongs to whom at an as-of date (METHOD 1.1): merged ids, groups, CRM accounts, leads.

Belongs here: from a delivered customer id or account id to its ultimate parent and its column of the reconciliation.
Does not belong here: amounts.

Readings:
- Group links (valid_to inclusive) and id changes count if valid at the as-of date, then for all rows of that as-of,
  earlier ones too. Of several valid links of one entity the latest valid_from counts. A link to itself is a root.
- More than 10 links up to the root, a cycle of links or of id changes: DataError.
- A merged id is no entity of its own any more: of its customers row only first_invoice_date goes on.
- Intercompany and internal are decided per entity, also inside a group of customers; one above customers is not their
  ultimate parent: that is the highest node of the group that is no own company. Customer and lead entities roll
  up; a parent is a customer if one of its entities is, else a lead if one is, else intercompany.
- A delivered customer id may name a pure group node (a parent_id without a customers row); it then stands for the
  group. A node without any known entity is an unknown customer.
- An account with a customer id that nobody knows, or an account id without an accounts row, is an unknown customer.
- A lead is disqualified if it has accounts with a lead_status and all of these say so.
- Customers and accounts count at every as-of date, whatever their created_on or first_invoice_date.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from .inputs import Company, DataError, Row

MAXIMUM_DEPTH = 10
NOT_SCORED = {"intercompany", "internal"}


class Place(NamedTuple):
    """Where an amount or an hour belongs: a column of the reconciliation and a parent (or a reason)."""

    column: str
    parent_id: str


UNKNOWN_CUSTOMER = Place("unassigned", "unknown_customer")
MISSING_COST_CENTRE = Place("unassigned", "missing_cost_centre")


@dataclass
class Structure:
    """The company's groups at one as-of date."""

    places: dict[str, Place] = field(default_factory=dict)
    account_places: dict[str, Place] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    entities: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    members: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    accounts: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    group_nodes: set[str] = field(default_factory=set)
    survivors: dict[str, str] = field(default_factory=dict)
    first_invoice_dates: dict[str, list[date]] = field(default_factory=lambda: defaultdict(list))
    merges: dict[str, list[date]] = field(default_factory=lambda: defaultdict(list))

    def place(self, customer_id: str | None) -> Place:
        """Where rows of a delivered customer id belong."""
        return self.places.get(customer_id or "", UNKNOWN_CUSTOMER)

    def account_place(self, account_id: str) -> Place:
        """Where rows of a CRM account belong."""
        return self.account_places.get(account_id, UNKNOWN_CUSTOMER)

    def scored(self) -> list[str]:
        """Customers and leads by id."""
        return sorted(parent for parent, kind in self.kinds.items() if kind in ("customer", "lead"))

    def customers(self) -> list[str]:
        """Ultimate parents of kind customer by id."""
        return sorted(parent for parent, kind in self.kinds.items() if kind == "customer")

    def is_disqualified(self, parent_id: str) -> bool:
        """Every account of the lead that has a status is disqualified, and there is one."""
        statuses = [row.get("lead_status") for row in self.accounts.get(parent_id, []) if row.get("lead_status")]
        return bool(statuses) and all(status == "disqualified" for status in statuses)


def build(company: Company, as_of: date) -> Structure:
    """The structure valid at an as-of date; DataError for cycles, too deep groups and leads with a customer's id."""
    links: dict[str, tuple[date, str]] = {}
    for row in company.customer_parents:
        valid_to = row.get("valid_to")
        if row["valid_from"] <= as_of and (valid_to is None or as_of <= valid_to):
            links[row["customer_id"]] = max(
                links.get(row["customer_id"], (date.min, "")), (row["valid_from"], row["parent_id"])
            )
    changes = {r["old_customer_id"]: r["customer_id"] for r in company.customer_id_changes if r["valid_from"] <= as_of}

    types_of = {row["customer_id"]: row["relationship_type"] for row in company.customers}

    def survivor(customer_id: str) -> str:
        seen = {customer_id}
        while (following := changes.get(customer_id)) is not None and following != customer_id:
            if following in seen:
                raise DataError(f"id changes of customer {customer_id} form a cycle")
            seen.add(following)
            customer_id = following
        return customer_id

    def root(customer_id: str) -> str:
        node, depth, seen = survivor(customer_id), 0, set[str]()
        top = node
        while node in links and (above := survivor(links[node][1])) != node:
            seen.add(node)
            node, depth = above, depth + 1
            if node in seen or depth > MAXIMUM_DEPTH:
                raise DataError(f"parents of customer {customer_id} form a cycle or are deeper than {MAXIMUM_DEPTH}")
            if types_of.get(node) not in NOT_SCORED:
                top = node
        return top

    structure = Structure()
    delivered = {row["customer_id"]: row for row in company.customers}
    types: dict[str, set[str]] = defaultdict(set)
    for customer_id, row in delivered.items():
        if survivor(customer_id) != customer_id:
            continue
        if row["relationship_type"] in NOT_SCORED:
            structure.kinds[customer_id] = "intercompany"
        else:
            types[root(customer_id)].add(row["relationship_type"])
    for parent_id, found in types.items():
        structure.kinds[parent_id] = "customer" if "customer" in found else "lead"

    nodes = {row["customer_id"] for row in company.customer_parents} | {
        row["parent_id"] for row in company.customer_parents
    }
    for customer_id in sorted(set(delivered) | nodes | set(changes)):
        surviving = survivor(customer_id)
        row_or_none = delivered.get(surviving)
        if row_or_none is not None and row_or_none["relationship_type"] in NOT_SCORED:
            structure.places[customer_id] = Place("intercompany", surviving)
            continue
        parent_id = root(customer_id)
        if parent_id not in structure.kinds:
            continue
        if surviving not in delivered and surviving not in nodes:
            continue
        structure.places[customer_id] = Place(structure.kinds[parent_id] + "s", parent_id)
        structure.members[parent_id].append(customer_id)
        if surviving not in delivered:
            structure.group_nodes.add(customer_id)
        elif surviving == customer_id:
            structure.entities[parent_id].append(delivered[customer_id])
        first = delivered.get(customer_id, {}).get("first_invoice_date")
        if first is not None:
            structure.first_invoice_dates[parent_id].append(first)
    for row in company.customer_id_changes:
        place = structure.places.get(row["customer_id"])
        if row["valid_from"] <= as_of and place is not None:
            structure.merges[place.parent_id].append(row["valid_from"])

    for row in company.accounts:
        account_id, customer = row["account_id"], row.get("customer_id")
        if customer is None:
            if account_id in structure.kinds:
                raise DataError(f"lead account {account_id} has the id of a customer")
            place = Place("leads", account_id)
        else:
            place = structure.place(customer)
            structure.survivors[customer] = survivor(customer)
        structure.account_places[account_id] = place
        if place.column in ("customers", "leads"):
            structure.accounts[place.parent_id].append(row)
    for account_id, place in structure.account_places.items():
        if place == Place("leads", account_id) and account_id not in structure.kinds:
            structure.kinds[account_id] = "lead"
    return structure
