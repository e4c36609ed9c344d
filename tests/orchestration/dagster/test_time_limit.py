"""Whose interruption it was: the limit's, or somebody's who pressed Ctrl-C. A real daemon: tests/operations/test_clock.py."""

from __future__ import annotations

import dagster as dg
import pytest

from orchestration.dagster.time_limit import MAX_RUNTIME, in_time, too_long
from pipelines.errors import KundenwertError


@dg.op
def nothing() -> None: ...


@dg.job
def short() -> None:
    nothing()


def test_a_run_over_its_time_was_ended_for_it_only_if_it_was_told_to_end() -> None:
    with dg.DagsterInstance.ephemeral() as dagster:
        late, early = (
            short.execute_in_process(instance=dagster, tags={MAX_RUNTIME: seconds}).run_id for seconds in ("0", "3600")
        )
        with pytest.raises(KeyboardInterrupt), in_time(dagster, late):
            raise KeyboardInterrupt
        for run_id in (late, early):
            run = dagster.get_run_by_id(run_id)
            assert run is not None
            dagster.report_run_canceling(run)
        with pytest.raises(KundenwertError, match="RUN_TOO_LONG"), in_time(dagster, late):
            raise KeyboardInterrupt
        assert too_long(dagster, early) is None
