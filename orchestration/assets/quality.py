"""Checking and deciding, as assets: the batches as a whole, and the one gate.

Belongs here: when they run and what they hand to each other. Not here: checks, decision and wording (data_quality).
"""

# No `from __future__ import annotations` here: Dagster reads the annotations of asset functions as objects.

from collections.abc import Iterable, Iterator, Sequence

import dagster as dg

from orchestration import groups
from orchestration.assets import asset_checks, check_files
from orchestration.assets.resource import RunResource
from orchestration.assets.shared import BATCH_QUALITY, CONTROL, GATE, MONTHS, ONE_RUN, WAREHOUSE_POOL, asset_step
from orchestration.dagster.failures import in_plain_words
from orchestration.dagster.waiting import asset_after_all, outputs
from pipelines import checks, steps
from pipelines.checks import CheckResult
from pipelines.errors import GateRedError


def batch_quality_asset(raw_keys: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """Great Expectations over the batches that count."""
    tables = [key.path[-1] for key in raw_keys]

    @dg.asset(
        key=BATCH_QUALITY,
        group_name=groups.CHECKS,
        owners=groups.owners(groups.CHECKS),
        check_specs=asset_checks.batch_specs(tables),
        description="Each landed batch judged as a whole (Great Expectations): small tables by row, large by profile.",
        deps=[*raw_keys, CONTROL],
        kinds={"greatexpectations"},
        partitions_def=MONTHS,
        backfill_policy=ONE_RUN,
        pool=WAREHOUSE_POOL,
    )
    def batch_quality(run: RunResource) -> dg.MaterializeResult:  # type: ignore[type-arg]  # Dagster reads the plain class
        from data_quality import data_docs
        from data_quality.batches import check_batches
        from data_quality.deliveries import check_deliveries

        with in_plain_words(), asset_step(run.home, BATCH_QUALITY):
            results = check_batches(run.workspace)
            with steps.step("quality: weights", run.home.logs):
                weighed = check_deliveries(run.workspace)
            checks.write((*results, *weighed), check_files.batches(run.home))
            with steps.step("quality: data docs", run.home.logs):
                data_docs.write(results, run.workspace.contracts, check_files.data_docs(run.home))
        return dg.MaterializeResult(
            metadata={"checks": len(results), "failed": sum(not result.passed for result in results)},
            check_results=asset_checks.by_table(tables, (*results, *weighed)),
        )

    return batch_quality


def gate_asset(needed: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """The gate after everything in `needed` (marts, batch quality), also after what of it could not be built.

    That is exactly when it has something to say.
    """
    specs = asset_checks.gate_specs()

    @dg.op(
        name="decide",
        ins={"checked": dg.In(dg.Nothing)},
        out=outputs(specs),
        pool=WAREHOUSE_POOL,
        description="Collects every check result of the run into one table and decides.",
    )
    def decide(context: dg.OpExecutionContext, run: RunResource) -> Iterator[dg.AssetCheckResult | dg.Output[None]]:
        with in_plain_words(), asset_step(run.home, GATE):
            results = _collected(run)
            yield from asset_checks.by_area(results)
            context.log.info(_decide(run, results))
        yield dg.Output(None)

    return asset_after_all(
        decide,
        needed,
        name=GATE.path[-1],
        group_name=groups.PUBLISHING,
        owners=groups.owners(groups.PUBLISHING),
        check_specs=specs,
        description="May this be published? Landing, batches, dbt, reconciliation and exchange rates in one table.",
        partitions_def=MONTHS,
        backfill_policy=ONE_RUN,
        kinds={"parquet"},
    )


def _collected(run: RunResource) -> tuple[CheckResult, ...]:
    """All results, each once, with what somebody took responsibility for, as they are kept."""
    from data_quality import landing_results, waivers

    with steps.step("gate: collect", run.home.logs):
        collected = landing_results.said_once(collect(run))
        results = tuple(waivers.applied(run.workspace, collected))
        checks.write(results, check_files.all_results(run.home))
    return results


def _decide(run: RunResource, results: Sequence[CheckResult]) -> str:
    """Returns the summary. Raises GateRedError in plain words."""
    from data_quality import gate

    with steps.step("gate: decide", run.home.logs):
        decision = gate.decide(results)
    if not decision.green:
        raise GateRedError(*gate.plain_words(decision), *gate.ways_out(decision))
    return gate.summary(decision)


def collect(run: RunResource) -> Iterable[CheckResult]:
    """Every check result there is of the state the home is in."""
    from data_quality import dbt_results, landing_results, privacy, warehouse_results
    from pipelines import duck
    from pipelines.landing import ledger

    home, contracts = run.home, run.workspace.contracts
    yield from privacy.privacy_results(run.workspace)
    yield from check_files.read_landing(home, contracts)
    yield from landing_results.landing_results((), ledger.batches(ledger.read(home)))
    yield from check_files.read_batches(home)
    yield from dbt_results.dbt_results(home.dbt_target)
    with duck.reading(home.warehouse, home.temporary) as connection:
        yield from warehouse_results.reconciliation_results(connection)
        yield from warehouse_results.quarantined_ledger_results(connection)
        yield from warehouse_results.fx_results(connection)
        yield from warehouse_results.booked_net_results(connection)
        yield from warehouse_results.quarantine_results(connection, contracts)
        yield from warehouse_results.unreadable_results(connection)
