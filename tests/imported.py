"""What a run imports, imported once: the process that tests.forks forks from. Belongs here: imports, nothing else.

No connection, no thread, no home: whatever this module leaves behind, every forked run starts with.
"""

# ruff: noqa: F401
import dagster_dbt
import dbt.adapters.duckdb
import dbt.cli.main
import duckdb
import great_expectations
import pandas
import plotly.graph_objects
import pyarrow.parquet
import pytest

import data_quality.batches
import data_quality.dbt_results
import data_quality.suites
import orchestration.commands.app
import orchestration.dagster.run_history
import orchestration.definitions
import orchestration.run
import pipelines.landing.land
import pipelines.publishing
import pipelines.settings.workspace
import pipelines.showing.portfolio.page
