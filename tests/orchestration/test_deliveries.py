"""The sensor's eyes: complete, at rest, other bytes than before; then once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from orchestration import deliveries
from orchestration.deliveries import Cursor
from pipelines.home import Home
from pipelines.settings.sources import SourceMap
from pipelines.settings.workspace import open_workspace
from tests.orchestration.commands.command_line import GOLDEN


@pytest.fixture
def sources(tmp_path: Path) -> SourceMap:
    """The golden example's deliveries, to be changed."""
    shipped = open_workspace(GOLDEN, Home.at(tmp_path / "home")).sources
    shutil.copytree(shipped.root, tmp_path / "in")
    return shipped.model_copy(update={"root": tmp_path / "in"})


class Sensor:
    """Looks, as Dagster asks it to, with the cursor of the look before."""

    def __init__(self, sources: SourceMap) -> None:
        self.sources, self.cursor = sources, ""

    def look(self) -> str | None:
        found = deliveries.look(self.sources, Cursor.read(self.cursor))
        self.cursor = found.cursor.written()
        assert (found.new is None) is bool(found.why)
        return found.new


def a_file(sources: SourceMap) -> Path:
    name, path = next(iter(deliveries._files(sources)))
    assert sources.files[name]
    return path


def test_one_run_per_delivery_when_it_has_come_to_rest(sources: SourceMap) -> None:
    sensor = Sensor(sources)
    assert sensor.look() is None, "it may still be coming"
    first = sensor.look()
    assert first is not None
    assert [sensor.look(), sensor.look()] == [None, None], "each delivery once"

    path = a_file(sources)
    content = path.read_bytes()
    path.write_bytes(content + b"\n")
    assert sensor.look() is None
    path.write_bytes(content + b"\n\n")
    assert sensor.look() is None, "it changed again since the last look"
    second = sensor.look()
    assert second not in (None, first)
    assert sensor.look() is None


def test_the_same_bytes_again_are_no_new_delivery(sources: SourceMap) -> None:
    sensor = Sensor(sources)
    sensor.look()
    assert sensor.look() is not None
    path = a_file(sources)
    os.utime(path, (1, 1))
    assert [sensor.look(), sensor.look(), sensor.look()] == [None, None, None]


def test_what_is_delivered_back_is_a_delivery(sources: SourceMap) -> None:
    """Dagster never starts a second run of one name: B corrects A, and A takes B back."""
    sensor, path = Sensor(sources), a_file(sources)
    content, told = path.read_bytes(), path.stat()
    names = []
    for delivered in (content, content + b"\n", content, content + b"\n"):
        path.write_bytes(delivered)
        os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
        names += [sensor.look(), sensor.look()]
    assert names[::2] == [None] * 4
    assert None not in names[1::2] and len(set(names[1::2])) == 4


def test_a_set_that_lacks_a_full_delivery_is_waited_for(sources: SourceMap) -> None:
    needed = next(
        name for table, mapping in sources.tables.items() if mapping.load == "full" for name in sources.files_of(table)
    )
    paths = [path for name, path in deliveries._files(sources) if name == needed]
    kept = {path: path.read_bytes() for path in paths}
    for path in paths:
        path.unlink()
    sensor = Sensor(sources)
    assert [sensor.look(), sensor.look(), sensor.look()] == [None, None, None]
    assert needed in deliveries.look(sources, Cursor.read(sensor.cursor)).why
    for path, content in kept.items():
        path.write_bytes(content)
    assert sensor.look() is None
    assert sensor.look() is not None


def test_the_cursor_is_small_and_a_strange_one_is_none(sources: SourceMap) -> None:
    sensor = Sensor(sources)
    sensor.look()
    sensor.look()
    assert len(sensor.cursor) < 300
    assert Cursor.read("from another release") == Cursor.read('{"what": 1}') == Cursor()
