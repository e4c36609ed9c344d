"""The oracle: METHOD.md once more, in plain Python with exact fractions, written from the text alone.

Belongs here: an implementation of the method that shares nothing with the SQL models, so that a mistake must be made
twice, independently, to go unseen. It is the exact truth of the demo company and of generated companies in tests.
Does not belong here: anything imported from `pipelines`, `dbt_project` or `orchestration`; reading deliveries; speed
tricks that make a formula unlike its sentence in the text; checks of the sales input beyond the activities (1.16).

Use: `evaluate(company, settings, [(as_of_date, known_at), ...]).at(as_of_date).contribution["C1"].contribution_4`.
Every table was delivered once and completely (full mode): a row is known from its `recorded_at` where it has one,
else always. Where the text is silent each module lists how it was read under "Readings".
"""

from __future__ import annotations

from .evaluation import evaluate
from .inputs import Company, ConfigurationError, DataError, Settings
from .result import AsOf, Result

__all__ = ["AsOf", "Company", "ConfigurationError", "DataError", "Result", "Settings", "evaluate"]
