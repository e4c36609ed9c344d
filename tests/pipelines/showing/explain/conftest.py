"""The small version, built once: explaining only reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipelines.showing.explain import small_version


@pytest.fixture(scope="session")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version without the columns of the method."""
    return small_version.build(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="session")
def version_with_method(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same version, publishing weights, threshold and titles."""
    return small_version.build(tmp_path_factory.mktemp("method"), with_method=True)
