"""What one published version has on its work list. Belongs here: its queries. Not here: words, layout, any rule."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from pipelines.showing import choice
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
        raise choice.unknown("TASK_UNKNOWN", f"{task} is no task; there are: {', '.join(tasks)}", "--task")
    with Version.opened(version, TABLES) as opened:
        day = choice.chosen_day(opened, as_of)
        choice.check_area(opened, day, area)
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
