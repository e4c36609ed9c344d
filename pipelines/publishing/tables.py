"""What is published to whom. Belongs here: the declaration of one published table. Not here: writing it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Audience = Literal["bi", "controlling", "team"]
"""bi: all but people; controlling: quarantine and check details as well; team: guarded aggregates by team."""

AUDIENCES: Final[tuple[Audience, ...]] = ("bi", "controlling", "team")
"""Every version has a folder per audience; they share no file, so a folder can be handed out on its own."""


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One table of a version.

    `relation` is `schema.table` in the warehouse or the path of a Parquet file; `order_by` its total key: unique and
    never NULL, it fixes the order of the rows and so the bytes. `description` and `columns` (name, description) say what it means, for
    whoever opens the database of the audience.
    """

    name: str
    audience: Audience
    relation: str | Path
    order_by: tuple[str, ...]
    description: str = ""
    columns: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        """Where the table lies in a version, with forward slashes."""
        return f"{self.audience}/{self.name}.parquet"
