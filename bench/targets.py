"""What the product promises about its speed. Belongs here: each target as data, and whether results meet it; not here: measuring.

Times are bound to the script of the same rounds, so that a target means the same on every machine; those of the demo company and of
memory are bound to a common machine of two processors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bench.results import Results

GIB: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Verdict:
    """One target as it was met or not."""

    size: str
    name: str
    limit: str
    figure: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class Target:
    """A limit for one size."""

    size: str
    name: str
    limit: str
    judge: Callable[[Results], tuple[str, bool] | None]
    """The figure in words and whether it is within the limit; None if it was not measured."""


def _times(
    figure: Callable[[Results], float | None], limit: float, extra: float = 0.0, of: str = "script"
) -> Callable[[Results], tuple[str, bool] | None]:
    """At most `limit` times another job, and `extra` seconds."""

    def judge(results: Results) -> tuple[str, bool] | None:
        own, other = figure(results), results.wall(of)
        if own is None or other is None:
            return None
        return f"{own:.2f} s, {own / other:.2f}x of {other:.2f} s", own <= limit * other + extra

    return judge


def _memory(limit: int) -> Callable[[Results], tuple[str, bool] | None]:
    def judge(results: Results) -> tuple[str, bool] | None:
        peak = results.peak("full")
        return None if peak is None else (f"{peak / GIB:.2f} GiB", peak <= limit)

    return judge


def _seconds(job: str, limit: float) -> Callable[[Results], tuple[str, bool] | None]:
    def judge(results: Results) -> tuple[str, bool] | None:
        wall = results.wall(job)
        return None if wall is None else (f"{wall:.2f} s", wall <= limit)

    return judge


def _day(limit: float) -> Callable[[Results], tuple[str, bool] | None]:
    """What the day costs beyond a run with nothing new, as a share of what everything costs beyond it."""

    def judge(results: Results) -> tuple[str, bool] | None:
        day, unchanged, full = (results.wall(job) for job in ("day", "unchanged", "full"))
        if day is None or unchanged is None or full is None:
            return None
        share = (day - unchanged) / (full - unchanged)
        return f"{day - unchanged:.2f} s, {share:.1%} of {full - unchanged:.2f} s", share <= limit

    return judge


def _landing(results: Results) -> float | None:
    return results.wall("landing")


def _core(results: Results) -> float | None:
    return results.part("core").get("core")


def _full(results: Results) -> float | None:
    return results.wall("full")


def _months(results: Results) -> float | None:
    return results.wall("months")


ALL: Final = (
    Target("1m", "landing", "2.0x the scan of all text", _times(_landing, 2.0, of="scan")),
    Target("10m", "landing", "2.0x the scan of all text", _times(_landing, 2.0, of="scan")),
    Target("1m", "what the script computes, landing included", "2.0x the script", _times(_core, 2.0)),
    Target("10m", "what the script computes, landing included", "1.3x the script", _times(_core, 1.3)),
    Target("1m", "the whole run", "6x the script + 20 s", _times(_full, 6.0, 20.0)),
    Target("10m", "the whole run", "2.5x the script + 20 s", _times(_full, 2.5, 20.0)),
    Target("1m", "memory of the whole run", "2 GiB", _memory(2 * GIB)),
    Target("10m", "memory of the whole run", "4 GiB", _memory(4 * GIB)),
    Target("50m", "memory of the whole run", "4 GiB", _memory(4 * GIB)),
    Target("1m", "25 months replayed", "2x the month alone", _times(_full, 2.0, of="alone")),
    Target("1m", "36 months", "3x one month", _times(_months, 3.0, of="full")),
    Target("10m", "a day, beyond the unchanged run", "15 % of the full run beyond it", _day(0.15)),
    Target("demo", "first run of the demo company", "15 s", _seconds("demo_run", 15.0)),
    Target("demo", "unchanged run of the demo company", "3 s", _seconds("demo_unchanged", 3.0)),
    Target("demo", "loading the definitions", "3 s", _seconds("definitions", 3.0)),
    Target("demo", "--help", "0.4 s", _seconds("help", 0.4)),
    Target("demo", "check", "5 s", _seconds("check", 5.0)),
    Target("demo", "what-if", "10 s", _seconds("what_if", 10.0)),
)


def judge(results: Iterable[Results]) -> Iterator[Verdict]:
    """Every target of the sizes that were measured."""
    by_size = {each.size: each for each in results}
    for target in ALL:
        found = target.judge(by_size[target.size]) if target.size in by_size else None
        if found is not None:
            yield Verdict(target.size, target.name, target.limit, *found)


def table(verdicts: Iterable[Verdict]) -> list[str]:
    """The verdicts as lines of a Markdown table."""
    rows = [f"| {v.size} | {v.name} | {v.limit} | {v.figure} | {'met' if v.is_met else 'not met'} |" for v in verdicts]
    return ["| size | what | at most | figure | |", "|---|---|---|---|---|", *rows] if rows else []
