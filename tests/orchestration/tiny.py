"""A dbt project of three models, two tests and a unit test, for tests of running dbt.

Belongs here: making it, with faults on demand. Not here: the real project (tests/dbt_project).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from pipelines.home import Home

REAL = Path(__file__).parents[2] / "dbt_project"

FILES = {
    "dbt_project.yml": """
name: tiny
version: 0.1.0
config-version: 2
profile: kundenwert
model-paths: [models]
models:
  tiny:
    staging: {+schema: staging, +materialized: view}
    marts: {+schema: marts, +materialized: table}
""",
    "macros/generate_schema_name.sql": (REAL / "macros" / "generate_schema_name.sql").read_text(encoding="utf-8"),
    "models/staging/erp/_sources.yml": """
sources:
  - name: erp
    schema: raw
    config: {meta: {dagster: {asset_key: [raw, erp, customers]}}}
    tables: [{name: customers}]
  - name: control
    schema: control
    config: {meta: {dagster: {asset_key: [control]}}}
    tables: [{name: as_of_dates}]
""",
    "models/staging/erp/stg_erp__customers.sql": "select customer_id from {{ source('erp', 'customers') }}",
    "models/marts/core/mart_customers.sql": """
select as_of_date, customer_id
from {{ ref('stg_erp__customers') }}
cross join {{ source('control', 'as_of_dates') }}
""",
    "models/marts/core/mart_count.sql": """
select as_of_date, count(*) as customers from {{ ref('mart_customers') }} group by as_of_date
""",
    "models/marts/core/_models.yml": """
models:
  - name: mart_customers
    config: {meta: {unique_key: [as_of_date, customer_id], audience: controlling}}
    columns:
      - {name: customer_id, data_tests: [not_null, unique]}
  - name: mart_count
    config: {meta: {unique_key: as_of_date}}
unit_tests:
  - name: counts_customers
    model: mart_count
    given:
      - {input: ref('mart_customers'), rows: [{as_of_date: 2024-01-31, customer_id: a}]}
    expect: {rows: [{customers: 1}]}
""",
}


def project(directory: Path) -> Path:
    """The project as files in `directory`."""
    for name, text in FILES.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")
    shutil.copy(REAL / "profiles.yml", directory / "profiles.yml")
    return directory


def home(directory: Path, customers: tuple[str, ...] = ("a", "b")) -> Home:
    """A home whose warehouse has what the project's sources read."""
    made = Home.at(directory).prepare()
    with duckdb.connect(str(made.warehouse)) as connection:
        connection.execute("create schema raw; create schema control")
        connection.execute("create table raw.customers as select unnest($names) as customer_id", {"names": customers})
        connection.execute("create table control.as_of_dates as select date '2024-01-31' as as_of_date")
    return made
