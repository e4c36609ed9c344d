"""What is to be said about showing people. Belongs here: that; not here: what is shown (dbt_project), what allows it (settings)."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.checks import CheckResult
from pipelines.settings.workspace import PORTFOLIO_FILE, Workspace


def privacy_results(workspace: Workspace) -> Iterator[CheckResult]:
    """A warning where people are no longer shown because what allowed it has ended."""
    if workspace.expired is None:
        return
    ended = workspace.expired
    yield CheckResult(
        check_id="gate.privacy_expired",
        area="gate",
        subject="privacy",
        severity="warning",
        passed=False,
        what=f"sales_input_detail is {ended.sales_input_detail}, but its agreement ended on {ended.expires_on}: nothing of people is shown",
        where=f"{PORTFOLIO_FILE}: privacy.expires_on",
        remedy='renew the agreement and write its last day, or sales_input_detail: "off"',
        code="PRIVACY_EXPIRED",
    )
