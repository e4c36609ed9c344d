"""The work list for a terminal. Belongs here: layout, which sentence is said when. Not here: reading (read), words (words).

All text goes through `visible`: what deliveries say is shown literally.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from pipelines.showing.areas import area
from pipelines.showing.explain.visible import visible
from pipelines.showing.worklist import words
from pipelines.showing.worklist.model import Task, Worklist
from pipelines.vocabulary import Voice

NARROWEST: Final = 60
WIDEST: Final = 120
KIND_STYLES: Final = {"at_risk": "red", "to_win": "green", "to_save": "cyan", "in_the_dark": "yellow"}


def render(worklist: Worklist, voice: Voice, width: int = 80) -> RenderableType:
    """The list in a language, laid out for a terminal of `width` columns (60 to 120 are used)."""
    width = max(NARROWEST, min(WIDEST, width))
    return Constrain(Group(*_parts(worklist, voice)), width)


def _parts(facts: Worklist, voice: Voice) -> Iterator[RenderableType]:
    say = voice.say
    yield Text(visible(say("todo.title", as_of=voice.day(facts.as_of_date), version=facts.version)), "bold")
    chosen = [
        voice.label("task", facts.task) if facts.task else "",
        say("todo.area", area=area(facts.area).by(voice)) if facts.area else "",
    ]
    if any(chosen):
        yield Text(visible(" · ".join(part for part in chosen if part)), "dim")
    if not facts.tasks:
        yield Text("")
        yield Text(visible(say("todo.nothing")))
        return
    counted = {"count": voice.number(facts.found), "shown": voice.number(len(facts.tasks))}
    yield Text(visible(say("todo.all" if facts.found == len(facts.tasks) else "todo.some", **counted)))
    yield Text("")
    yield _money(facts, voice)
    yield Text(visible(say("todo.money_note")), "dim")
    for due_on, tasks in groupby(facts.tasks, key=lambda task: task.due_on):
        key = "todo.overdue" if due_on <= facts.as_of_date else "todo.due"
        yield Text("")
        yield Rule(Text(visible(say(key, day=voice.day(due_on))), "bold"), align="left", style="dim")
        for task in tasks:
            yield from _task(task, facts, voice)


def _money(facts: Worklist, voice: Voice) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    currency = facts.tasks[0].reporting_currency
    for row in facts.money:
        table.add_row(
            Text(visible(voice.money(row.money, currency)), KIND_STYLES.get(row.money_kind, "")),
            Text(visible(voice.label("money_kind", row.money_kind))),
            Text(visible(voice.meaning("money_kind", row.money_kind)), "dim"),
        )
    return table


def _task(task: Task, facts: Worklist, voice: Voice) -> Iterator[RenderableType]:
    first = Table.grid(expand=True, padding=(0, 1))
    first.add_column(ratio=1, overflow="fold")
    first.add_column(justify="right", no_wrap=True)
    who = Text(visible(voice.label("task", task.task)), "bold")
    who.append_text(Text(visible(f"  {task.customer_name} ({task.ultimate_parent_id})")))
    if task.owner_area and facts.area is None:
        who.append_text(Text(visible(f"  {area(task.owner_area).by(voice)}"), "dim"))
    kind = voice.label("money_kind", task.money_kind)
    money = f"{voice.money(task.money, task.reporting_currency)} {kind}"
    first.add_row(who, Text(visible(money), KIND_STYLES.get(task.money_kind, "")))
    yield first
    step = voice.say("todo.step", step=voice.label("next_step", task.next_step))
    criterion = words.criterion_name(task.happened_criterion_id, voice, facts.criteria)
    yield Padding(Text(visible(f"{words.happened(task, voice, criterion)} {step}")), (0, 0, 0, 2))
