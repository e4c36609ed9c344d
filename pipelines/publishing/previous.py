"""What the version before says, as tables the next computation compares itself with.

Belongs here: which version that is, and which of its columns are remembered (Parquet in home.control, next to the other
tables that steer a run). Not here: what follows from a difference (dbt_project/models/marts/history).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa

from pipelines import duck, durable
from pipelines.errors import VerifyError
from pipelines.home import Home
from pipelines.publishing import layout, reading
from pipelines.publishing.layout import VersionInfo

_TEXT, _DAY, _WHOLE = pa.string(), pa.date32(), pa.int64()
_SCORE, _MONEY = pa.decimal128(9, 4), pa.decimal128(18, 2)
_CRITERION: Final = [
    ("as_of_date", _DAY),
    ("ultimate_parent_id", _TEXT),
    ("axis", _TEXT),
    ("criterion_id", _TEXT),
]
_MONTH: Final = [("as_of_date", _DAY), ("month_start", _DAY), ("ultimate_parent_id", _TEXT)]

REMEMBERED: Final[dict[str, tuple[str, pa.Schema]]] = {
    "published_scores": (
        "fct_criterion_score",
        pa.schema([*_CRITERION, ("weight_points", pa.int32()), ("level", _SCORE), ("points", _SCORE)]),
    ),
    "published_score_changes": (
        "mart_score_change",
        pa.schema(
            [
                *_CRITERION,
                ("previous_as_of_date", _DAY),
                ("published_weight_points", pa.int32()),
                ("published_level", _SCORE),
                ("published_points", _SCORE),
            ]
        ),
    ),
    "published_months": (
        "mart_contribution_month",
        pa.schema(
            [
                *_MONTH,
                ("relationship_type", _TEXT),
                ("net_revenue", _MONEY),
                ("contribution_1", _MONEY),
                ("contribution_4", _MONEY),
                ("method_version", _TEXT),
            ]
        ),
    ),
    "published_restatements": (
        "mart_restatements",
        pa.schema(
            [
                ("restated_version", _WHOLE),
                *_MONTH,
                ("relationship_type", _TEXT),
                *(
                    (f"{prefix}_{measure}", _MONEY)
                    for measure in ("net_revenue", "contribution_1", "contribution_4")
                    for prefix in ("old", "new", "delta")
                ),
                ("is_method_changed", pa.bool_()),
                ("method_version", _TEXT),
            ]
        ),
    ),
}
"""Table in home.control -> the mart it remembers, and the columns (types of the mart's contract)."""

PUBLISHED_VERSION: Final = pa.schema([("version", _WHOLE), ("latest_as_of_date", _DAY)])
"""Which version is remembered: one row, none before the first publication."""


def previous_version(home: Home) -> VersionInfo | None:
    """The version CURRENT names; the newest readable one if CURRENT is damaged; None if there is none."""
    try:
        number = layout.current_version(home)
    except VerifyError:
        number = None
    readable = [version for version in layout.versions(home) if version.is_readable]
    current = next((version for version in readable if version.number == number), None)
    return current or max(readable, key=lambda version: version.number, default=None)


def remember(home: Home) -> None:
    """Write what the version before says into home.control; typed tables without rows where it says nothing.

    A mart the version does not have, or has without one of the columns (an earlier release made it), is remembered as
    empty: then nothing is compared. Raises VerifyError VERSION_DAMAGED.
    """
    version = previous_version(home)
    rows = [] if version is None else [{"version": version.number, "latest_as_of_date": max(version.as_of_dates)}]
    durable.write_table(_file(home, "published_version"), pa.Table.from_pylist(rows, schema=PUBLISHED_VERSION))
    for name, (mart, schema) in REMEMBERED.items():
        if version is None or not _copy(home, name, schema, version, mart):
            durable.write_table(_file(home, name), schema.empty_table())


def _copy(home: Home, name: str, schema: pa.Schema, version: VersionInfo, mart: str) -> bool:
    """Copy the remembered columns of a published mart; False if it does not have them."""
    source = reading.table_file(layout.directory_of(home, version.number), mart)
    with duck.memory(home.temporary) as connection:
        try:
            published = reading.published_rows(connection, source, schema.names)
        except reading.IncompleteError:
            return False
        columns = ", ".join(f"cast({field.name} as {_sql_type(field.type)}) as {field.name}" for field in schema)
        with durable.aside(_file(home, name)) as aside:
            duck.write_parquet(connection, f"select {columns} from ({published})", aside)
    return True


def _file(home: Home, name: str) -> Path:
    return home.control / f"{name}.parquet"


def _sql_type(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision}, {kind.scale})"
    return {_TEXT: "varchar", _DAY: "date", _WHOLE: "bigint", pa.int32(): "integer", pa.bool_(): "boolean"}[kind]
