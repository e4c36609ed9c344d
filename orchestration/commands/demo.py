"""`kundenwert demo`. Belongs here: its options and what it shows; not here: the demo company (pipelines.demo)."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json

command = typer.Typer()


@command.command(epilog="Example: kundenwert demo --out var/demo --customers 2000 --months 48 --seed 7")
def demo(
    out: Annotated[Path, typer.Option("--out", help="Directory the files are written to.")],
    customers: Annotated[int, typer.Option(help="Customers of the demo company.")] = 400,
    months: Annotated[int, typer.Option(help="Months of history.")] = 40,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    correction: Annotated[
        bool, typer.Option("--correction", help="The delivery after it: a month that was published is corrected.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write the deliveries of a demo company, as its ERP and CRM would."""
    with screen.for_people(as_json):
        from pipelines.demo import write_demo

        summary = write_demo(out.expanduser().resolve(), customers, months, seed, is_corrected=correction)
        if as_json:
            files = [asdict(file) for file in summary.files]
            screen.print_json({"out": summary.out, "rows": summary.rows, "bytes": summary.size_bytes, "files": files})
            return
        show = screen.console()
        size = f"{screen.voice().number(summary.rows)} rows, {summary.size_bytes / 1e6:.1f} MB"
        show.print(f"{len(summary.files)} files, {size} in {summary.out}")
