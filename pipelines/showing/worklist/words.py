"""A task in words. Belongs here: which number fills which place. Not here: the texts (pipelines.vocabulary), layout."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.showing.worklist.model import Criterion, Task
from pipelines.vocabulary import Voice


def happened(task: Task, voice: Voice, criterion: str) -> str:
    """What happened, in one sentence; `criterion` is what the blocking one is called, where there is one."""
    ratio = task.happened_ratio
    return voice.meaning(
        "happened",
        task.happened,
        day=voice.day(task.happened_on),
        days=voice.duration(task.happened_days, "day"),
        limit=voice.duration(task.happened_limit_days, "day"),
        visits=voice.number(task.happened_visits),
        planned=voice.number(task.happened_planned_visits),
        times=voice.number(ratio, 1),
        points=voice.number(None if ratio is None else abs(ratio * 100), 1),
        amount=voice.money(task.happened_amount, task.reporting_currency, 0),
        criterion=criterion,
    ) or voice.label("happened", task.happened)


def criterion_name(criterion_id: str | None, voice: Voice, criteria: Mapping[str, Criterion]) -> str:
    """A criterion's title in a language, else in English, else its id."""
    if criterion_id is None:
        return ""
    known = criteria.get(criterion_id)
    names = {} if known is None else {"en": known.criterion_name_en, "de": known.criterion_name_de}
    return names.get(voice.language) or names.get("en") or criterion_id.replace("_", " ")
