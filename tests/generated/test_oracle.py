"""Marts and oracle agree on every cell of ordinary companies, and the project's own rules hold on each."""

from __future__ import annotations

import pytest

from tests.generated.companies import generate
from tests.generated.comparing import assert_equal
from tests.generated.compiled import Warehouse


@pytest.mark.parametrize("batch", [0, *(pytest.param(batch, marks=pytest.mark.endless) for batch in range(1, 10))])
def test_ordinary_companies_come_out_as_the_method_says(warehouse: Warehouse, batch: int) -> None:
    for seed in range(batch * 10, batch * 10 + 10):
        assert_equal(warehouse, generate(seed))
