"""The seam to dbt: it compiles the project, its queries are executed here, results come out in its words.

Belongs here: everything that knows dbt; nobody else in the repository imports `dbt`, `dbt_common` or `dagster_dbt` (the
import contract and tests/orchestration/test_seams.py keep it). Not here: what results mean (data_quality).

The public face: manifest.ensure_manifest (the compiled project), runner.build(home, selected, project) ->
results, assets.Models (the project as Dagster's assets), marts.declared (what is published to whom), by_hand.run (`kundenwert dbt`,
dbt itself, which stays the reference). What dbt does not promise to keep stands in inside.py, with a tripwire for each in
tests/orchestration/dbt/test_inside.py. manifest.json and run_results.json are dbt's public,
versioned files: data_quality reads them without dbt.
"""
