"""What is measured: commands, and the homes and deliveries they need.

Belongs here: the jobs in the order of a round, each a whole process as a user would start it. Not here: measuring (processes), what the
figures mean (targets).
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.spark_cluster import running

ROOT: Final = Path(__file__).parents[1]
CONFIG: Final = Path(__file__).parent / "config"
VAR: Final = ROOT / "var" / "bench"
MONTH: Final = ("--from", "2025-12", "--to", "2025-12")
"""What the script computes: one month is shown, its zones are replayed from zones.judged_from on."""

TOOLS: Final = VAR / "tools" / "bin" / "python"
"""The Python with Polars and pandas, made by `make bench-tools`; never the product's own."""


@dataclass(frozen=True, slots=True)
class Room:
    """Where one size is worked on."""

    data: Path
    """Both deliveries, as generated."""

    folder: Path
    """Results and logs, by job."""

    @property
    def delivered(self) -> Path:
        """What the product finds delivered: the first delivery, and after `deliver_day` the second."""
        return self.folder / "delivered"

    @property
    def home(self) -> Path:
        """The product's home."""
        return self.folder / "home"

    @property
    def marts(self) -> Path:
        """What the product published last, for BI tools."""
        return self.home / "published" / "CURRENT" / "bi"

    def results(self, job: str) -> Path:
        """What a job computed."""
        return self.folder / "results" / job

    @property
    def variables(self) -> dict[str, str]:
        """The environment of every process."""
        quiet = {"DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "GX_ANALYTICS_ENABLED": "false"}
        return {"BENCH_DELIVERIES": str(self.delivered), "PYTHONPATH": str(ROOT), **quiet}


@dataclass(frozen=True, slots=True)
class Job:
    """One process of a round."""

    name: str
    what: str
    command: Callable[[Room], list[str]]
    before: Callable[[Room], None] = lambda _: None
    """Done before it starts and not measured."""

    beside: Callable[[Room], AbstractContextManager[None]] = lambda _: nullcontext()
    """What runs as long as it does and is not measured."""

    needs_tools: bool = False
    most_lines: int | None = None
    """Above that it would fill the machine's memory or take hours."""


def kundenwert(room: Room, *arguments: str, config: Path = CONFIG) -> list[str]:
    """The product's command line on this room's home."""
    command = [sys.executable, "-m", "orchestration.commands.app", "--config", str(config), "--home", str(room.home)]
    return [*command, *arguments]


def deliver_first(room: Room) -> None:
    """The first delivery, and a home that knows nothing."""
    shutil.rmtree(room.home, ignore_errors=True)
    shutil.rmtree(room.delivered, ignore_errors=True)
    _link(room.data / "first", room.delivered)


def deliver_day(room: Room) -> None:
    """The second delivery beside the first."""
    _link(room.data / "day", room.delivered)


def alone(room: Room) -> Path:
    """A configuration like the benchmark's, by which the month is judged without those before it."""
    folder = room.folder / "config_alone"
    shutil.copytree(CONFIG, folder, dirs_exist_ok=True)
    portfolio = folder / "portfolio.yml"
    text = portfolio.read_text(encoding="utf-8")
    portfolio.write_text(re.sub(r"(?m)^  judged_from: .*$", "  judged_from: 2025-12-31", text), encoding="utf-8")
    return folder


@contextmanager
def spark(room: Room) -> Iterator[None]:
    """A Spark of two workers on this machine, and a configuration like the benchmark's that asks it."""
    folder = room.folder / "spark"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(CONFIG, folder / "config")
    with running(folder / "cluster", of_few_rows=False) as cluster:
        cluster.serve(folder / "config" / "sources.yml")
        yield


def _link(source: Path, target: Path) -> None:
    """The files of `source` also below `target`, without their bytes being written again."""
    for path in sorted(source.rglob("*.csv")):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.link(path, place)


def _by_tools(script: str, name: str) -> Callable[[Room], list[str]]:
    return lambda room: [str(TOOLS), str(Path(__file__).with_name(script)), str(room.data), str(room.results(name))]


SCAN: Final = Job(
    "scan", "every file read as text once", lambda room: [sys.executable, "-m", "bench.scan", str(room.data)]
)
SCRIPT: Final = Job(
    "script",
    "the core by hand in DuckDB SQL",
    lambda room: [sys.executable, "-m", "bench.reference", str(room.data), str(room.results("script"))],
)
PANDAS: Final = Job(
    "pandas", "the core in pandas", _by_tools("frames_pandas.py", "pandas"), needs_tools=True, most_lines=10_000_000
)
POLARS: Final = Job("polars", "the core in Polars", _by_tools("frames_polars.py", "polars"), needs_tools=True)
LANDING: Final = Job(
    "landing",
    "the product's landing alone",
    lambda room: [sys.executable, "-m", "bench.landing", str(CONFIG), str(room.home)],
    deliver_first,
)
ALONE: Final = Job(
    "alone",
    "the product, the month alone: nothing is replayed",
    lambda room: kundenwert(room, "run", *MONTH, config=alone(room)),
    deliver_first,
)
FULL: Final = Job(
    "full",
    "the product, all of it, in a fresh home: one month, 25 replayed before it",
    lambda room: kundenwert(room, "run", *MONTH),
    deliver_first,
)
UNCHANGED: Final = Job(
    "unchanged", "the product again, nothing new delivered", lambda room: kundenwert(room, "run", *MONTH)
)
DAY: Final = Job(
    "day",
    "the product after one more day: 0.1 % new lines",
    lambda room: kundenwert(room, "run", *MONTH),
    deliver_day,
    most_lines=10_000_000,
)
MONTHS: Final = Job(
    "months",
    "the product, 36 months in a fresh home",
    lambda room: kundenwert(room, "run", "--from", "2023-01", "--to", "2025-12"),
    deliver_first,
    most_lines=1_000_000,
)

SPARK: Final = Job(
    "spark",
    "the product in a fresh home, its models on a Spark of two workers",
    lambda room: kundenwert(room, "run", *MONTH, config=room.folder / "spark" / "config"),
    deliver_first,
    spark,
)

ALL: Final = (SCAN, SCRIPT, PANDAS, POLARS, LANDING, ALONE, FULL, UNCHANGED, DAY, MONTHS)
"""One round. The order matters: unchanged and day go on in the home of full."""

TWO_ENGINES: Final = (SCRIPT, FULL, SPARK)
"""A round of the same run on DuckDB and on Spark."""


def demo_jobs(folder: Path) -> tuple[Job, ...]:
    """The fixed ones, on the demo company as it is shipped; `folder` holds its configuration, deliveries and home."""
    home, config = folder / "home", folder / "config"

    def of_demo(*arguments: str) -> Callable[[Room], list[str]]:
        base = [sys.executable, "-m", "orchestration.commands.app", "--config", str(config), "--home", str(home)]
        return lambda _: [*base, *arguments]

    def deliver(_: Room) -> None:
        for old in (home, config, folder / "demo"):
            shutil.rmtree(old, ignore_errors=True)
        shutil.copytree(ROOT / "config", config)
        sources = config / "sources.yml"
        sources.write_text(
            sources.read_text(encoding="utf-8").replace("root: ../var/demo", "root: ../demo"), encoding="utf-8"
        )

    definitions = [sys.executable, "-c", "from orchestration.definitions import build_definitions; build_definitions()"]
    return (
        Job("help", "`kundenwert --help`", of_demo("--help")),
        Job("definitions", "loading the Dagster definitions", lambda _: definitions),
        Job("demo", "writing the demo company's deliveries", of_demo("demo", "--out", str(folder / "demo")), deliver),
        Job("check", "`kundenwert check` on the demo company", of_demo("check")),
        Job("demo_run", "the first run of the demo company", of_demo("run")),
        Job("demo_unchanged", "its second run, nothing new", of_demo("run")),
        Job(
            "what_if",
            "`kundenwert what-if --set zones.threshold=55`",
            of_demo("what-if", "--set", "zones.threshold=55"),
        ),
    )
