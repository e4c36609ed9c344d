"""`make bench`: deliveries, numbers, then times. Belongs here: the order of things and what is printed.

1 if numbers are unequal or the product fails, else 0: a target that is not met is said, not failed, because a shared machine is slow at
times. Numbers are compared before a time is printed or kept.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench import equal, generate, history, jobs, reference, report, results, steps, targets
from bench.jobs import Job, Room
from bench.processes import Measured, measure
from bench.results import Results
from bench.sizes import Size, sizes

ROUNDS: Final = 3
MANY: Final = 10_000_000
"""Lines from which one round is enough: a run of minutes is not moved by what moves one of seconds."""

RESULTS: Final = jobs.VAR / "results"
AGAINST: Final = ("full", "day", "spark", "pandas", "polars")
"""Jobs whose numbers are compared with the script's."""


def main(arguments: Sequence[str]) -> int:
    """Measure the sizes that are asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="The product beside a script by hand, pandas and Polars."
    )
    parser.add_argument("--sizes", default="100k,1m")
    parser.add_argument("--rounds", type=int, default=0, help="default: 3, for 10m and more 1")
    parser.add_argument(
        "--jobs", default="", help="only these, e.g. scan,script,full; default: all, and the demo company"
    )
    parser.add_argument(
        "--spark", action="store_true", help="the same run on DuckDB and on a Spark of two workers, one round, no more"
    )
    parser.add_argument("--keep", action="store_true", help="add to bench/history.csv, write the figures in docs anew")
    asked = parser.parse_args(arguments)
    if asked.jobs and (asked.keep or asked.spark):
        parser.error("--keep and --spark measure whole rounds: leave out --jobs")
    round_of = jobs.TWO_ENGINES if asked.spark else jobs.ALL
    wanted = [job for job in round_of if not asked.jobs or job.name in asked.jobs.split(",")]
    found: list[Results] = []
    try:
        for size in sizes(asked.sizes):
            rounds = asked.rounds or (1 if asked.spark or size.lines >= MANY else ROUNDS)
            found.append(_size(size, rounds, wanted))
        if not asked.jobs and not asked.spark:
            found.append(_demo(asked.rounds or ROUNDS))
    except WrongError as error:
        _say(f"\n{error}")
        return 1
    _say("\n" + "\n".join(targets.table(targets.judge(found))))
    new = [line for each in found for line in history.lines(each)]
    for told in history.grown(new, history.read()):
        _say(f"grown: {told}")
    if not asked.jobs:
        for each in found:
            results.write(each, RESULTS)
    if asked.keep:
        history.keep(new)
        # Sizes that were measured before stay in the document: 50m is not for every day.
        report.write(results.read(RESULTS))
        _say(f"kept: bench/history.csv; in docs {report.PERFORMANCE}, {report.SCALE}, {report.PICTURE}")
    return 0


class WrongError(Exception):
    """Numbers are unequal, or the product failed: there is nothing to time."""


def _size(size: Size, rounds: int, wanted: Sequence[Job]) -> Results:
    """All rounds of one size; after the first round numbers are compared, before anything is said of times."""
    room = Room(generate.ensure(size, jobs.VAR / "data" / size.name), jobs.VAR / size.name)
    shutil.rmtree(room.folder / "results", ignore_errors=True)
    found = _results(f"{size.name}-spark" if jobs.SPARK in wanted else size.name, size.lines)
    published: dict[str, str] = {}
    _say(f"\n{size.name}: {size.lines:,} lines, {size.customers:,} customers, {rounds} rounds")
    for number in range(rounds):
        for job in wanted:
            if job.needs_tools and not jobs.TOOLS.is_file():
                found.left_out[job.name] = "it needs an environment of its own: `make bench-tools` makes it"
            if job.most_lines is not None and size.lines > job.most_lines:
                found.left_out[job.name] = "it would fill the memory or take hours"
            if job.name in found.left_out:
                continue
            measured = _measured(job, room)
            if measured.exit_code != 0:
                if not job.needs_tools:
                    raise WrongError(f"{job.name} ended with {measured.exit_code}; see {_log(job, room)}")
                found.left_out[job.name] = f"it ended with {measured.exit_code}"
                continue
            if number == 0:
                _compare(job, room)
                if job is jobs.FULL:
                    published = equal.published(room.marts.parent)
                if job is jobs.SPARK:
                    _same_files(published, equal.published(room.marts.parent))
            found.jobs.setdefault(job.name, []).append(measured)
            if job in (jobs.FULL, jobs.SPARK):
                _parts(found, room, of="spark_" if job is jobs.SPARK else "")
    _show(found)
    return found


def _compare(job: Job, room: Room) -> None:
    """The numbers of a job against the script's, which are computed here where no script was measured."""
    if job.name not in AGAINST:
        return
    is_day = job.name == "day"
    expected = room.results("script_with_day" if is_day else "script")
    if is_day or not expected.is_dir():
        reference.compute(room.data, expected, with_day=is_day)
    if not job.needs_tools:
        equal.publish(room.marts, room.results(job.name))
    different = equal.differences(expected, room.results(job.name))
    if different:
        raise WrongError("\n".join((f"{job.name} does not say what the script says:", *different)))
    _say(f"  {job.name}: every number equals the script's")


def _same_files(expected: Mapping[str, str], found: Mapping[str, str]) -> None:
    different = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    if different:
        raise WrongError("\n".join(("Spark does not publish the bytes that DuckDB does:", *different)))
    _say(f"  spark: {len(found)} published files equal DuckDB's, byte for byte")


def _parts(found: Results, room: Room, of: str) -> None:
    taken, nodes = steps.read(room.home), steps.nodes_of(room.home)
    found.parts.setdefault(f"{of}stages", []).append(steps.by_stage(taken))
    found.parts.setdefault(f"{of}models", []).append(steps.by_model(taken, nodes))
    found.parts.setdefault(f"{of}core", []).append({"core": steps.core(taken, nodes)})


def _demo(rounds: int) -> Results:
    """The demo company as it is shipped: no script beside it, fixed limits."""
    folder = jobs.VAR / "demo"
    room = Room(folder, folder)
    found = _results("demo", 0)
    for _ in range(rounds):
        for job in jobs.demo_jobs(folder):
            measured = _measured(job, room)
            if measured.exit_code != 0:
                raise WrongError(f"{job.name} ended with {measured.exit_code}; see {_log(job, room)}")
            found.jobs.setdefault(job.name, []).append(measured)
    _show(found)
    return found


def _measured(job: Job, room: Room) -> Measured:
    job.before(room)
    with job.beside(room):
        return measure(job.command(room), _log(job, room), room.variables, jobs.ROOT)


def _log(job: Job, room: Room) -> Path:
    return room.folder / "logs" / f"{job.name}.log"


def _results(name: str, lines: int) -> Results:
    command = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(command, cwd=jobs.ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    machine = f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}"
    return Results(name, lines, f"{datetime.now(UTC):%Y-%m-%d}", commit.stdout.strip() or "unknown", machine)


def _show(found: Results) -> None:
    """Medians of every job, and the models that take longest."""
    _say(f"  {'job':<16}{'seconds':>9}{'cpu':>9}{'MiB':>8}{'x script':>10}")
    for job in found.jobs:
        ratio = found.ratio(job)
        line = f"  {job:<16}{found.wall(job):>9.2f}{found.cpu(job):>9.2f}{(found.peak(job) or 0) / report.MIB:>8.0f}"
        _say(line + (f"{ratio:>10.2f}" if ratio is not None else ""))
    for job, why in found.left_out.items():
        _say(f"  {job:<16}left out: {why}")
    if found.parts:
        for kind in ("core", "stages"):
            _say(f"  {kind}: {', '.join(f'{name} {wall:.2f}' for name, wall in found.part(kind).items())}")
        slowest = sorted(found.part("models").items(), key=lambda item: -item[1])[:12]
        _say(f"  models: {', '.join(f'{name} {wall:.2f}' for name, wall in slowest)}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
