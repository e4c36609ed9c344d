"""The seam to Dagster's inside: instance, run history, failures, web server.

Belongs here: everything private of Dagster, each with a test that fails when a release moves it. Public Dagster (assets, jobs,
schedules) is used in orchestration.assets and orchestration.definitions.
"""
