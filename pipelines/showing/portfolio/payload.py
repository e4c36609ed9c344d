"""What the script of the portfolio page draws from, as JSON. Belongs here: what goes to the browser, and how compactly.

Not here: the numbers (query), the words (words, pipelines.vocabulary), the drawing (bi/portfolio).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from pipelines.showing.portfolio import words
from pipelines.showing.portfolio.model import Detail, Part, PortfolioPage, WhalePoint
from pipelines.vocabulary import Text, Voice, catalogue
from pipelines.vocabulary.formats import web_locale

_COLUMNS: Final = tuple(
    name
    for name in Detail.model_fields
    if name
    not in {
        "detail_number",
        "action_reason",
        "blocking_criterion_id",
        "contribution_4_margin_ratio",
        "potential_contribution",
        "recommended_action",
        "recommended_action_de",
        "recommended_action_en",
        "sales_cost",
        "sow_capped_ratio",
        "tenure_years",
    }
)
"""What the card of a customer tells; a row of the payload has these columns, then action, reason and parts."""

_SAID: Final = (
    *(
        "page.card.",
        "page.chart",
        "page.title",
        "page.todo.shown",
        "axis.",
        "customer_type.",
        "zone.",
        "zone_status.",
        "zone_status_reason.",
    ),
)
"""How the keys begin that the page's script says something under."""
TASKS_SHOWN: Final = 10
"""Rows of the work list before anybody chooses an area or a task, and after."""
_NOT_SAID: Final = (".meaning", ".limit")

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def payload(page: PortfolioPage, criteria: Mapping[str, Text], threshold: Decimal, voices: Sequence[Voice]) -> Json:
    """Exact numbers and codes, the texts the script says, and what the company wrote, by each of the voices.

    `criteria` maps a criterion to its titles, `threshold` is where the matrix is divided (0..100).
    """
    scored = sorted({part.criterion_id for parts in page.parts.values() for part in parts})

    def each(said: Text) -> Json:
        return {voice.language: said.by(voice) for voice in voices}

    index = {criterion_id: number for number, criterion_id in enumerate(scored)}
    return {
        "currency": page.summary.reporting_currency,
        "threshold": float(threshold),
        "languages": {voice.language: web_locale(voice.language) for voice in voices},
        "texts": {voice.language: dict(script_texts(voice)) for voice in voices},
        "criteria": [each(words.criterion(criteria, name)) for name in scored],
        "columns": [*_COLUMNS, "action", "reason", "parts"],
        "details": [
            [
                *(_plain(getattr(detail, column)) for column in _COLUMNS),
                each(words.action(detail)),
                each(words.reason(detail, criteria, page.method)),
                [_part(part, index) for part in page.parts.get(detail.detail_number, ())],
            ]
            for detail in page.details
        ],
        "worklist": {
            "shown": TASKS_SHOWN,
            "counts": [[count.owner_area or "", count.task, count.tasks] for count in page.task_counts],
        },
        "whale": [_whale_point(point) for point in page.whale],
        "whaleFacts": {
            "customers": page.whale_facts.customers,
            "peak": float(page.whale_facts.peak_contribution),
            "peakRank": page.whale_facts.peak_rank,
            "total": float(page.whale_facts.total_contribution),
            "destroyed": float(page.whale_facts.destroyed_by_tail),
        },
    }


def script_texts(voice: Voice) -> Mapping[str, str]:
    """What the script says, by key."""
    said = catalogue(voice.language, voice.catalogues)
    return {key: words for key, words in said.items() if key.startswith(_SAID) and not key.endswith(_NOT_SAID)}


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
        float(point.contribution_4),
        point.customer_name or "",
    ]
