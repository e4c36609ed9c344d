"""A Tryton on a PostgreSQL of its own, filled, for as long as the tests read it. Belongs here: setting it up and asking it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from tests.conftest import TRYTON
from tests.pipelines.sources import postgres

MODULES: Final = ("sale_opportunity",)
"""What depends on them is activated with them: parties, products, sales, invoices, the ledger."""
HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Tryton:
    """A filled Tryton."""

    url: str
    says: dict[str, Any]
    """What it says of itself (ask.py)."""


@contextmanager
def tryton(folder: Path) -> Iterator[Tryton]:
    """A filled Tryton that runs while the block does; `folder` is scratch space."""
    # Tables of a second are small: to compile a query for them takes longer than it does.
    with postgres.server("-c jit=off -c synchronous_commit=off -c shared_buffers=256MB") as address:
        server = f"postgresql://{postgres.USER}:{quote(postgres.PASSWORD, safe='')}@{address}"
        postgres.ask(f"{server}/postgres", "create database tryton")
        url = f"{server}/tryton"
        (folder / "password").write_text("not-admin-1", encoding="utf-8")
        environment = {"TRYTOND_DATABASE_URI": f"{server}/", "TRYTONPASSFILE": str(folder / "password")}
        words = ("-d", "tryton", "-u", *MODULES, "--activate-dependencies", "--email", "nobody@example.org")
        _run("trytond-admin", *words, **environment)
        postgres.ask(url, "analyze")
        _run("python", str(HERE / "fill.py"), url, **environment)
        postgres.ask(url, "analyze")
        yield Tryton(url, json.loads(_run("python", str(HERE / "ask.py"), url, **environment)))


def _run(program: str, *arguments: str, **environment: str) -> str:
    """Run a program of Tryton's environment to its end; what it printed."""
    command = [str(TRYTON / "bin" / program), *arguments]
    # Tryton checks what it made itself with assertions that take longer than the work.
    known = {
        **os.environ,
        **environment,
        "PYTHONOPTIMIZE": "1",
        "PYTHONWARNINGS": "ignore",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=known, timeout=1800)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout
