"""What somebody chose of a version: one of its dates, one of its areas. Belongs here: whether it is there, and what is instead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipelines.errors import Problem, UsageError
from pipelines.showing.version import Version


def chosen_day(version: Version, wanted: date | None) -> date:
    """The date asked for, None: the latest. Needs mart_portfolio. Raises KundenwertError AS_OF_UNKNOWN."""
    days = version.connection.execute("select distinct as_of_date from mart_portfolio order by as_of_date").fetchall()
    return day_of([day for (day,) in days], wanted)


def day_of(published: Sequence[date], wanted: date | None) -> date:
    """The date asked for among those published, ascending; None: the latest. Raises KundenwertError AS_OF_UNKNOWN."""
    if not published:
        raise unknown("AS_OF_UNKNOWN", "the version holds no as-of date", "--as-of")
    if wanted is None:
        return published[-1]
    if wanted not in published:
        what = f"{wanted} is not published; published: {', '.join(map(str, published))}"
        raise unknown("AS_OF_UNKNOWN", what, "--as-of")
    return wanted


def check_area(version: Version, day: date, area: str | None) -> None:
    """Raise KundenwertError AREA_UNKNOWN for an area that nobody's customers have. Needs mart_portfolio."""
    if area is None:
        return
    sql = (
        "select distinct owner_area from mart_portfolio where as_of_date = $as_of and owner_area is not null order by 1"
    )
    areas: list[str] = [name for (name,) in version.connection.execute(sql, {"as_of": day}).fetchall()]
    if area not in areas:
        there = f"there are: {', '.join(areas)}" if areas else "no customer has an area"
        raise unknown("AREA_UNKNOWN", f"{area} is no area; {there}", "--area")


def unknown(code: str, what: str, option: str, remedy: str = "give one of them, or leave the option out") -> UsageError:
    """The error of an option that names what is not there."""
    return UsageError(Problem(code, what, option, remedy))
