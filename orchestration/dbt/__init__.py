"""The seam to dbt: a selection goes in, events come out.

Belongs here: everything that knows dbt, above all what is private of it, each with a test that fails when a release moves it.
Not here: what results mean (data_quality).
"""
