"""The only package that knows Dagster and dbt: assets, job, schedule, command line.

Belongs here: what runs when, and what people see of it. Not here: SQL, business rules, checks' wording.
"""
