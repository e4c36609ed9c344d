"""What the script of the portfolio page draws from, as JSON. Belongs here: what goes to the browser, and how compactly.

Not here: the numbers (query), the words (words, pipelines.vocabulary), the drawing (bi/portfolio).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from pipelines import workbooks
from pipelines.showing.portfolio import playground, words
from pipelines.showing.portfolio.everybody import Json, everybody
from pipelines.showing.portfolio.model import Detail, Part, PortfolioPage, WhalePoint
from pipelines.showing.portfolio.sheet import sheets
from pipelines.vocabulary import Text, Voice, catalogue
from pipelines.vocabulary.formats import web_locale
from pipelines.vocabulary.statements import ENDINGS, statements

_COLUMNS: Final = tuple(
    name
    for name in Detail.model_fields
    if name
    not in {
        "detail_number",
        "action_reason",
        "blocking_criterion_id",
        "customer_contribution_margin_ratio",
        "last_order_date",
        "revenue_change",
        "revenue_to_last_order",
        "revenue_yoy",
        "customer_type",
        "is_hysteresis_hold",
        "is_key_account",
        "is_rating_due",
        "is_treatment_frozen",
        "override_reason",
        "override_zone",
        "possible_zones",
        "potential_contribution",
        "raw_zone",
        "recommended_action",
        "recommended_action_de",
        "recommended_action_en",
        "sales_cost",
        "service_zone",
        "sow_capped_ratio",
        "tenure_years",
        "zone_status_reasons",
    }
)
"""The figures on the card of a customer; a row of the payload has these columns, then what is said of it (numbers of texts), then
the parts of its scores."""

_SPOKEN: Final = ("action", "reason", "status", "type", "remarks")

_WORDS: Final = (
    "page.card.",
    "page.chart",
    "page.title",
    "page.chosen.",
    "page.pager.",
    "page.todo.shown",
    "page.tried.",
    "axis.",
)
"""How the keys begin of the words the page's script writes beside figures. It states nothing itself: what is said of a customer
comes to it as text."""
TASKS_SHOWN: Final = 10
"""Rows of the work list before anybody chooses an area or a task, and after."""


def payload(page: PortfolioPage, criteria: Mapping[str, Text], threshold: Decimal, voices: Sequence[Voice]) -> Json:
    """Exact numbers and codes, the texts the script says, and what the company wrote, by each of the voices.

    `criteria` maps a criterion to its titles, `threshold` is where the matrix is divided (0..100).
    """
    scored = sorted({part.criterion_id for parts in page.parts.values() for part in parts})
    index = {criterion_id: number for number, criterion_id in enumerate(scored)}

    def each(said: Text) -> Json:
        return {voice.language: said.by(voice) for voice in voices}

    said = _Said(voices)
    as_of = page.provenance.as_of_date

    def spoken(detail: Detail) -> list[Json]:
        told = (
            words.action(detail),
            words.reason(detail, criteria, page.method),
            words.status(detail),
            words.label("customer_type", detail.customer_type) if detail.customer_type else None,
            words.remarks(detail),
        )
        return [None if each is None else said.number(each.of(detail.ultimate_parent_id, as_of)) for each in told]

    rows: list[Json] = [
        [
            *(_plain(getattr(detail, column)) for column in _COLUMNS),
            *spoken(detail),
            [_part(part, index) for part in page.parts.get(detail.detail_number, ())],
        ]
        for detail in page.details
    ]
    searched, told = everybody(page, said.number), sheets(page, said.number)
    return {
        "currency": page.summary.reporting_currency,
        "threshold": float(threshold),
        "languages": {voice.language: web_locale(voice.language) for voice in voices},
        "texts": {voice.language: dict(script_texts(voice)) for voice in voices},
        "criteria": [each(words.criterion(criteria, name)) for name in scored],
        "said": said.texts(),
        "columns": [*_COLUMNS, *_SPOKEN, "parts"],
        "details": rows,
        "everybody": searched,
        "computed": [*workbooks.COMPUTED],
        "sheets": told,
        "worklist": {
            "shown": TASKS_SHOWN,
            "counts": [[count.owner_area or "", count.task, count.tasks] for count in page.task_counts],
        },
        "moves": [
            [move.detail_number, float(move.potential_before), float(move.attractiveness_before)]
            for move in page.moves
            if move.potential_before is not None and move.attractiveness_before is not None
        ],
        "playground": playground.payload(page, criteria, threshold, voices),
        "whale": [_whale_point(point) for point in page.whale],
        "whaleFacts": {
            "customers": page.whale_facts.customers,
            "peak": float(page.whale_facts.peak_contribution),
            "peakRank": page.whale_facts.peak_rank,
            "total": float(page.whale_facts.total_contribution),
            "destroyed": float(page.whale_facts.destroyed_by_tail),
        },
    }


class _Said:
    """Texts in every language, each once: many customers are told the same."""

    def __init__(self, voices: Sequence[Voice]) -> None:
        self._voices = voices
        self._numbers: dict[tuple[str, ...], int] = {}

    def number(self, said: Text) -> int | None:
        """The text's place in `texts`; None for one that says nothing."""
        spoken = tuple(said.by(voice) for voice in self._voices)
        return self._numbers.setdefault(spoken, len(self._numbers)) if any(spoken) else None

    def texts(self) -> Json:
        """Language -> the texts by their number."""
        return {voice.language: [spoken[place] for spoken in self._numbers] for place, voice in enumerate(self._voices)}


def script_texts(voice: Voice) -> Mapping[str, str]:
    """The words the script writes, by key: no statement is among them, but for the names of the matrix's quadrants."""
    said = catalogue(voice.language, voice.catalogues)
    return {
        key: words
        for key, words in said.items()
        if (key.startswith(_WORDS) and statements().entry(key) is None and not key.endswith(ENDINGS))
        or (key.startswith("zone.") and key.endswith(".short"))
    }


def _plain(value: str | int | bool | Decimal | None) -> Json:
    """Whatever says nothing (false, an empty text) is as good as missing."""
    if isinstance(value, Decimal):
        return float(value)
    return None if value is False or value == "" else value


def _part(part: Part, index: Mapping[str, int]) -> Json:
    level = None if part.level is None else float(part.level)
    return [part.axis, index[part.criterion_id], level, part.weight_points, float(part.points), part.is_imputed]


def _whale_point(point: WhalePoint) -> Json:
    return [
        point.whale_rank,
        float(point.cumulative_contribution),
        float(point.customer_contribution),
        point.customer_name or "",
    ]
