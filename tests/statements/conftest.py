"""One room for all cases of a test process, one warehouse for all companies that speak."""

from __future__ import annotations

import pytest

from tests.generated.compiled import Warehouse, compiled_once
from tests.statements import telling
from tests.statements.room import Room


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return Room(compiled_once(tmp_path_factory))


@pytest.fixture(scope="session")
def speaking(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Everything that is read for a person, and what was seen beside it; planned once."""
    seen = ("mart_small_customers", "mart_campaign_effects", "mart_claims_check")
    tables = [table for table in telling.TABLES if table != "check_results"]
    return Warehouse(compiled_once(tmp_path_factory), [*tables, *seen])
