"""Sheets of paper that people take with them. Belongs here: a package per kind of sheet, each reading one published version.

Not here: pages for the screen (portfolio), any formula (dbt_project).
"""
