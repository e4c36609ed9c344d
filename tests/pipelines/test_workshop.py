"""A scratch directory is private, fresh, gone afterwards; what the dead left goes too, what the living use stays."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from pipelines.workshop import workshop


def test_it_is_private_and_gone_however_the_block_ends(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), workshop(tmp_path / "tmp", "land-orders") as directory:
        assert directory == tmp_path / "tmp" / f"land-orders-{os.getpid()}"
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        (directory / "half.csv").touch()
        raise KeyboardInterrupt
    assert list((tmp_path / "tmp").iterdir()) == []


def test_what_a_dead_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    kept = [tmp_path / f"check-{os.getppid()}", tmp_path / f"land-orders-{ended.pid}", tmp_path / "check-notes"]
    for left in (*kept[:2], tmp_path / f"check-{ended.pid}", tmp_path / f"check-{os.getpid()}"):
        (left / "deep").mkdir(parents=True)
    with workshop(tmp_path, "check") as directory:
        assert list(directory.iterdir()) == [], "a predecessor of our own id left its own"
    assert sorted(tmp_path.iterdir()) == sorted(kept[:2])
