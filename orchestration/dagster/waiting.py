"""An asset that waits for others and is made although some of them could not be. Belongs here: only that."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import dagster as dg


def outputs(check_specs: Sequence[dg.AssetCheckSpec]) -> dict[str, dg.Out]:
    """The outputs of an operation that makes an asset and these checks of it."""
    checks = (spec.get_python_identifier() for spec in check_specs)
    return {name: dg.Out(dg.Nothing, is_required=name == "result") for name in ("result", *checks)}


def asset_after_all(
    work: dg.OpDefinition,
    needed: Sequence[dg.AssetKey],
    *,
    name: str,
    group_name: str,
    description: str,
    partitions_def: dg.PartitionsDefinition[str],
    backfill_policy: dg.BackfillPolicy,
    kinds: Collection[str],
    owners: Sequence[str] = (),
    check_specs: Sequence[dg.AssetCheckSpec] = (),
) -> dg.AssetsDefinition:
    """The asset `name` made by `work`, an operation with one input of nothing, after everything in `needed`.

    With `check_specs` the operation has the `outputs` of them, and yields their results before it ends or fails.

    Dagster skips an asset when one of its inputs was not made. An operation whose single input fans in from all of them is
    skipped only if none of them was made: nothing in Dagster's documentation says so, a tripwire does.
    """

    @dg.graph_asset(
        name=name,
        group_name=group_name,
        description=description,
        ins={key.to_python_identifier(): dg.AssetIn(key=key, dagster_type=dg.Nothing) for key in needed},
        partitions_def=partitions_def,
        backfill_policy=backfill_policy,
        kinds=set(kinds),
        owners=list(owners),
        check_specs=list(check_specs),
    )
    def waiting(**checked: dg.In) -> object:
        made = work(list(checked.values()))
        return {name: getattr(made, name) for name in outputs(check_specs)} if check_specs else made

    return waiting
