"""`kundenwert init`. Belongs here: its options and questions; not here: what is proposed (pipelines.onboarding)."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places
from pipelines.errors import ConfigError, Problem

if TYPE_CHECKING:
    from pipelines.onboarding.look import Doubt

command = typer.Typer()


@command.command(
    epilog="Examples: kundenwert --config mine/config --home mine/var init exports/   ·   init postgresql://user:password@host/erp ; "
    "then check and run with the same two options"
)
def init(
    context: typer.Context,
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH|URL...", help="Delivered files, directories of them, or the URL of a database."),
    ],
    company: Annotated[Optional[str], typer.Option("--company", help="The company's name.")] = None,  # noqa: UP045
    time_zone: Annotated[
        Optional[str],  # noqa: UP045 - typer reads this at run time
        typer.Option("--time-zone", help="Zone of times without an offset, e.g. Europe/Berlin."),
    ] = None,
    answer: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--answer", metavar="KEY=VALUE", help="Answer a question before it is asked; may be repeated."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing: what is open stays open, marked in the files.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a configuration that is there.")] = False,
    as_json: Json = False,
) -> None:
    """Propose the first configuration: looks at files or a database, says what is what, asks what only you know.

    Writes config/. Loads nothing.
    """
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines.onboarding.config import begin, refuse_to_overwrite

        if not force:
            refuse_to_overwrite(places.config_dir)
        found = [_path(text) for text in paths if "://" not in text]
        variables = [_variable(text) for text in paths if "://" in text]
        name = company or places.config_dir.parent.name or "My company"
        asks = None if yes or as_json or not sys.stdin.isatty() else _asked
        begun = begin(
            found, places.config_dir, places.home.temporary, name, _answers(answer or []), asks, time_zone, variables
        )
    if as_json:
        screen.print_json(asdict(begun))
        return
    show = screen.console()
    for file in begun.files:
        show.print(f"written: {file}", markup=False)
    for table, path in begun.tables.items():
        show.print(f"  {table:<22} from {path}", markup=False)
    for problem in begun.unread:
        show.print(f"  not read: {problem.where}: {problem.what}", markup=False)
    for doubt in begun.open:
        show.print(f"  open: {doubt.key}: {doubt.question}", markup=False)
    show.print(f"method: the preset {begun.preset}, without any cost, pool or service level")
    for variable in variables:
        show.print(f"set {variable} to that connection string: it stands in no file", markup=False)
    show.print("Next: read sources.yml, then kundenwert check (with the same --config)")


def _variable(url: str) -> str:
    """The environment variable that holds the connection string; one is set for this process where none does."""
    name = next((name for name, value in sorted(os.environ.items()) if value == url), "DATABASE_URL")
    os.environ[name] = url
    return name


def _path(text: str) -> Path:
    """Raises ConfigError for a path that is none, and for what cannot be looked at yet."""
    path = Path(text).expanduser().resolve()
    if not path.exists():
        what = "there is no such file or directory"
        raise ConfigError(Problem("NOTHING_FOUND", what, text, "name the files or the directory they are in"))
    return path


def _answers(given: list[str]) -> dict[str, str]:
    answers = {}
    for text in given:
        key, sign, value = text.partition("=")
        if not sign or not value.strip():
            what = f"'{text}' is no answer"
            raise ConfigError(
                Problem("ANSWER_UNKNOWN", what, "--answer", "write KEY=VALUE, e.g. --answer currency=EUR")
            )
        answers[key.strip()] = value.strip()
    return answers


def _asked(doubt: Doubt) -> str | None:
    """Ask on the terminal; an empty answer leaves the question open, or takes what is proposed."""
    choices = f" ({', '.join(doubt.answers)})" if doubt.answers else ""
    said: str = typer.prompt(
        f"{doubt.question}{choices}; empty: {doubt.likely or 'leave it open'}", default=doubt.likely or ""
    )
    return said.strip() or None
