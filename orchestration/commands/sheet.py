"""`kundenwert sheet`: sheets to be filled in or taken along. Belongs here: its commands put together; not here: any of them."""

from __future__ import annotations

import typer

from orchestration.commands import sheet_customer, sheet_ratings

command = typer.Typer()
group = typer.Typer(
    no_args_is_help=True,
    help="Write sheets that people fill in or take along.",
    epilog="Example: kundenwert sheet ratings --language de",
)
command.add_typer(group, name="sheet")

PARTS = (sheet_customer, sheet_ratings)
"""One module per command of the group, called `sheet_<command>`."""

for _each in PARTS:
    group.add_typer(_each.command)
