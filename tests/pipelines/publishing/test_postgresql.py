"""Marts in a real PostgreSQL: every value, nothing beyond a role's audience, never two versions at once, whatever fails."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from adbc_driver_manager import Error

from pipelines import duck, steps
from pipelines import postgres as door
from pipelines.errors import ExitCode, KundenwertError, LockedError, VerifyError
from pipelines.home import Home
from pipelines.publishing import AUDIENCES, PublishedTable, layout, manifest, publish
from pipelines.publishing.postgresql import Served, serve
from pipelines.publishing.postgresql.database import opened
from tests.conftest import REPOSITORY
from tests.patience import PATIENCE_SECONDS
from tests.pipelines.publishing.samples import FACTS
from tests.pipelines.sources import postgres
from tests.postgres_serving import ask, fresh_database, reader, url

pytestmark = pytest.mark.needs("postgresql")

TABLES = (
    PublishedTable(
        "mart_values", "bi", "marts.mart_values", ("as_of_date", "id"), "It's a row.\n\nDE: Ö.", (("score", "Points."),)
    ),
    PublishedTable("mart_totals", "bi", "marts.mart_totals", ("number",)),
    PublishedTable("mart_empty", "bi", "marts.mart_empty", ("number",)),
    PublishedTable("mart_reconciliation", "controlling", "marts.mart_totals", ("number",)),
)
"""Nothing for team."""

NARROW = "score, day"
WIDE = """
    case when n % 7 > 0 then ((n - 1000) * 1.37)::decimal(18, 2) end as net_revenue,
    case when n = 77 then '-1234567890123456789012345678.0123456789' when n % 5 > 0 then (n * 0.125)::varchar end::decimal(38, 10) as huge,
    (n % 3)::integer as small,
    (n % 3)::smallint as smaller,
    case n % 3 when 0 then true when 1 then false end as is_so,
    case n % 4 when 0 then 'Müller & "Söhne"' when 1 then E'a\\tb\\n\\\\N' when 2 then '' end as name,
    case when n % 2 = 0 then timestamp '2026-01-02 03:04:05.000006' + to_hours(n) end as happened_at,
    case when n % 2 = 0 then timestamptz '2026-01-02 03:04:05+02' end as known_at,
    (n % 100)::decimal(9, 4) as score,
    case when n % 2 = 0 then date '1900-01-01' + n::integer end as day
"""


def published(home: Home, version: int, columns: str = NARROW, key: str = "lpad(n::varchar, 7, '0')") -> None:
    """Publish another version: every row of two tables of BI says which one it is of."""
    home.prepare()
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute(
            f"""
            create or replace table marts.mart_values as
            with numbers as (select *, {WIDE} from range(500) as numbers (n))
            select
                case when n % 10 = 9 then date '2025-11-30' else date '2025-12-31' end as as_of_date,
                {key} as id, {version}::bigint as version, {columns}
            from numbers
            """
        )
        totals = f"select number, {version}::bigint as version from range(50) as numbers (number)"
        connection.execute(f"create or replace table marts.mart_totals as {totals}")
        connection.execute("create or replace table marts.mart_empty as select 1 as number, 'x' as name where false")
    publish(home, TABLES, FACTS.model_copy(update={"project_version": f"0.1.{version}"}))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with postgres.server() as started:
        yield started


@pytest.fixture(scope="module")
def shared(address: str) -> str:
    return fresh_database(address)


@pytest.fixture
def loader(shared: str) -> str:
    """The connection string of a database in which nothing is: a new one for every test would be seconds."""
    found = one(shared, "select nspname::text from pg_namespace where nspname ~ '^(v0|kundenwert_|own)'")
    postgres.ask(shared, *(f"drop schema if exists {name} cascade" for (name,) in found))
    return shared


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home of two versions; nobody changes it."""
    home = Home.at(tmp_path_factory.mktemp("versions"))
    published(home, 1)
    published(home, 2)
    return home


def one(place: str, query: str) -> list[tuple[Any, ...]]:
    with door.connect(place) as connection:
        return ask(connection, query)


def schemas_of_versions(place: str) -> list[str]:
    found = one(place, "select nspname::text from pg_namespace where nspname like 'v0%' order by 1")
    return [name for (name,) in found]


def schemas_of(*numbers: int) -> list[str]:
    return [f"v{number:06d}__{audience}" for number in numbers for audience in sorted(AUDIENCES)]


def shown_version(place: str) -> int:
    ((version,),) = one(place, "select distinct version from kundenwert_bi.mart_values")
    return int(version)


# --- what is loaded --------------------------------------------------------------------------------------------------

_TYPES = {
    "VARCHAR": "text",
    "TIMESTAMP": "timestamp without time zone",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
}


def test_every_value_and_type_is_that_of_the_file(address: str, loader: str, tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    published(home, 1, WIDE)
    assert serve(home, None, loader) == Served("v000001", 4, 600, True)
    assert serve(home, 1, loader) == Served("v000001", 4, 0, False)
    files = [file for file in manifest.read(home.current).files if file.is_table]
    assert len(files) == len(TABLES)
    member = reader(address, loader, "kundenwert_bi", "kundenwert_controlling")
    with door.connect(member) as connection, duck.memory() as expected:
        ask(connection, "set timezone = 'UTC'")
        for file in files:
            relation = f"kundenwert_{file.audience}.{Path(file.path).stem}"
            order = f"as t order by {', '.join(f't.{each}' for each in file.key)}"
            rows = f"from '{home.current / file.path}' {order}"
            kinds = {name: kind for name, kind, *_ in expected.execute(f"describe select * {rows}").fetchall()}
            texts = ", ".join(f"{name}::varchar" for name in kinds)
            loaded = ask(connection, f"select {texts} from {relation} {order}")
            assert loaded == expected.execute(f"select {texts} {rows}").fetchall()
            types = ask(
                connection,
                "select attname::text, format_type(atttypid, atttypmod) from pg_attribute "
                f"where attrelid = '{relation}'::regclass and attnum > 0 order by attnum",
            )
            as_there = {
                name: _TYPES.get(kind, kind.lower()).replace("decimal", "numeric") for name, kind in kinds.items()
            }
            assert dict(types) == as_there


def test_tables_and_views_say_what_the_file_for_duckdb_says(loader: str, versions: Home) -> None:
    serve(versions, None, loader)
    said = one(
        loader,
        "select format('%s.%s', nspname, relname), attname::text, description from pg_description "
        "inner join pg_class on objoid = pg_class.oid inner join pg_namespace on relnamespace = pg_namespace.oid "
        "left join pg_attribute on attrelid = objoid and attnum = objsubid and attnum > 0 "
        "where nspname like 'v0%' or nspname like 'kundenwert%'",
    )
    told = {(relation, column): text for relation, column, text in said}
    with duckdb.connect(str(versions.current / "bi" / "serving.duckdb"), read_only=True) as serving:
        rows = serving.execute("select * from current_mart_values order by id").fetchall()
        query = (
            "select table_name, comment from duckdb_tables() union all select view_name, comment from duckdb_views()"
        )
        expected = {name: text for name, text in serving.execute(query).fetchall() if text}
    for name, text in expected.items():
        assert told[f"kundenwert_bi.{name}", None] == text
    for relation in ("v000002__bi.mart_values", "kundenwert_bi.mart_values", "kundenwert_bi.current_mart_values"):
        assert told[relation, "score"] == "Points."
    assert "It's a row." in told["v000002__bi.mart_values", None]
    current = one(loader, "select id, version, day from kundenwert_bi.current_mart_values order by id")
    assert current == [(row[1], row[2], row[4]) for row in rows] and 0 < len(current) < 500
    keys = one(
        loader,
        "select conrelid::regclass::text from pg_constraint where contype = 'p' and conrelid::regclass::text like 'v0%' order by 1",
    )
    assert [name for (name,) in keys] == [
        *(f"v000002__bi.{name}" for name in ("mart_empty", "mart_totals", "mart_values")),
        "v000002__controlling.mart_reconciliation",
    ]


def test_a_key_that_no_index_holds_is_filled_and_nothing_more(loader: str, tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    published(home, 1, key="md5(n::varchar) || repeat(md5(n::varchar || 'x'), 90)")
    serve(home, None, loader)
    filled = one(
        loader,
        "select attname::text from pg_attribute where attrelid = 'v000001__bi.mart_values'::regclass and attnotnull and attnum > 0",
    )
    assert filled == [("as_of_date",), ("id",)]
    assert one(loader, "select count(*) from pg_constraint where conrelid = 'v000001__bi.mart_values'::regclass") == [
        (0,)
    ]


# --- who reads what --------------------------------------------------------------------------------------------------


def test_a_role_reads_its_audience_and_nothing_beyond(address: str, loader: str, versions: Home) -> None:
    serve(versions, 1, loader)
    serve(versions, 2, loader)
    member = reader(address, loader, "kundenwert_bi")
    refused = {
        "select * from kundenwert_controlling.mart_reconciliation": "permission denied for schema",
        "select * from v000002__bi.mart_values": "permission denied for schema",
        "select * from v000001__bi.mart_values": "permission denied for schema",
        "insert into kundenwert_bi.mart_totals values (1, 1)": "permission denied for view",
        "delete from kundenwert_bi.mart_values": "permission denied for view",
        "create table kundenwert_bi.own (n int)": "permission denied for schema",
        "create view kundenwert_bi.own as select 1 as n": "permission denied for schema",
        "drop view kundenwert_bi.mart_values": "must be owner",
        "create schema own": "permission denied for database",
        "set role kundenwert_controlling": "permission denied to set role",
    }
    for statement, said in refused.items():
        with pytest.raises(Error, match=said):
            one(member, statement)
    with door.connect(member) as connection:
        ask(connection, "set search_path = v000002__controlling, kundenwert_controlling, v000002__bi, kundenwert_bi")
        assert ask(connection, "select count(*) from mart_totals") == [(50,)]
        with pytest.raises(Error, match="does not exist"):
            ask(connection, "select * from mart_reconciliation")
    assert one(
        reader(address, loader, "kundenwert_controlling"),
        "select count(*) from kundenwert_controlling.mart_reconciliation",
    )
    for stranger in (reader(address, loader), reader(address, loader, "kundenwert_team")):
        with pytest.raises(Error, match="permission denied for schema"):
            one(stranger, "select * from kundenwert_bi.mart_totals")


def test_who_may_not_make_schemas_or_roles_is_told(address: str, versions: Home) -> None:
    place = fresh_database(address)
    with pytest.raises(KundenwertError) as caught:
        serve(versions, None, reader(address, place, *_roles_dropped(address)))
    assert [problem.code for problem in caught.value.problems] == ["SERVING_RIGHTS"]
    assert "may not create one" in caught.value.problems[0].what
    serve(versions, None, place)
    other = fresh_database(address)
    ordinary = reader(address, other)
    with pytest.raises(KundenwertError) as caught:
        serve(versions, None, ordinary)
    assert [problem.code for problem in caught.value.problems] == ["SERVING_RIGHTS"]
    assert schemas_of_versions(other) == []
    name, user = other.rpartition("/")[2], ordinary.partition("//")[2].partition(":")[0]
    postgres.ask(other, f"grant create on database {name} to {user}")
    for number in (1, 2, 1):
        assert serve(versions, number, ordinary).is_new, "the one right is enough, with the roles made by others"
    assert shown_version(reader(address, other, "kundenwert_bi")) == 1


def _roles_dropped(address: str) -> tuple[()]:
    """Let the server have none of the audiences' roles any more, as a fresh one."""
    admin = url(address, "postgres")
    names = [name for (name,) in one(admin, "select datname::text from pg_database where datname like 'serving_%'")]
    roles = [name for (name,) in one(admin, "select rolname::text from pg_roles where rolname like 'kundenwert_%'")]
    for role in roles:
        for name in names:
            postgres.ask(url(address, name), f"drop owned by {role}")
        postgres.ask(admin, f"drop role {role}")
    return ()


# --- readers meanwhile -----------------------------------------------------------------------------------------------


FIGURES = "select min(version), max(version), count(*) from"
"""What a reader asks of a table: the versions its rows say they are of, and how many they are."""


def by_postgresql(place: str, number: int) -> Iterator[list[tuple[Any, ...]]]:
    """Both tables, in one statement or in two of a transaction, in either order."""
    tables = ("mart_values", "mart_totals")[:: 1 if number % 2 else -1]
    first, second = (f"{FIGURES} kundenwert_bi.{each}" for each in tables)
    with door.connect(place) as connection:
        while True:
            asked = [f"{first} union all {second}"] if number % 3 else [first, second]
            found = [row for each in asked for row in ask(connection, each)]
            connection.commit()
            yield found


def by_duckdb(home: Home) -> Iterator[list[tuple[Any, ...]]]:
    """Both tables of the database, which is opened anew each time, as a BI tool does for a refresh."""
    while True:
        with duckdb.connect(str(home.current.resolve() / "bi/serving.duckdb"), read_only=True) as connection:
            yield [row for table in ("mart_values", "mart_totals") for row in ask_duckdb(connection, table)]


def by_files(home: Home) -> Iterator[list[tuple[Any, ...]]]:
    """Both Parquet files of the version that was CURRENT when the reading began."""
    with duckdb.connect() as connection:
        while True:
            folder = home.current.resolve() / "bi"
            yield [
                row
                for table in ("mart_values", "mart_totals")
                for row in ask_duckdb(connection, f"'{folder}/{table}.parquet'")
            ]


def ask_duckdb(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[Any, ...]]:
    return connection.execute(f"{FIGURES} {relation}").fetchall()


@pytest.mark.parametrize(
    ("how_many", "publishes"), [pytest.param(3, 8), pytest.param(8, 100, marks=pytest.mark.endless)]
)
def test_readers_never_see_two_versions_or_an_error(
    how_many: int, publishes: int, address: str, loader: str, tmp_path: Path, versions: Home
) -> None:
    """Versions are published, loaded and swapped while readers of the database, the files and PostgreSQL read two tables each."""
    home = Home.at(tmp_path / "home")
    shutil.copytree(versions.root, home.root, symlinks=True)
    serve(home, None, loader)
    member = reader(address, loader, "kundenwert_bi")
    stop = threading.Event()
    seen: list[set[int]] = [set() for _ in range(how_many)]
    wrong: list[object] = []

    def read(number: int) -> None:
        readings = (by_postgresql(member, number), by_duckdb(home), by_files(home))
        try:
            for found in readings[number % len(readings)]:
                told = {version for row in found for version in row[:2]}
                if len(told) != 1 or {row[2] for row in found} != {500, 50}:
                    wrong.append(found)
                seen[number] |= told
                if stop.wait(0.01):
                    return
        except Exception as error:  # noqa: BLE001 - whatever it is, a reader must not see it
            wrong.append(error)

    readers = [threading.Thread(target=read, args=(number,)) for number in range(how_many)]
    for each in readers:
        each.start()
    last = 2 + publishes
    try:
        for version in range(3, last + 1):
            published(home, version)
            assert serve(home, None, loader).is_new
        _until(lambda: all(last in each for each in seen) or bool(wrong))
    finally:
        stop.set()
        for each in readers:
            each.join()
    assert not wrong
    assert all(len(each) > 1 for each in seen)
    assert schemas_of_versions(loader) == schemas_of(last - 1, last)
    shutil.rmtree(layout.directory_of(home, last))
    assert serve(home, last - 1, loader).is_new
    assert schemas_of_versions(loader) == schemas_of(last - 1), "what is gone from the home goes from the database"


def _until(is_so: Any) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_reader_who_does_not_let_go_keeps_the_version_and_no_one_out(
    address: str, loader: str, versions: Home
) -> None:
    serve(versions, 1, loader)
    member = reader(address, loader, "kundenwert_bi")
    with door.connect(member) as long:
        ((pid, _),) = ask(long, "select pg_backend_pid(), max(version) from kundenwert_bi.mart_totals")
        with pytest.raises(KundenwertError) as caught:
            serve(versions, 2, loader, patience_seconds=0)
        assert [problem.code for problem in caught.value.problems] == ["SERVING_BUSY"]
        assert str(pid) in caught.value.problems[0].what
        assert shown_version(member) == 1
        assert ask(long, "select max(version) from kundenwert_bi.mart_values") == [(1,)]
    assert serve(versions, 2, loader) == Served("v000002", 4, 0, True), "it is loaded already"
    assert shown_version(member) == 2


def test_what_others_built_on_a_view_stays_or_stops_the_swap(loader: str, tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    published(home, 1)
    published(home, 2, f"{NARROW}, name")
    published(home, 3, "score")
    serve(home, 1, loader)
    postgres.ask(loader, "create schema own", "create view own.days as select id, day from kundenwert_bi.mart_values")
    assert serve(home, 2, loader).is_new
    assert one(loader, "select count(name) from kundenwert_bi.mart_values")[0][0] > 0
    with pytest.raises(KundenwertError) as caught:
        serve(home, 3, loader)
    assert [problem.code for problem in caught.value.problems] == ["SERVING_DEPENDENT"]
    assert "own.days" in caught.value.problems[0].what and shown_version(loader) == 2
    postgres.ask(loader, "drop view own.days")
    assert serve(home, 3, loader).rows == 0 and shown_version(loader) == 3


# --- what goes wrong -------------------------------------------------------------------------------------------------

CHANGES_A_ROW = (
    "create schema own",
    "create function own.change() returns trigger language plpgsql as "
    "'begin if new.number = 7 then new.version := new.version + 1; end if; return new; end'",
    "create function own.watch() returns event_trigger language plpgsql as 'begin "
    "if exists (select from pg_event_trigger_ddl_commands() where object_identity = ''v000002__bi.mart_totals'') then "
    "create trigger change before insert on v000002__bi.mart_totals for each row execute function own.change(); "
    "end if; end'",
    "create event trigger watch on ddl_command_end when tag in ('CREATE TABLE') execute function own.watch()",
)


def test_a_row_changed_on_the_way_is_found_and_nothing_is_shown(loader: str, versions: Home) -> None:
    serve(versions, 1, loader)
    postgres.ask(loader, *CHANGES_A_ROW)
    with pytest.raises(VerifyError) as caught:
        serve(versions, 2, loader)
    (problem,) = caught.value.problems
    assert problem.code == "SERVING_DIFFERS"
    assert all(said in problem.what for said in ("mart_totals", "sum of version is 101 in", "100 in the file"))
    assert shown_version(loader) == 1 and schemas_of_versions(loader) == schemas_of(1)
    postgres.ask(loader, "drop event trigger watch")
    assert serve(versions, 2, loader).rows == 600 and shown_version(loader) == 2


KILLED = """
import sys
from pipelines.home import Home
from pipelines.publishing.postgresql import serve
serve(Home.at(sys.argv[1]), 2, sys.argv[2])
"""


@pytest.mark.parametrize(
    ("point", "after", "left"),
    [
        ("serve: compare:late", 1, (1,)),
        ("serve: show:late", 2, (1, 2)),
    ],
)
def test_killed_in(point: str, after: int, left: tuple[int, ...], loader: str, versions: Home) -> None:
    serve(versions, 1, loader)
    arguments = [sys.executable, "-c", KILLED, str(versions.root), loader]
    died = subprocess.run(arguments, check=False, env={**os.environ, steps.KILL_AT: point}, cwd=REPOSITORY)
    assert died.returncode == -signal.SIGKILL
    _until(lambda: not one(loader, "select from pg_stat_activity where application_name = 'kundenwert serve-postgres'"))
    assert shown_version(loader) == after and schemas_of_versions(loader) == schemas_of(*left)
    assert serve(versions, 2, loader).rows == (600 if left == (1,) else 0)
    assert shown_version(loader) == 2


def test_another_home_with_the_same_number_takes_its_place(loader: str, versions: Home, tmp_path: Path) -> None:
    other = Home.at(tmp_path)
    published(other, 7)
    serve(versions, 1, loader)
    for home, version in ((other, 7), (versions, 1), (other, 7)):
        assert serve(home, 1, loader).rows == 600
        assert shown_version(loader) == version
    assert schemas_of_versions(loader) == sorted([*schemas_of(1), *(f"{each}__aside" for each in schemas_of(1))])


def test_two_loads_do_not_meet(loader: str, versions: Home) -> None:
    with opened(loader), pytest.raises(LockedError) as caught:
        serve(versions, None, loader)
    assert [problem.code for problem in caught.value.problems] == ["SERVING_IN_USE"]
    assert serve(versions, None, loader).is_new


@pytest.mark.parametrize(
    ("number", "place", "code", "exit_code"),
    [
        (9, "postgresql://nobody:se%23cret@127.0.0.1:1/none", "VERSION_UNKNOWN", ExitCode.VERIFY_FAILED),
        (1, "postgresql://nobody:se%23cret@127.0.0.1:1/none", "DATABASE_CONNECT", ExitCode.FAILED),
        (1, "my se%23cret", "DATABASE_CONNECT", ExitCode.FAILED),
    ],
)
def test_what_cannot_be_reached_is_told(
    number: int, place: str, code: str, exit_code: ExitCode, versions: Home
) -> None:
    with pytest.raises(KundenwertError) as caught:
        serve(versions, number, place)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert caught.value.exit_code == exit_code and "cret" not in str(caught.value)


def test_a_damaged_version_is_not_loaded(loader: str, versions: Home, tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    shutil.copytree(versions.root, home.root, symlinks=True)
    (home.current / "bi" / "mart_totals.parquet").write_bytes(b"PAR1")
    with pytest.raises(VerifyError, match="FILE_ALTERED"):
        serve(home, None, loader)
    assert schemas_of_versions(loader) == []
