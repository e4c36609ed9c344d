"""The date nobody named, and months that are not over. The rule is pipelines/landing/sql/as_of_dates.sql, executed as landing does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from pipelines.landing import as_of
from tests.statements.room import Room

POSTINGS = pa.schema([("batch_id", pa.string()), ("posting_date", pa.date32())])


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Every posting came with the first delivery: a case does not say with which."""
    del room
    zone = ZoneInfo(asked["company_time_zone"])
    known = {
        "known_at": _utc(asked["known_at"], zone),
        "time_zone": asked["company_time_zone"],
        "allow_open_month": asked["allow_open_month"],
    }
    deliveries = [
        {
            "batch_id": str(number),
            "declared_on": _day(one["declared_on"]),
            "path_date": _day(one["path_date"]),
            "loaded_at": _utc(one["loaded_at"], zone),
        }
        for number, one in enumerate(asked["deliveries"])
    ]
    postings = [{"batch_id": "0", "posting_date": _day(day)} for day in asked["posting_dates"]]
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        for name, rows, schema in (
            ("known", [known], as_of.KNOWN),
            ("asked", [{"as_of_date": _day(asked["asked_as_of_date"])}], as_of.ASKED),
            ("deliveries", deliveries, as_of.DELIVERIES),
            ("postings", postings, POSTINGS),
        ):
            connection.register(name, pa.Table.from_pylist(rows, schema=schema))
        (found,) = as_of.answers(connection)
    return {
        "delivery_day": found.delivery_day,
        "as_of_date": found.as_of_date,
        "refused": found.refused,
        "is_open_month": found.is_open_month,
    }


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _utc(text: str, zone: ZoneInfo) -> datetime:
    """As landing reads a time: without an offset it is meant in the company's zone."""
    moment = datetime.fromisoformat(text)
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
    return aware.astimezone(UTC).replace(tzinfo=None)
