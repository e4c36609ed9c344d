"""What is written is the old or the new, never a part; and nobody else renames files into their places."""

from __future__ import annotations

import ast
import errno
import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import durable
from tests.doors import product_modules


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_text_is_written_as_given_and_private(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder" / "note.txt"
    durable.write_text(target, "Grüße\r\n")
    assert (target.read_bytes(), mode(target), mode(target.parent)) == ("Grüße\r\n".encode(), 0o600, 0o700)
    durable.write_text(target, "")
    assert (target.read_bytes(), names(target.parent)) == (b"", ["note.txt"])


def test_a_table_is_written_in_pinned_groups(tmp_path: Path) -> None:
    table = pa.table({"x": range(durable.ROW_GROUP + 1)})
    durable.write_table(tmp_path / "t.parquet", table)
    written = pq.ParquetFile(tmp_path / "t.parquet")
    assert written.read().equals(table)
    assert [written.metadata.row_group(each).num_rows for each in range(2)] == [durable.ROW_GROUP, 1]
    assert written.metadata.row_group(0).column(0).compression.lower() == durable.COMPRESSION
    assert (mode(tmp_path / "t.parquet"), names(tmp_path)) == (0o600, ["t.parquet"])


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_a_write_that_fails_leaves_the_old_and_nothing_else(tmp_path: Path, failure: BaseException) -> None:
    target, beside = tmp_path / "here" / "note.txt", tmp_path / "tmp"
    durable.write_text(target, "old")
    with pytest.raises(type(failure)), durable.aside(target, beside=beside) as path:
        path.write_text("half")
        assert (path.parent, mode(path)) == (beside, 0o600)
        raise failure
    assert (target.read_text(), names(target.parent), names(beside)) == ("old", ["note.txt"], [])


def test_directories_then_content_then_the_name_reach_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    monkeypatch.setattr(durable, "sync_file", lambda path: events.append(f"content {path.exists()}"))
    monkeypatch.setattr(durable, "sync_directory", lambda path: events.append(path.name))
    durable.write_text(tmp_path / "a" / "b" / "note.txt", "x")
    assert events == ["a", tmp_path.name, "content True", "b"]
    events.clear()
    durable.write_text(tmp_path / "a" / "b" / "note.txt", "y")
    assert events == ["content True", "b"]


def test_a_symlink_changes_in_one_instant(tmp_path: Path) -> None:
    link = tmp_path / "CURRENT"
    for version in ("v000001", "v000002"):
        durable.write_symlink(link, version)
        assert str(link.readlink()) == version
    assert names(tmp_path) == ["CURRENT"]


def test_a_file_is_shared_where_that_is_possible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("same")
    new.write_text("same")
    assert durable.share_file(old, new) and old.samefile(new)
    other = tmp_path / "other"
    other.write_text("own")

    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    assert not durable.share_file(old, other) and other.read_text() == "own"
    assert names(tmp_path) == ["new", "old", "other"]


def test_a_leftover_is_known_by_its_writer(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    target = tmp_path / "note.txt"
    with durable.aside(target) as path:
        dead = path.with_name(path.name.replace(str(os.getpid()), str(ended.pid)))
        living = path.with_name(path.name.replace(str(os.getpid()), str(os.getppid())))
    assert durable.is_leftover(dead, target)
    assert not durable.is_leftover(living, target)
    assert not durable.is_leftover(target, target)


RENAMING = {"rename", "renames", "hardlink_to", "link"}
"""Attributes that give a file its name, of Path or of os."""

TEMPORARY = {"NamedTemporaryFile", "mkstemp"}


def _by_hand(tree: ast.AST) -> Iterator[int]:
    """Lines that rename files, or pin how a Parquet file is written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if (
                any(word in node.value for word in ("row_group_size", "compression zstd", "ZSTD"))
                or node.value == "zstd"
            ):
                yield node.lineno
        elif isinstance(node, ast.keyword) and node.arg in ("row_group_size", "compression"):
            yield node.value.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name, whose = node.func.attr, ast.unparse(node.func.value)
            # str.replace has two arguments, datetime.replace names them: one alone is Path's, and os has its own.
            is_path_replace = name == "replace" and (whose == "os" or (len(node.args) == 1 and not node.keywords))
            if is_path_replace or name in TEMPORARY or (name in RENAMING and whose != "durable"):
                yield node.lineno


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ("os.replace(a, b)", True),
        ("aside.replace(target)", True),
        ("building.rename(target)", True),
        ("aside.hardlink_to(existing)", True),
        ("tempfile.NamedTemporaryFile(dir=folder)", True),
        ("pq.write_table(table, file, row_group_size=5)", True),
        ("connection.execute('copy t to x (format parquet, compression zstd)')", True),
        ("text.replace('a', 'b')", False),
        ("moment.replace(tzinfo=UTC)", False),
        ("durable.rename(a, b)", False),
    ],
)
def test_writing_by_hand_is_recognised(code: str, is_found: bool) -> None:
    assert bool(list(_by_hand(ast.parse(code)))) is is_found


def test_nobody_writes_by_hand() -> None:
    doors = ("pipelines/durable.py", "pipelines/duck.py")
    found = [f"{name}:{line}" for name, tree in product_modules() if name not in doors for line in _by_hand(tree)]
    assert found == [], "use pipelines.durable (aside, write_text, rename ...) and pipelines.duck.write_parquet"
