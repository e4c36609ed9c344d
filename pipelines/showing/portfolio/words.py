"""What the page says of a row. Belongs here: which text goes with which row, what a company wrote itself.

Not here: the texts, what a code is called and how numbers are written (pipelines.vocabulary), the sentences around them
(bi/portfolio).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from pipelines.showing.limits import Limits
from pipelines.showing.portfolio.model import ActionRow, Detail, MissingSource
from pipelines.showing.worklist import words as worklist
from pipelines.showing.worklist.model import Task
from pipelines.vocabulary import DEFAULT, Text, Voice, code_groups, is_known, same, text


def label(group: str, code: str) -> Text:
    """The word for a code."""
    return Text(lambda voice: voice.label(group, code))


def meaning(group: str, code: str) -> Text:
    """What a code means."""
    return Text(lambda voice: voice.meaning(group, code))


def spans(said: Text, voices: Sequence[Voice]) -> Markup:
    """A text as HTML, escaped: a span per language, of which the page shows one; none where all say the same."""
    by_language = {voice.language: said.by(voice) for voice in voices}
    if len(set(by_language.values())) == 1:
        return escape(by_language[voices[0].language])
    return Markup("").join(
        Markup('<span lang="{}">{}</span>').format(language, words) for language, words in by_language.items()
    )


def written(otherwise: Text, **by_language: str | None) -> Text:
    """What a company wrote: in a language it did not write, its words of the default one; if it wrote neither, `otherwise`."""

    def said(voice: Voice) -> str:
        return by_language.get(voice.language) or by_language.get(DEFAULT) or otherwise.by(voice)

    return Text(said)


def action(row: ActionRow | Detail) -> Text:
    """What is recommended, in the company's words where it has its own."""
    return written(label("action", row.recommended_action), en=row.recommended_action_en, de=row.recommended_action_de)


def reason(detail: Detail, criteria: Mapping[str, Text], method: Limits) -> Text:
    """Why the action is recommended."""
    if detail.action_reason == "observation":
        return Text(lambda voice: method.observation_rule(voice, detail.tenure_years))
    if detail.action_reason == "development" and detail.blocking_criterion_id:
        blocking = criterion(criteria, detail.blocking_criterion_id)
        return text("happened.blocking_criterion.meaning", criterion=blocking)
    return label("action_reason", detail.action_reason)


def happened(task: Task, criteria: Mapping[str, Text]) -> Text:
    """What happened that makes a task, in one sentence."""
    blocking = same("") if task.happened_criterion_id is None else criterion(criteria, task.happened_criterion_id)
    return Text(lambda voice: worklist.happened(task, voice, blocking.by(voice)))


def title(criterion_id: str, *, en: str | None, de: str | None) -> Text:
    """A criterion's title as the company wrote it; one it gave none is shown by its id."""
    return written(same(criterion_id.replace("_", " ")), en=en, de=de)


def criterion(criteria: Mapping[str, Text], criterion_id: str) -> Text:
    """A criterion's title."""
    return criteria.get(criterion_id) or title(criterion_id, en=None, de=None)


def sources(missing: tuple[MissingSource, ...]) -> Text:
    """The names of what is not delivered, as a list."""
    return Text(lambda voice: ", ".join(voice.label("source", source.table) for source in missing))


def quadrants() -> tuple[str, ...]:
    """The zones the matrix has a quadrant for, in order: those with a name short enough to stand in one."""
    return tuple(zone for zone in code_groups()["zone"].codes if is_known(f"zone.{zone}.short"))
