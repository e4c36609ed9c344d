"""The seam to Dagster's inside: instance, run history, execution, failures, partitions' tags, web server.

Belongs here: everything Dagster does not promise to keep; `dagster._...` is imported nowhere else in the repository
(tests/orchestration/test_seams.py). Not here: public Dagster (assets, jobs, schedules), which orchestration.assets and
orchestration.definitions use as it is documented.

The public face: execution.execute (a job to its end, one error), failures.in_plain_words, instance.opened, partitions (a period
as tags and back), waiting.asset_after_all, web_ui.serve. Each private thing has a tripwire in
tests/orchestration/dagster/test_inside.py.
"""
