"""The same company built by another engine or release, mart for mart: `make lane-...`, `make lanes` for all; never in the default CI.

Belongs here: the lanes, as data, and how each kind builds. Not here: comparing (compare_marts). A lane proves, before a pin
moves, what would change; it is never a dependency. Everything lies below .lanes/ and is made anew each time; a lane's
environment is kept until its requirement changes. docs/decisions.md says what each lane showed. The lane `sail` is also a test
(`make test-sail`), because it asks what no test of DuckDB can: whether the text for Spark computes the same.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from orchestration.dbt import marts
from pipelines import duck
from pipelines.home import Home
from tools import spark_cluster, spark_text
from tools.compare_marts import EQUAL, compare, export, told

ROOT: Final = Path(__file__).parents[1]
LANES: Final = ROOT / ".lanes"
CUSTOMERS, MONTHS = 100, 14

COMPUTED: Final = ("seeds", "staging", "intermediate", "marts")
"""Schemas a build makes: dropped from a copied warehouse, so that nothing of the released build is taken for the lane's."""


@dataclass(frozen=True, slots=True)
class Company:
    """A demo company and its home as the released environment left it."""

    config: Path
    home: Home


@dataclass(frozen=True, slots=True)
class Built:
    """What a lane left, and what happened, in words."""

    said: tuple[str, ...]
    is_green: bool
    warehouse: Path | None = None
    """None if the lane wrote its marts itself."""

    reader: Path = Path(sys.executable)
    """A Python whose DuckDB reads the warehouse."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One way to build, and how it differs from the released one."""

    name: str
    group: str
    """`make lane-<group>` runs it."""

    differs: str
    build: Callable[[Lane, Company], Built]
    requirement: str = ""
    """What pip installs into the lane's environment, one after the other; "" for lanes without one."""

    optimizers_off: tuple[str, ...] = ()
    """DuckDB's optimiser rules this lane does without."""

    @property
    def folder(self) -> Path:
        """Where the lane works."""
        return LANES / self.name


def whole_product(lane: Lane, company: Company) -> Built:
    """`kundenwert run` and the unit tests with the lane's package over the released environment: landing and publishing too."""
    python = environment_of(lane)
    home = Home.at(lane.folder / "home")
    ran = _kundenwert(python, company.config, home, "run")
    said, green = _results(home.dbt_target / "run_results.json")
    tested = _kundenwert(python, company.config, home, "dbt", "--quiet", "test", "--select", "test_type:unit")
    units, units_green = _results(home.dbt_target / "run_results.json")
    ended = f"run ended with {ran}, unit tests with {tested}"
    is_green = ran == tested == 0 and green and units_green
    return Built((ended, said, units), is_green, home.warehouse, python)


def released_dbt(lane: Lane, company: Company) -> Built:
    """The released dbt and DuckDB on the same raw rows, under another profile."""
    home = _raw_rows_only(lane, company)
    profiles = _profiles(lane, is_python=True)
    command = ("dbt", "--quiet", "build", "--profiles-dir", str(profiles))
    ended = _kundenwert(Path(sys.executable), company.config, home, *command)
    said, green = _results(home.dbt_target / "run_results.json")
    return Built((f"build ended with {ended}", said), ended == 0 and green, home.warehouse)


def another_dbt(lane: Lane, company: Company) -> Built:
    """A dbt with a command line of its own on the same raw rows, with the released DuckDB's library as its driver."""
    python = environment_of(lane, over_released=False)
    home = _raw_rows_only(lane, company)
    project, target = lane.folder / "project", lane.folder / "target"
    ignored = shutil.ignore_patterns("target", "logs")
    shutil.copytree(ROOT / "dbt_project", project, ignore=ignored)
    command = [str(python.with_name("dbt")), "build", "--project-dir", str(project)]
    command += [
        "--profiles-dir",
        str(_profiles(lane, is_python=False)),
        "--target-path",
        str(target),
        "--log-path",
        str(lane.folder / "logs"),
    ]
    variables = {"KUNDENWERT_WAREHOUSE": str(home.warehouse), **_duckdb_as_driver(python)}
    ended = _run([*command, "--no-send-anonymous-usage-stats"], lane.folder / "build.log", variables)
    said, green = _results(target / "run_results.json")
    return Built((f"build ended with {ended}", said), ended == 0 and green, home.warehouse)


def on_sail(lane: Lane, company: Company) -> Built:
    """The Spark text of every model by Sail, on the same raw rows."""
    python = environment_of(lane)
    outcome = sail_marts(
        python,
        company.home.warehouse,
        spark_text.compile_into(lane.folder / "text"),
        lane.folder,
        lane.folder / "build.log",
    )
    return Built(tuple(outcome.lines()), outcome.is_green)


def on_spark(lane: Lane, company: Company) -> Built:
    """The whole product with its models computed on a real Spark of this machine."""
    config, home = lane.folder / "config", Home.at(lane.folder / "home")
    shutil.copytree(company.config, config)
    shutil.copytree(company.config.parent / "demo", lane.folder / "demo")
    with spark_cluster.running(lane.folder / "cluster") as cluster:
        cluster.serve(config / "sources.yml")
        ended = _kundenwert(Path(sys.executable), config, home, "run")
    said, green = _results(home.dbt_target / "run_results.json")
    return Built((f"run ended with {ended}", said), ended == 0 and green, home.warehouse)


def sail_marts(python: Path, warehouse: Path, manifest: Path, into: Path, log: Path) -> spark_text.Outcome:
    """Let Sail compute the marts of a warehouse's raw rows into `into/marts`. Raises SystemExit if it did not come to an end."""
    inputs = into / "inputs"
    spark_text.export_inputs(warehouse, inputs)
    command = [str(python), "-m", "tools.sail", "build", str(manifest), str(inputs), str(into)]
    ended = _run(command, log, {"PYTHONPATH": str(ROOT)})
    if ended != 0:
        raise SystemExit(f"Sail ended with {ended}; see {log}")
    return spark_text.Outcome.read(into / "outcome.json")


def sail_answers(
    python: Path, questions: Mapping[str, Sequence[str]], folder: Path
) -> tuple[dict[str, pa.Table], dict[str, str]]:
    """Per question the rows of its last statement, and what Sail said where it refused one. The questions share a session, in their order;
    everything that is written is in `folder`. Raises SystemExit if it did not come to an end."""
    asked, log = folder / "questions.json", folder / "sail.log"
    asked.write_text(json.dumps(questions), encoding="utf-8")
    ended = _run([str(python), "-m", "tools.sail", "ask", str(asked), str(folder)], log, {"PYTHONPATH": str(ROOT)})
    if ended != 0:
        raise SystemExit(f"Sail ended with {ended}; see {log}")
    refused = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.error")}
    return {name: pq.read_table(folder / f"{name}.parquet") for name in questions if name not in refused}, refused


def _extra(name: str) -> str:
    """What an extra of pyproject.toml names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return " ".join(project["optional-dependencies"][name])


FILTERS: Final = (
    *("filter_pullup", "filter_pushdown", "join_filter_pushdown", "cte_filter_pusher", "empty_result_pullup"),
    *("reorder_filter", "limit_pushdown", "in_clause", "regex_range"),
)
JOINS: Final = ("join_order", "build_side_probe_side", "join_elimination", "deliminator", "unnest_rewriter")
REWRITES: Final = (
    *("expression_rewriter", "common_subexpressions", "common_aggregate", "common_subplan", "duplicate_groups"),
    *("sum_rewriter", "window_self_join", "cte_inlining", "materialized_cte"),
)
STATISTICS: Final = (
    *("statistics_propagation", "compressed_materialization", "column_lifetime", "unused_columns", "top_n"),
    *("late_materialization", "row_group_pruner", "sampling_pushdown"),
)

ALL: Final = (
    Lane("duckdb2", "duckdb2", "DuckDB 2 under the whole product", whole_product, "duckdb==2.0.1"),
    Lane("dbt2", "dbt2", "dbt 2.0's release candidate, the released DuckDB", another_dbt, "dbt==2.0.0rc196"),
    Lane("sail", "sail", "the Spark text, computed by Sail", on_sail, _extra("sail")),
    Lane("spark", "spark", "the models computed on a Spark of four processes", on_spark),
    Lane("optimiser-filters", "optimiser", "DuckDB without the rules that move filters", released_dbt, "", FILTERS),
    Lane("optimiser-joins", "optimiser", "DuckDB without the rules that order joins", released_dbt, "", JOINS),
    Lane("optimiser-rewrites", "optimiser", "DuckDB without the rules that rewrite", released_dbt, "", REWRITES),
    Lane("optimiser-statistics", "optimiser", "DuckDB without what it knows of values", released_dbt, "", STATISTICS),
)


def environment_of(lane: Lane, *, over_released: bool = True) -> Path:
    """The lane's own Python; with the released packages behind its own, if it stands over them."""
    folder = LANES / "environments" / lane.name
    python, made = folder / "bin" / "python", folder / "requirement.txt"
    if made.is_file() and made.read_text(encoding="utf-8") == lane.requirement:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)  # noqa: S603 - no text of anybody's
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
    subprocess.run([*install, "--no-deps", *lane.requirement.split()], check=True)  # noqa: S603
    if over_released:
        released = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
        (_site_packages(folder) / "released.pth").write_text(released, encoding="utf-8")
    made.write_text(lane.requirement, encoding="utf-8")
    return python


def _site_packages(environment: Path) -> Path:
    (found,) = environment.glob("lib/python3.*/site-packages")
    return found


def _duckdb_as_driver(python: Path) -> dict[str, str]:
    """dbt 2 looks for its driver in the lib/ beside its bin/ before it asks the network.

    The Python module of DuckDB is one, but wants Python's symbols, which a program that is not Python must load first.
    """
    module = importlib.util.find_spec("_duckdb")
    if module is None or module.origin is None:
        raise SystemExit("DuckDB's Python module has no library of its own any more: lend dbt 2 another driver")
    driver = python.parents[1] / "lib" / "libduckdb.so"
    driver.unlink(missing_ok=True)
    driver.symlink_to(module.origin)
    library = Path(str(sysconfig.get_config_var("LIBDIR")), str(sysconfig.get_config_var("INSTSONAME")))
    if not library.is_file():
        raise SystemExit(f"this Python has no shared library ({library}): the lane needs one to lend DuckDB to dbt 2")
    return {"LD_PRELOAD": str(library)}


def _profiles(lane: Lane, *, is_python: bool) -> Path:
    """A folder with the project's profile as this lane needs it: its optimiser rules off; without settings only DuckDB's
    Python module knows, where the engine is not in Python."""
    profile = yaml.safe_load((ROOT / "dbt_project" / "profiles.yml").read_text(encoding="utf-8"))
    duck = profile["kundenwert"]["outputs"]["duckdb"]
    settings = {name: value for name, value in duck["settings"].items() if is_python or not name.startswith("python_")}
    settings["disabled_optimizers"] = ",".join((settings["disabled_optimizers"], *lane.optimizers_off))
    duck["settings"] = settings
    folder = lane.folder / "profiles"
    folder.mkdir(parents=True)
    (folder / "profiles.yml").write_text(yaml.safe_dump(profile), encoding="utf-8")
    return folder


def _raw_rows_only(lane: Lane, company: Company) -> Home:
    """A home whose warehouse shows the company's raw rows and has nothing computed."""
    home = Home.at(lane.folder / "home").prepare()
    shutil.copyfile(company.home.warehouse, home.warehouse)
    with duck.writing(home.warehouse, home.temporary) as connection:
        for schema in COMPUTED:
            connection.execute(f"drop schema if exists {schema} cascade")
    return home


def _kundenwert(python: Path, config: Path, home: Home, *arguments: str) -> int:
    command = [str(python), "-m", "orchestration.commands.app", "--config", str(config), "--home", str(home.root)]
    return _run([*command, *arguments], home.root.with_name("build.log"), {"PYTHONPATH": str(ROOT)})


def _run(command: Sequence[str], log: Path, variables: Mapping[str, str]) -> int:
    """Run to the end; everything said is added to the log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", **variables}
    with log.open("a", encoding="utf-8") as file:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=file, stderr=file, check=False)  # noqa: S603
    return done.returncode


def _results(path: Path) -> tuple[str, bool]:
    """What run_results.json says, in words, and whether nothing failed."""
    if not path.is_file():
        return "no results", False
    results = json.loads(path.read_text(encoding="utf-8"))["results"]
    kinds = Counter((each["unique_id"].split(".")[0], each["status"]) for each in results)
    said = ", ".join(f"{count} {kind} {status}" for (kind, status), count in sorted(kinds.items()))
    # An exposure names who reads a mart: dbt goes over it and builds nothing.
    return said, {status for kind, status in kinds if kind != "exposure"} <= {"success", "pass", "warn"}


def released_company() -> Company:
    """The demo company, run by the released environment."""
    folder = LANES / "company"
    shutil.rmtree(folder, ignore_errors=True)
    company = Company(folder / "config", Home.at(folder / "home"))
    shutil.copytree(ROOT / "config", company.config)
    sources = company.config / "sources.yml"
    text = sources.read_text(encoding="utf-8").replace("root: ../var/demo", "root: ../demo")
    sources.write_text(text, encoding="utf-8")
    size = ("--customers", str(CUSTOMERS), "--months", str(MONTHS))
    python = Path(sys.executable)
    for arguments in (("demo", "--out", str(folder / "demo"), *size), ("run",)):
        ended = _kundenwert(python, company.config, company.home, *arguments)
        if ended != 0:
            raise SystemExit(f"the released environment ended with {ended}; see {folder / 'build.log'}")
    return company


Found = Mapping[str, str]
"""Mart -> EQUAL, or how the lane's differs first."""


def run(lanes: Sequence[Lane]) -> bool:
    """Build the company by every lane and print lane x mart; True if all are green and equal."""
    company = released_company()
    wanted = marts.declared(company.home.dbt_target / "manifest.json")
    released = LANES / "company" / "marts"
    export(company.home.warehouse, [mart.relation for mart in wanted], released)
    found: dict[str, Found] = {}
    is_good = True
    for lane in lanes:
        found[lane.name], is_green = _one(lane, company, wanted, released)
        is_good = is_good and is_green and set(found[lane.name].values()) == {EQUAL}
    for line in table(found):
        _print(line)
    _print(told(sorted(released.iterdir())))
    return is_good


def _one(lane: Lane, company: Company, wanted: Sequence[marts.Mart], released: Path) -> tuple[Found, bool]:
    """What one lane gave; it is told at once, because the next one takes minutes. One that cannot be built stops no other."""
    shutil.rmtree(lane.folder, ignore_errors=True)
    lane.folder.mkdir(parents=True)
    _print(f"{lane.name}: {lane.differs}{f' ({lane.requirement})' if lane.requirement else ''}")
    started = time.monotonic()
    try:
        built = lane.build(lane, company)
        _export(built, [mart.relation for mart in wanted], lane.folder)
    except (SystemExit, OSError, subprocess.CalledProcessError) as error:
        _print(f"  not run: {error}\n")
        return {mart.name: "not run" for mart in wanted}, False
    files = {mart.name: f"{mart.name}.parquet" for mart in wanted}
    found = {name: compare(released / file, lane.folder / "marts" / file) for name, file in files.items()}
    _print(f"  {'; '.join(built.said)}; {time.monotonic() - started:.0f} s")
    _print(
        f"  {sum(how == EQUAL for how in found.values())} of {len(found)} marts equal; log: {lane.folder / 'build.log'}\n"
    )
    return found, built.is_green


def table(found: Mapping[str, Found]) -> Iterator[str]:
    """Lane x mart; then, of each that differs, the first row."""
    lanes = list(found)
    of_all = dict.fromkeys(mart for results in found.values() for mart in results)
    widths = [max(len(lane), len("not built")) for lane in lanes]
    yield "  ".join(["mart".ljust(32), *map(str.ljust, lanes, widths)]).rstrip()
    for mart in of_all:
        cells = [found[lane][mart] for lane in lanes]
        shown = [cell if cell in (EQUAL, "not built", "not run") else "differs" for cell in cells]
        yield "  ".join([mart.ljust(32), *map(str.ljust, shown, widths)]).rstrip()
    for lane, results in found.items():
        yield from (f"{lane}, {mart}: {cell}" for mart, cell in results.items() if cell not in (EQUAL, "not run"))


def _export(built: Built, relations: Sequence[str], folder: Path) -> None:
    if built.warehouse is None:
        return
    command = [str(built.reader), "-m", "tools.compare_marts", str(built.warehouse), str(folder / "marts"), *relations]
    ended = _run(command, folder / "build.log", {"PYTHONPATH": str(ROOT)})
    if ended != 0:
        raise SystemExit(f"the marts of {built.warehouse} cannot be read; see {folder / 'build.log'}")


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """`python -m tools.lanes [GROUP...]`, all without one; 0 if every lane gave the released marts. `install GROUP` only installs."""
    is_installing, groups = arguments[:1] == ["install"], set(arguments) - {"install"}
    lanes = [lane for lane in ALL if lane.group in groups or not arguments]
    if not lanes or groups - {lane.group for lane in ALL}:
        _print(
            f"usage: python -m tools.lanes [GROUP...]; groups: {', '.join(dict.fromkeys(lane.group for lane in ALL))}"
        )
        return 2
    if is_installing:
        for lane in lanes:
            environment_of(lane)
        return 0
    return 0 if run(lanes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
