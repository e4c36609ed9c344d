"""The table of faults, the good company each of them spoils, and what the product made of it.

Belongs here: reading faults.yml, delivering, landing, judging the short way. Not here: what must become of a fault (faults.yml), what the
tests ask (test_faults.py).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from pipelines.errors import Problem
from pipelines.home import Home
from pipelines.landing import ledger
from pipelines.landing.land import LandingOutcome, land_table
from pipelines.settings.workspace import Workspace, open_workspace
from tests.cases import judging
from tests.cases.cases import changed
from tests.cases.drafts import METHOD
from tests.generated.compiled import Warehouse

TABLE: Final = Path(__file__).with_name("faults.yml")
LINES: Final = "invoice_lines.csv"
HEADER: Final = "invoice_id;line_no;doc_type;posting_date;customer_id;product_group;currency_code;gross_list_amount;revenue_deductions;cogs"
LINE: Final = "{invoice};{number};invoice;15.{month:02}.2025;{customer};Schrauben;EUR;1.000,00;100,00;600,00"
OWN: Final = {
    "kind": "csv", "delimiter": ";", "encoding": "utf-8", "decimal": ",", "thousands": ".", "date": "dd.mm.yyyy",
    "timestamp": "dd.mm.yyyy hh:mm:ss",
}  # fmt: skip
CONSTANTS: Final[Mapping[str, Mapping[str, str]]] = {
    "customers": {"relationship_type": "customer", "currency_code": "EUR"},
    "invoice_lines": {"company_id": "1"},
    "ledger_totals": {"company_id": "1"},
}
OTHERS: Final = {
    "customers.csv": "customer_id;customer_name\n100;Alpha\n200;Beta\n",
    "accounts.csv": "account_id;customer_id;account_name\nA1;100;Alpha\nA2;200;Beta\n",
}

Class = Literal["E", "QF", "QR", "W", "R", "N"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One row of the table; the words are explained at its top."""

    id: str
    shape: str
    is_a: Class
    files: Mapping[str, str] = field(default_factory=dict)
    copy: Mapping[str, str] = field(default_factory=dict)
    append: Sequence[str] = ()
    replace: Mapping[str, str] = field(default_factory=dict)
    bytes: Mapping[str, str] = field(default_factory=dict)
    encode: str = "utf-8"
    all_files: bool = False
    keep: int | None = None
    many: int = 0
    many_per_month: int = 1
    last_month: int | None = None
    long: int = 0
    bulk: int = 0
    straight: int = 0
    unreadable: bool = False
    again: bool = False
    second: Mapping[str, Any] = field(default_factory=dict)
    secret: str = ""
    sources: Mapping[str, Any] = field(default_factory=dict)
    portfolio: Mapping[str, str] = field(default_factory=dict)
    level: Literal["landing", "checks"] = "landing"
    table: str = "invoice_lines"
    code: str = ""
    at: str = ""
    column: str = ""
    next: str = ""
    says: str = ""
    rows: int = 0
    duplicates: int = 0
    rows_in: int | None = None
    accepted: int | None = None
    status: str = ""
    money: str = "0.00"
    red: bool = False
    revenue: Mapping[str, str] = field(default_factory=dict)
    input_check: str = ""
    proved: str = ""
    part: str = ""

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.id} {self.shape}"

    @property
    def is_configured(self) -> bool:
        """Whether the fault is in the configuration alone."""
        return self.id.startswith("K") and not (self.proved or self.revenue or self.secret)


def faults() -> tuple[Fault, ...]:
    """Every row. Raises TypeError for a word that does not exist."""
    read = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return tuple(Fault(**{"is_a" if key == "class" else key: value for key, value in row.items()}) for row in read)


def good(fault: Fault) -> str:
    """The invoice lines before they are spoilt: two customers, twelve months, EUR 1,000 less 100 a line."""
    lines = [HEADER]
    for month in range(1, 13):
        count = fault.last_month if month == 12 and fault.last_month is not None else fault.many_per_month
        lines += [
            LINE.format(invoice=f"R{month:02}{customer}", number=number, month=month, customer=customer)
            for number in range(1, count + 1)
            for customer in ("100", "200")
        ]
    lines += [LINE.format(invoice=f"M{number}", number=1, month=12, customer="100") for number in range(fault.many)]
    return "\n".join(lines if fault.keep is None else lines[: fault.keep]) + "\n"


def files_of(fault: Fault) -> dict[str, bytes]:
    """Path -> what is delivered."""
    lines = good(fault)
    for old, new in fault.replace.items():
        assert old in lines, f"{fault.name}: {old} is not in the good file"
        lines = lines.replace(old, new)
    lines += "".join(f"{line}\n" for line in fault.append)
    if fault.long:
        lines += f"X1;1;invoice;15.12.2025;100;{'x' * fault.long};EUR;1,00;0,00;0,00\n"
    for pattern, new in fault.bytes.items():
        lines = re.sub(pattern, new, lines)
    texts = {**OTHERS, **_crm(fault), LINES: lines, **fault.files}
    encoded = {
        path: text.encode(fault.encode if fault.all_files or path == LINES else "utf-8") for path, text in texts.items()
    }
    return {**encoded, **{copy: encoded[path] for path, copy in fault.copy.items()}}


def _crm(fault: Fault) -> dict[str, str]:
    """Tables that are easier counted than written."""
    made: dict[str, str] = {}
    if fault.bulk:
        head = "activity_id;account_id;activity_type;activity_at;recorded_at;rep_id\n"
        rows = (
            f"T{n};A{1 + n % 2};call;{1 + n % 28:02}.03.2025 {8 + n % 9:02}:00:00;{1 + n // 20:02}.04.2025 17:{n % 20 // 2:02}:00;r1\n"
            for n in range(fault.bulk)
        )
        made["activities.csv"] = head + "".join(rows)
    if fault.straight:
        head = "account_id;criterion_id;rater_id;level;valid_from;recorded_at\n"
        criteria = re.findall(
            r"^  (\w+):\n(?:    .*\n)*?    method: rating", METHOD.read_text(encoding="utf-8"), re.MULTILINE
        )
        rows = (
            f"A{1 + n % 2};{criterion};r1;4;{1 + n // 2:02}.03.2025;{1 + n // 2:02}.03.2025 08:00:00\n"
            for n in range(fault.straight)
            for criterion in criteria
        )
        made["ratings.csv"] = head + "".join(rows)
    return made


def configure(fault: Fault, place: Path) -> Path:
    """The configuration directory below `place`; the fault's deliveries lie beside it."""
    config, root = place / "config", place / "delivered"
    config.mkdir(parents=True, exist_ok=True)
    root.mkdir(exist_ok=True)
    tables = sorted(
        {path.removesuffix(".csv") for path in files_of(fault)} - {Path(copy).stem for copy in fault.copy.values()}
    )
    format_words = fault.sources.get("formats", {})
    formats: dict[str, Any] = {"own": OWN}
    for name, words in format_words.items():
        formats[name] = words if "kind" in words else {**OWN, **words}
    files = {
        table: {"path": f"{table}.csv", "format": "own", "delivered_at": "2026-01-05T06:00:00"} for table in tables
    }
    mapped = {table: {"from": table, "constants": dict(CONSTANTS.get(table, {}))} for table in tables}
    said = {"version": 1, "company": "Test", "root": str(root), "time_zone": "Europe/Berlin", "formats": formats,
            "files": files, "tables": mapped}  # fmt: skip
    said = changed(said, {key: value for key, value in fault.sources.items() if key != "formats"})
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False).replace(
        "'2026-01-05T06:00:00'", "2026-01-05T06:00:00"
    )
    (config / "sources.yml").write_text(text, encoding="utf-8")
    method = METHOD.read_text(encoding="utf-8")
    for old, new in fault.portfolio.items():
        assert old in method, f"{fault.name}: {old} is not in the good method"
        method = method.replace(old, new, 1)
    (config / "portfolio.yml").write_text(method, encoding="utf-8")
    return config


def deliver(files: Mapping[str, bytes], place: Path) -> None:
    """Put these files, and no others, where the company's configuration looks for them."""
    shutil.rmtree(place / "delivered", ignore_errors=True)
    (place / "delivered").mkdir()
    for path, content in files.items():
        (place / "delivered" / path).write_bytes(content)


@dataclass(frozen=True, slots=True)
class Landed:
    """What landing made of the fault's table, and what the table had before and has now."""

    workspace: Workspace
    outcome: LandingOutcome
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def entry(self) -> ledger.LedgerEntry:
        """The event of the batch that was loaded."""
        return next(e for e in ledger.read(self.workspace.home) if e.batch_id == self.outcome.batch_ids[-1])


def land(fault: Fault, place: Path) -> Landed:
    """Land a good delivery, then the spoilt one. A table the good company does not have begins empty."""
    others = {path: OTHERS.get(path, text) for path, text in fault.files.items() if path != LINES}
    sound = Fault(id=fault.id, shape="good", is_a="N", files=others)
    config = configure(sound, place)
    deliver(files_of(sound), place)
    workspace = open_workspace(config, Home.at(place / "home").prepare())
    if fault.table == "invoice_lines":
        land_table(workspace, fault.table)
    before = _active(workspace, fault.table)
    workspace = open_workspace(configure(fault, place), workspace.home)
    deliver(files_of(sound) if fault.again else files_of(fault), place)
    if fault.unreadable:
        (place / "delivered").chmod(0)
    try:
        outcome = land_table(workspace, fault.table)
    finally:
        (place / "delivered").chmod(0o700)
    return Landed(workspace, outcome, before, _active(workspace, fault.table))


def _active(workspace: Workspace, table: str) -> tuple[str, ...]:
    batches = ledger.batches(ledger.read(workspace.home))
    return tuple(batch.entry.batch_id for batch in batches if batch.is_active and batch.entry.table == table)


def check(fault: Fault, place: Path, asked: Warehouse) -> judging.Verdict:
    """Everything a run says of the company, the short way; of two deliveries only the second is spoilt."""
    home = Home.at(place / "home").prepare()
    first = Fault(id=fault.id, shape="first", is_a="N", many_per_month=fault.many_per_month)
    config = configure(fault, place)
    published: frozenset[str] = frozenset()
    if fault.second:
        deliver(files_of(first), place)
        judging.run({}, config, home, asked, published)
        published = frozenset(b.entry.batch_id for b in ledger.batches(ledger.read(home)) if b.is_active)
        fault = Fault(id=fault.id, shape=fault.shape, is_a=fault.is_a, **fault.second)
    deliver(files_of(fault), place)
    return judging.run({}, config, home, asked, published)


def told(problems: Sequence[Problem], fault: Fault) -> list[str]:
    """The messages that are what the fault's row asks for, each in one line."""
    found = []
    for problem in problems:
        whole = " ".join(str(problem).split())
        is_it = re.fullmatch(fault.code, problem.code) and re.search(fault.says, whole, re.IGNORECASE)
        is_there = fault.at in problem.where and fault.column in problem.what
        if is_it and is_there and problem.remedy and re.search(fault.next, problem.remedy):
            found.append(whole)
    return found
