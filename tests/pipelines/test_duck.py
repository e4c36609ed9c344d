"""Every connection is bounded, silent and deaf, whichever form of the door gives it; its failures are coded."""

from __future__ import annotations

import ast
import os
import pty
import re
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import cast

import duckdb
import pytest
import yaml

from pipelines import duck
from pipelines.errors import ConfigError, KundenwertError, LockedError
from tests.doors import REPOSITORY, product_modules
from tests.patience import PATIENCE_SECONDS

Opened = AbstractContextManager[duckdb.DuckDBPyConnection]


def _read(folder: Path) -> Opened:
    with duck.writing(folder / "w.duckdb"):
        pass
    return duck.reading(folder / "w.duckdb")


FORMS: dict[str, Callable[[Path], Opened]] = {
    "memory": lambda _: duck.memory(),
    "memory in a home": duck.memory,
    "reading": _read,
    "writing": lambda folder: duck.writing(folder / "w.duckdb", folder),
    "locked": duck.locked,
    "closed": lambda _: duck.closed(),
}
SPILLING = ("memory in a home", "writing", "locked")


@pytest.fixture(params=FORMS)
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with FORMS[request.param](tmp_path) as opened:
        yield opened


def test_every_connection_has_the_settings(connection: duckdb.DuckDBPyConnection) -> None:
    found = {name: connection.execute("select current_setting(?)", [name]).fetchall()[0][0] for name in duck.SETTINGS}
    assert found == dict(duck.SETTINGS)
    assert connection.execute("select current_setting('memory_limit')").fetchall() == [("1.8 GiB",)]


def test_the_limit_is_the_environments(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(duck.MEMORY_VARIABLE, "512MiB")
    for form in FORMS.values():
        with form(tmp_path) as opened:
            assert opened.execute("select current_setting('memory_limit')").fetchall() == [("512.0 MiB",)]


def test_dbt_is_given_the_same_settings() -> None:
    profile = yaml.safe_load((REPOSITORY / "dbt_project" / "profiles.yml").read_text(encoding="utf-8"))
    settings = profile["kundenwert"]["outputs"]["duckdb"]["settings"]
    limit = settings.pop("memory_limit")
    assert settings == dict(duck.SETTINGS)
    assert re.findall(r"'(\w+)'", limit) == [duck.MEMORY_VARIABLE, duck.MEMORY_DEFAULT]


SHOWN = """
import duckdb
from pipelines import duck

def impatient(*given, **named):
    connection = connect(*given, **named)
    connection.execute("set progress_bar_time = 0")
    return connection

connect, duckdb.connect = duckdb.connect, impatient
with {opened} as connection:
    print("opened", flush=True)
    for _ in range(20):
        connection.execute("select sum(hash(a) % 7) from range(3_000_000) as numbers (a)").fetchall()
"""


@pytest.mark.parametrize(("opened", "is_shown"), [("duck.memory()", False), ("duckdb.connect()", True)])
def test_no_bar_of_duckdb_is_on_the_screen(opened: str, is_shown: bool) -> None:
    """DuckDB waits two seconds before it shows its bar on a terminal; one that waits for none shows it at once."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", SHOWN.format(opened=opened)], stdin=theirs, stdout=theirs, stderr=theirs, cwd=REPOSITORY
    ) as process:
        os.close(theirs)
        shown = b""
        while block := _read_terminal(ours):
            shown += block
    os.close(ours)
    assert process.returncode == 0, shown
    # The statement by which the door turns the bar off is the last to have one.
    assert bool(shown.partition(b"opened\r\n")[2]) is is_shown, shown


def _read_terminal(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # the other side is closed
        return b""


@pytest.mark.parametrize("form", SPILLING)
def test_what_does_not_fit_spills_and_leaves_nothing(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(duck.MEMORY_VARIABLE, "40MB")
    with FORMS[form](tmp_path) as opened:
        opened.execute("create temp table t as select hash(a) as a, hash(a + 1) as b from range(4_000_000) as n (a)")
        spilled = opened.execute("select path from duckdb_temporary_files()").fetchall()
        assert spilled and all(str(path).startswith(str(tmp_path)) for (path,) in spilled)
        assert opened.execute("select count(*) from t").fetchall() == [(4_000_000,)]
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "w.duckdb"]
    assert left == []


def test_want_of_memory_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(duck.MEMORY_VARIABLE, "20MB")
    with pytest.raises(KundenwertError) as caught, duck.closed() as opened:
        opened.execute("select count(*) from (select hash(a) as a from range(5_000_000) as n (a) order by 1)")
    (problem,) = caught.value.problems
    assert (problem.code, problem.where) == ("OUT_OF_MEMORY", duck.MEMORY_VARIABLE)
    assert "20MB" in problem.what and duck.MEMORY_VARIABLE in problem.remedy


def test_a_disk_full_of_spilled_rows_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(duck.MEMORY_VARIABLE, "20MB")
    with pytest.raises(KundenwertError, match="DISK_FULL"), duck.memory(tmp_path) as opened:
        opened.execute("set max_temp_directory_size = '1MB'")
        opened.execute("create temp table t as select hash(a) as a from range(5_000_000) as n (a)")


def test_a_limit_that_is_none_is_a_mistake_of_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(duck.MEMORY_VARIABLE, "plenty")
    with pytest.raises(ConfigError, match="CONFIG_ENVIRONMENT: 'plenty' is no amount of memory"), duck.memory():
        pass


def test_a_file_held_open_by_another_program_is_said_with_its_number(tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    holding = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == b"open\n"
        for form in (duck.reading, duck.writing):
            with pytest.raises(LockedError, match=f"WAREHOUSE_IN_USE: process {holder.pid} "), form(database):
                pass
        assert holder.stdin is not None
        holder.stdin.close()
    with duck.reading(database) as opened:
        assert opened.execute("select 1").fetchall() == [(1,)]


def test_a_file_that_is_missing_or_no_database_is_said(tmp_path: Path) -> None:
    database = tmp_path / "no lock" / "w.duckdb"
    with pytest.raises(KundenwertError, match="WAREHOUSE_UNREADABLE: there is no warehouse"), duck.reading(database):
        pass
    database.parent.mkdir()
    database.write_bytes(b"not a database, but long enough to be looked at" * 400)
    for form in (duck.reading, duck.writing):
        with (
            pytest.raises(duck.DamagedError, match="WAREHOUSE_UNREADABLE: the warehouse cannot be opened"),
            form(database),
        ):
            pass


def test_a_closed_connection_reaches_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a\n1\n")
    with duck.closed() as opened:
        for attempt in (
            f"from '{tmp_path / 'x.csv'}'",
            "set enable_external_access = true",
            f"attach '{tmp_path / 'y'}'",
        ):
            with pytest.raises(duckdb.Error):
                opened.execute(attempt)


def test_rows_become_the_same_bytes_in_a_private_file(tmp_path: Path) -> None:
    with duck.memory() as opened:
        for name in ("a", "b"):
            target = tmp_path / f"{name}.parquet"
            assert duck.write_parquet(opened, "select a from range(5) as n (a) order by a", target) == 5
            assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def _opens(tree: ast.AST) -> Iterator[str]:
    """Functions of the module duckdb (connect, or one that works on its hidden connection); classes may be named."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "duckdb" and node.attr[0].islower():
            yield f"{node.lineno} duckdb.{node.attr}"
        if isinstance(node, ast.ImportFrom) and node.module == "duckdb":
            yield f"{node.lineno} from duckdb import"


def test_duckdb_is_opened_by_the_door_alone() -> None:
    assert list(_opens(ast.parse("duckdb.connect()"))) and list(_opens(ast.parse("duckdb.sql('from t')")))
    assert not list(_opens(ast.parse("def f(c: duckdb.DuckDBPyConnection): ...")))
    found = [
        f"{name}:{each}" for name, tree in product_modules() if name != "pipelines/duck.py" for each in _opens(tree)
    ]
    assert found == [], "open it by pipelines.duck: memory, reading, writing, locked, closed"


def test_an_interruption_before_the_statement_has_begun_is_not_lost() -> None:
    """Ctrl-C may come between a statement's order and its begin."""
    ended: list[BaseException | None] = []

    class Late:
        """A connection that begins a statement a moment after it was told to stop it."""

        def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
            self._connection, self._told = connection, threading.Event()

        def execute(self, statement: str) -> None:
            threading.Timer(0.1, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT)).start()
            self._told.wait()
            try:
                self._connection.execute(statement)
                ended.append(None)
            except BaseException as error:
                ended.append(error)
                raise

        def interrupt(self) -> None:
            self._connection.interrupt()
            self._told.set()

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with (
            duckdb.connect() as connection,
            pytest.raises(KeyboardInterrupt),
            duck.interruptible(cast(duckdb.DuckDBPyConnection, Late(connection))) as execute,
        ):
            execute("select sum(hash(range)::hugeint) from range(3000000000)")
    finally:
        signal.signal(signal.SIGINT, before)
    assert [type(each) for each in ended] == [duckdb.InterruptException]


def test_an_interrupted_statement_is_an_interruption(tmp_path: Path) -> None:
    """A process of its own is told to stop while a statement works."""
    program = (
        "import signal, sys; from pathlib import Path; from pipelines import duck\n"
        # Whoever is started in the background is told to ignore it.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "with duck.memory(Path(sys.argv[1])) as connection:\n"
        "    with duck.interruptible(connection) as execute:\n"
        "        print('begun', flush=True)\n"
        "        execute('select sum(hash(range)::hugeint) from range(1000000000000)')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        try:
            _, said = process.communicate(timeout=PATIENCE_SECONDS)
        finally:
            process.kill()
    assert process.returncode == -signal.SIGINT
    assert said.rstrip().endswith("KeyboardInterrupt")
