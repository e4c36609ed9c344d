"""`kundenwert rollback`. Belongs here: saying what is lost, asking, taking the lock; not here: the pointer (pipelines.publishing)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places

if TYPE_CHECKING:
    from pipelines.errors import Problem
    from pipelines.publishing import Lost
    from pipelines.vocabulary import Voice

command = typer.Typer()


@command.command(epilog="Examples: kundenwert rollback v000006 --yes   ·   kundenwert rollback 6 --language de")
def rollback(
    context: typer.Context,
    version: Annotated[str, typer.Argument(help="A version, v000007 or 7.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: for scripts.")] = False,
    language: Annotated[
        str, typer.Option("--language", metavar="en|de", help="Language of what is told and asked.")
    ] = "en",
    as_json: Json = False,
) -> None:
    """Let BI tools and pages show an earlier version again: verified, after telling what is lost and asking."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines import lock, publishing
        from pipelines.vocabulary import voice_of

        voice = voice_of(language)
        number = publishing.parse_version(version)
        with lock.held(places.home):
            lost = publishing.lost_by(places.home, number)
        if not as_json:
            for line in _told(lost, voice):
                screen.console().print(line, markup=False)
        if not yes and lost.version != lost.current:
            _ask(lost, voice, as_json)
        # Nobody's run waits for an answer, so another may have published meanwhile.
        with lock.held(places.home):
            _refuse_if_overtaken(places, lost)
            undrawn = _draw_where_missing(places, number)
            info = publishing.rollback(places.home, number)
        if as_json:
            screen.print_json({"name": info.name, **asdict(info), "lost": asdict(lost), "without_pages": undrawn})
            return
        screen.console().print(voice.say("rollback.done", version=info.name), markup=False)
        screen.show_warnings(screen.console(), undrawn)


def _told(lost: Lost, voice: Voice) -> Iterator[str]:
    """What is lost, a line each."""
    from pipelines.publishing import layout

    name = layout.name_of(lost.version)
    if lost.version == lost.current:
        return
    if not lost.is_told:
        yield voice.say("rollback.unreadable", version=name)
        return
    yield voice.say("rollback.to", version=name, current=layout.name_of(lost.current or 0))
    same = (voice.say("rollback.nothing"), voice.say("rollback.same"))
    for what, than in tuple(_losses(lost, voice)) or (same,):
        yield f"  {what:<24} {than}"


def _losses(lost: Lost, voice: Voice) -> Iterator[tuple[str, str]]:
    """(what, how it is there)."""
    if lost.as_of_dates:
        yield voice.say("rollback.as_of"), "; ".join(map(voice.day, lost.as_of_dates))
    if lost.known_at != lost.known_at_now:
        then, now = voice.moment(lost.known_at), voice.moment(lost.known_at_now)
        yield voice.say("rollback.known_at"), voice.say("rollback.instead", then=then, now=now)
    for source in lost.sources:
        now = voice.day(source.data_to_now)
        if source.data_to is None:
            yield source.table, voice.say("rollback.no_data", now=now)
        else:
            yield source.table, voice.say("rollback.data_to", then=voice.day(source.data_to), now=now)
    if lost.is_other_method:
        yield voice.say("rollback.method"), voice.say("rollback.other_method")


def _ask(lost: Lost, voice: Voice, as_json: bool) -> None:
    """Go on only if somebody says so. Raises UsageError ROLLBACK_UNCONFIRMED."""
    from pipelines.errors import Problem, UsageError
    from pipelines.publishing import layout

    name = layout.name_of(lost.version)
    if not as_json and sys.stdin.isatty():
        # Not typer.confirm: it understands English only.
        said = typer.prompt(voice.say("rollback.ask", version=name), default="", show_default=False, prompt_suffix=" ")
        if said.strip().lower() in voice.say("rollback.yes").split():
            return
        raise UsageError(Problem("ROLLBACK_UNCONFIRMED", "not confirmed; CURRENT stays what it is", "--yes"))
    what = "nobody can be asked here, and --yes was not given; CURRENT stays what it is"
    raise UsageError(Problem("ROLLBACK_UNCONFIRMED", what, "--yes", f"kundenwert rollback {name} --yes"))


def _refuse_if_overtaken(places: Places, lost: Lost) -> None:
    from pipelines.errors import Problem, VerifyError
    from pipelines.publishing import layout

    if layout.pointed_number(places.home) != lost.current:
        what = "another version has become the current one meanwhile; what would be lost is not what was told"
        raise VerifyError(Problem("ROLLBACK_OVERTAKEN", what, "published/CURRENT", "kundenwert rollback again"))


def _draw_where_missing(places: Places, number: int) -> tuple[Problem, ...]:
    """Draw the pages of a version that has none (an earlier release published it) or damaged ones; what kept them from it."""
    from pipelines.errors import KundenwertError
    from pipelines.publishing import layout, verification
    from pipelines.settings.workspace import open_workspace
    from pipelines.showing import pages

    directory = layout.existing_directory(places.home, number)
    verification.verify_directory(directory, number, pages_too=False)
    if pages.are_whole(directory):
        return ()
    try:
        pages.put_into(directory, open_workspace(places.config_dir, places.home))
    except KundenwertError as error:
        return error.problems
    return ()
