"""The project compiled once for all generated companies, one warehouse per test file."""

from __future__ import annotations

import pytest

from tests.generated.comparing import compared
from tests.generated.compiled import Project, Warehouse, compiled_once


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return compiled_once(tmp_path_factory)


@pytest.fixture(scope="session")
def warehouse(project: Project) -> Warehouse:
    """Everything the oracle is compared with; planned once."""
    return compared(project)
