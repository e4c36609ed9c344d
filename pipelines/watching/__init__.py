"""Watching a home from outside: what state it is in, what is wrong with it, who is told.

Belongs here: how the last run ended (record), the state at a glance (state), what is wrong and what to do (findings), messages sent once
(alerts, targets), the file Prometheus collects (metrics), and what of that is done when a run ends (ended). It reads what others wrote and
changes nothing of it: what it writes lies in `watch/` and `metrics/` of the home. Not here: repairing, the
screen (orchestration.commands), Dagster's runs (orchestration.dagster), whether something may be published (data_quality).
"""
