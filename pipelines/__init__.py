"""Sources -> raw tables -> published versions. Runs without Dagster, dbt or Great Expectations.

What belongs here: moving, checking and keeping data. What does not: business logic (dbt_project), scheduling
(orchestration), quality suites (data_quality).
"""
