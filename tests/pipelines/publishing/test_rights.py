"""A group of the machine reads its audience's folder and nothing beyond it: tried by processes of another user."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pipelines.errors import KundenwertError
from pipelines.home import Home
from pipelines.publishing import Audience, publish
from tests.pipelines.publishing.samples import FACTS, fill, published_tables

NOBODY = pwd.getpwnam("nobody")
ANALYSTS, CONTROLLERS = [each.gr_name for each in grp.getgrall() if each.gr_gid not in (0, NOBODY.pw_gid)][:2]
READERS: Mapping[Audience, str] = {"bi": ANALYSTS, "controlling": CONTROLLERS}


@pytest.fixture
def home() -> Iterator[Home]:
    """Below a directory that others pass."""
    above = Path(tempfile.mkdtemp())
    above.chmod(0o711)
    made = Home.at(above / "home")
    fill(made, rows=50)
    yield made
    shutil.rmtree(above)


def does(group: str, *command: str | Path) -> bool:
    """Whether a process of nobody who belongs to the group can do it."""
    done = subprocess.run(
        command,
        user=NOBODY.pw_uid,
        group=NOBODY.pw_gid,
        extra_groups=[grp.getgrnam(group).gr_gid],
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def tables(home: Home, readers: Mapping[Audience, str]) -> None:
    publish(home, published_tables(home), FACTS, readers=readers)


@pytest.mark.needs("root")
def test_a_group_reads_its_folder_and_nothing_beyond_it(home: Home) -> None:
    tables(home, READERS)
    for group, own, others in ((ANALYSTS, "bi", "controlling"), (CONTROLLERS, "controlling", "bi")):
        assert does(group, "ls", home.current / own)
        assert does(group, "cat", *(home.current / own).iterdir())
        for path in (
            home.current / others,
            home.current / "team",
            home.current,
            home.published,
            home.root,
            home.root / "landing",
        ):
            assert not does(group, "ls", path), path
        for path in (*(home.current / others).iterdir(), home.current / "manifest.json", home.warehouse):
            assert not does(group, "cat", path), path
        for path in (home.current / own).iterdir():
            assert not does(group, "sh", "-c", f"echo x >> '{path}'"), path
            assert not does(group, "rm", "-f", path), path


@pytest.mark.needs("root")
def test_who_reads_no_more_is_shut_out_of_every_version(home: Home) -> None:
    """Also where nothing new is published."""
    tables(home, READERS)
    first = home.current.resolve()
    fill(home, changed=True)
    tables(home, READERS)
    assert home.current.resolve() != first
    tables(home, {"controlling": ANALYSTS})
    for version in (first, home.current):
        assert not does(ANALYSTS, "ls", version / "bi")
        assert not does(CONTROLLERS, "ls", version / "controlling")
        assert does(ANALYSTS, "cat", *(version / "controlling").iterdir())
    tables(home, {})
    assert not does(ANALYSTS, "ls", first / "controlling")
    assert home.root.stat().st_mode & 0o077 == 0


@pytest.mark.needs("root")
def test_files_that_cannot_be_given_away_are_a_coded_error(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    tables(home, {})
    there = home.current.resolve()
    fill(home, changed=True)

    def denied(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "chown", denied)
    with pytest.raises(KundenwertError) as caught:
        tables(home, READERS)
    assert caught.value.problems[0].code == "READERS_DENIED"
    assert home.current.resolve() == there
    assert not list(home.published.glob(".*"))
