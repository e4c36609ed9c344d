"""The cases beside the checkout, what must come out of each, and the product's answer beside it.

Belongs here: reading expected.yml, changing a configuration by its words, running the product on a case, judging. Not here: what must come
out (expected.yml), printing (`python -m tests.cases`), deliveries (they lie in the case and are never touched).
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import duckdb
import yaml

from pipelines.errors import KundenwertError
from pipelines.home import Home
from pipelines.quoting import identifier, literal
from tests.conftest import REPOSITORY, SHARED
from tests.end_to_end.kundenwert import Company
from tests.forks import forked

FOLDER: Final = SHARED / "cases"
EXPECTED: Final = Path(__file__).with_name("expected.yml")
AS_OF: Final = ("--as-of", "2025-12-31")

Words = Sequence[str]
"""Regular expressions, all of which one message holds."""

Outcome = Literal["value met", "refused with the named reason", "warned with the named reason", "said in the documents",
                  "said by the configuration", "refused for another reason", "SILENT"]  # fmt: skip
BAD: Final[tuple[Outcome, ...]] = ("refused for another reason", "SILENT")


class _Plain(yaml.SafeLoader):
    """YAML whose times stay the text they are."""


class _PlainDumper(yaml.SafeDumper):
    """The same for writing."""


for _each in (_Plain, _PlainDumper):
    _each.yaml_implicit_resolvers = {
        sign: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
        for sign, found in _each.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True, slots=True)
class Expected:
    """One run of one case and what must come out of it."""

    case: str
    name: str
    change: Mapping[str, Any] = field(default_factory=dict)
    run: Sequence[str] = AS_OF
    portfolio: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    refused: Sequence[Words] = ()
    warned: Sequence[Words] = ()
    says: Words = ()
    documented: Mapping[str, Words] = field(default_factory=dict)
    why: str = ""

    @property
    def has_values(self) -> bool:
        """Whether some published value is named."""
        return bool(self.portfolio or self.values)


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a run. `details` are for people: the values that differ, the messages there were."""

    expected: Expected
    outcome: Outcome
    details: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        """Nothing wrong came out without a word."""
        return self.outcome not in BAD


@dataclass(frozen=True, slots=True)
class Said:
    """What the product said: its exit code and its messages, each in one line, with place and next step."""

    code: int
    problems: tuple[str, ...]
    warnings: tuple[str, ...]


def expectations(file: Path = EXPECTED) -> tuple[Expected, ...]:
    """Every run of every case. Raises TypeError for a word that does not exist."""
    read = yaml.load(file.read_text(encoding="utf-8"), _Plain)  # noqa: S506 - a SafeLoader
    return tuple(_expected(case, name, words or {}) for case, runs in read.items() for name, words in runs.items())


def _expected(case: str, name: str, words: Mapping[str, Any]) -> Expected:
    given: dict[str, Any] = {key: _lists(v) if key in ("refused", "warned") else v for key, v in words.items()}
    return Expected(case=case, name=name, **given)


def _lists(words: Sequence[Any]) -> Sequence[Words]:
    return words if words and isinstance(words[0], list) else (words,)


def changed(config: Any, change: Mapping[str, Any]) -> Any:
    """`config` with `change` merged into it; null takes a word away, anything but a block replaces."""
    merged = dict(config or {})
    for key, value in change.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, Mapping):
            merged[key] = changed(merged.get(key), value) if isinstance(merged.get(key), Mapping) else dict(value)
        else:
            merged[key] = value
    return merged


def company_of(folder: Path, change: Mapping[str, Any], workplace: Path) -> Company:
    """The case's company below `workplace`, its configuration changed; it reads the case's own deliveries."""
    config = workplace / "config"
    shutil.copytree(folder / "config", config)
    sources = yaml.load((config / "sources.yml").read_text(encoding="utf-8"), _Plain)  # noqa: S506 - a SafeLoader
    sources = {**changed(sources, change), "root": str(folder / "deliveries")}
    text = yaml.dump(sources, Dumper=_PlainDumper, allow_unicode=True, sort_keys=False, width=1000)
    (config / "sources.yml").write_text(text, encoding="utf-8")
    return Company(config=config, home=workplace / "home")


def judge(expected: Expected, *, folder: Path = FOLDER, fast: bool = False) -> Judged:
    """Run the product on the case and say what became of it.

    `fast`: where what landing says already decides, the run ends there.
    """
    begun = datetime.now(UTC)
    outcome, details = _judged(expected, folder / expected.case, fast=fast)
    return Judged(expected, outcome, tuple(details), (datetime.now(UTC) - begun).total_seconds())


def _judged(expected: Expected, folder: Path, *, fast: bool) -> tuple[Outcome, Sequence[str]]:
    if expected.why:
        return "said by the configuration", [expected.why]
    if expected.documented:
        missing = list(_unsaid(expected.documented))
        return ("SILENT", missing) if missing else ("said in the documents", [])
    with tempfile.TemporaryDirectory(prefix="case_") as place:
        company = company_of(folder, expected.change, Path(place))
        if fast and expected.refused:
            landed = _landed(company, Path(place))
            if found := _telling(expected.refused, landed.problems):
                return "refused with the named reason", [found]
        done = company.fork("run", *expected.run)
        said = messages(done.returncode, f"{done.stdout}\n{done.stderr}")
        if said.code == 0:
            return _published(expected, said, list(_differences(expected, company)))
    if found := _telling(expected.refused, said.problems):
        return "refused with the named reason", [found]
    return "refused for another reason", said.problems or [done.stderr[-500:]]


def _published(expected: Expected, said: Said, wrong: list[str]) -> tuple[Outcome, Sequence[str]]:
    """What a published version is called whose values differ by `wrong`."""
    if expected.says and not _telling((expected.says,), said.warnings):
        wrong.append(f"no warning says {' and '.join(expected.says)}")
    if expected.has_values and not wrong:
        return "value met", []
    if found := _telling(expected.warned, said.warnings):
        return "warned with the named reason", [found]
    return "SILENT", [*wrong, *said.warnings]


def _unsaid(documented: Mapping[str, Words]) -> Iterator[str]:
    for file, words in documented.items():
        text = (REPOSITORY / file).read_text(encoding="utf-8")
        yield from (f"{file} does not say {word}" for word in words if not re.search(word, text, re.IGNORECASE))


def _telling(reasons: Sequence[Words], told: Sequence[str]) -> str:
    """The first message that holds all words of one of the reasons, or nothing."""
    return next(
        (message for words in reasons for message in told if all(re.search(w, message, re.IGNORECASE) for w in words)),
        "",
    )


_BEGINS: Final = re.compile(r"^(warning )?[A-Z][A-Z0-9_]{2,}: ")


def messages(code: int, printed: str) -> Said:
    """What was printed, message by message: `CODE: what` and the indented lines that follow it."""
    found: list[list[str]] = []
    is_inside = False
    for line in printed.splitlines():
        if _BEGINS.match(line):
            found.append([line])
            is_inside = True
        elif is_inside and line.startswith("  ") and not re.match(r"  (ok|failed|\.\.\.) ", line):
            found[-1].append(line)
        else:
            is_inside = False
    told = [" ".join(" ".join(lines).split()) for lines in found]
    warnings = tuple(message for message in told if message.startswith("warning "))
    return Said(code, tuple(message for message in told if not message.startswith("warning ")), warnings)


def _landed(company: Company, place: Path) -> Said:
    """What landing alone says of every mapped table; nothing is computed."""
    answer = place / "landed.json"
    forked(_land, str(company.config), str(company.home), str(answer))
    code, problems, warnings = json.loads(answer.read_text(encoding="utf-8"))
    return Said(code, tuple(problems), tuple(warnings))


def _land(config: str, home: str, answer: str) -> None:
    """Land every table and write down what was said; called in a process of its own."""
    from pipelines.landing.land import land_table
    from pipelines.settings.workspace import open_workspace

    problems: list[str] = []
    warnings: list[str] = []
    try:
        workspace = open_workspace(Path(config), Home.at(Path(home)).prepare())
        for table in workspace.sources.tables:
            for finding in land_table(workspace, table).problems:
                told = problems if finding.severity == "critical" else warnings
                told.append(" ".join(str(finding.problem).split()))
    except KundenwertError as error:
        problems += [" ".join(str(problem).split()) for problem in error.problems]
    Path(answer).write_text(json.dumps([int(bool(problems)), problems, warnings]), encoding="utf-8")


def _differences(expected: Expected, company: Company) -> Iterator[str]:
    with duckdb.connect() as connection:
        for file in sorted(company.current.glob("*/*.parquet")):
            connection.execute(f"create view {file.stem} as select * from read_parquet({literal(str(file))})")
        for customer, columns in expected.portfolio.items():
            for column, value in columns.items():
                query = (
                    f"select {identifier(column)} from mart_portfolio "
                    f"where is_latest and ultimate_parent_id = {literal(customer)}"
                )
                yield from _difference(connection, query, value, f"{column} of {customer}")
        for query, value in expected.values.items():
            yield from _difference(connection, query, value, query)


def _difference(connection: duckdb.DuckDBPyConnection, query: str, value: str, what: str) -> Iterator[str]:
    rows = connection.execute(query).fetchall()
    there = ", ".join("null" if cell is None else str(cell) for row in rows for cell in row) or "no row"
    if there != value:
        yield f"{what}: {there} instead of {value}"
