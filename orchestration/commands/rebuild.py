"""`kundenwert rebuild`. Belongs here: progress, what came out; not here: building and comparing (orchestration.rebuild)."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict
from typing import Annotated

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places
from pipelines.errors import Problem, VerifyError

command = typer.Typer()

SHOWN = 12


@command.command(epilog="Examples: kundenwert rebuild   ·   kundenwert rebuild --language de")
def rebuild(
    context: typer.Context,
    language: Annotated[str, typer.Option("--language", metavar="en|de", help="Language of the result.")] = "en",
    as_json: Json = False,
) -> None:
    """Make the warehouse anew from what was landed, without reading a delivery, and compare it with the current version by checksum.

    Publishes nothing. Ends with 7 if the two differ; `kundenwert run --rebuild` computes everything anew and publishes it.
    """
    places: Places = context.obj
    with screen.for_people(as_json):
        from orchestration.rebuild import rebuild as rebuilt
        from pipelines.settings.workspace import open_workspace
        from pipelines.vocabulary import voice_of

        voice = voice_of(language)
        workspace = open_workspace(places.config_dir, places.home)
        with nullcontext() if as_json else screen.Progress(shows_models=False) as progress:
            found = rebuilt(workspace, progress)
        if as_json:
            screen.print_json({**asdict(found), "is_same": found.is_same})
        if found.is_same:
            if not as_json:
                same = voice.number(len(found.same))
                screen.console().print(voice.say("rebuild.same", version=found.version, count=same))
            return
        names = [*found.differing, *found.added, *found.missing]
        shown = ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
        what = voice.say(
            "rebuild.differs",
            version=found.version,
            count=voice.number(len(names)),
            of=voice.number(len(names) + len(found.same)),
        )
        raise VerifyError(Problem("REBUILD_DIFFERS", what, shown, voice.say("rebuild.differs_next")))
