"""Mutated files: landing ends with a code or with all rows and all cents, whatever bytes come. `make fuzz N=20000`.

Belongs here: six good files, the ways to spoil their bytes, a second count of rows and amounts that owes nothing to the product's reader.
Not here: faults that mean something (faults.yml). A seed is one file; `make fuzz SEED=17 N=1` shows it again.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

import tests.conftest  # noqa: F401 - the tests' environment: telemetry off, a key for pseudonyms
from pipelines.contracts import load_contracts
from pipelines.errors import KundenwertError
from pipelines.home import Home
from pipelines.landing import ledger
from pipelines.landing.land import land_table
from pipelines.settings.portfolio import read_portfolio
from pipelines.settings.sources import read_sources
from pipelines.settings.workspace import Workspace
from tests.cases.drafts import METHOD, STYLES, Draft, Style, draft

CHUNK: Final = 125
TABLE: Final = "invoice_lines"
MONEY: Final = "gross_list_amount"
UTF_16: Final = Style("\t", "utf-16", ",", ".", "dd.mm.yyyy", "dd.mm.yyyy hh:mm:ss")
FORMATS: Final = (*STYLES[:4], UTF_16, None)
"""Five ways of writing text, and Parquet."""

Bytes = bytes
Mutation = Callable[[random.Random, Bytes], Bytes]


def _flip(rng: random.Random, content: bytes) -> bytes:
    """Some bytes become others."""
    spoilt = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        place = rng.randrange(len(spoilt))
        spoilt[place] = rng.choice((rng.randrange(256), spoilt[place] ^ (1 << rng.randrange(8))))
    return bytes(spoilt)


def _cut(rng: random.Random, content: bytes) -> bytes:
    """The transfer broke, at the end or at the beginning."""
    place = rng.randrange(len(content) + 1)
    return content[:place] if rng.random() < 0.8 else content[place:]


def _signs(rng: random.Random, content: bytes) -> bytes:
    """Signs that mean something are taken for one another."""
    signs = b".,;-+\"'|\t \n\r0"
    spoilt = bytearray(content)
    places = [place for place, byte in enumerate(content) if byte in signs]
    for place in rng.sample(places, min(len(places), rng.choice((1, 1, 3, 10)))):
        spoilt[place] = rng.choice(signs)
    return bytes(spoilt)


def _lines(rng: random.Random, content: bytes) -> bytes:
    """Lines come twice, are gone, or stand elsewhere."""
    lines = content.split(b"\n")
    for _ in range(rng.choice((1, 1, 3))):
        place = rng.randrange(len(lines))
        match rng.randrange(3):
            case 0:
                lines.insert(rng.randrange(len(lines) + 1), lines[place])
            case 1 if len(lines) > 1:
                del lines[place]
            case _:
                other = rng.randrange(len(lines))
                lines[place], lines[other] = lines[other], lines[place]
    return b"\n".join(lines)


def _insert(rng: random.Random, content: bytes) -> bytes:
    """Something stands between."""
    odd = (
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x1a",
        b'"',
        b'""',
        b"\r",
        b"\r\n",
        b"=1+1",
        "€".encode(),
        "Ã¼".encode(),
        b";;;;",
        b"1e9",
    )
    place = rng.randrange(len(content) + 1)
    return content[:place] + rng.choice(odd) + content[place:]


def _recode(rng: random.Random, content: bytes) -> bytes:
    """Another system wrote the file."""
    try:
        return content.decode("utf-8").encode(rng.choice(("cp1252", "utf-16", "utf-8-sig", "latin-1")), "replace")
    except UnicodeDecodeError:
        return content.replace(b"\n", b"\r\n")


MUTATIONS: Final[tuple[Mutation, ...]] = (_flip, _cut, _signs, _lines, _insert, _recode)


@dataclass(frozen=True, slots=True)
class Good:
    """A file that is read whole, how it is declared, and how a second reader reads it."""

    style: Style | None
    content: bytes
    columns: tuple[str, ...]


def goods() -> tuple[Good, ...]:
    """The six good files, always the same."""
    made = draft(1)
    rows = made.tables[TABLE][:40]
    rows = [{**row, "product_group": text} for row, text in zip(rows, _TEXTS * 40, strict=False)]
    columns = tuple(rows[0])
    made.names = {column: column for column in columns}
    found = []
    for style in FORMATS:
        if style is None:
            sink = io.BytesIO()
            pq.write_table(pa.Table.from_pylist(rows), sink)
            found.append(Good(None, sink.getvalue(), columns))
        else:
            found.append(Good(style, _written(made, style, rows, columns), columns))
    return tuple(found)


_TEXTS: Final = ["Schrauben", "Türgriffe", "zwei\nZeilen", 'Rohr 3/4" lang', "a;b,c|d\te", " Rand "]


def _written(made: Draft, style: Style, rows: list[dict[str, object]], columns: Sequence[str]) -> bytes:
    lines = [style.delimiter.join(columns)]
    lines += [style.delimiter.join(_quoted(style, style.text(row[column])) for column in columns) for row in rows]
    return ("\n".join(lines) + "\n").encode("cp1252" if style.encoding == "windows-1252" else style.encoding)


def _quoted(style: Style, text: str) -> str:
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        return '"' + text[1:-1].replace('"', '""') + '"'
    return text


def configure(good: Good, place: Path) -> Workspace:
    """A company that maps the one file and nothing else."""
    declared = {"kind": "parquet"} if good.style is None else good.style.declared()
    said = {
        "version": 1, "company": "Test", "root": str(place / "delivered"), "time_zone": "Europe/Berlin", "formats": {"own": declared},
        "files": {"lines": {"path": "lines.dat", "format": "own", "delivered_at": "2026-01-05T06:00:00"}},
        "tables": {TABLE: {
            "from": "lines", "constants": {"company_id": "1", "currency_code": "EUR"},
            "values": {"doc_type": {"RE": "invoice", "GU": "credit_note"}},
        }},
    }  # fmt: skip
    (place / "delivered").mkdir(exist_ok=True)
    text = yaml.safe_dump(said, allow_unicode=True).replace("'2026-01-05T06:00:00'", "2026-01-05T06:00:00")
    (place / "sources.yml").write_text(text, encoding="utf-8")
    home = Home.at(place / "home").prepare()
    return Workspace(place, home, read_sources(place / "sources.yml"), read_portfolio(METHOD), load_contracts())


def mutant(seed: int, made: Sequence[Good]) -> tuple[Good, bytes, str]:
    """The good file of the seed, what became of it, and by which mutations."""
    rng = random.Random(seed)  # noqa: S311 - damage, no secrets
    good = made[seed % len(made)]
    content, names = good.content, []
    for change in rng.choices(MUTATIONS, k=rng.choice((1, 1, 2, 3))):
        if content:
            content = change(rng, content)
            names.append(change.__name__)
    return good, content, " ".join(names)


def faults(seeds: Sequence[int]) -> list[str]:
    """What is wrong with the landing of these mutants, a line for each."""
    made = goods()
    found: list[str] = []
    with tempfile.TemporaryDirectory(prefix="fuzz_") as place:
        workspaces: dict[int, Workspace] = {}
        for seed in seeds:
            good, content, how = mutant(seed, made)
            which = made.index(good)
            folder = Path(place) / str(which)
            folder.mkdir(exist_ok=True)
            if which not in workspaces:
                workspaces[which] = configure(good, folder)
            (folder / "delivered" / "lines.dat").write_bytes(content)
            name = f"seed {seed} ({'parquet' if good.style is None else good.style.encoding + ' ' + good.style.delimiter!r}; {how})"
            found += [f"{name}: {fault}" for fault in _landed(workspaces[which], good, content)]
    return found


def _landed(workspace: Workspace, good: Good, content: bytes) -> Iterator[str]:
    """Land the one file into a home that has nothing; what was landed goes away again."""
    try:
        outcome = land_table(workspace, TABLE)
    except KundenwertError as error:
        yield f"raised instead of refused: {error}"
        return
    except Exception as error:  # noqa: BLE001 - whatever it is, it has no code
        yield f"no code: {type(error).__name__}: {str(error)[:300]}"
        return
    for finding in outcome.problems:
        if (
            not re.fullmatch(r"[A-Z][A-Z0-9_]+", finding.problem.code)
            or not finding.problem.where
            or not finding.problem.remedy
        ):
            yield f"a message without code, place or next step: {finding.problem}"
    entries = ledger.read(workspace.home)
    if outcome.status == "file_quarantined":
        if entries or not any(finding.severity == "critical" for finding in outcome.problems):
            yield "refused, but something was loaded or nothing is said"
    elif outcome.status != "loaded":
        yield f"status {outcome.status}"
    for entry in entries:
        yield from _conserved(entry, good, content)
    for folder in (workspace.home.ledger, workspace.home.originals):
        shutil.rmtree(folder)
    for zone in (workspace.home.raw, workspace.home.quarantine):
        for batch in (zone / TABLE).glob("batch=*"):
            shutil.rmtree(batch)
    workspace.home.prepare()


def _conserved(entry: ledger.LedgerEntry, good: Good, content: bytes) -> Iterator[str]:
    parts = (entry.rows_accepted, entry.rows_quarantined, entry.rows_filtered)
    if entry.rows_in != sum(parts):
        yield f"{entry.rows_in} rows in are not {' + '.join(map(str, parts))}"
    counted = _counted(good, content)
    if counted is None:
        return
    rows, headers, amount = counted
    passed_over = sum(getattr(entry, name, 0) for name in ("rows_skipped", "rows_headers"))
    if entry.rows_in + passed_over not in (rows, rows - headers):
        yield f"{rows} records delivered, {entry.rows_in} rows in"
    sums = entry.amounts[MONEY]
    if sums.accepted + sums.quarantined != amount:
        yield f"{amount} delivered, {sums.accepted} accepted and {sums.quarantined} set aside"


def _counted(good: Good, content: bytes) -> tuple[int, int, Decimal] | None:
    """(records, records that repeat the header, sum of readable amounts) by another reader; None if that one cannot read the file."""
    if good.style is None:
        try:
            table = pq.read_table(io.BytesIO(content))
            amounts = [value for value in table.column(MONEY).to_pylist() if value is not None]
        except Exception:  # noqa: BLE001 - it may be torn anywhere
            return None
        return table.num_rows, 0, sum(amounts, Decimal(0)).quantize(Decimal("0.01"))
    text = content.decode("cp1252" if good.style.encoding == "windows-1252" else good.style.encoding).removeprefix(
        "\ufeff"
    )
    csv.field_size_limit(10_000_000)
    records = [
        row for row in csv.reader(io.StringIO(text, newline=""), delimiter=good.style.delimiter, strict=True) if row
    ]
    header, rows = records[0], records[1:]
    # A header means the same in capitals, and with a mark of byte order that a file glued to another left in it.
    names = [name.replace("\ufeff", "").strip(_BLANKS).casefold() for name in header]
    place = names.index(MONEY)
    whole = [row for row in rows if len(row) == len(header)]
    amounts = [value for row in whole if (value := _amount(good.style, row[place])) is not None]
    return len(rows), sum(row == header for row in rows), sum(amounts, Decimal("0.00"))


_BLANKS: Final = " \t\u00a0\r\n"


def _amount(style: Style, text: str) -> Decimal | None:
    """What a cell is worth by the declared signs; None if it is no amount of cents."""
    groups = rf"[1-9][0-9]{{0,2}}(?:{re.escape(style.thousands)}[0-9]{{3}})+|" if style.thousands else ""
    found = re.fullmatch(rf"([+-]?)({groups}[0-9]+)(?:{re.escape(style.decimal)}([0-9]+))?", text.strip(_BLANKS))
    if found is None:
        return None
    whole = found[2].replace(style.thousands, "") if style.thousands else found[2]
    places = (found[3] or "").rstrip("0")
    if len(whole.lstrip("0")) > 16 or len(places) > 2:
        return None
    return Decimal(f"{found[1].replace('+', '')}{whole}.{places or '0'}")


def run(first: int, count: int, workers: int = 2) -> Iterator[str]:
    """What is wrong with `count` mutants from seed `first` on; processes of their own, so that one that dies is seen."""
    chunks = [range(begin, min(begin + CHUNK, first + count)) for begin in range(first, first + count, CHUNK)]
    with ProcessPoolExecutor(workers) as pool:
        for found in pool.map(faults, chunks):
            yield from found


def main(arguments: list[str]) -> int:
    """Run, report; 0 if nothing is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.fuzz")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0, help="the first one")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args(arguments)
    begun, wrong = time.monotonic(), 0
    for fault in run(asked.seed, asked.count, asked.workers):
        wrong += 1
        print(fault, flush=True)
    print(f"{asked.count} mutated files of {len(FORMATS)} formats: {wrong} faults ({time.monotonic() - begun:.0f} s)")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
