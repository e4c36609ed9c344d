"""What the page says of a row. Belongs here: which text goes with which row, what a company wrote itself.

Not here: the texts, what a code is called and how numbers are written (pipelines.vocabulary), the sentences around them
(bi/portfolio).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from pipelines.showing.limits import Limits
from pipelines.showing.portfolio.model import ActionRow, Detail, MissingSource, Summary
from pipelines.showing.worklist import words as worklist
from pipelines.showing.worklist.model import Task
from pipelines.vocabulary import DEFAULT, Text, Voice, code_groups, is_known, same, text


def label(group: str, code: str) -> Text:
    """The word for a code."""
    return Text(lambda voice: voice.label(group, code))


def meaning(group: str, code: str) -> Text:
    """What a code means."""
    return Text(lambda voice: voice.meaning(group, code))


def fault(code: str) -> Text:
    """What the code of a failed check means; a code of a later release is shown as it is."""
    key = f"error.{code}"
    return text(key) if is_known(key) else same(code)


def written(otherwise: Text, **by_language: str | None) -> Text:
    """What a company wrote: in a language it did not write, its words of the default one; if it wrote neither, `otherwise`."""

    def said(voice: Voice) -> str:
        return by_language.get(voice.language) or by_language.get(DEFAULT) or otherwise.by(voice)

    return Text(said)


def action(row: ActionRow | Detail) -> Text:
    """What is recommended, in the company's words where it has its own."""
    return written(label("action", row.recommended_action), en=row.recommended_action_en, de=row.recommended_action_de)


def of_customer(said: Text, row: ActionRow | Detail, as_of: date) -> Text:
    """The text as said of the row's customer; of the portfolio where the row is no customer's."""
    return said.of(row.ultimate_parent_id, as_of) if isinstance(row, Detail) else said


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


def status(detail: Detail) -> Text:
    """Where the customer stands, on one line."""

    def said(voice: Voice) -> str:
        placed = voice.label("zone", detail.zone)
        if detail.zone_status is not None:
            placed += f", {voice.label('zone_status', detail.zone_status)}"
        return f"{placed} · {voice.say('page.card.key_account')}" if detail.is_key_account else placed

    return Text(said)


def remarks(detail: Detail) -> Text:
    """What is to be known beside the figures: doubts, what a person set, whose care stays as it was."""
    return Text(lambda voice: " ".join(_remarks(detail, voice)))


def _remarks(detail: Detail, voice: Voice) -> Iterator[str]:
    if detail.zone_status_reasons:
        doubts = (voice.label("zone_status_reason", each) for each in detail.zone_status_reasons.split(", "))
        yield f"{'; '.join(doubts)}."
    if detail.possible_zones and "," in detail.possible_zones:
        zones = ", ".join(voice.label("zone", each) for each in detail.possible_zones.split(", "))
        yield f"{voice.say('page.card.possible_zones')}: {zones}."
    if detail.is_hysteresis_hold and detail.raw_zone:
        yield voice.say("page.card.hold", zone=voice.label("zone", detail.raw_zone))
    if detail.override_zone:
        said = voice.say("page.card.override", zone=voice.label("zone", detail.override_zone))
        yield f"{said} {detail.override_reason or ''}".strip()
    elif detail.is_treatment_frozen and detail.service_zone:
        yield voice.say("page.card.frozen", zone=voice.label("zone", detail.service_zone))
    if detail.is_rating_due:
        yield voice.say("page.card.due")


def title(criterion_id: str, *, en: str | None, de: str | None) -> Text:
    """A criterion's title as the company wrote it; one it gave none is shown by its id."""
    return written(same(criterion_id.replace("_", " ")), en=en, de=de)


def criterion(criteria: Mapping[str, Text], criterion_id: str) -> Text:
    """A criterion's title."""
    return criteria.get(criterion_id) or title(criterion_id, en=None, de=None)


def sources(missing: tuple[MissingSource, ...]) -> Text:
    """The names of what is not delivered, as a list."""
    return Text(lambda voice: ", ".join(voice.label("source", source.table) for source in missing))


def unknown(missing: tuple[MissingSource, ...], summary: Summary) -> list[tuple[str, Text, str]]:
    """What was not delivered, what it would tell, and the company's own note: tables in the vocabulary's order."""
    notes = {source.table: source.note for source in missing}
    tables = [table for table in code_groups()["source"].codes if table in notes and is_known(f"unknown.{table}")]
    columns = [] if summary.is_cogs_known or not summary.customers else ["cogs"]
    return [(name, text(f"unknown.{name}"), notes.get(name, "")) for name in (*columns, *tables)]


def unknown_costs(summary: Summary) -> Text:
    """The names of the costs that are not known, as a list."""
    known = {
        "cogs": summary.is_cogs_known,
        "marketing_cost": summary.is_marketing_cost_known,
        "sales_cost": summary.is_sales_cost_known,
        "service_logistics_cost": summary.is_service_logistics_cost_known,
    }
    return Text(
        lambda voice: ", ".join(voice.label("amount", name) for name, is_there in known.items() if not is_there)
    )


def stopped(method: Limits, summary: Summary) -> Text:
    """How many stopped ordering, and how long ago that is."""
    return Text(lambda voice: method.say(voice, "page.stopped.lead", count=voice.number(summary.lapsed_customers)))


def quadrants() -> tuple[str, ...]:
    """The zones the matrix has a quadrant for, in order: those with a name short enough to stand in one."""
    return tuple(zone for zone in code_groups()["zone"].codes if is_known(f"zone.{zone}.short"))
