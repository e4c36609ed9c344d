"""What dbt takes from the environment, set while it works. Belongs here: only that; arguments are with whoever calls dbt."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

WAREHOUSE: Final = "KUNDENWERT_WAREHOUSE"
"""The variable profiles.yml takes the warehouse's path from."""

POLL: Final = "KUNDENWERT_SPARK_POLL"
"""The variable with the seconds after which a Spark is asked again whether a statement is done."""

SCHEMA_PREFIX: Final = "KUNDENWERT_SCHEMA_PREFIX"
"""The variable with what stands before every schema's name, on an engine that is not ours alone."""

WAREHOUSE_NAME: Final = "warehouse.duckdb"
"""File name of every warehouse: dbt calls the database after it, so what was parsed once fits every home."""

_ALWAYS: Final = {
    "DO_NOT_TRACK": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    # dbt reads a file `.env` of the current directory or of one above it: whoever stands somewhere else gets other numbers.
    "PYTHON_DOTENV_DISABLED": "1",
    SCHEMA_PREFIX: "",
}


@contextmanager
def prepared(warehouse: Path, **more: str) -> Iterator[None]:
    """dbt's environment for this warehouse while the block runs; afterwards everything is as it was."""
    wanted = {**_ALWAYS, WAREHOUSE: str(warehouse), **more}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
