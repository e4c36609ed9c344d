"""Writes the portfolio page: one HTML file with everything in it, which opens anywhere and reaches for nothing.

Belongs here: putting numbers (query), words (words), what the script draws from (payload) and template (bi/portfolio)
together. Not here: any of the four.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Concatenate, Final, ParamSpec

from markupsafe import Markup

from pipelines import durable
from pipelines.settings.workspace import Workspace
from pipelines.showing import offline
from pipelines.showing.areas import area
from pipelines.showing.explain.model import CASCADE
from pipelines.showing.portfolio import playground, words
from pipelines.showing.portfolio.model import PortfolioPage, Reconciliation
from pipelines.showing.portfolio.payload import TASKS_SHOWN, payload
from pipelines.showing.portfolio.query import Limits, read_page
from pipelines.showing.portfolio.sheet import CARE, drawn
from pipelines.vocabulary import Ear, Text, Voice, code_groups, text, voices
from pipelines.vocabulary.catalogue import DIRECTORY
from pipelines.vocabulary.formats import own_name, web_locale

TEMPLATES: Final = Path(__file__).resolve().parents[3] / "bi" / "portfolio"
SCRIPTS: Final = (
    "movement.js",
    "portfolio.js",
    "playground.js",
    "address.js",
    "bar.js",
    "table.js",
    "sheet.js",
    "theme.js",
)
"""In the order they run: the matrix is drawn with what moves, the others stand on portfolio.js."""
STYLES: Final = ("portfolio.css", "playground.css", "bar.css", "table.css", "sheet.css", "theme.css")
PLOTLY: Final = ("plotly", "package_data/plotly.min.js")
TABULATOR: Final = ("js_lib_tabulator", "static/tabulator/js/tabulator.min.js")
"""Package and file of what draws the charts, and of what sorts, filters and pages the table."""
TABLE_STYLE: Final = ("js_lib_tabulator", "static/tabulator/css/tabulator.min.css")

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page needs from the configuration where the version does not hold it.

    `criteria` maps a criterion to its titles; one without a title is shown by its id. `threshold` is where the matrix is
    divided (0..100). What the version itself publishes wins. A catalogue in `catalogues` stands before the shipped one.
    """

    company: str = ""
    criteria: Mapping[str, Text] = field(default_factory=dict)
    threshold: Decimal = Decimal(50)
    catalogues: Path = DIRECTORY
    heard_by: Ear | None = None
    """Who listens to what the page says."""

    @classmethod
    def of(cls, workspace: Workspace) -> PageContext:
        """The company, the titles and the threshold in force."""
        return cls(
            company=workspace.sources.company,
            criteria={
                name: words.title(name, en=criterion.name_en, de=criterion.name_de)
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
    as_of = page.provenance.as_of_date
    spoken = tuple(voice.of(None, as_of) for voice in voices(context.catalogues, context.heard_by))
    plotly, tabulator = (Markup(_library(*each)) for each in (PLOTLY, TABULATOR))  # noqa: S704 - the libraries' own files
    scripts = [Markup(_file(name)) for name in SCRIPTS]  # noqa: S704 - files of this project
    return (
        offline.environment(TEMPLATES, spoken)
        .get_template("portfolio.html.j2")
        .render(
            page=page,
            context=context,
            payload=payload(page, context.criteria, context.threshold, spoken),
            drawn=drawn(page, spoken),
            bars=waterfall(page.reconciliation),
            effort_scale=max(
                (
                    ratio
                    for zone in page.zones
                    for ratio in (zone.sales_cost_ratio, zone.earned_ratio)
                    if ratio is not None
                ),
                default=Decimal(1),
            )
            or Decimal(1),
            style=Markup("".join([_library(*TABLE_STYLE), *map(_file, STYLES)])),  # noqa: S704 - files of this project
            plotly=plotly,
            tabulator=tabulator,
            scripts=scripts,
            script_hashes=[offline.csp_hash(each) for each in (plotly, tabulator, *scripts)],
            axes=playground.axes(page),
            scored=page.playground.facts.parents,
            left_out=playground.left_out(page),
            voices=spoken,
            own_name=own_name,
            web_locale=web_locale,
            say=text,
            code=words.label,
            fault=words.fault,
            meaning=words.meaning,
            task_codes=[
                code for code in code_groups()["task"].codes if any(row.task == code for row in page.task_counts)
            ],
            quadrants=words.quadrants(),
            money=partial(_any_voice(Voice.money), currency=page.summary.reporting_currency),
            number=_any_voice(Voice.number),
            percent=_any_voice(Voice.percent),
            day=_any_voice(Voice.day),
            moment=_any_voice(Voice.moment),
            month=_any_voice(Voice.month),
            sources=words.sources(page.provenance.missing),
            unknown=words.unknown(page.provenance.missing, page.summary),
            unknown_costs=words.unknown_costs(page.summary),
            depth_name=words.label("amount", f"contribution_{page.summary.contribution_depth or 1}"),
            stopped=words.stopped(page.method, page.summary),
            action=lambda row: words.of_customer(words.action(row), row, as_of),
            happened=partial(words.happened, criteria=context.criteria),
            tasks_shown=TASKS_SHOWN,
            numbers={detail.ultimate_parent_id: detail.detail_number for detail in page.details},
            area=area,
            steps=CASCADE,
            care=CARE,
            criterion=partial(words.criterion, context.criteria),
        )
    )


def _file(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _any_voice(write: Callable[Concatenate[Voice, P], str]) -> Callable[P, Text]:
    """What a voice writes, as a text."""

    def written(*args: P.args, **kwargs: P.kwargs) -> Text:
        return Text(lambda voice: write(voice, *args, **kwargs))

    return written


def _published(page: PortfolioPage, context: PageContext) -> PageContext:
    """The context with the titles and the threshold of the version itself, where it has them."""
    titles = {
        part.criterion_id: words.title(part.criterion_id, en=part.criterion_name_en, de=part.criterion_name_de)
        for parts in page.parts.values()
        for part in parts
        if part.criterion_name_en or part.criterion_name_de
    }
    threshold = context.threshold if page.summary.zone_threshold is None else page.summary.zone_threshold
    return replace(context, criteria={**context.criteria, **titles}, threshold=threshold)


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


def _library(package: str, name: str) -> str:
    """A file as its package brings it, without what would end a script element, or makes a browser look for more."""
    library = resources.files(package).joinpath(name).read_text(encoding="utf-8")
    without = re.sub(r"(?m)^/[/*][#@] sourceMappingURL=.*$", "", library)
    return without.replace("</script", "<\\/script").replace("<!--", "<\\!--")
