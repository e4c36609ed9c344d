"""`kundenwert lineage`: where a column comes from. Belongs here: showing it; not here: following it (orchestration.dbt.lineage)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.dbt.lineage import Lineage
    from pipelines.settings.sources import SourceMap

command = typer.Typer()


@command.command(
    epilog="Examples: kundenwert lineage mart_portfolio.achievable_gap   ·   kundenwert lineage mart_receivables.open_amount --json"
)
def lineage(
    context: typer.Context,
    column: Annotated[str, typer.Argument(metavar="MODEL.COLUMN", help="A column of a mart or of any other model.")],
    as_json: Json = False,
) -> None:
    """Say where a column comes from: models, delivered columns, and what they are called in the files."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from orchestration.dbt.lineage import Queries
        from pipelines.settings.workspace import open_workspace

        found = Queries(places.home).trace(column)
        sources = open_workspace(places.config_dir, places.home).sources
        if as_json:
            screen.print_json(
                {
                    "column": str(found.column),
                    "models": [[str(each) for each in level] for level in found.levels],
                    "delivered": {str(each): _delivered_as(sources, each.table, each.name) for each in found.delivered},
                    "configured": [str(each) for each in found.configured],
                }
            )
            return
        for line in _lines(found, sources):
            screen.console().print(line, markup=False, highlight=False)


def _lines(found: Lineage, sources: SourceMap) -> Iterator[str]:
    yield str(found.column)
    for level in found.levels:
        yield f"  from {', '.join(map(str, level))}"
    yield "delivered:"
    for each in found.delivered:
        yield f"  {each}  ←  {_delivered_as(sources, each.table, each.name)}"
    if found.configured:
        yield f"settings: {', '.join(map(str, found.configured))}"


def _delivered_as(sources: SourceMap, table: str, column: str) -> str:
    """What fills a delivered column, in the words of the mapping."""
    mapping = sources.tables.get(table)
    if mapping is None:
        return "not mapped"
    files = ", ".join(sources.files_of(table))
    if mapping.sql is not None:
        return f"a query over {files}"
    if column in mapping.constants:
        return f"the constant {mapping.constants[column]}"
    if column in mapping.made:
        return f"computed over {files}"
    return f"{mapping.columns.get(column, f'{column}, if there is one,')} of {files}"
