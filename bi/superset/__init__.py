"""Dashboards for Apache Superset as code: `python -m bi.superset`, docs/superset.md.

Belongs here: datasets that follow from the marts, charts and dashboards in Superset's own format (assets/), what checks and packs them. Not
here: any figure (marts and metrics have them), Superset itself (it has an environment of its own, `make superset-tools`).
"""
