"""What a company edits, as frozen models: where its data is (sources.yml) and its method (portfolio.yml).

Belongs here: reading, checking and refusing configuration, and the method as tables. Not here: reading any delivery
(pipelines.sources, pipelines.landing), any formula (dbt_project).
"""
