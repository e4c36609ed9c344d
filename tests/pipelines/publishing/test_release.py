"""Publishing: the same bytes for the same content, shared files, numbers that only grow, pruning, rolling back."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines import contents, disk, durable
from pipelines.contents import Relation, State
from pipelines.errors import KundenwertError, VerifyError
from pipelines.home import Home
from pipelines.publishing import (
    AUDIENCES,
    PublishedTable,
    current_version,
    export,
    layout,
    manifest,
    publish,
    retention,
    rollback,
    serving,
    verify,
    versions,
)
from tests.pipelines.publishing.samples import (
    FACTS,
    PUBLISHED_AT,
    fill,
    parquet_bytes,
    publish_again,
    publish_the_same,
    published_tables,
)


def inodes(directory: Path) -> dict[str, int]:
    return {
        path.relative_to(directory).as_posix(): path.stat().st_ino
        for path in directory.rglob("*")
        if path.suffix == ".parquet"
    }


def databases(directory: Path) -> dict[str, bytes]:
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in sorted(directory.rglob("*.duckdb"))}


def test_a_version_holds_what_was_declared(home: Home) -> None:
    made = publish_again(home)
    files = sorted(path.relative_to(made.path).as_posix() for path in made.path.rglob("*") if path.is_file())
    assert files == [
        "bi/dim_customer.parquet",
        "bi/mart_portfolio.parquet",
        "bi/serving.duckdb",
        "controlling/check_results.parquet",
        "controlling/mart_reconciliation.parquet",
        "controlling/serving.duckdb",
        "manifest.json",
        "manifest.sha256",
        "team/serving.duckdb",
    ]
    assert home.current.is_symlink() and str(home.current.readlink()) == "v000001"
    read = manifest.read(home.current)
    assert read == made.manifest
    assert read.published_at == PUBLISHED_AT
    assert [day.isoformat() for day in read.as_of_dates] == ["2025-11-30", "2025-12-31"]
    assert {file.path: file.rows for file in read.files if file.is_table} == {
        "bi/dim_customer.parquet": 300,
        "bi/mart_portfolio.parquet": 5_000,
        "controlling/check_results.parquet": 1,
        "controlling/mart_reconciliation.parquet": 12,
    }
    assert [source.table for source in read.sources] == ["ratings", "customers"]
    assert verify(home).files == 7


def test_the_same_content_gives_the_same_bytes_and_shared_files(home: Home) -> None:
    first, second = publish_again(home), publish_again(home)
    assert (first.number, second.number) == (1, 2)
    assert second.manifest.previous_version == 1
    assert inodes(first.path) == inodes(second.path)
    assert second.linked_files == 4
    assert first.linked_files == 0
    for database in (path for made in (first, second) for path in made.path.rglob("*.duckdb")):
        assert database.stat().st_nlink == 1, "who writes into one must not change two versions"
    assert databases(first.path) == databases(second.path)


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize("order", ["number desc", "hash(number)"])
def test_the_order_of_the_rows_in_the_warehouse_does_not_matter(tmp_path: Path, order: str, threads: int) -> None:
    """More rows than two row groups, so that threads could disagree about them."""
    one, other = Home.at(tmp_path / "one"), Home.at(tmp_path / "other")
    fill(one, rows=260_000)
    fill(other, rows=260_000, order=order, threads=threads)
    first, second = publish_again(one), publish_again(other)
    assert parquet_bytes(first.path) == parquet_bytes(second.path)


def test_one_changed_cent_replaces_its_file_and_its_database_only(home: Home) -> None:
    first = publish_again(home)
    fill(home, changed=True)
    second = publish_again(home)
    changed = {path for path, inode in inodes(second.path).items() if inodes(first.path)[path] != inode}
    assert changed == {"bi/mart_portfolio.parquet"}
    before, after = databases(first.path), databases(second.path)
    assert {path for path, content in after.items() if before[path] != content} == {"bi/serving.duckdb"}
    assert verify(home, 1) and verify(home, 2)


def test_the_same_once_more_is_not_published(home: Home) -> None:
    first = publish_again(home)
    again = publish_the_same(home)
    assert (again.is_new, again.number, again.path, again.manifest) == (False, 1, first.path, first.manifest)
    assert [version.number for version in versions(home)] == [1]
    assert verify(home)
    assert not list(home.published.glob(".*"))


def test_the_same_is_published_anew_where_the_version_before_was_damaged(home: Home) -> None:
    first = publish_again(home)
    (first.path / "bi/mart_portfolio.parquet").write_bytes(b"")
    again = publish_the_same(home)
    assert (again.is_new, again.number) == (True, 2)
    assert verify(home, 2)


def test_a_table_that_holds_what_it_held_is_not_written_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its content, said in the warehouse, is what decides; a table that changed is written, and the bytes are as if all were."""
    portfolio, customers = Relation("marts", "mart_portfolio"), Relation("marts", "dim_customer")
    with duckdb.connect(str(home.warehouse)) as warehouse:
        for relation in (portfolio, customers):
            contents.say(warehouse, relation, State(False, contents.of_table(warehouse, relation)))
    publish_again(home)
    with duckdb.connect(str(home.warehouse)) as warehouse:
        column = "ultimate_parent_id"
        warehouse.execute(
            f"delete from marts.mart_portfolio where {column} = (select min({column}) from marts.mart_portfolio)"
        )
        contents.say(warehouse, portfolio, State(False, contents.of_table(warehouse, portfolio)))
    written = []
    export_one = export.export

    def heard(connection: duckdb.DuckDBPyConnection, table: PublishedTable, target: Path) -> int:
        written.append(table.name)
        return export_one(connection, table, target)

    monkeypatch.setattr(export, "export", heard)
    second = publish_again(home)
    assert sorted(written) == ["check_results", "mart_portfolio", "mart_reconciliation"], (
        "nobody says what the last one holds"
    )
    verify(home, second.number)
    anew = Home.at(home.root.with_name("anew")).prepare()
    shutil.copy(home.warehouse, anew.warehouse)
    shutil.copytree(home.checks, anew.checks, dirs_exist_ok=True)
    assert parquet_bytes(publish_again(anew).path) == parquet_bytes(second.path)


def test_an_altered_file_is_never_shared_with_the_next_version(home: Home) -> None:
    first = publish_again(home)
    for name in ("bi/mart_portfolio.parquet", "bi/serving.duckdb"):
        content = bytearray((first.path / name).read_bytes())
        content[len(content) // 2] ^= 1
        (first.path / name).chmod(0o600)
        (first.path / name).write_bytes(content)
    second = publish_again(home)
    assert verify(home, 2)
    assert second.linked_files == 3


def test_serving_databases_are_real_tables_equal_to_the_parquet_files(home: Home) -> None:
    made = publish_again(home)
    for audience in AUDIENCES:
        database = made.path / audience / "serving.duckdb"
        with duckdb.connect(str(database), read_only=True, config={"enable_external_access": False}) as connection:
            tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
            counts = {name: connection.table(name).count("*").fetchall()[0][0] for name in tables}
        expected = {Path(file.path).stem: file.rows for file in made.manifest.tables_of(audience)}
        assert counts == expected
    with duckdb.connect(str(made.path / "bi/serving.duckdb"), read_only=True) as connection:
        difference = connection.execute(
            f"""(from mart_portfolio except all from '{made.path}/bi/mart_portfolio.parquet')
            union all (from '{made.path}/bi/mart_portfolio.parquet' except all from mart_portfolio)"""
        ).fetchall()
        assert difference == []
        tags = connection.execute("select tags from duckdb_databases() where database_name = 'serving'").fetchone()
    assert tags is not None and "v1.0" in str(tags[0]), "an older driver must be able to open it"
    assert not list(made.path.rglob("*.wal"))


def test_a_database_says_what_it_holds_and_has_the_latest_day_apart(home: Home) -> None:
    told = {"mart_portfolio": ("One row per customer.\n\nDE: Eine Zeile je Kunde.", (("net_revenue", "It's money."),))}
    tables = [
        replace(table, description=told[table.name][0], columns=told[table.name][1]) if table.name in told else table
        for table in published_tables(home)
    ]
    made = publish(home, tables, FACTS, published_at=PUBLISHED_AT)
    with duckdb.connect(str(made.path / "bi/serving.duckdb"), read_only=True) as connection:
        ((comment,),) = connection.execute(
            "select comment from duckdb_tables() where table_name = 'mart_portfolio'"
        ).fetchall()
        columns = connection.execute(
            "select column_name, is_nullable, comment from duckdb_columns() where table_name = 'mart_portfolio' order by 1"
        ).fetchall()
        keys = connection.execute(
            "select table_name, constraint_column_names from duckdb_constraints() where constraint_type = 'PRIMARY KEY'"
        ).fetchall()
        of_view = connection.execute(
            "select comment from duckdb_columns() where table_name = 'current_mart_portfolio' and column_name = 'net_revenue'"
        ).fetchall()
        days = connection.execute("select distinct as_of_date::varchar from current_mart_portfolio").fetchall()
        counts = connection.execute(
            "select (select count(*) from current_mart_portfolio), (select count(*) from mart_portfolio)"
        ).fetchone()
    assert comment.startswith("One row per customer.\n\nDE: Eine Zeile je Kunde.\n\nKey: as_of_date, ")
    assert "never sum over it; current_mart_portfolio holds the latest" in comment
    assert ("net_revenue", True, "It's money.") in columns
    assert of_view == [("It's money.",)], "who reads the view asks the view"
    assert {name for name, is_nullable, _ in columns if not is_nullable} == set(
        next(table.order_by for table in tables if table.name == "mart_portfolio")
    )
    assert keys == [("dim_customer", ["customer_id"])]
    assert days == [("2025-12-31",)]
    assert counts is not None and 0 < counts[0] < counts[1]
    # Another description is another database.
    other = publish(home, [replace(table, description="Anew.") for table in tables], FACTS, published_at=PUBLISHED_AT)
    assert other.is_new
    assert inodes(other.path)["bi/mart_portfolio.parquet"] == inodes(made.path)["bi/mart_portfolio.parquet"]
    assert databases(other.path)["bi/serving.duckdb"] != databases(made.path)["bi/serving.duckdb"]


def test_nobody_else_may_read_what_is_published(home: Home) -> None:
    made = publish_again(home)
    for path in [made.path, *made.path.rglob("*")]:
        mode = 0o700 if path.is_dir() else 0o400 if path.suffix == ".duckdb" else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == mode, path


def test_pruning_keeps_the_newest_and_the_current(home: Home) -> None:
    for _ in range(4):
        publish_again(home)
    rollback(home, 2)
    made = publish_again(home, keep=2)
    assert made.number == 5
    assert layout.numbers(home) == (4, 5)
    rollback(home, 4)
    assert layout.numbers(home) == (4, 5)


def test_pruning_never_deletes_the_version_current_names(home: Home) -> None:
    for _ in range(4):
        publish_again(home)
    rollback(home, 1)
    gone = retention.prune(home, retention.Rule(days=2), PUBLISHED_AT + timedelta(days=3))
    assert [version.number for version in gone.versions] == [2]
    assert layout.numbers(home) == (1, 3, 4)
    assert verify(home).version == 1


def test_pruned_versions_leave_the_shared_files_of_the_others_whole(home: Home) -> None:
    publish_again(home)
    publish_again(home, keep=1)
    assert layout.numbers(home) == (2,)
    assert verify(home)


def test_rollback_moves_the_pointer_and_numbers_go_on_growing(home: Home) -> None:
    publish_again(home)
    fill(home, changed=True)
    publish_again(home)
    info = rollback(home, 1)
    assert (info.number, info.is_current, current_version(home)) == (1, True, 1)
    third = publish_again(home)
    assert (third.number, third.manifest.previous_version, current_version(home)) == (3, 1, 3)


def test_rollback_to_an_altered_version_is_refused(home: Home) -> None:
    first = publish_again(home)
    fill(home, changed=True)
    publish_again(home)
    (first.path / "bi" / "mart_portfolio.parquet").unlink()
    with pytest.raises(VerifyError, match="FILE_MISSING"):
        rollback(home, 1)
    with pytest.raises(VerifyError, match="VERSION_UNKNOWN"):
        rollback(home, 9)
    assert current_version(home) == 2


def test_a_number_is_not_used_twice_even_if_the_current_version_was_deleted_by_hand(home: Home) -> None:
    publish_again(home)
    made = publish_again(home)
    shutil.rmtree(made.path)
    with pytest.raises(VerifyError, match="POINTER_BROKEN"):
        current_version(home)
    assert publish_again(home).number == 3


def test_versions_lists_the_newest_first_and_also_broken_ones(home: Home) -> None:
    first, second = publish_again(home), publish_again(home)
    (first.path / "manifest.json").write_text("{}")
    newest, oldest = versions(home)
    assert (newest.number, newest.is_current, newest.tables, newest.is_readable) == (2, True, 4, True)
    assert newest.method_version == "0123456789ab" and newest.published_at == PUBLISHED_AT + timedelta(days=1)
    assert newest.size_bytes == disk.taken(second.path) >= sum(each.bytes for each in second.manifest.files)
    assert (oldest.name, oldest.is_current, oldest.is_readable, oldest.as_of_dates) == ("v000001", False, False, ())


def test_before_the_first_publication_there_is_nothing(tmp_path: Path) -> None:
    empty = Home.at(tmp_path / "empty")
    assert versions(empty) == () and current_version(empty) is None
    with pytest.raises(VerifyError, match="NOTHING_PUBLISHED"):
        verify(empty)


@pytest.mark.parametrize(("text", "number"), [("v000007", 7), ("7", 7), (" v12 ", 12)])
def test_versions_are_named_in_several_ways(text: str, number: int) -> None:
    assert layout.parse_version(text) == number


@pytest.mark.parametrize("text", ["", "0", "v", "latest", "v-1", "../v000001", "1.0"])
def test_what_is_no_version_name_is_refused(text: str) -> None:
    with pytest.raises(KundenwertError, match="VERSION_NAME"):
        layout.parse_version(text)


def test_leftovers_of_dead_runs_are_cleared_and_living_ones_left(home: Home) -> None:
    published = home.published
    for name in (f"{layout.BUILDING}999999999", f"{layout.BUILDING}{os.getpid()}", f"{layout.PRUNING}v000001"):
        (published / name / "bi").mkdir(parents=True)
    (published / ".CURRENT.aside-999999999").symlink_to("v000009")
    living = published / f"{layout.BUILDING}{os.getppid()}"
    living.mkdir()
    publish_again(home)
    assert sorted(entry.name for entry in published.iterdir()) == [living.name, "CURRENT", "v000001"]


def test_everything_is_on_the_disk_before_it_becomes_visible(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[tuple[str, str]] = []

    def noting(kind: str, act: object) -> object:
        def noted(*paths: Path) -> None:
            events.append((kind, Path(paths[-1]).name))
            act(*paths)  # type: ignore[operator]

        return noted

    monkeypatch.setattr(durable, "sync_file", noting("sync", durable.sync_file))
    monkeypatch.setattr(durable, "sync_directory", noting("sync", durable.sync_directory))
    monkeypatch.setattr(os, "rename", noting("rename", os.rename))
    monkeypatch.setattr(os, "replace", noting("rename", os.replace))
    made = publish_again(home)
    renamed = events.index(("rename", made.path.name))
    synced_before = {name for kind, name in events[:renamed] if kind == "sync"}
    assert synced_before >= {path.name for path in made.path.rglob("*")}
    assert events[renamed:] == [
        ("rename", "v000001"),
        ("sync", "published"),
        ("rename", "CURRENT"),
        ("sync", "published"),
    ]


@pytest.mark.parametrize(
    "failure",
    [OSError(errno.ENOSPC, "No space left on device"), duckdb.IOException("IO Error: No space left on device")],
)
def test_a_full_disk_is_said_and_changes_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    publish_again(home)

    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(export, "export", fail)
    fill(home, changed=True)
    with pytest.raises(KundenwertError, match="DISK_FULL"):
        publish_again(home)
    monkeypatch.undo()
    assert sorted(entry.name for entry in home.published.iterdir()) == ["CURRENT", "v000001"]
    assert publish_again(home).number == 2


def test_another_failure_leaves_no_trace_and_is_not_renamed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(serving, "write", fail)
    with pytest.raises(OSError, match="broken"):
        publish_again(home)
    assert list(home.published.iterdir()) == []


def test_without_hard_links_files_are_copies(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    first, second = publish_again(home), publish_again(home)
    assert second.linked_files == 0
    assert parquet_bytes(first.path) == parquet_bytes(second.path)
    assert verify(home)


def test_keeping_no_version_is_refused() -> None:
    with pytest.raises(ValueError, match="keep"):
        retention.Rule(days=0)


def test_the_manifest_holds_no_secret(home: Home) -> None:
    home.secret.write_bytes(b"0f0f0f0f0f0f0f0f")
    made = publish_again(home)
    text = (made.path / "manifest.json").read_text()
    assert "0f0f0f0f" not in text and str(home.root) not in text
    assert FACTS.pseudonym_key_id == made.manifest.pseudonym_key_id
