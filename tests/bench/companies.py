"""The benchmark's companies after a run of the product. Belongs here: making them once per session."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import generate
from bench.jobs import CONFIG, MONTH, Room, deliver_first
from bench.sizes import ALL
from tests.end_to_end.kundenwert import Company
from tests.once import once


def company(tmp_path_factory: pytest.TempPathFactory, size: str) -> tuple[Room, Company]:
    """A company of that size, delivered and published. Nobody changes it."""

    def make(folder: Path) -> None:
        room = Room(generate.ensure(ALL[size], folder / "data"), folder)
        deliver_first(room)
        Company(CONFIG, room.home).fork_and_succeed("run", *MONTH, **room.variables)

    folder = once(tmp_path_factory, f"bench_{size}", make)
    room = Room(folder / "data", folder)
    return room, Company(CONFIG, room.home)
