"""`kundenwert init URL`: from an unknown database to a published portfolio, with answers; its password stands nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest

from pipelines.errors import ExitCode
from tests.orchestration.commands.command_line import kundenwert
from tests.pipelines.onboarding import erp
from tests.pipelines.sources import postgres

POSTGRESQL = pytest.mark.needs("postgresql")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with postgres.server() as started:
        yield started


def in_postgresql(names: dict[str, tuple[str, ...]], request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The tables in a schema of their own, for a user who sees nothing else."""
    server = request.getfixturevalue("address")
    name = f"erp_{names['headers'][0]}"
    admin = f"postgresql://{postgres.USER}:{quote(postgres.PASSWORD, safe='')}@{server}/postgres"
    postgres.ask(admin, f"create database {name}")
    url = f"{admin.rpartition('/')[0]}/{name}"
    postgres.ask(url, "create schema warenwirtschaft", *erp.statements(names, "warenwirtschaft."))
    postgres.ask(
        url, "create view warenwirtschaft.offen as select 1 as a", "create table public.secret (customer_number text)"
    )
    return url


def in_sqlite(names: dict[str, tuple[str, ...]], request: pytest.FixtureRequest, tmp_path: Path) -> str:
    import sqlite3

    path = tmp_path / "erp.db"
    with closing(sqlite3.connect(path)) as connection:
        for statement in erp.statements(names):
            connection.execute(statement)
        connection.commit()
    return f"sqlite:///{path}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("names", "make"),
    [
        pytest.param(erp.GERMAN, in_postgresql, marks=POSTGRESQL, id="postgresql"),
        pytest.param(erp.ENGLISH, in_sqlite, id="sqlite"),
    ],
)
def test_a_database_of_documents_and_lines_reaches_a_portfolio(
    names: dict[str, tuple[str, ...]],
    make: Callable[[dict[str, tuple[str, ...]], pytest.FixtureRequest, Path], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    url = make(names, request, tmp_path)
    monkeypatch.setenv("ERP_URL", url)
    config, home = tmp_path / "config", tmp_path / "var"
    cost = f"cost.{names['products'][5]}=yes"
    done = kundenwert(home, "init", url, "--yes", "--answer", "currency=EUR", "--answer", cost, config=config)
    assert done.exit_code == 0, done.stderr
    text = (config / "sources.yml").read_text(encoding="utf-8")
    assert "${ERP_URL}" in text
    assert "# OPEN" not in text.partition("tables:")[0]
    for secret in (postgres.PASSWORD, quote(postgres.PASSWORD, safe=""), url):
        assert secret not in text + done.stdout + (config / "TODO.md").read_text(encoding="utf-8")
    checked = kundenwert(home, "check", config=config)
    assert checked.exit_code == 0, checked.stdout + checked.stderr
    ran = kundenwert(home, "run", "--as-of", "2024-12-31", config=config)
    assert ran.exit_code == 0, ran.stdout + ran.stderr
    with duckdb.connect(str(home / "published" / "CURRENT" / "bi" / "serving.duckdb"), read_only=True) as bi:
        found = bi.execute(
            "select count(*), sum(net_revenue), sum(cogs), min(ultimate_parent_id) from mart_portfolio where as_of_date = date '2024-12-31'"
        ).fetchone()
    truth = erp.truth()
    assert found == (truth.customers, Decimal(truth.revenue) / 100, Decimal(truth.cost) / 100, "K-20007")


@POSTGRESQL
def test_a_url_that_no_variable_holds_is_named_one(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    url = f"postgresql://{postgres.USER}:{quote(postgres.PASSWORD, safe='')}@{address}/template1"
    postgres.ask(url, *erp.statements(erp.ENGLISH))
    done = kundenwert(tmp_path / "var", "init", url, "--yes", config=tmp_path / "config")
    assert done.exit_code == 0, done.stderr
    assert "set DATABASE_URL to that connection string" in done.stdout
    text = (tmp_path / "config" / "sources.yml").read_text(encoding="utf-8")
    assert "${DATABASE_URL}" in text
    assert "# OPEN currency" in text


@POSTGRESQL
@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql://erp:wr0ng@ADDRESS/postgres", "DATABASE_CONNECT"),
        ("postgresql://erp:PASSWORD@ADDRESS/postgres", "NOTHING_FOUND"),
        ("nothing://erp:wr0ng@ADDRESS/postgres", "DATABASE_DRIVER"),
    ],
)
def test_a_database_that_says_nothing_is_told(
    url: str, code: str, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    said = url.replace("ADDRESS", address).replace("PASSWORD", quote(postgres.PASSWORD, safe=""))
    done = kundenwert(tmp_path / "var", "init", said, config=tmp_path / "config")
    assert done.exit_code == ExitCode.SOURCE
    assert code in done.stderr
    assert "wr0ng" not in done.stderr + done.stdout
