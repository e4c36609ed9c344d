"""Writes the portfolio page: one HTML file with everything in it, which opens anywhere and reaches for nothing.

Belongs here: putting numbers (query), words (texts) and template (bi/portfolio) together. Not here:
any of the three.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pipelines import durable
from pipelines.settings.workspace import Workspace
from pipelines.showing.portfolio import wording
from pipelines.showing.portfolio.model import Detail, Part, PortfolioPage, Reconciliation, WhalePoint
from pipelines.showing.portfolio.query import Limits, read_page
from pipelines.showing.portfolio.texts import SCRIPT_PLACES, TEXTS, code
from pipelines.showing.portfolio.wording import Text

TEMPLATES: Final = Path(__file__).resolve().parents[3] / "bi" / "portfolio"

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
    }
)
"""What the card of a customer tells; a row of the payload has these columns, then action, reason and parts."""

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page needs from the configuration where the version does not hold it.

    `criteria` maps a criterion to its titles; one without a title is shown by its id. `threshold` is where the matrix is
    divided (0..100). What the version itself publishes wins.
    """

    company: str = ""
    criteria: Mapping[str, Text] = field(default_factory=dict)
    threshold: Decimal = Decimal(50)

    @classmethod
    def of(cls, workspace: Workspace) -> PageContext:
        """The company, the titles and the threshold in force."""
        return cls(
            company=workspace.sources.company,
            criteria={
                name: Text(criterion.name_de, criterion.name_en)
                for name, criterion in sorted(workspace.portfolio.criteria.items())
            },
            threshold=workspace.portfolio.zones.threshold,
        )


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of the reconciliation: its name, amount, and where its bar begins and how wide it is, in percent."""

    name: str
    amount: Decimal
    begin: Decimal
    width: Decimal


def write_page(
    version_dir: Path, target: Path, context: PageContext | None = None, limits: Limits | None = None
) -> Path:
    """Write the page of the published version in `version_dir` to `target` (0600, atomically) and return `target`.

    The same version, context and release give the same bytes: no clock is read. Raises VerifyError if `version_dir` is
    no published version.
    """
    page = read_page(version_dir, limits or Limits())
    durable.write_text(target, render(page, context or PageContext()))
    return target


def render(page: PortfolioPage, context: PageContext) -> str:
    """The page as HTML."""
    context = _published(page, context)
    script = (TEMPLATES / "portfolio.js").read_text(encoding="utf-8")
    library = _plotly()
    currency = page.summary.reporting_currency
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["both"] = both
    return environment.get_template("portfolio.html.j2").render(
        page=page,
        context=context,
        payload=payload(page, context),
        bars=waterfall(page.reconciliation),
        effort_scale=max(
            (ratio for zone in page.zones for ratio in (zone.sales_cost_ratio, zone.earned_ratio) if ratio is not None),
            default=Decimal(1),
        )
        or Decimal(1),
        style=Markup((TEMPLATES / "portfolio.css").read_text(encoding="utf-8")),  # noqa: S704 - a file of this project
        library=Markup(library),  # noqa: S704 - the library's own file
        script=Markup(script),  # noqa: S704 - a file of this project
        script_hashes=(_csp_hash(library), _csp_hash(script)),
        say=say,
        code=code,
        money=partial(wording.money, currency=currency),
        number=wording.number,
        percent=wording.percent,
        day=wording.day,
        moment=wording.moment,
        month=wording.month,
        same=wording.same,
        sources=_sources(page),
        action=_action,
        criterion=partial(_criterion, context),
    )


def _published(page: PortfolioPage, context: PageContext) -> PageContext:
    """The context with the titles and the threshold of the version itself, where it has them."""
    titles = {
        part.criterion_id: Text(part.criterion_name_de, part.criterion_name_en)
        for parts in page.parts.values()
        for part in parts
        if part.criterion_name_de and part.criterion_name_en
    }
    threshold = context.threshold if page.summary.zone_threshold is None else page.summary.zone_threshold
    return replace(context, criteria={**context.criteria, **titles}, threshold=threshold)


def both(text: Text) -> Markup:
    """A text as HTML in both languages; the page shows one. Escaped."""
    if text.de == text.en:
        return escape(text.de)
    return Markup('<span lang="de">{}</span><span lang="en">{}</span>').format(text.de, text.en)


def say(key: str, **parts: Text | str) -> Text:
    """The words under `key`, with its places filled. Raises KeyError for a key nobody wrote."""
    return TEXTS[key].filled(**parts)


def waterfall(reconciliation: Reconciliation) -> tuple[Bar, ...]:
    """The steps from the customers to the total, each bar beginning where the one before ended."""
    names = (
        "customers",
        "leads",
        "intercompany",
        "unassigned_unknown_customer",
        "unassigned_missing_cost_centre",
        "quarantined",
        "unused_capacity",
    )
    amounts: list[Decimal] = [getattr(reconciliation, name) for name in names]
    levels = [Decimal(0)]
    for amount in amounts:
        levels.append(levels[-1] + amount)
    lowest, highest = min(levels), max(levels)
    span = highest - lowest or Decimal(1)

    def percent(value: Decimal) -> Decimal:
        return (value * 100 / span).quantize(Decimal("0.01"))

    steps = [
        Bar(name, amount, percent(min(before, before + amount) - lowest), percent(abs(amount)))
        for name, amount, before in zip(names, amounts, levels, strict=False)
    ]
    total = Bar("total", reconciliation.total, percent(min(levels[-1], Decimal(0)) - lowest), percent(abs(levels[-1])))
    return (*steps, total)


def payload(page: PortfolioPage, context: PageContext) -> Json:
    """What the page's script draws from: exact numbers and codes, texts only where the company wrote them."""
    criteria = sorted({part.criterion_id for parts in page.parts.values() for part in parts})
    index = {criterion: number for number, criterion in enumerate(criteria)}
    return {
        "currency": page.summary.reporting_currency,
        "threshold": float(context.threshold),
        "texts": {
            language: {
                key: getattr(text, language) for key, text in TEXTS.items() if key.split(".", 1)[0] in SCRIPT_PLACES
            }
            for language in ("de", "en")
        },
        "criteria": [{"id": name, **_pair(_criterion(context, name))} for name in criteria],
        "columns": [*_COLUMNS, "action", "reason", "parts"],
        "details": [
            [
                *(_plain(getattr(detail, column)) for column in _COLUMNS),
                _pair(_action(detail)),
                _pair(_reason(detail, context)),
                [_part(part, index) for part in page.parts.get(detail.detail_number, ())],
            ]
            for detail in page.details
        ],
        "whale": [_whale_point(point) for point in page.whale],
        "whaleFacts": {
            "customers": page.whale_facts.customers,
            "peak": float(page.whale_facts.peak_contribution),
            "peakRank": page.whale_facts.peak_rank,
            "total": float(page.whale_facts.total_contribution),
            "destroyed": float(page.whale_facts.destroyed_by_tail),
        },
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
        float(point.contribution_4),
        point.customer_name or "",
    ]


def _action(row: Detail) -> Text:
    named = code("action", row.recommended_action)
    return Text(row.recommended_action_de or named.de, row.recommended_action_en or named.en)


def _reason(detail: Detail, context: PageContext) -> Text:
    name, _, criterion = detail.action_reason.partition(": ")
    if criterion:
        return say("action_reason.blocking_criterion", criterion=_criterion(context, criterion))
    if f"action_reason.{name}" not in TEXTS and name.startswith("zone_"):
        return say("action_reason.zone")
    return code("action_reason", name)


def _criterion(context: PageContext, criterion_id: str) -> Text:
    return context.criteria.get(criterion_id) or wording.same(criterion_id.replace("_", " "))


def _sources(page: PortfolioPage) -> Text:
    """The missing sources as a list."""
    named = [code("source", source.table) for source in page.provenance.missing]
    return Text(", ".join(text.de for text in named), ", ".join(text.en for text in named))


def _pair(text: Text) -> dict[str, Json]:
    return {"de": text.de, "en": text.en}


def _plotly() -> str:
    """plotly.js as the package brings it, without what would end a script element."""
    library = resources.files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8")
    return library.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _csp_hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
