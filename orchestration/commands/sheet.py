"""`kundenwert sheet`: sheets to be filled in or taken along. Belongs here: its commands put together; not here: any of them."""

from __future__ import annotations

import typer

from orchestration.commands import sheet_customer

command = typer.Typer()
group = typer.Typer(
    no_args_is_help=True,
    help="Write sheets that people fill in or take along.",
    epilog="Example: kundenwert sheet customer 010001 --language de --pdf",
)
command.add_typer(group, name="sheet")

for _each in (sheet_customer,):
    group.add_typer(_each.command)
