"""What the controllers' page and workbook say of a row. Belongs here: which text goes with which row.

Not here: the texts (pipelines.vocabulary), which columns a section has (sections), the look (bi/controlling).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pipelines.showing.controlling.model import Controlling, Doubt, Reason, Urgent, Warned
from pipelines.vocabulary import Text, Voice, code_groups, is_known, same, text
from pipelines.vocabulary.formats import decimals_of


def label(group: str, code: str | None) -> Text:
    """The word for a code; empty where there is none."""
    return same("") if code is None else Text(lambda voice: voice.label(group, code))


def labels(group: str, codes: str) -> Text:
    """The words for a list of codes."""
    return Text(lambda voice: "; ".join(voice.label(group, code) for code in codes.split(", ") if code))


def fault(code: str) -> Text:
    """What the code of a failed check means; a code of a later release is shown as it is."""
    key = f"error.{code}"
    return text(key) if is_known(key) else same(code.replace("_", " ").lower())


def doubt(row: Warned) -> Text:
    """What a check that warns found, in general; of one without a text, in the words of the run."""
    return _of_kind("gate_doubt", row.kind, row.finding)


def step(row: Warned) -> Text:
    """What to do about it."""
    return _of_kind("gate_step", row.kind, row.remedy or "")


def _of_kind(group: str, kind: str, otherwise: str) -> Text:
    return label(group, kind) if kind in code_groups()[group].codes else same(otherwise)


def number(value: Decimal | int | None) -> Text:
    """A number, grouped."""
    return Text(lambda voice: voice.number(value, decimals_of(value) if isinstance(value, Decimal) else 0))


def money(value: Decimal | None, currency: str, decimals: int = 0) -> Text:
    """An amount with its currency."""
    return Text(lambda voice: voice.money(value, currency, decimals))


def day(value: date | None) -> Text:
    """A date."""
    return Text(lambda voice: voice.day(value))


def month(value: date) -> Text:
    """A month, by its first day."""
    return Text(lambda voice: voice.month(value.isoformat()[: len("2026-09")]))


def checked(row: Doubt) -> Text:
    """What a check of the sales input objects to, in the words it was published with."""
    return Text(lambda voice: row.check_text_de if voice.language == "de" else row.check_text_en)


def place(row: Reason) -> Text:
    """Where rows stand: the file, and the line or the first and the last of them."""
    if row.file_name is None:
        return same("")
    if row.first_line is None:
        return same(row.file_name)
    if row.first_line == row.last_line:
        return text("control.place.line", file=row.file_name, line=str(row.first_line))
    return text("control.place.lines", file=row.file_name, first=str(row.first_line), last=str(row.last_line))


def urgent(row: Urgent, page: Controlling) -> Text:
    """One of the first things to be done, in words."""
    currency = page.facts.reporting_currency
    check = next((doubt for doubt in page.doubts if doubt.check_id == row.check_id), None)

    def said(voice: Voice) -> str:
        return voice.say(
            f"control.urgent.{row.kind}",
            source="" if row.source_name is None else voice.label("source", row.source_name),
            check="" if check is None else checked(check).by(voice),
            step="" if row.check_id is None else voice.label("input_remedy", row.check_id),
            rows=voice.number(row.affected_rows),
            customers=voice.number(row.customers),
            zones=voice.number(row.confirmed_zones),
            amount=voice.money(row.amount, currency),
            day=voice.day(row.day),
        )

    return Text(said)


SECTION_OF = {
    "source": "sources",
    "ledger": "ledger",
    "waiver": "waivers",
    "set_aside": "months",
    "no_ledger": "ledger",
    "check": "doubts",
    "rating": "ratings",
    "nobody": "months",
}
"""Kind of an urgent thing -> the section that tells the rest of it."""
