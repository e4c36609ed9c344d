"""`kundenwert status`. Belongs here: the state of a home on one screen; not here: what the state is (pipelines.watching)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places
from pipelines.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.vocabulary import Voice
    from pipelines.watching.state import Source, State

command = typer.Typer()

GATE: Mapping[str | None, tuple[str, str]] = {
    "green": ("status.gate_green", "green"),
    "red": ("status.gate_red", "bold red"),
    None: ("status.gate_unknown", ""),
}
"""What the gate said last -> how it is said, in which style."""


@command.command(
    epilog="Examples: kundenwert status   ·   kundenwert status --json   ·   kundenwert status --fail-if-stale"
)
def status(
    context: typer.Context,
    language: Annotated[str, typer.Option("--language", metavar="en|de", help="Language of the screen.")] = "en",
    fail_if_stale: Annotated[
        bool,
        typer.Option(
            "--fail-if-stale",
            help="End with 1 unless a version is there, the last run ended well and no source is stale.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Show the current version and its age, the last run, the gate, the sources' age, the disk and who works here. Reads only."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines.vocabulary import voice_of
        from pipelines.watching import state
        from pipelines.watching.ended import readable_sources

        voice = voice_of(language)
        seen = state.look(places.home, readable_sources(places.config_dir))
    if as_json:
        stale = [each.table for each in seen.stale]
        said = None if seen.last_run is None else seen.last_run.model_dump(mode="json", exclude={"schema_version"})
        screen.print_json({**asdict(seen), "last_run": said, "stale": stale, "is_well": seen.is_well})
    else:
        _show(seen, voice)
    if fail_if_stale and not seen.is_well:
        raise SystemExit(int(ExitCode.FAILED))


def _show(seen: State, voice: Voice) -> None:
    from rich.table import Table
    from rich.text import Text

    show = screen.console()
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for name, value, style in _rows(seen, voice):
        table.add_row(voice.say(name), Text(value, style=style))
    show.print(table)
    listed = tuple(each for each in seen.sources if each.max_age_days is not None or each.rows_quarantined)
    if listed:
        show.print(_sources(listed, voice))
    if others := [each for each in seen.sources if each not in listed]:
        newest = max((each.delivered_at for each in others if each.delivered_at is not None), default=None)
        said = voice.say("status.others", count=voice.number(len(others)), moment=voice.moment(newest))
        show.print(Text(said, style="dim"))


def _rows(seen: State, voice: Voice) -> Iterator[tuple[str, str, str]]:
    """(key of the name, what is said, style)."""
    yield "status.home", str(seen.home), ""
    version = seen.version
    if version is None:
        yield "status.version", voice.say("status.no_version"), "yellow"
    else:
        age = voice.say("status.age", days=voice.number(version.age_days), moment=voice.moment(version.published_at))
        yield "status.version", f"{version.name}  {age}", ""
        yield (
            "status.as_of",
            f"{voice.day(version.as_of)}  {voice.say('status.known', moment=voice.moment(version.known_at))}",
            "",
        )
    last = seen.last_run
    if last is None:
        yield "status.last_run", voice.say("status.no_run"), ""
    else:
        how = voice.say("status.well") if last.is_well else voice.say("status.failed", exit_code=last.exit_code)
        when = voice.say("status.took", moment=voice.moment(last.ended_at), seconds=voice.number(last.seconds))
        yield "status.last_run", f"{how}  {when}", "" if last.is_well else "bold red"
        for failure in last.failures[:3]:
            yield "status.code", f"{failure.code}  {failure.where}".rstrip(), "red"
        if len(last.failures) > 3:
            yield "status.code", voice.say("status.more", count=voice.number(len(last.failures) - 3)), "red"
        if not last.is_well:
            yield "status.succeeded", voice.moment(last.succeeded_at), ""
    said, style = GATE[None if last is None else last.gate]
    yield "status.gate", voice.say(said), style
    free, needed = (voice.number(count // 1_000_000) for count in (seen.disk.free_bytes, seen.disk.needed_bytes))
    used = voice.number(seen.disk.used_bytes // 1_000_000)
    is_low = seen.disk.free_bytes < seen.disk.needed_bytes
    yield "status.disk", voice.say("status.room", used=used, free=free, needed=needed), "bold red" if is_low else ""
    yield "status.lock", _holder(seen, voice), ""
    if seen.dead is not None:
        died = voice.say("status.died", pid=seen.dead.pid, step=seen.dead.step, moment=voice.moment(seen.dead.began_at))
        yield "status.dead", died, "bold red"
    for code in seen.unread:
        yield "status.unread", code, "yellow"


def _holder(seen: State, voice: Voice) -> str:
    if seen.holder is None:
        return voice.say("status.free")
    pid = "?" if seen.holder.pid is None else seen.holder.pid
    return voice.say("status.held", pid=pid, since=seen.holder.started_at or "?")


def _sources(sources: tuple[Source, ...], voice: Voice) -> object:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column(voice.say("status.source"), no_wrap=True)
    columns = ("status.column_delivered", "status.column_age", "status.column_limit", "status.column_quarantined")
    for name in columns:
        table.add_column(voice.say(name), justify="right", no_wrap=True)
    for each in sources:
        table.add_row(
            each.table,
            voice.moment(each.delivered_at),
            voice.number(each.age_days),
            voice.number(each.max_age_days),
            voice.number(each.rows_quarantined if each.delivered_at is not None else None),
            style="bold red" if each.is_stale else "",
        )
    return table
