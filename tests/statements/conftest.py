"""One room for all cases of a test process."""

from __future__ import annotations

import pytest

from tests.generated.compiled import compiled_once
from tests.statements.room import Room


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return Room(compiled_once(tmp_path_factory))
