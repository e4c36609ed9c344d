"""An explanation as one page for a terminal. Belongs here: layout. Not here: reading (read), which sentence is said when (telling).

All text goes through `_text`: what deliveries say is shown literally, neither rich's markup nor the terminal acts on it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.table import Table
from rich.text import Text

from pipelines.showing.explain.model import CASCADE, Axis, Criterion, Explanation
from pipelines.showing.explain.telling import Telling, capital, places_of
from pipelines.showing.explain.visible import visible
from pipelines.vocabulary import Voice
from pipelines.vocabulary.formats import UNKNOWN
from pipelines.vocabulary.formats import decimals_of as decimals

NARROWEST: Final = 60
WIDEST: Final = 120
LABEL: Final = 20
"""Columns of the words in front of a line."""
USUAL: Final = 76
WIDE: Final = 100
"""From these widths on there is room for longer names in one line."""

RESULTS: Final = frozenset(("net_revenue", "contribution_1", "contribution_2", "contribution_3", "contribution_4"))

ZONE_STYLES: Final = {
    "protection": "bold green",
    "target_lead": "bold green",
    "development": "bold cyan",
    "maintain": "bold blue",
    "nurture_lead": "bold blue",
    "withdrawal": "bold magenta",
    "disqualified_lead": "bold magenta",
    "new_customer": "bold yellow",
    "unrated": "bold yellow",
}
STATUS_STYLES: Final = {"confirmed": "green", "provisional": "yellow", "unrated": "yellow", "observation": "yellow"}

EIGHTHS: Final = " ▏▎▍▌▋▊▉"


def render(explanation: Explanation, voice: Voice, width: int = 80) -> RenderableType:
    """The page in a language, laid out for a terminal of `width` columns (60 to 120 are used)."""
    speaking = voice.of(explanation.who.ultimate_parent_id, explanation.as_of_date)
    page = _Page(Telling(explanation, speaking), max(NARROWEST, min(WIDEST, width)))
    return Constrain(Group(*page.parts()), page.width)


def _text(text: str, style: str = "") -> Text:
    return Text(visible(text), style=style)


def _paragraph(text: str, width: int, style: str = "", indent: str = "") -> Text:
    """Text in lines of at most `width`; unlike rich's own wrapping it keeps a number and its per cent sign together."""
    lines = textwrap.wrap(
        visible(text),
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return Text("\n".join(lines), style=style)


def bar(points: Decimal, weight: Decimal | int, cells: int, *, is_assumed: bool = False) -> str:
    """A bar of `cells` characters, filled to points / weight; what is only assumed is shaded. 0 cells give ''."""
    if not weight or cells <= 0:
        return ""
    eighths = int(max(Decimal(0), min(Decimal(1), points / Decimal(weight))) * cells * 8)
    if is_assumed:
        filled = min(cells, (eighths + 4) // 8)
        return "▒" * filled + "·" * (cells - filled)
    full, rest = divmod(eighths, 8)
    drawn = "█" * full + (EIGHTHS[rest] if rest else "")
    return drawn + "·" * (cells - len(drawn))


@dataclass(frozen=True, slots=True)
class _Page:
    told: Telling
    width: int

    @property
    def facts(self) -> Explanation:
        return self.told.facts

    @property
    def voice(self) -> Voice:
        return self.told.voice

    def parts(self) -> Iterator[RenderableType]:
        say = self.voice.say
        facts = self.facts
        yield from self._heading()
        yield self._title(
            say("explain.title.what", as_of=self.voice.day(facts.as_of_date), currency=facts.who.reporting_currency)
        )
        yield self._what()
        yield self._title(say("explain.title.why"))
        yield self._criteria()
        yield from self._sentences()
        yield self._title(say("explain.title.do"))
        yield from self._action()
        yield self._title(say("explain.title.sure"))
        yield self._labelled(self.told.sure())
        yield self._title(say("explain.title.missing"))
        missing = tuple(self.told.missing())
        yield self._labelled(missing) if missing else _text(self.told.nothing_missing())

    # --- heading ----------------------------------------------------------------------------------------------------

    def _heading(self) -> Iterator[RenderableType]:
        facts, who = self.facts, self.facts.who
        first = Table.grid(expand=False)
        first.width = self.width
        first.add_column(ratio=1, overflow="fold")
        first.add_column(justify="right", overflow="fold")
        first.add_row(_text(who.customer_name, "bold"), _text(who.ultimate_parent_id, "bold"))
        yield first
        zone = facts.zone
        line = Text()
        line.append_text(_text(self.told.zone(zone.zone), ZONE_STYLES.get(zone.zone, "bold")))
        line.append_text(_text(self.told.status(), STATUS_STYLES.get(zone.zone_status or "", "")))
        means, override = self.told.place_means(), self.told.override()
        line.append_text(_text(f": {means}" if means else ""))
        if override:
            line.append_text(_text(f" · {override}", "yellow"))
        yield line
        standing = self.told.standing()
        if standing:
            yield _text(standing)
        yield _text(" · ".join(self.told.described()), "dim")
        trouble = tuple(self.told.trouble())
        if trouble:
            yield _text(capital(", ".join(trouble)), "bold red")

    # --- what -------------------------------------------------------------------------------------------------------

    def _what(self) -> RenderableType:
        money = Table.grid(padding=(0, 1))
        money.add_column(overflow="fold")
        money.add_column(justify="right", overflow="fold")
        for name in CASCADE:
            amount = getattr(self.facts.contribution, name)
            style = "bold" if name in RESULTS else ""
            if name in RESULTS and amount is not None and amount < 0:
                style = "bold red"
            sign = " " if name == CASCADE[0] else "=" if name in RESULTS else "-"
            label = f"{sign} {self.voice.label('amount', name)}"
            money.add_row(_text(label, style), _text(self.voice.number(amount, 2), style))
        others = Table.grid(padding=(0, 1))
        others.add_column(overflow="fold")
        others.add_column(justify="right", overflow="fold")
        for label, value in self.told.figures():
            others.add_row(_text(label), _text(value))
        if self.width < USUAL:
            return Group(money, _text(""), others)
        both = Table.grid(padding=(0, 4 if self.width < WIDE else 10))
        both.add_row(money, others)
        return both

    # --- why --------------------------------------------------------------------------------------------------------

    def _criteria(self) -> RenderableType:
        say = self.voice.say
        name, value = (36, 14) if self.width >= WIDE else (24, 11) if self.width >= USUAL else (17, 10)
        level, points = 6, 16
        cells = self.width - name - value - level - points - 4
        table = Table.grid(padding=(0, 1))
        table.add_column(width=name, overflow="fold")
        table.add_column(width=value, justify="right", overflow="fold")
        table.add_column(width=level, justify="right", overflow="fold")
        table.add_column(width=cells, no_wrap=True)
        table.add_column(width=points, justify="right", overflow="fold")
        titles = (
            say("explain.why.criterion"),
            say("explain.why.value"),
            say("explain.why.level"),
            "",
            say("explain.why.points"),
        )
        table.add_row(*(_text(title, "dim") for title in titles))
        for axis in self.facts.axes:
            places = places_of(axis)
            for part in axis.criteria:
                table.add_row(*self._criterion(part, name, cells, places))
            table.add_row(*self._sum(axis, cells, places))
            if axis.axis == "contribution" and self.facts.value_parts:
                for row in self._value_rows(name, cells):
                    table.add_row(*row)
        return table

    def _criterion(self, part: Criterion, name: int, cells: int, places: int) -> Iterator[Text]:
        yield _paragraph(self.told.name(part), name, indent="  ")
        if part.is_imputed:
            yield _text(self.voice.say("explain.why.unknown"), "yellow")
        elif part.is_rating_stale:
            yield _text(self.voice.say("explain.why.old"), "yellow")
        elif part.raw_value is None or part.method != "breakpoints":
            yield _text("")
        else:
            yield _text(self.told.measured(part.measure or part.criterion_id, part.raw_value))
        yield _text(UNKNOWN if part.level is None else self.voice.number(part.level, decimals(part.level)))
        length = int((Decimal(part.weight_points) * cells / 100).to_integral_value())
        drawn = bar(part.points, part.weight_points, max(1, length), is_assumed=part.is_imputed)
        yield _text(drawn, "yellow" if part.is_imputed else "cyan")
        points = self.voice.number(part.points, places)
        yield _text(self.voice.say("explain.why.of", points=points, weight=part.weight_points))

    def _sum(self, axis: Axis, cells: int, places: int) -> Iterator[Text]:
        holds = axis.points == axis.score
        style = "bold" if holds else "bold red"
        yield _text(self.voice.say("explain.why.sum", axis=self.voice.label("axis", axis.axis)), style)
        yield _text("")
        yield _text("")
        yield _text(bar(axis.points, 100, cells), style)
        points = self.voice.number(axis.points, places)
        yield _text(self.voice.say("explain.why.of", points=points, weight=axis.weight_points), style)

    def _value_rows(self, name: int, cells: int) -> Iterator[tuple[Text, ...]]:
        """The customer value like an axis: its parts are scores, their weights shares of 1."""
        say, number, parts = self.voice.say, self.voice.number, self.facts.value_parts
        places = max(decimals(part.points, 10, 1) for part in parts)
        for part in parts:
            most, points = part.weight * 100, part.points or Decimal(0)
            yield (
                _paragraph(self.voice.label("axis", part.axis), name, indent="  "),
                _text(self.told.score(part.score)),
                _text(f"×{number(part.weight, decimals(part.weight, 3))}"),
                _text(bar(points, most, int((part.weight * cells).to_integral_value())), "cyan"),
                _text(say("explain.why.of", points=number(points, places), weight=number(most, decimals(most)))),
            )
        exact = self.told.exact_value()
        style = "bold" if all(each.adds_up for each in self.facts.checks) else "bold red"
        yield (
            _text(say("explain.why.sum", axis=self.voice.label("amount", "customer_value_score")), style),
            _text(""),
            _text(""),
            _text(bar(exact, 100, cells), style),
            _text(say("explain.why.of", points=number(exact, places), weight=100), style),
        )

    def _sentences(self) -> Iterator[RenderableType]:
        """Under the criteria: what they mean for value, zone and type, and whether all adds up."""
        facts, say = self.facts, self.voice.say
        if facts.missing:
            yield _text(facts.limits.say(self.voice, "explain.why.assumed"), "dim")
        for sentence in (*self.told.customer_value(), *self.told.zone_sentences(), *self.told.contrasts()):
            yield self._bullet(sentence)
        wrong = tuple(check for check in facts.checks if not check.adds_up)
        if not wrong:
            yield self._bullet(say("explain.why.adds_up", count=len(facts.checks)), "green")
        for check in wrong:
            places = max(decimals(check.parts, at_least=2), decimals(check.total, at_least=2))
            figure = self.told.figure(check.figure)
            parts, total = self.voice.number(check.parts, places), self.voice.number(check.total, places)
            difference = self.voice.number(check.difference, places)
            text = say("explain.why.difference", figure=figure, total=total, parts=parts, difference=difference)
            yield self._bullet(text, "bold red")

    # --- what to do -------------------------------------------------------------------------------------------------

    def _action(self) -> Iterator[RenderableType]:
        yield _text(self.told.action(), "bold")
        yield self._labelled(self.told.reasons())

    # --- pieces -----------------------------------------------------------------------------------------------------

    def _title(self, title: str) -> RenderableType:
        line = _text(f"{title} ", "bold")
        line.append_text(Text("─" * (self.width - line.cell_len), style="not bold dim"))
        return line

    def _bullet(self, sentence: str, style: str = "") -> RenderableType:
        table = Table.grid(padding=(0, 1))
        table.add_column(width=1)
        table.add_column(max_width=self.width - 2, overflow="fold")
        table.add_row(_text("•", "dim"), _paragraph(sentence, self.width - 2, style))
        return table

    def _labelled(self, rows: Iterable[tuple[str, str]]) -> RenderableType:
        table = Table.grid(padding=(0, 1))
        rest = self.width - LABEL - 1
        table.add_column(width=LABEL, overflow="fold")
        table.add_column(max_width=rest, overflow="fold")
        for name, text in rows:
            table.add_row(_text(name, "dim"), _paragraph(text, rest))
        return table
