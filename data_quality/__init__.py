"""May this be published? Checks of each landed batch as a whole, all evidence in one form, and the one gate.

Belongs here: Great Expectations suites, the reading of other checks' outcomes, the decision. Not here: bytes, types
and keys of single rows (pipelines.landing), relations and sums between models (dbt tests), running (orchestration).
"""

import os

# Great Expectations reads this when it is imported, which happens late and only below this package.
os.environ["GX_ANALYTICS_ENABLED"] = "false"
