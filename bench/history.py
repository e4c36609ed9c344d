"""How the ratios went over time. Belongs here: history.csv, a line per day, commit, size and job; not here: seconds, which a machine makes.

A ratio is a job's seconds by those of the script in the same rounds: it says something about the product on any machine.
`make bench KEEP=1` adds lines; every `make bench` says where a ratio grew by more than a tenth since the last kept ones.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Final

from bench.results import Results

FILE: Final = Path(__file__).with_name("history.csv")
GROWN: Final = 1.10
JOBS: Final = ("scan", "pandas", "polars", "landing", "alone", "full", "unchanged", "day", "months", "spark")


@dataclass(frozen=True, slots=True)
class Line:
    """One kept ratio."""

    day: str
    commit: str
    size: str
    job: str
    ratio: str
    """With three decimals, as it is written."""


def lines(results: Results) -> tuple[Line, ...]:
    """The ratios of one size; the core is what the product needs for what the script computes."""
    script = results.wall("script")
    if script is None:
        return ()
    measured = [(job, results.ratio(job)) for job in JOBS]
    measured += [("core", core / script) for core in results.part("core").values()]
    return tuple(
        Line(results.day, results.commit, results.size, job, f"{ratio:.3f}")
        for job, ratio in measured
        if ratio is not None
    )


def read(path: Path = FILE) -> tuple[Line, ...]:
    """Every kept line, oldest first."""
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(Line(**row) for row in csv.DictReader(file))


def keep(new: Sequence[Line], path: Path = FILE) -> None:
    """Add lines; those of the same day, commit, size and job are replaced, so that keeping twice keeps once."""
    named = {(line.day, line.commit, line.size, line.job) for line in new}
    kept = [line for line in read(path) if (line.day, line.commit, line.size, line.job) not in named]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.name for field in fields(Line)])
        writer.writerows(astuple(line) for line in (*kept, *new))


def grown(new: Sequence[Line], kept: Sequence[Line]) -> Iterator[str]:
    """Where a ratio grew by more than a tenth since the last kept line of the same size and job."""
    last = {(line.size, line.job): line for line in kept}
    for line in new:
        before = last.get((line.size, line.job))
        if before is not None and float(line.ratio) > GROWN * float(before.ratio):
            share = float(line.ratio) / float(before.ratio) - 1
            yield f"{line.size} {line.job}: {line.ratio}x the script, {share:.0%} over {before.ratio}x of {before.day} ({before.commit})"
