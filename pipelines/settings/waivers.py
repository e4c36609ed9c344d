"""Which faults are published all the same, because somebody took responsibility: the model of config/waivers.yml.

Belongs here: what a waiver says and when it acts. Not here: which checks there are and what a waiver does to one (data_quality.waivers).
The file is optional. A waiver never changes a number: what is set aside stays set aside, and its weight is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from pipelines.contracts import Contract
from pipelines.errors import did_you_mean
from pipelines.settings.validation import RootModel, StrictModel, Violation, has, validated
from pipelines.settings.yaml_file import read

_CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-6])|[0-9]{4}")
SCOPES = ("batch", "month", "key")


class Waiver(StrictModel):
    """One fault somebody takes responsibility for. Exactly one of `batch`, `month` and `key` says how far it reaches."""

    code: str
    """The code of the message, as the gate prints it. Example: NUM_FORMAT."""
    table: str
    """The table the message is about, by its name in the contracts. Example: invoice_lines."""
    batch: str | None = None
    """The delivery, by the batch the message names (16 signs): the next delivery of the table is judged again."""
    month: str | None = None
    """A month, "2025-12" (quoted), of messages about a month; of a ledger also a year or an adjustment period."""
    key: str | None = None
    """One row, by its key with | between the parts. Example: "1000|R4711|2" (legal entity, document, line)."""
    who: str = Field(min_length=1)
    """Who takes responsibility: a person's or a team's name. It is shown on every page as long as the waiver acts."""
    why: str = Field(min_length=1)
    """The reason, for those who read the page. Example: "amount illegible in the original, below 100 EUR"."""
    until: date
    """The last day of delivery it acts for; data delivered later are judged again. Example: 2026-03-31."""

    @property
    def scope(self) -> str:
        """How far it reaches, for people."""
        return next(f"{name} {value}" for name in SCOPES if (value := getattr(self, name)) is not None)

    def acts_on(self, day: date) -> bool:
        """Whether it acts for data whose newest delivery is of `day`."""
        return day <= self.until

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        given = [name for name in SCOPES if getattr(self, name) is not None]
        if len(given) != 1:
            what = f"exactly one of batch, month and key says how far a waiver reaches; {', '.join(given) or 'none'} is given"
            yield Violation("WAIVER_SCOPE", what, "keep one of them; the message that is waived names its batch")
        if _CODE.fullmatch(self.code) is None:
            yield Violation(
                "WAIVER_CODE", f"'{self.code}' is not a code", "write it as the message does: NUM_FORMAT", ("code",)
            )
        if self.month is not None and _MONTH.fullmatch(self.month) is None:
            yield Violation("WAIVER_SCOPE", f"'{self.month}' is not a month", 'write "2025-12"', ("month",))


class Waivers(RootModel):
    """config/waivers.yml, valid."""

    version: Literal[1]
    waivers: tuple[Waiver, ...] = ()

    def references(self, written: Mapping[str, frozenset[str]], context: object) -> Iterator[Violation]:
        """Tables that there are."""
        del written
        known = context if isinstance(context, Mapping) else {}
        for number, waiver in enumerate(self.waivers if has(self, "waivers") else ()):
            if has(waiver, "table") and waiver.table not in known:
                what = f"the table '{waiver.table}' is not known"
                yield Violation("WAIVER_TABLE", what, did_you_mean(waiver.table, known), ("waivers", number, "table"))


def read_waivers(path: Path, contracts: Mapping[str, Contract]) -> tuple[Waiver, ...]:
    """The waivers in the file at `path`; none if there is no file. Raises ConfigError with every problem, each with file:line."""
    if not path.exists():
        return ()
    return validated(read(path), Waivers, contracts).waivers
