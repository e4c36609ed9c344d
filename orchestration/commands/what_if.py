"""`kundenwert what-if` on the screen, or as JSON. Belongs here: from the command's options to the tables.

Not here: computing (orchestration.what_if).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places, PublishedDay
from pipelines.home import Home

if TYPE_CHECKING:
    from rich.table import Table

    from orchestration.what_if import WhatIf

NAME_WIDTH = 22

command = typer.Typer()


@command.command(
    "what-if",
    epilog="Examples: kundenwert what-if --set weights.attractiveness.chemistry=30 --set "
    "weights.attractiveness.payment=10   ·   kundenwert what-if --set zones.threshold=55 --limit 50   ·   kundenwert "
    "what-if --set weights.attractiveness.chemistry=30 --set weights.attractiveness.strategy_clarity=null --json",
)
def what_if(
    context: typer.Context,
    settings: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="SETTING=VALUE",
            help="A path into portfolio.yml and a value as written there; may be repeated. "
            "weights.AXIS.CRITERION is short for scorecards.customer.AXIS.CRITERION; null takes a criterion off.",
        ),
    ],
    as_of: PublishedDay = None,
    limit: Annotated[int, typer.Option(min=0, help="Customers shown; --json has all.")] = 20,
    as_json: Json = False,
) -> None:
    """Show which customers would change zone under other settings, and the money behind them. Publishes nothing."""
    places: Places = context.obj
    with screen.for_people(as_json):
        show_what_if(places.config_dir, places.home, settings, as_of, limit, as_json)


def show_what_if(
    config_dir: Path, home: Home, assignments: Sequence[str], as_of: str | None, limit: int, as_json: bool
) -> None:
    """Compute and show; JSON holds every customer, whatever `limit`. Raises PeriodError and what `what_if` raises."""
    from orchestration.periods import parse_as_of

    day = parse_as_of(as_of) if as_of is not None else None

    from orchestration import what_if as computed

    if as_json:
        screen.print_json(_facts(computed.what_if(config_dir, home, assignments, day)))
        return
    with screen.Progress(shows_models=False) as progress:
        found = computed.what_if(config_dir, home, assignments, day, progress)
    _show(found, limit)


def _facts(found: WhatIf) -> dict[str, Any]:
    facts = asdict(found)
    moves = facts.pop("moves")
    counts = {"compared": moves["compared"], "zone_changes": len(moves["customers"])}
    counts |= {"status_changes": moves["statuses"], "score_changes": moves["scores"]}
    return facts | {"counts": counts, "totals": moves["totals"], "customers": moves["customers"]}


def _show(found: WhatIf, limit: int) -> None:
    show = screen.console()
    moves = found.moves
    show.print()
    for change in found.changes:
        show.print(f"{change.path}: {change.before} -> {change.after}", markup=False)
    changed, compared, statuses, scores = map(
        screen.voice().number, (len(moves.customers), moves.compared, moves.statuses, moves.scores)
    )
    what = f"{changed} of {compared} customers and leads would change zone as of {found.as_of}"
    kept = f"{statuses} keep the zone with another status, {scores} have another score"
    show.print(f"{what}; {kept}.", markup=False)
    if found.differs_from_version:
        since = f"deliveries, configuration or program changed since {found.version}"
        differing = screen.voice().number(found.differs_from_version)
        show.print(f"Compared with the state computed now: {since}, {differing} differ.", markup=False)
    if moves.totals:
        show.print()
        show.print(_totals(found))
        show.print(_customers(found, limit))
    if len(moves.customers) > limit:
        more = screen.voice().number(len(moves.customers) - limit)
        show.print(f"... and {more} more; --limit shows more, --json all", markup=False)
    show.print("Nothing was published. To make it so: change config/portfolio.yml, then kundenwert run", markup=False)


def _totals(found: WhatIf) -> Table:
    table = _table(f"By zone: 12 months up to {found.as_of}, {found.currency}")
    for name in ("from", "to"):
        table.add_column(name, no_wrap=True)
    for name in ("customers", "revenue", "contribution", "to win"):
        table.add_column(name, justify="right", no_wrap=True)
    from pipelines.vocabulary import code_groups

    place = code_groups()["zone"].place
    for row in sorted(found.moves.totals, key=lambda each: (place(each.zone_before), place(each.zone_after))):
        money = (row.net_revenue, row.contribution_4, row.potential_contribution)
        table.add_row(
            _zone(row.zone_before),
            _zone(row.zone_after),
            screen.voice().number(row.customers),
            *map(screen.amount, money),
        )
    return table


def _customers(found: WhatIf, limit: int) -> Table:
    from rich.text import Text

    table = _table("By customer, largest contribution first; scores are potential/attractiveness")
    table.add_column("customer", no_wrap=True)
    table.add_column("name", no_wrap=True, max_width=NAME_WIDTH)
    for name in ("from", "to"):
        table.add_column(name, no_wrap=True)
    for name in ("scores", "revenue", "contribution", "to win"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in found.moves.customers[:limit]:
        before = f"{_score(row.potential_score_before)}/{_score(row.attractiveness_score_before)}"
        after = f"{_score(row.potential_score_after)}/{_score(row.attractiveness_score_after)}"
        table.add_row(
            Text(row.ultimate_parent_id),
            Text(row.customer_name or ""),
            _zone(row.zone_before),
            _zone(row.zone_after),
            before if before == after else f"{before} -> {after}",
            *map(screen.amount, (row.net_revenue, row.contribution_4, row.potential_contribution)),
        )
    return table


def _table(title: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    return Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))


def _zone(zone: str | None) -> str:
    return screen.amount(None) if zone is None else screen.voice().label("zone", zone)


def _score(value: Decimal | None) -> str:
    return screen.voice().number(value, 1)
