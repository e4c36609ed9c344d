"""Years of days in one home: real runs under a clock that moves on, and what stays of them on the disk.

Belongs here: the days, the deliveries, running and measuring. Not here: what must hold (test_days.py).

    python -m tests.operations.thousand_days --days 1000 --into FOLDER     # or: make thousand-days DAYS=1000

Every day is a `kundenwert run` in a process of its own, forked from one that has done the imports; the clock is libfaketime's, for every
clock a run reads: Python's, SQLite's and DuckDB's. Nothing else is replaced. The company is the demo's with ten customers. Its last year
comes again, year after year, in three kinds of day:

delivered  on the day after each month's first (or every `--every` days): the month's invoice lines so far under the same name as
           before (incremental), a file of activities per working day since the last delivery (incremental), orders, open items, costs,
           ledger totals and exchange rates anew (full)
touched    every fifth day: every file is delivered once more with the same bytes
quiet      every other day: nothing
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import shutil
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from tests.end_to_end.demo import ten_customers
from tests.end_to_end.kundenwert import COMMAND, Company

FIRST = date(2026, 10, 2)
"""The day of the demo's own delivery."""

_LIBRARIES = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1")

Kind = Literal["delivered", "touched", "quiet"]
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Lived:
    """One day: the run's end, its CPU seconds, what it opened and listed below the home, and what the home holds afterwards, by part."""

    day: int
    kind: Kind
    exit_code: int
    cpu_seconds: float
    opened: Mapping[str, int]
    listed: Mapping[str, int]
    bytes: Mapping[str, int]
    files: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Table:
    """A delivered file whose rows of the last year come again: which column dates a row, which others hold dates, which name things."""

    path: str
    encoding: str
    dated: str
    dates: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


_INVOICES = _Table("erp/Rechnungspositionen_*.csv", "cp1252", "Buchungsdatum", names=("Belegnummer", "Bezugsbeleg"))
_ACTIVITIES = _Table("crm/Aktivitaeten*.csv", "utf-8", "Erfasst am", ("Zeitpunkt",), ("Aktivität",))
_WHOLE = (
    _Table("erp/Auftraege.csv", "cp1252", "Auftragsdatum", names=("Auftragsnummer",)),
    _Table("erp/Offene_Posten.csv", "cp1252", "Fälligkeit", ("Ausgleich",), ("Belegnummer",)),
    _Table("erp/Einzelkosten.csv", "cp1252", "Buchungsdatum"),
    _Table("erp/Hauptbuch.csv", "cp1252", "Periode"),
    _Table("erp/Wechselkurse.csv", "cp1252", "Kursdatum"),
)


def company(folder: Path) -> Company:
    """The demo company as it delivers day by day: invoice lines and activities add to what was, and no time of delivery is declared."""
    made = ten_customers(folder)
    sources = made.config / "sources.yml"
    text = sources.read_text(encoding="utf-8").replace(", delivered_at: 2026-10-02T05:00:00", "")
    for name in ("rechnungspositionen", "aktivitaeten"):
        text = text.replace(f"    from: {name}\n", f"    from: {name}\n    load: incremental\n")
    sources.write_text(text.replace("crm/Aktivitaeten.csv", "crm/Aktivitaeten*.csv"), encoding="utf-8")
    shutil.copytree(folder / "demo", folder / "first")
    return made


class Deliveries:
    """What the company delivers on a day after its first."""

    def __init__(self, root: Path, first: Path) -> None:
        self._root = root
        self._first = {table.path: _read(first, table) for table in (_INVOICES, _ACTIVITIES, *_WHOLE)}
        self._posted = {row["Belegnummer"]: _on(row["Buchungsdatum"]) for row in self._first[_INVOICES.path]}

    def deliver(self, since: date, today: date) -> None:
        """Everything that came after `since`, up to today."""
        lines = list(self._new(_INVOICES, today))
        for month in sorted(
            {f"{_on(row['Buchungsdatum']):%Y-%m}" for row in lines if _on(row["Buchungsdatum"]) > since}
        ):
            so_far = [row for row in lines if f"{_on(row['Buchungsdatum']):%Y-%m}" == month]
            _write(self._root / f"erp/Rechnungspositionen_{month}.csv", _INVOICES, so_far)
        for table in _WHOLE:
            _write(self._root / table.path, table, [*self._first[table.path], *self._new(table, today)])
        activities = list(self._new(_ACTIVITIES, today))
        for day in sorted({_on(row["Erfasst am"]) for row in activities if _on(row["Erfasst am"]) > since}):
            rows = [row for row in activities if _on(row["Erfasst am"]) == day]
            _write(self._root / f"crm/Aktivitaeten_{day}.csv", _ACTIVITIES, rows)

    def touch(self) -> None:
        """Every file once more, of the same bytes, as a copy that replaces it."""
        for path in [each for each in self._root.rglob("*.csv") if each.is_file()]:
            copy = path.with_suffix(".new")
            copy.write_bytes(path.read_bytes())
            copy.rename(path)

    def _new(self, table: _Table, today: date) -> Iterator[Row]:
        """The rows of the last year, moved on by one, two, three years, up to today."""
        begin, end = date(FIRST.year - 1, 10, 1), date(FIRST.year, 9, 30)
        for years in (1, 2, 3):
            for row in self._first[table.path]:
                if begin <= self._dated(table, row) <= end:
                    moved = _moved(table, row, years)
                    if _shifted(self._dated(table, row), years) <= today:
                        yield _still_open(moved, today) if table.dated == "Fälligkeit" else moved

    def _dated(self, table: _Table, row: Row) -> date:
        """Of an open item, the day its invoice was posted."""
        return self._posted.get(row["Belegnummer"], date.min) if table.dated == "Fälligkeit" else _on(row[table.dated])


def _still_open(row: Row, today: date) -> Row:
    is_paid = row["Ausgleich"] and _on(row["Ausgleich"]) <= today
    return row if is_paid else {**row, "Ausgleich": ""}


def _moved(table: _Table, row: Row, years: int) -> Row:
    dates = {name: _later(row[name], years) for name in (table.dated, *table.dates) if row[name]}
    names = {name: f"{row[name]}-{years}" for name in table.names if row[name]}
    return {**row, **dates, **names}


def _later(text: str, years: int) -> str:
    if "." not in text:
        return f"{int(text[:4]) + years}{text[4:]}"
    if _on(text) == date.min:
        return text
    return f"{_shifted(_on(text), years):%d.%m.%Y}{text[10:]}"


def _shifted(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28) if day.month == 2 else day.day)


def _on(text: str) -> date:
    """The day a text names; of a month, its last; of one of the demo's faults, the first of all."""
    if "." in text:
        try:
            return date(int(text[6:10]), int(text[3:5]), int(text[:2]))
        except ValueError:
            return date.min
    following = date(int(text[:4]), int(text[5:7]), 28) + timedelta(days=4)
    return following - timedelta(days=following.day)


def _read(root: Path, table: _Table) -> list[Row]:
    """The rows of a delivered file but those the demo breaks on purpose."""
    texts = (path.read_text(encoding=table.encoding) for path in sorted(root.glob(table.path)))
    rows = (row for text in texts for row in csv.DictReader(io.StringIO(text), delimiter=";"))
    return [row for row in rows if None not in row and None not in row.values()]


def _write(path: Path, table: _Table, rows: Sequence[Row]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(table.encoding))


def live(made: Company, days: int, every: int | None, lived: int, tell: Callable[[Lived], None]) -> None:
    """Run on each of the days after those `lived`; `every`: a delivery each so many days, None: one a month.

    A run that fails ends it (RuntimeError).
    """
    folder = made.config.parent
    deliveries, since = Deliveries(folder / "demo", folder / "first"), FIRST
    for day in range(1, days + 1):
        today = FIRST + timedelta(days=day - 1)
        is_due = today.day == 2 if every is None else (day - 1) % every == 0
        kind: Kind = "delivered" if is_due else "touched" if day % 5 == 0 else "quiet"
        if kind == "delivered" and day > 1:
            if day > lived:
                deliveries.deliver(since, today - timedelta(days=1))
            since = today - timedelta(days=1)
        if day <= lived:
            continue
        if kind == "touched":
            deliveries.touch()
        _set_clock(today)
        exit_code, cpu, opened, listed = _run(made)
        sizes, files = _held(made.home)
        tell(Lived(day, kind, exit_code, round(cpu, 3), opened, listed, sizes, files))
        if exit_code != 0:
            raise RuntimeError(f"day {day}: the run ended with {exit_code}; see {folder / 'said.txt'}")


def _set_clock(today: date) -> None:
    """Five in the morning of that day, from now on."""
    target = datetime(today.year, today.month, today.day, 5, tzinfo=UTC).timestamp()
    os.environ["FAKETIME"] = f"{target - _real_now():+.0f}"


def _real_now() -> float:
    """Seconds since 1970 by the clock nobody moved: the monotonic one is not, and was compared before the library was loaded."""
    return float(os.environ["KUNDENWERT_DAYS_BEGAN"]) + time.monotonic()


def _run(made: Company) -> tuple[int, float, dict[str, int], dict[str, int]]:
    """`kundenwert run` in a process of its own: exit code, CPU seconds, files opened and folders listed below the home."""
    seen = made.config.parent / "seen.json"
    child = os.fork()
    if child == 0:
        os._exit(_in_the_child(made, seen))
    _, status, usage = os.wait4(child, 0)
    opened, listed = json.loads(seen.read_text(encoding="utf-8"))
    code = os.waitstatus_to_exitcode(status)
    return code, usage.ru_utime + usage.ru_stime, opened, listed


def _in_the_child(made: Company, seen: Path) -> int:
    from orchestration.commands.app import main

    said = os.open(made.config.parent / "said.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(said, stream)
    opened: Counter[str] = Counter()
    listed: Counter[str] = Counter()
    home = f"{made.home.resolve()}{os.sep}"

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        counts = opened if event == "open" else listed if event in {"os.scandir", "os.listdir"} else None
        if counts is not None and isinstance(arguments[0], (str, Path)) and str(arguments[0]).startswith(home):
            counts[_part(str(arguments[0])[len(home) :])] += 1

    sys.addaudithook(heard)
    sys.argv = [str(COMMAND), "--config", str(made.config), "--home", str(made.home), "run"]
    code = 1
    try:
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    finally:
        seen.write_text(json.dumps([opened, listed]), encoding="utf-8")
        sys.stdout.flush()
        sys.stderr.flush()
    return code


def _part(path: str) -> str:
    """The part of the home a path belongs to."""
    parts = Path(path).parts
    return "/".join(parts[:2]) if parts[0] == "landing" and len(parts) > 1 else parts[0]


def _held(home: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Bytes on the disk and files by part of the home; a file of several names counts once."""
    sizes: Counter[str] = Counter()
    files: Counter[str] = Counter()
    seen = set()
    for path in sorted(home.rglob("*")):
        status = path.lstat()
        if not path.is_dir() and (status.st_dev, status.st_ino) not in seen:
            seen.add((status.st_dev, status.st_ino))
            part = _part(str(path.relative_to(home)))
            sizes[part] += status.st_blocks * 512
            files[part] += 1
    return dict(sizes), dict(files)


def library() -> Path | None:
    """libfaketime, where the machine has it."""
    return next((path for each in _LIBRARIES for path in Path("/").glob(each[1:])), None)


def _under_a_clock() -> None:
    """Begin this process again with the clock that can be set."""
    found = library()
    if found is None:
        sys.exit("libfaketime is not there: apt-get install faketime")
    moved = {
        "LD_PRELOAD": str(found),
        "FAKETIME": "+0",
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # When a file was written stays what the disk says.
        "NO_FAKE_STAT": "1",
        "KUNDENWERT_DAYS_BEGAN": str(time.time() - time.monotonic()),
    }
    os.execve(sys.executable, [sys.executable, "-m", __spec__.name, *sys.argv[1:]], {**os.environ, **moved})  # noqa: S606


def main() -> None:
    """Live the days, or those after where it was stopped; a line of JSON per day into FOLDER/days.jsonl, the figures to the screen."""
    asks = argparse.ArgumentParser(description="Real runs, day after day, in one home.")
    asks.add_argument("--days", type=int, default=1000)
    asks.add_argument("--every", type=int, help="a delivery every so many days; default: one a month")
    asks.add_argument("--into", type=Path, required=True, help="a folder for the company, its home and days.jsonl")
    said = asks.parse_args()
    folder = said.into.resolve()
    if "KUNDENWERT_DAYS_BEGAN" not in os.environ:
        _under_a_clock()
    import tests.imported  # noqa: F401  # what every forked run would import again

    told = folder / "days.jsonl"
    lived = len(told.read_text(encoding="utf-8").splitlines()) if told.is_file() else 0
    made = Company(folder / "config", folder / "home") if lived else company(folder)
    with told.open("a", encoding="utf-8") as log:

        def tell(day: Lived) -> None:
            log.write(json.dumps(asdict(day)) + "\n")
            log.flush()

        live(made, said.days, said.every, lived, tell)
    print(table([json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]))


def table(days: Sequence[Mapping[str, Any]]) -> str:
    """The figures of some days as Markdown: what each part holds, in KB, and the CPU seconds of runs (the median of those near the day)."""
    shown = [day for day in (1, 10, 50, 100, 500, 1000) if day <= len(days)]
    parts = sorted({part for day in days for part in day["bytes"]})
    lines = ["| | " + " | ".join(f"day {day}" for day in shown) + " |", "|---" * (len(shown) + 1) + "|"]
    for part in parts:
        held = (f"{days[day - 1]['bytes'].get(part, 0) // 1024:,}" for day in shown)
        lines.append(f"| `{part}`, KB | " + " | ".join(held) + " |")
    for what, kinds in (("nothing new", {"quiet", "touched"}), ("a delivery", {"delivered"})):
        seconds = (_median_near(days, day, kinds) for day in shown)
        lines.append(f"| CPU seconds of a run with {what} | " + " | ".join(seconds) + " |")
    return "\n".join(lines)


def _median_near(days: Sequence[Mapping[str, Any]], day: int, kinds: set[str]) -> str:
    near = sorted((each for each in days if each["kind"] in kinds), key=lambda each: abs(each["day"] - day))[:5]
    if "delivered" in kinds:
        near = near[:1]
    return f"{statistics.median(each['cpu_seconds'] for each in near):.1f}" if near else ""


if __name__ == "__main__":
    main()
