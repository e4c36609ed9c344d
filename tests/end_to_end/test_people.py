"""No person and no secret outside of the zone of delivered rows: not after a run, nor after one that failed, however it failed.

Every file is searched as bytes, and what is packed in it by content: rows of Parquet files and of databases, members of workbooks and
archives. What a killed run leaves in its scratch space is delivered rows, too: the next run removes it.
"""

from __future__ import annotations

import json
import re
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import ExitCode
from pipelines.steps import KILL_AT
from tests.end_to_end.demo import ten_customers
from tests.end_to_end.kundenwert import Company

pytestmark = pytest.mark.slow

PERSON, CONTACT, SECRET = "Canaryvogel", "Canarypartner", "canary-key-of-some-length"
CANARIES = tuple(word.lower().encode() for word in (PERSON, CONTACT, SECRET))
DELIVERED = ("landing/originals/", "landing/quarantine/", "landing/corrections/", "tmp/")
"""Where delivered rows lie as they came."""


def contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """(what, bytes) of a file and of what is packed in it."""
    content = path.read_bytes()
    yield "bytes", content
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            yield from ((name, packed.read(name)) for name in packed.namelist())
    if path.suffix == ".parquet":
        yield (
            "rows",
            str(duckdb.sql(f"select * from read_parquet('{path}', hive_partitioning=false)").fetchall()).encode(),
        )
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            named = "select table_schema, table_name from information_schema.tables where table_schema not in ('quarantine')"
            for schema, table in connection.execute(named).fetchall():
                yield (
                    f"{schema}.{table}",
                    str(connection.execute(f'select * from "{schema}"."{table}"').fetchall()).encode(),
                )


def leaks(company: Company, said: str) -> list[str]:
    """Where a canary is that must not be there."""
    searched = 0
    found = [f"screen: {canary!r}" for canary in CANARIES if canary in said.lower().encode()]
    for path in company.home.rglob("*"):
        name = path.relative_to(company.home).as_posix()
        if not path.is_file() or path.is_symlink() or name.startswith(DELIVERED):
            continue
        searched += 1
        for what, content in contents(path):
            spellings = (content.lower(), content.replace(b"\0", b"").lower())
            found += [
                f"{name} ({what}): {canary!r}" for canary in CANARIES if any(canary in each for each in spellings)
            ]
    assert searched > 30, "hardly anything was searched"
    return found


def with_canaries(folder: Path) -> Company:
    """Ten customers whose sales people and contacts have names that are found again."""
    company = ten_customers(folder)
    planted = 0
    for path in (folder / "demo").rglob("*.csv"):
        content, reps = re.subn(rb"\b(V[TIL]\d\d)\b", PERSON.encode() + rb"-\1", path.read_bytes())
        content, contacts = re.subn(rb"\b(AP\d+-\d+)\b", CONTACT.encode() + rb"-\1", content)
        path.write_bytes(content)
        planted += reps + contacts
    assert planted > 100
    return company


def only(folder: Path, pattern: str) -> Path:
    """The newest delivered file of that name."""
    return max((folder / "demo").rglob(pattern))


def erasable(folder: Path) -> str:
    """A representative who is not the one of the first visit: that one's id will be written where it cannot be read."""
    visits = only(folder, "Aktivitaeten.csv").read_bytes()
    first = visits.splitlines()[1]
    names: list[bytes] = sorted(set(re.findall(rb"Canaryvogel-V\w\d\d", visits)))
    return next(name for name in names if name not in first).decode()


def test_no_person_and_no_secret_leaves_the_zone_of_delivered_rows(tmp_path: Path) -> None:
    company = with_canaries(tmp_path)
    key = {"KUNDENWERT_PSEUDONYM_KEY": SECRET}

    done = company.fork("run", **key)
    assert done.returncode == 0, done.stderr
    assert not leaks(company, done.stdout + done.stderr), "after a run"

    # Somebody is erased; the runs that follow bring the files again that name them, changed and as they were.
    somebody = erasable(tmp_path)
    erased = company.fork("person", "erase", somebody, "--yes", "--json", "--why", "a request", **key)
    assert erased.returncode == 0, erased.stderr
    told = json.loads(erased.stdout)
    assert told["rows"]["sales_reps"] == 1 and told["rows"]["activities"] and told["originals"] >= 2
    assert told["left"] == []

    # A column that is gone; a name where a number is due, where a record is cut, where a code is due.
    ratings, activities = only(tmp_path, "Bewertungen.csv"), only(tmp_path, "Aktivitaeten.csv")
    right = {path: path.read_bytes() for path in (ratings, activities)}
    head, first, rest = right[ratings].split(b"\n", 2)
    ratings.write_bytes(b"\n".join([head.replace(head.split(b";")[0], b"Weg"), first, rest]))
    head, first, rest = right[activities].split(b"\n", 2)
    cells = first.split(b";")
    # An id in every place, and a name that is nobody's id where it is neither a text nor a code.
    ids = [b";".join([*cells[:place], cells[6], *cells[place + 1 :]]) for place in range(1, len(cells))]
    names = [b";".join([*cells[:place], PERSON.encode(), *cells[place + 1 :]]) for place in (3, 4, 5)]
    activities.write_bytes(b"\n".join([head, first, *ids, *names, PERSON.encode() + b";x", rest]))
    red = company.fork("run", **key)
    assert red.returncode in (ExitCode.SOURCE, ExitCode.GATE_RED), red.stdout + red.stderr
    assert not leaks(company, red.stdout + red.stderr), "after deliveries that cannot be read"
    checked = company.fork("check", **key)
    assert not leaks(company, checked.stdout + checked.stderr), "after a rehearsal of them"
    for path, content in right.items():
        path.write_bytes(content)

    killed = company.fork("run", **key, **{KILL_AT: "publish: manifest"})
    assert killed.returncode in (-signal.SIGKILL, 0), killed.stderr
    assert not leaks(company, killed.stdout + killed.stderr), "after a crash while publishing"
    held = company.fork("person", "export", somebody, "--json", **key)
    assert held.returncode == 0, held.stderr
    assert json.loads(held.stdout)["places"] == [], "brought back by a delivery"
    named = [path.name for path in (tmp_path / "demo").rglob("*.csv") if somebody.encode() in path.read_bytes()]
    assert len(named) >= 2, "nothing delivered them again"

    customers = only(tmp_path, "Kundenstamm.csv")
    customers.write_bytes(customers.read_bytes() + b"\n")
    killed = company.fork("run", "--rebuild", **key, **{KILL_AT: "land customers: write"})
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not leaks(company, killed.stdout + killed.stderr), "after a crash while landing"

    changed = company.fork("run", **(key | {"KUNDENWERT_PSEUDONYM_KEY": SECRET + "-other"}))
    assert changed.returncode == ExitCode.CONFIG, changed.stdout + changed.stderr
    assert not leaks(company, changed.stdout + changed.stderr), "after another key"
