"""What each CRM calls what (systems.yml). Belongs here: reading the file, and that each system names every value. Not here: values."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Self

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from pipelines.errors import Problem, UsageError

FILE: Final = Path(__file__).with_suffix(".yml")
ABOUT_THE_ROW: Final = ("as_of_date", "changed")
"""Columns beside the values: since when the row holds, what changed."""

_STRICT: Final = ConfigDict(frozen=True, strict=True, extra="forbid")


class Value(BaseModel):
    """What is written: a column of the mart, or one per language; a code of `group` is written as its words."""

    model_config = _STRICT

    column: str | Mapping[str, str]
    group: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the mart it is taken from."""
        return (self.column,) if isinstance(self.column, str) else tuple(self.column.values())

    def column_in(self, language: str) -> str:
        """The column of a language; of the first one where it has none of its own."""
        return self.column if isinstance(self.column, str) else self.column.get(language, self.columns[0])


class System(BaseModel):
    """A CRM: what it calls an account's id, what such an id looks like, what the fields are called that were made for the values."""

    model_config = _STRICT

    title: str
    account: str
    id: str
    columns: Mapping[str, str]


class Systems(BaseModel):
    """The whole file."""

    model_config = _STRICT

    values: Mapping[str, Value]
    found_by: list[str]
    left_out: Mapping[str, str]
    systems: Mapping[str, System]

    @model_validator(mode="after")
    def _name_every_value(self) -> Self:
        wanted = [*self.values, *ABOUT_THE_ROW]
        for name, system in self.systems.items():
            if list(system.columns) != wanted:
                raise ValueError(f"{name} names {list(system.columns)}, not {wanted}")
        return self


@cache
def systems() -> Systems:
    """What is shipped."""
    return Systems.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def system_called(name: str) -> System:
    """The system of a name somebody typed. Raises KundenwertError CRM_UNKNOWN."""
    known = systems().systems
    if name.lower() not in known:
        what = f"{name} is no CRM that is known here; there are: {', '.join(known)}"
        raise UsageError(Problem("CRM_UNKNOWN", what, "--system", "give one of them"))
    return known[name.lower()]
