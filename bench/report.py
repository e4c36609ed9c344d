"""The figures of docs/performance.md, its picture, and those of docs/scale.md. Belongs here: the generated parts between the markers; the
prose around is by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench import plot, targets
from bench.results import Results
from bench.sizes import ALL

DOCS: Final = Path(__file__).parents[1] / "docs"
PERFORMANCE, SCALE, PICTURE = "performance.md", "scale.md", "performance.svg"
BEGIN: Final = "<!-- written by `make bench KEEP=1`: begin -->"
END: Final = "<!-- written by `make bench KEEP=1`: end -->"

NAMES: Final = {
    "full": "product, all of it",
    "core": "product, same numbers",
    "script": "script by hand",
    "polars": "Polars",
    "pandas": "pandas",
}
"""What is drawn and compared, in the order of the table."""

MIB: Final = 1 << 20
SLOWEST: Final = 8
"""Models named of a Spark."""


def write(results: Sequence[Results], docs: Path = DOCS) -> None:
    """Replace the generated parts of both documents, and the picture. Raises ValueError if a marker is missing."""
    for name, lines in ((PERFORMANCE, figures(results)), (SCALE, by_size(results))):
        document = docs / name
        text = document.read_text(encoding="utf-8")
        before, begin, rest = text.partition(BEGIN)
        _, end, after = rest.partition(END)
        if not begin or not end:
            raise ValueError(f"{name} lacks the markers of its generated part")
        body = "\n".join(("", *lines, ""))
        document.write_text(f"{before}{BEGIN}\n{body}\n{END}{after}", encoding="utf-8")
    (docs / PICTURE).write_text(drawn(results), encoding="utf-8")


def figures(results: Sequence[Results]) -> list[str]:
    """The generated lines: where and when, targets, tools by size, stages by size."""
    alone = [each for each in results if not each.is_of_two_engines]
    sized = [each for each in alone if each.lines]
    if not sized:
        return ["Nothing was measured yet."]
    newest = max(alone, key=lambda each: each.day)
    rounds = max(len(of) for each in alone for of in each.jobs.values())
    # Sizes that are not for every day stay from before.
    before = [f" ({each.size}: on {each.day} at {each.commit})" for each in sized if each.commit != newest.commit]
    lines = [
        f"Measured on {newest.day} at {newest.commit}{''.join(before)} on {newest.machine}; medians of up to {rounds} rounds.",
        "",
    ]
    lines += [*targets.table(targets.judge(results)), ""]
    lines += [f"| invoice lines | {' | '.join(NAMES.values())} |", f"|---|{'---|' * len(NAMES)}"]
    lines += [f"| {each.lines:,} | {' | '.join(_cell(each, job) for job in NAMES)} |" for each in sized]
    lines += ["", "Seconds; in brackets times the script, then memory. Stages of a full run, in seconds:", ""]
    stages = list(dict.fromkeys(name for each in sized for name in each.part("stages")))
    lines += [f"| invoice lines | {' | '.join(stages)} |", f"|---|{'---|' * len(stages)}"]
    for each in sized:
        walls = each.part("stages")
        lines.append(f"| {each.lines:,} | {' | '.join(f'{walls.get(name, 0):.1f}' for name in stages)} |")
    left_out = [f"{each.size}: {job} was left out, {why}." for each in sized for job, why in each.left_out.items()]
    beside = [each for each in results if each.is_of_two_engines]
    return [*lines, *(["", *left_out] if left_out else []), *(["", *_engines(beside)] if beside else [])]


def _engines(results: Sequence[Results]) -> list[str]:
    """The same run on both engines, a line per size; then what Spark took longest for at the largest."""
    columns = ("DuckDB, whole run", "its models", "Spark, whole run", "its models", "whole run", "models", "measured")
    lines = [
        "The same run on DuckDB and on a Spark of two workers with a core each, the same files published; seconds and ratios:",
        "",
        f"| invoice lines | {' | '.join(columns)} |",
        f"|---|{'---|' * len(columns)}",
    ]
    for each in results:
        whole, models = _engines_of(each)
        walls = (f"{wall:.0f}" for wall in (whole[1], models[1], whole[0], models[0]))
        cells = [*walls, _times(*whole), _times(*models), f"{each.day} at {each.commit}"]
        lines.append(f"| {each.lines:,} | {' | '.join(cells)} |")
    largest = results[-1]
    on_duck, on_spark_models = largest.part("models"), largest.part("spark_models")
    slowest = sorted(on_spark_models, key=lambda model: -on_spark_models[model])[:SLOWEST]
    said = (f"{model} {on_spark_models[model]:.0f} s ({on_duck.get(model, 0.0):.1f} s)" for model in slowest)
    return [*lines, "", f"Longest on Spark at {largest.lines:,} lines (on DuckDB): {', '.join(said)}."]


def by_size(results: Sequence[Results]) -> list[str]:
    """What a size takes on one machine, and on a Spark: for whoever asks when to move."""
    columns = ("customers", "whole run", "its models", "memory", "on the Spark, whole run", "its models", "measured")
    lines = [f"| invoice lines | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    on_spark = {each.lines: each for each in results if each.is_of_two_engines}
    for each in results:
        if each.is_of_two_engines or not each.lines:
            continue
        wall, peak = each.wall("full"), each.peak("full")
        cells = [f"{ALL[each.size].customers:,}", _seconds(wall), _seconds(each.part("stages").get("models"))]
        both = on_spark.get(each.lines)
        cells.append("" if peak is None else f"{peak / targets.GIB:.1f} GiB")
        cells += [f"{_seconds(pair[0])} ({_times(*pair)})" for pair in _engines_of(both)] if both else ["", ""]
        cells.append(f"{each.day} at {each.commit}{f'; Spark {both.day} at {both.commit}' if both else ''}")
        lines.append(f"| {each.lines:,} | {' | '.join(cells)} |")
    return lines


def _engines_of(both: Results) -> tuple[tuple[float, float], tuple[float, float]]:
    """Seconds on Spark and on DuckDB: of the whole run, and of its models."""
    models = both.part("spark_stages")["models"], both.part("stages")["models"]
    return (both.wall("spark") or 0.0, both.wall("full") or 0.0), models


def _times(theirs: float, ours: float) -> str:
    return f"{theirs / ours:.1f}x"


def _seconds(wall: float | None) -> str:
    return "" if wall is None else f"{wall:,.0f} s"


def _wall(results: Results, job: str) -> float | None:
    return results.part("core").get("core") if job == "core" else results.wall(job)


def _cell(results: Results, job: str) -> str:
    wall, script, peak = _wall(results, job), results.wall("script"), results.peak(job)
    if wall is None:
        return ""
    times = f" ({wall / script:.1f}x)" if script and job != "script" else ""
    return f"{wall:.1f}{times}{f', {peak / MIB:,.0f} MiB' if peak else ''}"


def drawn(results: Sequence[Results]) -> str:
    """The picture: seconds over lines, one line per tool."""
    series: dict[str, dict[int, float]] = {}
    for job, name in NAMES.items():
        measured = {each.lines: _wall(each, job) for each in results if each.lines and not each.is_of_two_engines}
        series[name] = {lines: wall for lines, wall in measured.items() if wall is not None}
    said = "; ".join(
        f"{name}: {', '.join(f'{wall:.1f} s at {lines:,} lines' for lines, wall in points.items())}"
        for name, points in series.items()
        if points
    )
    return plot.svg(series, "Seconds over invoice lines", f"Logarithmic axes. {said}.")
