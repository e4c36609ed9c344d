"""`kundenwert versions`. Belongs here: the list on the screen; not here: reading versions (pipelines.publishing)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places

if TYPE_CHECKING:
    from pipelines.publishing import Answer, VersionInfo

command = typer.Typer()


@command.command(epilog="Example: kundenwert versions --json")
def versions(context: typer.Context, as_json: Json = False) -> None:
    """List the published versions, as of which dates, known when and why; the current one is marked. Then the answers to questions about
    the past."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines import publishing

        found = publishing.versions(places.home)
        asked = publishing.answers(places.home)
        newest = max((each.number for each in found), default=0)
        if as_json:
            listed = [{"name": each.name, **asdict(each), "is_asked": False} for each in found]
            screen.print_json([*listed, *({**asdict(each), "is_asked": True} for each in asked)])
            return
        show = screen.console()
        for each in found:
            mark = "->" if each.is_current else "  "
            if not each.is_readable or each.published_at is None:
                show.print(f"{mark} {each.name}  its manifest cannot be read: kundenwert verify {each.name}")
                continue
            when = f"published {screen.voice().moment(each.published_at)}"
            size = f"{each.tables} tables, {each.size_bytes / 1e6:.1f} MB"
            why = _why((*each.why, *(["rollback"] if each.is_current and each.number != newest else [])))
            show.print(f"{mark} {each.name}  {when}  {_known(each)}  method {each.method_version}  {size}{why}")
        for answer in asked:
            name = f"asked/{answer.name}"
            if not answer.is_readable or answer.published_at is None:
                show.print(f"   {name}  its manifest cannot be read: kundenwert verify {name}")
                continue
            when = f"published {screen.voice().moment(answer.published_at)}"
            show.print(f"   {name}  {when}  {_known(answer)}  method {answer.method_version}{_why(answer.why)}")
        if not found:
            show.print("Nothing is published yet. Next: kundenwert run")


def _known(version: VersionInfo | Answer) -> str:
    """As of which dates, known when."""
    span = " to ".join(dict.fromkeys(str(day) for day in (version.as_of_dates[:1] + version.as_of_dates[-1:])))
    return f"as of {span}" + (f", known at {screen.voice().moment(version.known_at)}" if version.known_at else "")


def _why(codes: tuple[str, ...]) -> str:
    """For which reasons it was published; an earlier release kept none."""
    return f"  ({', '.join(screen.voice().label('publication', code) for code in codes)})" if codes else ""
