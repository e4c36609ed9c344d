"""verify finds every altered, missing and extra file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipelines import contents
from pipelines.errors import VerifyError
from pipelines.home import Home
from pipelines.publishing import manifest, verify
from tests.pipelines.publishing.samples import fill, publish_again

FILES = (
    "bi/dim_customer.parquet",
    "bi/mart_portfolio.parquet",
    "bi/serving.duckdb",
    "controlling/check_results.parquet",
    "controlling/mart_reconciliation.parquet",
    "controlling/serving.duckdb",
    "team/serving.duckdb",
    "manifest.json",
    "manifest.sha256",
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.at(tmp_path_factory.mktemp("published") / "home")
    fill(home, rows=200)
    publish_again(home)
    return home


@pytest.fixture
def version(published: Home, tmp_path: Path) -> tuple[Home, Path]:
    """A copy to damage."""
    home = Home.at(tmp_path / "copy").prepare()
    shutil.copytree(published.published, home.published, symlinks=True, dirs_exist_ok=True)
    for path in home.published.rglob("*.duckdb"):
        path.chmod(0o600)
    return home, home.published / "v000001"


def codes(home: Home) -> list[str]:
    with pytest.raises(VerifyError) as caught:
        verify(home)
    return [problem.code for problem in caught.value.problems]


def test_the_list_of_files_below_is_complete(version: tuple[Home, Path]) -> None:
    _, directory = version
    assert sorted(FILES) == sorted(
        path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()
    )


def test_an_untouched_version_verifies(version: tuple[Home, Path]) -> None:
    home, directory = version
    report = verify(home)
    read = manifest.read(directory)
    assert (report.version, report.files, report.bytes) == (1, 7, sum(file.bytes for file in read.files))
    assert verify(home, 1) == report


@pytest.mark.parametrize("position", ["first", "middle", "last"])
@pytest.mark.parametrize("name", FILES)
def test_one_flipped_bit_is_found(version: tuple[Home, Path], name: str, position: str) -> None:
    home, directory = version
    content = bytearray((directory / name).read_bytes())
    content[{"first": 0, "middle": len(content) // 2, "last": len(content) - 1}[position]] ^= 1
    (directory / name).write_bytes(content)
    assert codes(home) == ["MANIFEST_ALTERED" if name.startswith("manifest") else "FILE_ALTERED"]


@pytest.mark.parametrize("name", FILES)
def test_a_removed_file_is_found(version: tuple[Home, Path], name: str) -> None:
    home, directory = version
    (directory / name).unlink()
    assert codes(home) == ["MANIFEST_MISSING" if name.startswith("manifest") else "FILE_MISSING"]


@pytest.mark.parametrize("name", FILES)
def test_a_shortened_and_a_lengthened_file_are_found(version: tuple[Home, Path], name: str) -> None:
    home, directory = version
    content = (directory / name).read_bytes()
    for changed in (content[:-1], content + b"\0", b""):
        (directory / name).write_bytes(changed)
        assert codes(home) == ["MANIFEST_ALTERED" if name.startswith("manifest") else "FILE_ALTERED"]


@pytest.mark.parametrize(
    "name", ["extra.txt", "bi/extra.parquet", "team/.hidden", "bi/serving.duckdb.wal", "new/x.parquet"]
)
def test_an_added_file_is_found(version: tuple[Home, Path], name: str) -> None:
    home, directory = version
    (directory / name).parent.mkdir(exist_ok=True)
    (directory / name).write_bytes(b"")
    assert set(codes(home)) == {"FILE_EXTRA"}


def test_a_link_in_place_of_a_file_is_found(version: tuple[Home, Path], tmp_path: Path) -> None:
    home, directory = version
    file = directory / "bi" / "mart_portfolio.parquet"
    shutil.copy(file, tmp_path / "elsewhere.parquet")
    file.unlink()
    file.symlink_to(tmp_path / "elsewhere.parquet")
    assert codes(home) == ["FILE_ALTERED"]


def test_all_problems_are_named_together(version: tuple[Home, Path]) -> None:
    home, directory = version
    shutil.rmtree(directory / "team")
    (directory / "bi" / "dim_customer.parquet").write_bytes(b"")
    (directory / "bi" / "more.parquet").write_bytes(b"")
    assert sorted(codes(home)) == ["FILE_ALTERED", "FILE_EXTRA", "FILE_MISSING", "FILE_MISSING"]


def test_a_version_under_another_number_is_found(version: tuple[Home, Path]) -> None:
    home, directory = version
    directory.rename(home.published / "v000002")
    with pytest.raises(VerifyError, match="VERSION_MISMATCH"):
        verify(home, 2)


@pytest.mark.parametrize("target", ["v000009", "elsewhere", "../v000001"])
def test_a_broken_pointer_is_found(version: tuple[Home, Path], target: str) -> None:
    home, _ = version
    home.current.unlink()
    home.current.symlink_to(target)
    assert codes(home) == ["POINTER_BROKEN"]


def test_a_pointer_that_is_no_link_is_found(version: tuple[Home, Path]) -> None:
    home, _ = version
    home.current.unlink()
    home.current.write_text("v000001")
    assert codes(home) == ["POINTER_BROKEN"]


@pytest.mark.parametrize(
    "change",
    [{"format_version": 2}, {"version": "1"}, {"more": 1}, {"published_at": "2026-01-02T07:00:00"}, {"files": None}],
)
def test_a_sealed_manifest_of_another_shape_is_refused(version: tuple[Home, Path], change: dict[str, object]) -> None:
    home, directory = version
    text = json.dumps(json.loads((directory / "manifest.json").read_text()) | change)
    (directory / "manifest.json").write_text(text)
    seal = f"{contents.of_file(directory / 'manifest.json')}  manifest.json\n"
    (directory / "manifest.sha256").write_text(seal)
    assert codes(home) == ["MANIFEST_INVALID"]


def test_messages_say_where_and_what_to_do(version: tuple[Home, Path]) -> None:
    home, directory = version
    (directory / "bi" / "mart_portfolio.parquet").unlink()
    with pytest.raises(VerifyError) as caught:
        verify(home)
    (problem,) = caught.value.problems
    assert problem.where == "v000001/bi/mart_portfolio.parquet"
    assert "rollback" in problem.remedy
    assert caught.value.exit_code == 7
