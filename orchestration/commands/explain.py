"""`kundenwert explain`: one customer on the screen, or as JSON. Belongs here: from the command's options to the page.

Not here: what is explained and how it reads (pipelines.showing.explain).
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places, PublishedDay
from pipelines.errors import Problem, VerifyError
from pipelines.home import Home

if TYPE_CHECKING:
    from pipelines.showing.explain import Explanation
    from pipelines.vocabulary import Voice

command = typer.Typer()


@command.command(
    epilog="Examples: kundenwert explain 010001   ·   kundenwert explain nordsee --language de   ·   "
    "kundenwert explain G00001 --as-of 2026-09-30 --json"
)
def explain(
    context: typer.Context,
    customer: Annotated[
        str, typer.Argument(metavar="CUSTOMER", help="An id, also of a group's entity; or part of a name.")
    ],
    as_of: PublishedDay = None,
    language: Annotated[str, typer.Option("--language", metavar="en|de", help="Language of the page.")] = "en",
    version: Annotated[
        Optional[str],  # noqa: UP045 - typer reads this at run time
        typer.Option("--version", metavar="VERSION", help="v000007 or asked/...; default: the current one."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Explain one customer: what, why (every part, adding up), what to do, how sure, what is missing."""
    places: Places = context.obj
    with screen.for_people(as_json):
        explain_customer(places.home, customer, as_of, language, as_json, version=version)


def explain_customer(
    home: Home,
    customer: str,
    as_of: str | None,
    language: str,
    as_json: bool,
    catalogues: Path | None = None,
    version: str | None = None,
) -> None:
    """Show what a version (None: the current one), or an answer to a question about the past, says about a customer as of one of its dates
    (None: its latest).

    `catalogues` is a folder with further languages, or with other texts than the shipped ones. Raises PeriodError for a date that
    is no month end, LANGUAGE_UNKNOWN, VerifyError NOTHING_PUBLISHED, whatever pipelines.showing.explain.explain raises, and, after
    the page, VerifyError PARTS_DIFFER if a published figure is not the sum of its parts.
    """
    from orchestration.periods import parse_as_of
    from pipelines.vocabulary import voice_of
    from pipelines.vocabulary.catalogue import DIRECTORY

    voice = voice_of(language, catalogues or DIRECTORY)
    day = parse_as_of(as_of) if as_of is not None else None

    from pipelines.publishing import asked
    from pipelines.showing import explain as page

    explanation = page.explain(asked.directory_named(home, version), customer, day)
    if as_json:
        screen.print_json({**asdict(explanation), "adds_up": explanation.adds_up})
    else:
        _show(explanation, voice)
    if not explanation.adds_up:
        wrong = ", ".join(check.figure for check in explanation.checks if not check.adds_up)
        what = f"published figures are not the sum of their parts: {wrong}"
        remedy = f"kundenwert verify {explanation.version} tells whether the version was altered"
        raise VerifyError(Problem("PARTS_DIFFER", what, f"published/{explanation.version}", remedy))


def _show(explanation: Explanation, voice: Voice) -> None:
    from rich.console import Console

    from pipelines.showing.explain import render

    # Not the console of logs: the page is laid out, also into a file, for a terminal's width (COLUMNS, else 80).
    show = Console(highlight=False)
    show.print(render(explanation, voice, show.width))
