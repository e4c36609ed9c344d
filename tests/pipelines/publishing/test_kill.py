"""A SIGKILL in every step of publishing leaves CURRENT on a complete version; the next run repairs everything."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path

import pytest

from pipelines import steps
from pipelines.home import Home
from pipelines.publishing import current_version, layout, verify
from tests.forks import forked
from tests.pipelines.publishing.samples import fill, parquet_bytes, publish_again

STEPS = ("export", "serving", "manifest", "sync", "rename", "pointer")
SWAPPED = {"publish: pointer:late"}
"""Kill points after which readers already have the new version."""


def killed_at(home: Home, point: str) -> None:
    assert forked(_publish, home.root, environment={steps.KILL_AT: point}).returncode == -signal.SIGKILL


def _publish(root: Path) -> None:
    publish_again(Home.at(root), keep=2)


def last_begun(home: Home) -> str:
    lines = [json.loads(line) for line in (home.logs / "steps.jsonl").read_text().splitlines()]
    last = lines[-1]
    assert last["event"] == "begin"
    return str(last["step"])


@pytest.mark.parametrize("late", ["", ":late"])
@pytest.mark.parametrize("name", STEPS)
def test_killed_in(name: str, late: str, tmp_path: Path) -> None:
    point = f"publish: {name}{late}"
    home, undisturbed = Home.at(tmp_path / "home"), Home.at(tmp_path / "undisturbed")
    for each in (home, undisturbed):
        fill(each, rows=500)
        publish_again(each)
        publish_again(each)
        fill(each, rows=500, changed=True)
    before = parquet_bytes(layout.directory_of(home, 2))
    after = parquet_bytes(publish_again(undisturbed, keep=2).path)
    assert before != after

    killed_at(home, point)

    assert last_begun(home) == f"publish: {name}"
    assert current_version(home) == (3 if point in SWAPPED else 2)
    assert verify(home)
    assert parquet_bytes(home.current.resolve()) == (after if point in SWAPPED else before)

    made = publish_again(home, keep=2)

    assert made.number == (4 if point in SWAPPED | {"publish: rename:late", "publish: pointer"} else 3)
    assert verify(home).version == made.number
    assert parquet_bytes(made.path) == after
    assert sorted(entry.name for entry in home.published.iterdir()) == [
        "CURRENT",
        *(layout.name_of(number) for number in layout.numbers(home)),
    ]
    assert len(layout.numbers(home)) == 2


def test_killed_while_a_pruned_version_is_half_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home.at(tmp_path / "home")
    fill(home, rows=100)
    publish_again(home)
    publish_again(home)

    class PowerCut(BaseException):
        pass

    remove = shutil.rmtree

    def half(path: Path, ignore_errors: bool = False) -> None:
        if not path.name.startswith(layout.PRUNING):
            remove(path, ignore_errors=ignore_errors)
            return
        (path / "bi" / "mart_portfolio.parquet").unlink()
        raise PowerCut

    with monkeypatch.context() as patched:
        patched.setattr("pipelines.publishing.retention.shutil.rmtree", half)
        with pytest.raises(PowerCut):
            publish_again(home, keep=1)
    for number in layout.numbers(home):
        assert verify(home, number)
    publish_again(home, keep=1)
    assert sorted(entry.name for entry in home.published.iterdir()) == ["CURRENT", "v000004"]
