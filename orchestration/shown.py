"""Which months a version shows.

Belongs here: from the months asked for to those that are shown. Not here: which months are judged (pipelines.landing.judged): that
follows from the data and the method, and from nothing that is shown or was published.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from orchestration.periods import Period

if TYPE_CHECKING:
    from pipelines.settings.workspace import Workspace


def shown_month_ends(workspace: Workspace, period: Period, known_at: datetime) -> tuple[date, ...]:
    """The as-of dates of a run, ascending.

    One month shows those before it too, as many as `history.shown_months` says and as far as they are judged; a range, or a month asked
    for by `--from` and `--to`, shows just what it names.
    """
    from pipelines.landing import judged

    if period.is_exact or period.first != period.last:
        return period.month_ends
    known = known_at.astimezone(UTC).replace(tzinfo=None) if known_at.tzinfo else known_at
    beginning = judged.beginning(workspace.home, workspace.portfolio, known)
    return judged.shown_months(period.last, workspace.portfolio.history.shown_months, beginning)
