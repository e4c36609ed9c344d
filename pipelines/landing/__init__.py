"""Deliveries -> unchanged copies, typed raw batches, quarantine and a ledger that says which batches count.

Belongs here: whether rows are what their contract says, and that a batch is in completely or not at all. Not here: how
a file format is read (sources), the batch judged as a whole (data_quality), any business rule (dbt_project).
"""
