"""`kundenwert crm-writeback`. Belongs here: from the command's options to the files, and what was written.

Not here: what goes back, what each CRM calls it, what the files look like (pipelines.showing.crm_writeback).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places

if TYPE_CHECKING:
    from pipelines.showing.crm_writeback import System, Writeback, Written

command = typer.Typer()


@command.command(
    epilog="Examples: kundenwert crm-writeback --system salesforce --language de   ·   "
    "kundenwert crm-writeback --system hubspot --all --out to_import"
)
def crm_writeback(
    context: typer.Context,
    system: Annotated[str, typer.Option("--system", metavar="salesforce|hubspot|dynamics", help="Which CRM.")],
    out: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads this at run time
        typer.Option("--out", metavar="DIR", help="Where the files go; default: reports/crm in the home."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every account, also those that show the same.")] = False,
    language: Annotated[str, typer.Option("--language", metavar="en|de", help="Language of the values.")] = "en",
    as_json: Json = False,
) -> None:
    """Write what the CRM should show where people work: zone, next action, next product group, a row per account.

    A CSV and an xlsx in the CRM's own column names, of the accounts that changed since the last time. Nothing is sent: whoever may
    import there does.
    """
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines.vocabulary import voice_of

        voice = voice_of(language)

        from pipelines import lock, publishing
        from pipelines.showing import crm_writeback as showing

        name, called = system.lower(), showing.system_called(system)
        version = publishing.current_directory(places.home)
        last = places.home.written_back / f"{name}.parquet"
        directory = (out or places.home.reports / "crm").expanduser().resolve()
        with lock.held(places.home.prepare()):
            found = showing.read_writeback(version, last, called, voice, everything=everything)
            written = showing.write(found, name, called, last, directory, voice)
        if as_json:
            gone = [row.account_id for row in found.gone]
            facts = {"version": found.version, "as_of_date": found.as_of_date, "accounts": found.accounts}
            screen.print_json({**facts, "files": written, "gone": gone, "foreign_ids": found.foreign_ids})
            return
        _show(found, written, called)


def _show(found: Writeback, written: Written, system: System) -> None:
    show, number = screen.console(), screen.voice().number
    if written.csv is None:
        show.print(f"nothing to import: {number(found.accounts)} accounts show what they should", markup=False)
    else:
        what = f"{number(written.rows)} of {number(found.accounts)} accounts"
        show.print(f"{written.csv}: {what}; the same in {written.xlsx}", markup=False)
    if found.gone:
        what = f"{number(len(found.gone))} accounts are no customer's and no lead's any more and keep what they show"
        show.print(f"{what}: {written.gone}", markup=False)
    if found.foreign_ids:
        what = f"{number(found.foreign_ids)} ids do not look like ids of {system.title}"
        show.print(f"{what}: import by the field that holds them, or map that CRM's accounts", markup=False)
    if written.csv is not None:
        show.print(
            "Next: import it in the CRM, files in the order of their numbers (docs/crm_writeback.md)", markup=False
        )
