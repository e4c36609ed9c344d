"""What the tests of served versions share: the published demo company."""

from __future__ import annotations

import pytest

from tests.end_to_end.demo import demo_published
from tests.end_to_end.kundenwert import Company


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return demo_published(tmp_path_factory)
