"""The fixture every test of publishing starts from."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.home import Home
from tests.pipelines.publishing.samples import fill


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose warehouse is built and not yet published."""
    made = Home.at(tmp_path / "home")
    fill(made)
    return made
