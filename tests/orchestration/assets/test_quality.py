"""The gate gets to run when something before it could not be built; that is when it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest

from orchestration.assets import quality
from orchestration.assets.quality import gate_asset
from orchestration.assets.resource import RunResource
from orchestration.assets.shared import GATE
from pipelines.checks import CheckResult
from pipelines.errors import GateRedError, Problem

BUILT, NOT_BUILT = dg.AssetKey(["marts", "built"]), dg.AssetKey(["marts", "not_built"])


class Prepared(RunResource):
    """A run resource without a company behind it."""

    @property
    def home(self) -> object:  # type: ignore[override]
        from pipelines.home import Home

        return Home.at(self.home_dir)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[RunResource]:
        yield self


def run_gate(home: Path, *made: dg.AssetKey) -> dg.ExecuteInProcessResult:
    specs = [dg.AssetSpec(key, skippable=True) for key in (BUILT, NOT_BUILT)]

    @dg.multi_asset(specs=specs)
    def marts() -> Iterator[dg.MaterializeResult[None]]:
        for key in made:
            yield dg.MaterializeResult(asset_key=key)

    @dg.asset(deps=[GATE])
    def published() -> None: ...

    gate = gate_asset([BUILT, NOT_BUILT])
    resource = Prepared(config_dir="", home_dir=str(home), dbt_project_dir="")
    job = dg.Definitions(
        assets=[marts, gate, published],
        jobs=[dg.define_asset_job("all", dg.AssetSelection.all())],
        resources={"run": resource},
    ).resolve_job_def("all")
    return job.execute_in_process(partition_key="2024-01", raise_on_error=False)


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    calls: list[str] = []

    def decide(_: RunResource, results: tuple[CheckResult, ...]) -> str:
        assert not results
        calls.append("decided")
        return "green: nothing failed"

    monkeypatch.setattr(quality, "_collected", lambda _: ())
    monkeypatch.setattr(quality, "_decide", decide)
    return calls


def test_the_gate_runs_although_a_mart_is_missing(tmp_path: Path, decided: list[str]) -> None:
    result = run_gate(tmp_path, BUILT)
    assert result.success
    assert decided == ["decided"]


def test_a_red_gate_stops_publication_in_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def red(_: RunResource, results: object) -> str:
        raise GateRedError(Problem("RECONCILE_FAIL", "a cent is missing", "2024-01", "find it"))

    off = CheckResult(
        check_id="reconciliation.difference",
        area="reconciliation",
        subject="mart_reconciliation",
        severity="critical",
        passed=False,
        what="a cent is missing",
        where="2024-01",
    )
    fx = off.model_copy(update={"check_id": "fx.missing", "area": "fx", "severity": "warning", "rows": 3})
    waived = off.model_copy(update={"area": "batch", "waived_by": "somebody"})
    monkeypatch.setattr(quality, "_collected", lambda _: (off, fx, waived))
    monkeypatch.setattr(quality, "_decide", red)
    result = run_gate(tmp_path, BUILT, NOT_BUILT)
    assert not result.success
    said = {each.check_name: each for each in result.get_asset_check_evaluations()}
    failed = {name: each.severity for name, each in said.items() if not each.passed}
    error, warn = dg.AssetCheckSeverity.ERROR, dg.AssetCheckSeverity.WARN
    assert failed == {"reconciliation": error, "fx": warn, "batch": warn}, "what somebody answers for blocks nothing"
    assert said["reconciliation"].description == "a cent is missing (2024-01)"
    assert said["fx"].metadata["affected_rows"].value == 3
    assert said["dbt"].metadata["checks"].value == 0
    assert GATE not in {event.asset_key for event in result.get_asset_materialization_events()}
    failure = result.failure_data_for_node("gate.decide")
    assert failure is not None
    assert failure.user_failure_data is not None
    assert (
        failure.user_failure_data.description == "RECONCILE_FAIL: a cent is missing\n  where: 2024-01\n  next: find it"
    )
    assert not result.get_asset_materialization_events() or all(
        event.asset_key != dg.AssetKey("published") for event in result.get_asset_materialization_events()
    )
