"""What one published version has on its work list. Belongs here: its queries. Not here: words, layout, any rule."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from pipelines.errors import ExitCode, KundenwertError, Problem
from pipelines.showing.version import Table, Tables, Version
from pipelines.showing.worklist.model import Criterion, Money, Task, Worklist
from pipelines.vocabulary import code_groups

TABLES: Final[Tables] = {
    "mart_portfolio": Table(),
    "mart_worklist": Table.of(Task),
    "fct_criterion_score": Table.of(Criterion),
}
"""What is read of a version."""

_ASKED: Final = "as_of_date = $as_of and ($area is null or owner_area = $area) and ($task is null or task = $task)"


def worklist(
    version: Path, as_of: date | None = None, area: str | None = None, task: str | None = None, limit: int | None = None
) -> Worklist:
    """The tasks of a published version as of one of its dates (None: the latest), of one area and one kind where asked for.

    Raises KundenwertError AS_OF_UNKNOWN, AREA_UNKNOWN, TASK_UNKNOWN; VerifyError as Version.opened does, VERSION_INCOMPLETE for a
    version of a release that had no work list.
    """
    tasks = code_groups()["task"].codes
    if task is not None and task not in tasks:
        raise _unknown("TASK_UNKNOWN", f"{task} is no task; there are: {', '.join(tasks)}", "--task")
    with Version.opened(version, TABLES) as opened:
        day = _as_of(opened, as_of)
        if area is not None:
            _check_area(opened, day, area)
        asked: dict[str, object] = {"as_of": day, "area": area, "task": task}
        rows = opened.rows(Task, "mart_worklist", _ASKED, asked, "priority")
        shown = rows if limit is None else rows[:limit]
        return Worklist(
            version=opened.name,
            as_of_date=day,
            area=area,
            task=task,
            found=len(rows),
            money=_money(opened, asked),
            tasks=shown,
            criteria=_criteria(opened, day) if any(row.happened_criterion_id for row in shown) else {},
        )


def _money(version: Version, asked: dict[str, object]) -> tuple[Money, ...]:
    rows = version.query(
        Money,
        f"""
        select
            money_kind,
            cast(sum(tasks) as bigint) as tasks,
            count(*) as customers,
            sum(money) as money
        from (
            select money_kind, ultimate_parent_id, count(*) as tasks, max(money) as money
            from mart_worklist
            where {_ASKED}
            group by money_kind, ultimate_parent_id
        ) as of_customers
        group by money_kind
        """,
        asked,
    )
    place = code_groups()["money_kind"].place
    return tuple(sorted(rows, key=lambda row: place(row.money_kind)))


def _criteria(version: Version, day: date) -> dict[str, Criterion]:
    rows = version.query(
        Criterion,
        """
        select
            criterion_id,
            any_value(criterion_name_en) as criterion_name_en,
            any_value(criterion_name_de) as criterion_name_de
        from fct_criterion_score
        where as_of_date = $as_of
        group by criterion_id
        """,
        {"as_of": day},
    )
    return {row.criterion_id: row for row in rows}


def _as_of(version: Version, wanted: date | None) -> date:
    days = version.connection.execute("select distinct as_of_date from mart_portfolio order by as_of_date").fetchall()
    published: list[date] = [day for (day,) in days]
    if not published:
        raise _unknown("AS_OF_UNKNOWN", "the version holds no as-of date", "--as-of")
    if wanted is None:
        return published[-1]
    if wanted not in published:
        what = f"{wanted} is not published; published: {', '.join(map(str, published))}"
        raise _unknown("AS_OF_UNKNOWN", what, "--as-of")
    return wanted


def _check_area(version: Version, day: date, area: str) -> None:
    sql = (
        "select distinct owner_area from mart_portfolio where as_of_date = $as_of and owner_area is not null order by 1"
    )
    areas: list[str] = [name for (name,) in version.connection.execute(sql, {"as_of": day}).fetchall()]
    if area not in areas:
        there = f"there are: {', '.join(areas)}" if areas else "no customer has an area"
        raise _unknown("AREA_UNKNOWN", f"{area} is no area; {there}", "--area")


def _unknown(code: str, what: str, where: str) -> KundenwertError:
    error = KundenwertError(Problem(code, what, where, "give one of them, or leave the option out"))
    error.exit_code = ExitCode.USAGE
    return error
