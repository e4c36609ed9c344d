"""The graph from deliveries to the published version: one module per step, and what the steps share.

Belongs here: assets, what they need and hand on. Not here: the work itself (pipelines, data_quality), dbt and Dagster from inside.
"""
