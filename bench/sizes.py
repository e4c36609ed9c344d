"""The sizes that are measured. Belongs here: their names and how much of everything they mean; not here: the rows (deliveries.sql)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Size:
    """A company by the number of its invoice lines (48 months) and of its customers."""

    name: str
    lines: int
    customers: int


ALL: Final = {
    size.name: size
    for size in (
        Size("2k", 2_000, 60),
        Size("20k", 20_000, 400),
        Size("100k", 100_000, 2_000),
        Size("200k", 200_000, 4_000),
        Size("1m", 1_000_000, 20_000),
        Size("10m", 10_000_000, 200_000),
        Size("50m", 50_000_000, 500_000),
    )
}
"""The two smallest and 200k are for tests; the others are what `make bench` is asked for."""


def sizes(text: str) -> tuple[Size, ...]:
    """The sizes of `100k,1m`, smallest first. Raises ValueError naming an unknown one."""
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in ALL]
    if unknown or not names:
        raise ValueError(f"unknown sizes {unknown}; known: {', '.join(ALL)}")
    return tuple(sorted((ALL[name] for name in dict.fromkeys(names)), key=lambda size: size.lines))
