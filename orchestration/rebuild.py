"""`kundenwert rebuild`: the warehouse made anew from what was landed, beside what is published.

Belongs here: which part of the job runs, for which months, and the comparison. Not here: publishing (`kundenwert run --rebuild` does both),
what is done by the assets. No delivery is read: it proves that the home alone holds everything the version follows from.
"""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from datetime import UTC
from typing import TYPE_CHECKING

from orchestration.periods import Period
from pipelines import lock, steps
from pipelines.errors import Problem, VerifyError
from pipelines.publishing import layout, manifest

if TYPE_CHECKING:
    from pipelines.publishing.comparing import Compared
    from pipelines.settings.workspace import Workspace


def rebuild(workspace: Workspace, listener: steps.Listener | None = None) -> Compared:
    """Delete the warehouse, build it from landing as of the current version's dates and state of knowledge, compare the two.

    What is published stays as it is, whatever comes out. Raises LockedError, VerifyError NOTHING_PUBLISHED or as reading the manifest does,
    GateRedError and KundenwertError as a run does.
    """
    home = workspace.home
    with lock.held(home), steps.listening(listener) if listener is not None else nullcontext():
        number = layout.needed_version(home)
        said = manifest.read(layout.existing_directory(home, number))
        home.prepare()
        home.warehouse.unlink(missing_ok=True)
        shutil.rmtree(home.dbt_target, ignore_errors=True)
        _build(workspace, said)
        from orchestration.assets.publish import all_tables
        from pipelines.publishing.comparing import compare

        return compare(home, all_tables(home, workspace.contracts), number)


def _build(workspace: Workspace, said: manifest.Manifest) -> None:
    """Everything of the job between landing and publishing, the gate included."""
    home = workspace.home
    with steps.step("start: definitions", home.logs):
        import dagster as dg

        from orchestration.assets.shared import CONTROLLING, PAGE, PUBLISHED, raw_key
        from orchestration.dagster import execution
        from orchestration.dagster.partitions import partition_tags
        from orchestration.definitions import JOB, Overrides, build_definitions

        definitions = build_definitions(overrides=Overrides(workspace.config_dir, home.root))
    first, last = min(said.as_of_dates), max(said.as_of_dates)
    if Period(first, last).month_ends != tuple(sorted(said.as_of_dates)):
        what = f"{layout.name_of(said.version)} shows months with gaps between them, which no run computes at once"
        raise VerifyError(Problem("REBUILD_MONTHS", what, manifest.MANIFEST, "kundenwert run --rebuild"))
    left_out = {*(raw_key(each) for each in workspace.contracts.values()), PUBLISHED, PAGE, CONTROLLING}
    selected = dg.AssetSelection.all() - dg.AssetSelection.assets(*left_out)
    config = {
        "control": {
            "known_at": said.known_at.astimezone(UTC).isoformat(),
            "only_these_months": True,
            **({"allow_open_month": True} if said.open_months else {}),
        }
    }
    execution.execute(home, definitions, JOB, partition_tags(Period(first, last)), config, selected)
