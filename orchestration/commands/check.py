"""`kundenwert check`. Belongs here: showing the protocol of a dry run; not here: the dry run (orchestration.rehearsal)."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places
from pipelines.errors import ExitCode

if TYPE_CHECKING:
    from rich.console import Console

    from orchestration.rehearsal import Rehearsal
    from pipelines.landing.dry_run import TableProtocol

command = typer.Typer()

REASONS_SHOWN = 5
NAMES_SHOWN = 8


@command.command(
    epilog="Examples: kundenwert --config examples/classicmodels check; kundenwert check --full --page protocol.html"
)
def check(
    context: typer.Context,
    full: Annotated[bool, typer.Option("--full", help="Read every row; else the first 100,000 of each file.")] = False,
    page: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads this at run time
        typer.Option("--page", metavar="FILE", help="Write the protocol as an HTML page, too."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Rehearse a run without loading anything: what each column is taken from, what is set aside and why, sums and dates, what would
    stop the run."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from orchestration.rehearsal import rehearsal

        done = rehearsal(places.config_dir, places.home, whole=full)
    if page is not None:
        from pipelines.showing.protocol import write_protocol

        write_protocol(done.protocol, done.red, done.warnings, page.expanduser().resolve())
    if as_json:
        screen.print_json(
            {
                **asdict(done.protocol),
                "is_sample": done.protocol.is_sample,
                "red": [asdict(problem) for problem in done.red],
                "warnings": [asdict(problem) for problem in done.warnings],
            }
        )
    else:
        _show(done)
        if page is not None:
            screen.console().print(f"written: {page}", markup=False)
    if done.red:
        if as_json:
            screen.show_problems(done.red, ExitCode.SOURCE, as_json)
        raise SystemExit(int(ExitCode.SOURCE))


def _show(done: Rehearsal) -> None:
    from rich.text import Text

    show = screen.console()
    protocol = done.protocol
    for table in protocol.tables:
        _show_table(show, table)
    if protocol.unmapped:
        show.print(Text(f"not mapped, what they would tell stays unknown: {', '.join(protocol.unmapped)}", style="dim"))
    number = screen.voice().number
    for meeting in protocol.meetings:
        if meeting.rows_alone:
            amount = "" if meeting.amount_alone is None else f", {screen.amount(meeting.amount_alone)}"
            what = f"{number(meeting.rows_alone)} of {number(meeting.rows)} rows{amount}"
            show.print(
                f"  {meeting.table}.{meeting.column} not in {meeting.partner}: {what}; "
                f"{number(meeting.values_alone or 0)} values, e.g. {', '.join(meeting.examples)}",
                markup=False,
            )
        if meeting.table == "invoice_lines" and meeting.partners_alone:
            without = f"{number(meeting.partners_alone)} of {number(meeting.partners)} {meeting.partner}"
            show.print(f"  {without} have no invoice lines", markup=False)
    for groups in protocol.groups:
        for names, where in ((groups.only_here, groups.table), (groups.only_there, groups.partner)):
            if names:
                listed = ", ".join(names[:NAMES_SHOWN]) + (", ..." if len(names) > NAMES_SHOWN else "")
                show.print(f"  {groups.table}.{groups.column}: only in {where}: {listed}", markup=False)
    if protocol.as_of is not None:
        show.print(f"a run would compute: as of {protocol.as_of}")
    elif not protocol.is_sample:
        show.print("a run would compute: no month")
    if protocol.is_sample:
        rows = number(protocol.rows_of_each_file or 0)
        show.print(
            f"only the first {rows} rows of each file were read, and all numbers are of them; which month a run computes, who is nowhere, "
            f"and what is wrong further down says kundenwert check --full"
        )
    for problem in done.warnings:
        show.print(Text.assemble(("warning ", "yellow"), f"{problem.code}: {problem.what}"))
        if problem.remedy:
            show.print(Text(f"          next: {problem.remedy}", style="dim"))
    if done.red:
        of_a_part = "of the rows read, " if protocol.is_sample else ""
        show.print(Text(f"{of_a_part}a run would publish nothing, for {len(done.red)} reasons:", style="bold red"))
        screen.show_problems(done.red, ExitCode.SOURCE, False)
    else:
        show.print(f"{protocol.company}: nothing found that would stop a run. Next: kundenwert run")


def _show_table(show: Console, table: TableProtocol) -> None:
    from pipelines.landing.told import some

    number, day = screen.voice().number, screen.voice().day
    mark = "ok" if table.status == "loaded" and table.rows_used else "--"
    counts = f"read {number(table.rows_read)}, used {number(table.rows_used)}, set aside {number(table.rows_set_aside)}"
    filtered = f", left out by the mapping {number(table.rows_filtered)}" if table.rows_filtered else ""
    filtered += f", lost in its SQL {number(table.rows_lost_in_mapping)}" if table.rows_lost_in_mapping else ""
    more = " (more follow)" if table.more else ""
    span = f"; {day(table.first)} to {day(table.last)}" if table.first else ""
    show.print(f"{mark}  {table.table}: {counts}{filtered}{more}{span}", markup=False)
    show.print(f"      files: {some(table.files) or '(none)'}", markup=False)
    for way, words in (("mapping", "by mapping"), ("query", "by query"), ("constant", "constant")):
        taken = [each for each in table.columns if each.way == way]
        if taken:
            shown = (each.column if each.source == each.column else f"{each.column} = {each.source}" for each in taken)
            show.print(f"      {words}: {'; '.join(shown)}", markup=False)
    equal = [each.column for each in table.columns if each.way == "equal name"]
    if equal:
        show.print(f"      by equal name (!): {', '.join(equal)}", markup=False)
    empty = [
        each.column for each in table.columns if each.way in ("mapping", "equal name", "query") and not each.filled
    ]
    if empty and table.rows_used:
        show.print(f"      without any value: {', '.join(empty)}", markup=False)
    if table.not_taken:
        show.print(f"      delivered, not taken: {some(table.not_taken, NAMES_SHOWN)}", markup=False)
    for sums in table.sums:
        if sums.used or sums.set_aside:
            aside = f" (set aside {screen.amount(sums.set_aside)})" if sums.set_aside else ""
            show.print(f"      sum of {sums.column}: {screen.amount(sums.used)}{aside}", markup=False)
    for reason in table.reasons[:REASONS_SHOWN]:
        value = f": {reason.value!r}" if reason.value is not None else ""
        what = f"{number(reason.rows)} x {reason.code} {reason.column}, e.g. {reason.where}{value}"
        show.print(f"      set aside: {what}", markup=False)
        if reason.remedy:
            show.print(f"                 next: {reason.remedy}", markup=False)
    if len(table.reasons) > REASONS_SHOWN:
        show.print(f"      ... and {len(table.reasons) - REASONS_SHOWN} more reasons (--json has all)")
