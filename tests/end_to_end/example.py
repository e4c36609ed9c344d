"""The worked example's company after its run, which happens once for all tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.end_to_end.kundenwert import Company
from tests.golden import check
from tests.golden.settings import EXAMPLE
from tests.once import once

AS_OF = check.as_of(EXAMPLE)


def golden_published(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The company itself, for reading."""
    place = once(tmp_path_factory, "golden_company", lambda made: check.company_of(EXAMPLE, made).succeed(*AS_OF))
    return Company(config=place / "config", home=place / "home")


def golden_copy(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Company:
    """A copy in `folder` with its deliveries in `folder/example`, which may be spoilt."""
    shutil.copytree(golden_published(tmp_path_factory).home, folder / "home", symlinks=True)
    shutil.copytree(EXAMPLE, folder / "example")
    return check.company_of(folder / "example", folder)
