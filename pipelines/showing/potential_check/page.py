"""Writes the potential check as a page: one HTML file with everything in it, which opens anywhere and reaches for nothing.

Belongs here: putting figures (read), words (words), the picture (curve) and the template (bi/potential_check) together. Not here: any of
the four. Look and behaviour of tables and languages are those of the controllers' page.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markupsafe import Markup

from pipelines import durable
from pipelines.showing import offline
from pipelines.showing.areas import area
from pipelines.showing.controlling import words as controlling
from pipelines.showing.potential_check import words
from pipelines.showing.potential_check.curve import curve
from pipelines.showing.potential_check.model import PotentialCheck
from pipelines.vocabulary import Ear, Text, text, voices
from pipelines.vocabulary.catalogue import DIRECTORY
from pipelines.vocabulary.formats import own_name

_BI: Final = Path(__file__).resolve().parents[3] / "bi"
TEMPLATES: Final = _BI / "potential_check"
OPEN_ROWS: Final = 10
"""So many customers of a list are open; the others are folded."""
SHARED: Final = _BI / "controlling"


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page needs beside the version: the company's name, the names of the sheets written with it."""

    company: str = ""
    sheets: tuple[str, ...] = ()
    heard_by: Ear | None = None


def write_page(check: PotentialCheck, target: Path, context: PageContext | None = None) -> Path:
    """Write the page to `target` (0600, atomically) and return `target`.

    The same version, context and release give the same bytes: no clock is read.
    """
    durable.write_text(target, render(check, context or PageContext()))
    return target


def render(check: PotentialCheck, context: PageContext) -> str:
    """The page as HTML."""
    spoken = tuple(voice.of(None, check.as_of_date) for voice in voices(DIRECTORY, context.heard_by))
    script = (SHARED / "controlling.js").read_text(encoding="utf-8")
    style = "".join((folder / name).read_text(encoding="utf-8") for folder, name in _STYLES)
    return (
        offline.environment(TEMPLATES, spoken)
        .get_template("potential_check.html.j2")
        .render(
            check=check,
            context=context,
            curve=curve(check),
            leading=words.leading(check),
            unknown=words.unknown(check),
            reasons=words.reasons,
            questions=words.questions,
            percent=words.percent,
            largest=max((each.likely_revenue for each in check.product_groups), default=0),
            style=Markup(style),  # noqa: S704 - files of this project
            script=Markup(script),  # noqa: S704 - a file of this project
            script_hash=offline.csp_hash(script),
            voices=spoken,
            own_name=own_name,
            say=text,
            day=controlling.day,
            number=controlling.number,
            amount=words.amount,
            area=area,
            open_rows=OPEN_ROWS,
            label=controlling.label,
            known_at=Text(lambda voice: voice.moment(check.known_at)),
        )
    )


_STYLES: Final = ((SHARED, "controlling.css"), (TEMPLATES, "potential_check.css"))
