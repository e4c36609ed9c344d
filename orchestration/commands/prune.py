"""`kundenwert prune`. Belongs here: taking the lock, saying what goes; not here: what goes (orchestration.assets.housekeeping)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places

if TYPE_CHECKING:
    from orchestration.assets.housekeeping import Housekeeping

command = typer.Typer()


@command.command(epilog="Examples: kundenwert prune --dry-run   ·   kundenwert prune --json")
def prune(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would go.")] = False,
    as_json: Json = False,
) -> None:
    """Remove what does not stay by `retention` in sources.yml, as every run does at its end: old versions, old run history, leftovers.

    Never the current version, nor originals, landed rows and the ledger: they are the evidence everything can be rebuilt from.
    """
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines import lock
        from pipelines.settings.workspace import open_workspace

        workspace = open_workspace(places.config_dir, places.home)
        with lock.held(places.home):
            from orchestration.assets.housekeeping import keep_house
            from orchestration.dagster import instance

            with instance.opened(places.home) as dagster:
                found = keep_house(workspace, dagster, is_dry_run=dry_run)
        if as_json:
            screen.print_json({"is_dry_run": dry_run, **asdict(found)})
            return
        _show(found, dry_run)


def _show(found: Housekeeping, is_dry_run: bool) -> None:
    show, voice = screen.console(), screen.voice()
    verb = "would go" if is_dry_run else "gone"
    for version in found.versions.versions:
        published = voice.moment(version.published_at) if version.published_at is not None else "nobody knows when"
        as_of = f", as of {max(version.as_of_dates)}" if version.as_of_dates else ""
        show.print(f"{verb}: {version.name}, published {published}{as_of}", markup=False)
    for moment in found.versions.known_at:
        show.print(f"no version is left that knew just what was known at {voice.moment(moment)}", markup=False)
    if found.dagster_runs:
        show.print(f"{verb}: {found.dagster_runs} runs of Dagster's history")
    if found.is_log_begun_anew:
        show.print(
            f"{verb}: the step log of before; logs/steps.jsonl begins anew, what it held is in logs/steps.1.jsonl"
        )
    for name in found.leftovers:
        show.print(f"{verb}: tmp/{name}, left by a process that is gone", markup=False)
    freed = f"{found.bytes / 1e6:.1f} MB {'would be freed' if is_dry_run else 'freed'}"
    show.print(f"{freed}. Originals, landed rows and the ledger stay: they are evidence.")
