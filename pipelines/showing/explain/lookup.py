"""Which customer is meant. Belongs here: from what a person types to the id of one ultimate parent, or to a good question.

Not here: reading the customer (read).
"""

from __future__ import annotations

from datetime import date
from typing import Final

import duckdb

from pipelines.errors import Problem, UsageError
from pipelines.showing.explain.visible import visible

CANDIDATES_SHOWN: Final = 10
NEAR_SHOWN: Final = 3
NEAR_ENOUGH: Final = 0.85
"""Jaro-Winkler similarity (0..1) from which a name or id may be a misspelling."""

WHERE: Final = "CUSTOMER"


def find(connection: duckdb.DuckDBPyConnection, customer: str, as_of: date) -> str:
    """The ultimate parent's id: by its own id, by a booked id of one of its entities, by a whole name, by part of one.

    Names are compared without case and accents. Raises KundenwertError CUSTOMER_UNKNOWN (did you mean),
    CUSTOMER_AMBIGUOUS (the candidates, largest revenue first), CUSTOMER_NOT_SCORED (own companies, unknown ids).
    """
    text = customer.strip()
    if not text:
        raise _error("CUSTOMER_UNKNOWN", "no customer is named", "give an id or a part of the name")
    return _by_id(connection, text, as_of) or _by_name(connection, text, as_of)


def _by_id(connection: duckdb.DuckDBPyConnection, text: str, as_of: date) -> str | None:
    own = connection.execute(
        """
        select ultimate_parent_id from mart_portfolio
        where as_of_date = $as_of and lower(ultimate_parent_id) = lower($text)
        order by ultimate_parent_id <> $text, ultimate_parent_id
        limit 1
        """,
        {"as_of": as_of, "text": text},
    ).fetchone()
    if own is not None:
        return str(own[0])
    booked = connection.execute(
        """
        select facts.ultimate_parent_id, facts.assignment, portfolio.ultimate_parent_id is not null
        from fct_customer_contribution as facts
        left join mart_portfolio as portfolio
            on facts.ultimate_parent_id = portfolio.ultimate_parent_id and portfolio.as_of_date = $as_of
        where lower(facts.customer_id) = lower($text)
        order by facts.customer_id <> $text, facts.customer_id
        limit 1
        """,
        {"as_of": as_of, "text": text},
    ).fetchone()
    if booked is not None and booked[2]:
        return str(booked[0])
    known = connection.execute(
        """
        select relationship_type, min(as_of_date), max(as_of_date) from dim_customer
        where lower(ultimate_parent_id) = lower(coalesce($parent, $text))
        group by relationship_type
        order by max(as_of_date) desc
        limit 1
        """,
        {"parent": None if booked is None else booked[0], "text": text},
    ).fetchone()
    shown = visible(text)
    if "intercompany" in (known and known[0], booked and booked[1]):
        what = f"{shown} is one of our own companies; those are reconciled, never scored"
        raise _error("CUSTOMER_NOT_SCORED", what, "its bookings stand in mart_contribution_month")
    if booked is not None and booked[1] == "unassigned":
        what = f"{shown} has bookings, but no customer master knows it, so it belongs to no customer"
        remedy = "deliver its master record, then run again; its bookings stand in fct_customer_contribution"
        raise _error("CUSTOMER_NOT_SCORED", what, remedy)
    if known is not None:
        what = f"{shown} is not in the portfolio as of {as_of}, but from {known[1]} to {known[2]}"
        raise _error("CUSTOMER_UNKNOWN", what, f"--as-of {known[2]}")
    return None


_NAMES: Final = """
    with

    folded as (
        select
            ultimate_parent_id,
            customer_name,
            net_revenue,
            replace(lower(strip_accents(customer_name)), 'ß', 'ss') as name,
            replace(lower(strip_accents($text)), 'ß', 'ss') as wanted
        from mart_portfolio
        where as_of_date = $as_of
    )
"""


def _by_name(connection: duckdb.DuckDBPyConnection, text: str, as_of: date) -> str:
    asked = {"as_of": as_of, "text": text}
    found = connection.execute(
        f"""
        {_NAMES},

        fitting as (
            select *, name = wanted as is_whole, count(*) filter (name = wanted) over () as whole_names
            from folded
            where contains(name, wanted)
        )

        select ultimate_parent_id, customer_name, count(*) over ()
        from fitting
        where is_whole or whole_names = 0
        order by net_revenue desc nulls last, ultimate_parent_id
        limit {CANDIDATES_SHOWN}
        """,
        asked,
    ).fetchall()
    if len(found) == 1:
        return str(found[0][0])
    if found:
        total = int(found[0][2])
        more = f"\n    ... and {total - len(found)} more" if total > len(found) else ""
        what = f"'{visible(text)}' fits {total} customers:{_listed(found)}{more}"
        raise _error("CUSTOMER_AMBIGUOUS", what, "give the id, or more of the name")
    near = connection.execute(
        f"""
        {_NAMES},

        compared as (
            select
                *,
                greatest(
                    jaro_winkler_similarity(lower(ultimate_parent_id), wanted),
                    jaro_winkler_similarity(name, wanted),
                    list_max(list_transform(
                        string_split(name, ' '), lambda word : jaro_winkler_similarity(word, wanted)
                    ))
                ) as similarity
            from folded
        )

        select ultimate_parent_id, customer_name
        from compared
        where similarity >= {NEAR_ENOUGH}
        order by similarity desc, ultimate_parent_id
        limit {NEAR_SHOWN}
        """,
        asked,
    ).fetchall()
    what = f"no customer or lead as of {as_of} has the id, or a name with, '{visible(text)}'"
    if near:
        raise _error("CUSTOMER_UNKNOWN", what, f"did you mean{_listed(near)}")
    raise _error("CUSTOMER_UNKNOWN", what, "ids and names stand in bi/mart_portfolio; a part of the name is enough")


def _listed(rows: list[tuple[str, ...]]) -> str:
    return "".join(f"\n    {visible(str(row[0]))}  {visible(str(row[1]))}" for row in rows)


def _error(code: str, what: str, remedy: str) -> UsageError:
    return UsageError(Problem(code, what, WHERE, remedy))
