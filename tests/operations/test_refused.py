"""A disk that is really full, a home that is really read-only: codes, exit codes, CURRENT unchanged. Nobody else sees the mounts."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.end_to_end.demo import ten_customers_published
from tests.end_to_end.kundenwert import COMMAND, Company
from tests.patience import PATIENCE_SECONDS

pytestmark = [pytest.mark.slow, pytest.mark.needs("root")]

READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
FULL = """
mount -t tmpfs -o size=400m tmpfs "$1" && cp -a "$2"/. "$1"/
fallocate -l $(( ($(df --output=avail -k "$1" | tail -1) - $3) * 1024 )) "$1/filler"
"$4" --config "$1/config" --home "$1/home" run; echo "run ended with $?"
"$4" --config "$1/config" --home "$1/home" verify; echo "verify ended with $?"
readlink "$1/home/published/CURRENT"
"""


def own_mounts(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a shell script where its mounts are nobody else's."""
    return subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
        cwd=REPOSITORY,
        env={**os.environ, "COLUMNS": "160"},
    )


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Published once, with another delivery lying ready."""
    folder = tmp_path_factory.mktemp("refused")
    company = ten_customers_published(tmp_path_factory, folder)
    (orders,) = (folder / "demo").rglob("Auftraege.csv")
    orders.write_bytes(b"".join(orders.read_bytes().splitlines(keepends=True)[:-1]))
    return company


@pytest.mark.parametrize("command", ["check", "verify", "versions", "todo", "explain 010001"])
def test_what_only_reads_needs_no_right_to_write(company: Company, command: str) -> None:
    whole: tuple[str | Path, ...] = (COMMAND, "--config", company.config, "--home", company.home, *command.split())
    done = own_mounts(READ_ONLY, company.home, *whole)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", ["run", "rollback v000001", "ui"])
def test_what_writes_says_where_it_may_not(company: Company, command: str) -> None:
    whole: tuple[str | Path, ...] = (COMMAND, "--config", company.config, "--home", company.home, *command.split())
    done = own_mounts(READ_ONLY, company.home, *whole)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "NOT_WRITABLE: this user may not write there" in done.stderr
    assert "next:  give this user the right to write there" in done.stderr


@pytest.mark.parametrize("free_kb", [8, 4_000, 30_000], ids=["at the start", "while landing", "while computing"])
def test_a_full_disk_has_a_code_and_leaves_current_as_it_is(company: Company, tmp_path: Path, free_kb: int) -> None:
    done = own_mounts(FULL, tmp_path, company.home.parent, str(free_kb), COMMAND)
    assert "Traceback" not in done.stderr, done.stderr
    assert "run ended with 1" in done.stdout
    assert "DISK_FULL" in done.stderr or "MACHINE_REFUSED: the disk is full" in done.stderr, done.stderr
    assert "verify ended with 0" in done.stdout, "it needs no room"
    assert done.stdout.splitlines()[-1] == company.current.name
