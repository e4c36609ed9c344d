"""The comparison for a terminal: the answer first. Belongs here: layout. Not here: comparing (compare), words (words).

All text goes through `visible`: what deliveries say is shown literally.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipelines.showing.explain.visible import visible
from pipelines.showing.what_if import words
from pipelines.showing.what_if.model import CustomerMove, WhatIf
from pipelines.vocabulary import Voice, code_groups

NARROWEST: Final = 60
WIDEST: Final = 120


def render(found: WhatIf, voice: Voice, limit: int, width: int = 80) -> RenderableType:
    """The comparison in a language, for a terminal of `width` columns (60 to 120 are used): sentences, zones, the first `limit` who move
    and the first `limit` who stay all the same."""
    return Constrain(Group(*_parts(found, voice, limit)), max(NARROWEST, min(WIDEST, width)))


def _parts(found: WhatIf, voice: Voice, limit: int) -> Iterator[RenderableType]:
    moves = found.moves
    yield _line(" ".join(words.answer(found, voice)), "bold")
    for change in found.changes:
        yield _line(f"  {change.path}: {change.before} → {change.after}", "dim")
    for sentence in words.others(found, voice):
        yield _line(sentence)
    if moves.totals:
        yield Text("")
        yield _totals(found, voice)
        yield _line(voice.say("what_if.customers"), "italic")
        yield from _customers(moves.customers, found, voice, limit, words.why_it_moves)
    if moves.held:
        yield Text("")
        yield _line(voice.say("what_if.stay"), "italic")
        yield from _customers(moves.held, found, voice, limit, words.why_it_stays)
    yield Text("")
    yield _line(voice.say("what_if.nothing"))


def _line(text: str, style: str = "") -> Text:
    return Text(visible(text), style)


def _totals(found: WhatIf, voice: Voice) -> Table:
    title = voice.say("what_if.zones", as_of=voice.day(found.as_of), currency=found.currency)
    table = Table(title=visible(title), title_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for key in ("what_if.column.from", "what_if.column.to"):
        table.add_column(voice.say(key), no_wrap=True)
    for key in (
        "what_if.column.customers",
        "what_if.column.revenue",
        "what_if.column.contribution",
        "what_if.column.gap",
    ):
        table.add_column(voice.say(key), justify="right", no_wrap=True)
    place = code_groups()["zone"].place
    for row in sorted(found.moves.totals, key=lambda each: (place(each.zone_before), place(each.zone_after))):
        money: tuple[Decimal | None, ...] = (row.net_revenue, row.contribution, row.potential_contribution)
        table.add_row(
            *(_line(words.zone(zone, voice)) for zone in (row.zone_before, row.zone_after)),
            *(_line(voice.number(number)) for number in (row.customers, *money)),
        )
    return table


def _customers(
    rows: Sequence[CustomerMove], found: WhatIf, voice: Voice, limit: int, why: Callable[[CustomerMove, Voice], str]
) -> Iterator[RenderableType]:
    for move in rows[:limit]:
        first = Table.grid(expand=True, padding=(0, 1))
        first.add_column(ratio=1, overflow="fold")
        first.add_column(justify="right", no_wrap=True)
        first.add_row(_who(move, voice), _line(voice.money(move.contribution, found.currency)))
        yield first
        yield Padding(_line(why(move, voice), "dim"), (0, 0, 0, 2))
    if len(rows) > limit:
        yield _line(voice.say("what_if.more", more=voice.number(len(rows) - limit)))


def _who(move: CustomerMove, voice: Voice) -> Text:
    who = _line(f"{move.customer_name or ''} ({move.ultimate_parent_id})".strip(), "bold")
    zones = [words.zone(zone, voice) for zone in (move.zone_before, move.zone_after)]
    return who.append_text(_line("  " + " → ".join(dict.fromkeys(zones))))
