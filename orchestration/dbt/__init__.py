"""The seam to dbt: a selection goes in, events come out.

Belongs here: everything that knows dbt; nobody else in the repository imports `dbt`, `dbt_common` or `dagster_dbt` (the
import contract and tests/orchestration/test_seams.py keep it). Not here: what results mean (data_quality).

The public face: manifest.ensure_manifest (the parsed project), runner.build(home, selection, project) -> events,
assets.Models (the project as Dagster's assets, events as Dagster's results), marts.declared (what is published to whom),
by_hand.run (`kundenwert dbt`). What dbt does not promise to keep stands in inside.py (dbt) and assets.py (dagster_dbt),
with a tripwire for each in tests/orchestration/dbt/test_inside.py. manifest.json and run_results.json are dbt's public,
versioned files: data_quality reads them without dbt.
"""
