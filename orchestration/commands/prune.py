"""`kundenwert prune`. Belongs here: taking the lock, saying what goes; not here: what goes (orchestration.assets.housekeeping)."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.assets.housekeeping import Housekeeping
    from pipelines.vocabulary import Voice

command = typer.Typer()


@command.command(
    epilog="Examples: kundenwert prune --dry-run   ·   kundenwert prune --language de   ·   kundenwert prune --json"
)
def prune(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would go.")] = False,
    language: Annotated[str, typer.Option("--language", metavar="en|de", help="Language of what is told.")] = "en",
    as_json: Json = False,
) -> None:
    """Remove what does not stay by `retention` in sources.yml, as every run does at its end: old versions, old run history, leftovers.

    Never the current version, nor originals, landed rows and the ledger: they are the evidence everything can be rebuilt from.
    """
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines import lock
        from pipelines.settings.workspace import open_workspace
        from pipelines.vocabulary import voice_of

        voice = voice_of(language)
        workspace = open_workspace(places.config_dir, places.home)
        with lock.held(places.home):
            from orchestration.assets.housekeeping import keep_house
            from orchestration.dagster import instance

            with instance.opened(places.home) as dagster:
                found = keep_house(workspace, dagster, is_dry_run=dry_run)
        if as_json:
            screen.print_json({"is_dry_run": dry_run, **asdict(found)})
            return
        for line in _told(found, voice, dry_run):
            screen.console().print(line, markup=False)


def _told(found: Housekeeping, voice: Voice, is_dry_run: bool) -> Iterator[str]:
    """What goes, a line each."""
    going, ended, freed = (
        ("prune.would_go", "prune.would_end", "prune.would_free")
        if is_dry_run
        else ("prune.gone", "prune.known_at", "prune.freed")
    )
    for version in found.versions.versions:
        as_of = voice.day(max(version.as_of_dates, default=None))
        published = voice.moment(version.published_at)
        what = voice.say("prune.version", version=version.name, published=published, as_of=as_of)
        yield voice.say(going, what=what)
    for moment in found.versions.known_at:
        yield voice.say(ended, moment=voice.moment(moment))
    if found.dagster_runs:
        yield voice.say(going, what=voice.say("prune.runs", count=voice.number(found.dagster_runs)))
    if found.is_log_begun_anew:
        yield voice.say(going, what=voice.say("prune.log"))
    for name in found.leftovers:
        yield voice.say(going, what=voice.say("prune.leftover", name=name))
    yield voice.say(freed, size=voice.number(Decimal(found.bytes) / 1_000_000, 1))
