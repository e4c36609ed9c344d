"""`kundenwert person`. Belongs here: options, the lock, what is shown; not here: finding and erasing (pipelines.persons)."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places

if TYPE_CHECKING:
    from pipelines.persons import Held

command = typer.Typer()
group = typer.Typer(
    no_args_is_help=True,
    help="What is held about a person, and erasing it.",
    epilog="Example: kundenwert person export VT07 --out VT07.json",
)
command.add_typer(group, name="person")

Named = Annotated[
    str, typer.Argument(metavar="PERSON", help="The id (or name) as the source delivers it, or a keyed pseudonym.")
]


@group.command(epilog="Example: kundenwert person export VT07 --out VT07.csv")
def export(
    context: typer.Context,
    person: Named,
    out: Annotated[Optional[Path], typer.Option("--out", help="A .json or .csv; only its owner may read it.")] = None,  # noqa: UP045
    as_json: Json = False,
) -> None:
    """Everything the home holds about a person, with where it lies: landed tables, quarantine, copies, versions, pages, logs."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines import durable, lock, persons
        from pipelines.contracts import load_contracts

        _refuse_other_kinds(out)
        with lock.held(places.home.prepare()):
            found = persons.held(places.home, load_contracts(), persons.identified(places.home, person))
        if out is not None:
            text = (
                _as_csv(found)
                if out.suffix == ".csv"
                else json.dumps(_facts(found), ensure_ascii=False, indent=1) + "\n"
            )
            durable.write_text(out.expanduser().resolve(), text)
        if as_json:
            screen.print_json(_facts(found))
            return
        show = screen.console()
        for place in found.places:
            what = f"{len(place.records)} rows" if place.records else (place.delivered_as or "names the person")
            show.print(f"{place.kind:12} {place.table or '':22} {what:>20}  {place.path}", markup=False)
        if not found.places:
            show.print("nothing is held")
        if not found.person.is_looked_for_in_texts:
            show.print("looked for by pseudonym only: the id is no word that could be told from numbers in texts")


@group.command(epilog='Example: kundenwert person erase VT07 --why "request of 3 May" --yes')
def erase(
    context: typer.Context,
    person: Named,
    why: Annotated[str, typer.Option("--why", help="Kept in the log of erasures; must not name the person.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; needed with --json.")] = False,
    as_json: Json = False,
) -> None:
    """Erase a person from landing, quarantine, copies of delivered files, the warehouse, and versions that hold their pseudonym.

    Numbers of customers stay: a visit or a rating loses the person, not its row. The delivered files themselves lie outside and are to be
    corrected at their source; what they bring of the person is left out from now on.
    """
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines import lock, persons
        from pipelines.contracts import load_contracts
        from pipelines.errors import Problem, UsageError

        if not yes and (as_json or not typer.confirm("Erase for good?")):
            raise UsageError(Problem("PERSON_KEPT", "nothing was erased", remedy="answer yes, or give --yes"))
        with lock.held(places.home.prepare()):
            done = persons.erase(places.home, load_contracts(), persons.identified(places.home, person), why)
        if as_json:
            screen.print_json(asdict(done))
            return
        show = screen.console()
        for table, rows in sorted(done.rows.items()):
            show.print(f"{rows:>8} rows of {table}", markup=False)
        show.print(f"{done.originals:>8} copies of delivered files removed")
        show.print(f"{len(done.versions):>8} versions removed {' '.join(done.versions)}", markup=False)
        for path, step in done.left:
            show.print(f"left: {path}: {step}", markup=False)
        show.print("Next: kundenwert run")


def _refuse_other_kinds(out: Path | None) -> None:
    from pipelines.errors import Problem, UsageError

    if out is not None and out.suffix not in (".json", ".csv"):
        what = f"{out.name} is neither a .json nor a .csv"
        raise UsageError(Problem("EXPORT_KIND", what, str(out), "name a file that ends in .json or .csv"))


def _facts(found: Held) -> dict[str, Any]:
    places = [
        {
            **asdict(place),
            "records": [{name: _text(value) for name, value in record.items()} for record in place.records],
        }
        for place in found.places
    ]
    return {"person": asdict(found.person), "places": places}


def _as_csv(found: Held) -> str:
    """One line per place and record; the record as JSON."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["kind", "table", "path", "delivered_as", "columns", "record"])
    for place in found.places:
        for record in place.records or (None,):
            values = {} if record is None else {name: _text(value) for name, value in record.items()}
            what = json.dumps(values, ensure_ascii=False) if values else ""
            writer.writerow([place.kind, place.table, place.path, place.delivered_as, " ".join(place.columns), what])
    return written.getvalue()


def _text(value: object) -> object:
    return value if value is None or isinstance(value, (str, bool, int)) else str(value)
