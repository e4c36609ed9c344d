"""`kundenwert doctor`. Belongs here: who is asked, and what they found on the screen; not here: looking (pipelines.watching)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places
from pipelines.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.watching.findings import Finding

command = typer.Typer()


@command.command(
    epilog="Examples: kundenwert doctor   ·   kundenwert doctor --language de   ·   kundenwert doctor --json"
)
def doctor(
    context: typer.Context,
    language: Annotated[str, typer.Option("--language", metavar="en|de", help="Language of the findings.")] = "en",
    as_json: Json = False,
) -> None:
    """Find what is wrong with a home: disk, rights, versions, lock, configuration, stale sources, dead runs, leftovers. Repairs nothing.

    Ends with 0 if all is well, else with 1; every finding says what to do.
    """
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines.vocabulary import voice_of

        voice = voice_of(language)
        problems = [finding.problem(voice) for finding in found(places)]
    if as_json:
        screen.print_json({"is_well": not problems, "problems": [asdict(each) for each in problems]})
    elif problems:
        screen.print_problems(screen.console(), problems, voice.say("doctor.where"), voice.say("doctor.next"))
    else:
        screen.console().print(voice.say("doctor.well"))
    if problems:
        raise SystemExit(int(ExitCode.FAILED))


def found(places: Places) -> Iterator[Finding]:
    """Everything that is wrong with a home."""
    from pipelines.errors import ConfigError
    from pipelines.settings.workspace import open_workspace
    from pipelines.watching import findings, state
    from pipelines.watching.ended import readable_sources

    sources = readable_sources(places.config_dir)
    seen = state.look(places.home, sources)
    try:
        open_workspace(places.config_dir, places.home)
    except ConfigError as error:
        yield from findings.of_configuration(error)
    yield from findings.of_home(places.home, seen.holder is not None)
    yield from findings.of_state(seen, sources)
    yield from of_dagster(places)


def of_dagster(places: Places) -> Iterator[Finding]:
    """What is wrong with the runs of the web server and the daemon."""
    from orchestration.dagster import watching
    from pipelines import lock
    from pipelines.watching import findings

    found = watching.unfinished(places.home)
    if not found.is_readable:
        yield findings.unreadable_history()
    yield from findings.of_waiting_runs(found.runs, found.daemon_lives, lock.holder(places.home) is not None)
