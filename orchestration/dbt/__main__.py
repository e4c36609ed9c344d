"""`python -m orchestration.dbt ARGS...`: dbt on this project without a home, for tests and tools; people have `kundenwert dbt`.

The environment says where it works: KUNDENWERT_WAREHOUSE, DBT_TARGET_PATH, DBT_LOG_PATH; and, for a run on a Spark
(orchestration.dbt.on_spark), KUNDENWERT_SCHEMA_PREFIX and KUNDENWERT_SPARK_POLL.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from orchestration.dbt import by_hand, environment, inside, manifest
from pipelines.errors import KundenwertError


def main() -> int:
    """Run dbt; returns its exit code."""
    if (seconds := os.environ.get(environment.POLL)) is not None:
        inside.ask_spark_often(float(seconds))
    try:
        prefix = {environment.SCHEMA_PREFIX: os.environ.get(environment.SCHEMA_PREFIX, "")}
        return by_hand.invoke(sys.argv[1:], Path(os.environ[environment.WAREHOUSE]), manifest.PROJECT_DIR, **prefix)
    except KundenwertError as error:
        sys.stderr.write(f"{error}\n")
        return int(error.exit_code)


if __name__ == "__main__":
    sys.exit(main())
