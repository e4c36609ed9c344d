"""`kundenwert what-if`: the portfolio under a changed method beside the portfolio as it is; nothing is published.

Belongs here: computing both in a scratch home and comparing them. Not here: changing settings (pipelines.settings.
changes), comparing and showing (pipelines.showing.what_if).

Both states are computed now, from the same landed batches, as-of dates and state of knowledge: so every difference is
the settings', also where data, configuration or program changed since the last publication. The home in use is only
read: no lock is needed, and nothing in it changes but its logs.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import steps
from pipelines.errors import ConfigError, KundenwertError, Problem, UsageError, VerifyError
from pipelines.home import Home

if TYPE_CHECKING:
    from pipelines.publishing.layout import VersionInfo
    from pipelines.settings.changes import Change
    from pipelines.settings.portfolio import Portfolio
    from pipelines.settings.workspace import Workspace
    from pipelines.showing.what_if import WhatIf


def what_if(
    config_dir: Path,
    home: Home,
    assignments: Sequence[str],
    as_of: date | None = None,
    listener: steps.Listener | None = None,
) -> WhatIf:
    """Compute the portfolio as it is and as it would be with `assignments` (`setting=value`), and compare them.

    For the as-of dates and the state of knowledge of the current version, shown for `as_of` (None: the latest): zones
    have a history, so the changed method is in force on all of them. Raises ConfigError and SettingError before
    anything is computed, VerifyError NOTHING_PUBLISHED, KundenwertError AS_OF_UNKNOWN or WHAT_IF_FAILED. Ctrl-C ends as
    KeyboardInterrupt when dbt has stopped and the scratch home is gone.
    """
    from pipelines.settings.workspace import PORTFOLIO_FILE, name_problems, open_workspace

    workspace = open_workspace(config_dir, home)

    from pipelines.settings.changes import SettingError, changed_portfolio

    changed, changes = changed_portfolio(config_dir / PORTFOLIO_FILE, assignments)
    if problems := name_problems(workspace.sources, changed, config_dir):
        raise ConfigError(*problems)
    if changed.method_version == workspace.portfolio.method_version:
        what = "the settings are what the file says already, so nothing would be different"
        raise SettingError(Problem("SET_UNCHANGED", what, "--set", "give another value"))
    version = _published(home)
    shown = _shown_date(version, as_of)
    with steps.listening(listener) if listener is not None else nullcontext():
        return _compared(workspace, changed, changes, version, shown)


def _published(home: Home) -> VersionInfo:
    from pipelines import publishing

    number = publishing.current_version(home)
    found = next((each for each in publishing.versions(home) if each.number == number), None)
    if number is None or found is None:
        what = "there is no published version, so there is nothing to compare with"
        raise VerifyError(Problem("NOTHING_PUBLISHED", what, "published/", "kundenwert run"))
    if not found.is_readable or found.known_at is None:
        what = "its manifest cannot be read"
        raise VerifyError(Problem("MANIFEST_INVALID", what, found.name, f"kundenwert verify {found.name}"))
    return found


def _shown_date(version: VersionInfo, as_of: date | None) -> date:
    if as_of is None:
        return max(version.as_of_dates)
    if as_of in version.as_of_dates:
        return as_of
    published = ", ".join(str(day) for day in version.as_of_dates[-6:])
    remedy = f"give one of them, or compute it: kundenwert run --as-of {as_of}"
    raise UsageError(Problem("AS_OF_UNKNOWN", f"{as_of} is not published; published: {published}", "--as-of", remedy))


def _compared(
    workspace: Workspace, changed: Portfolio, changes: tuple[Change, ...], version: VersionInfo, shown: date
) -> WhatIf:
    from pipelines.landing.scratch import scratch_home
    from pipelines.showing import what_if as showing

    home = workspace.home
    known_at = version.known_at
    assert known_at is not None  # noqa: S101 - _published
    with scratch_home(home, "what-if") as scratch:
        states: dict[str, Path] = {}
        for name, portfolio in (("is", workspace.portfolio), ("would-be", changed)):
            label = "portfolio as it is" if name == "is" else "portfolio as it would be"
            with steps.step(f"asset what-if: {label}", home.logs):
                _build(replace(workspace, home=scratch, portfolio=portfolio), version.as_of_dates, known_at)
                states[name] = showing.keep_state(scratch.warehouse, shown, scratch.root / name)
        moves = showing.compare(states["is"], states["would-be"])
        differs = showing.differences_to_published(home.published / version.name, shown, states["is"])
    return showing.WhatIf(
        version=version.name,
        as_of=shown,
        as_of_dates=version.as_of_dates,
        known_at=known_at,
        currency=workspace.portfolio.currency.reporting,
        method_version_before=workspace.portfolio.method_version,
        method_version_after=changed.method_version,
        changes=changes,
        differs_from_version=differs,
        moves=moves,
    )


def _build(scratch: Workspace, as_of_dates: Sequence[date], known_at: datetime) -> None:
    """Build what the comparison reads in the scratch home; what the first state built and the second shares stays. No tests: they judge
    what is to be published."""
    from orchestration.dbt import manifest, plan, runner
    from pipelines.landing import control, warehouse
    from pipelines.settings import tables
    from pipelines.showing.what_if.compare import MODELS

    home = scratch.home
    tables.write(scratch.portfolio, home)
    moment = known_at.astimezone(UTC).replace(tzinfo=None)
    control.write_control(scratch, tuple(control.AsOf(day, moment) for day in as_of_dates))
    warehouse.attach(home, scratch.contracts)
    selected = plan.read(manifest.ensure_manifest()).up_to(*MODELS)
    built = runner.build(home, selected, spark=scratch.sources.computes_elsewhere)
    failed = [result.node.name for result in built if not result.is_good]
    if failed:
        what = f"{', '.join(failed[:3])} could not be computed; nothing was compared"
        remedy = "the log has dbt's message; `kundenwert run` meets the same one if the settings are not its cause"
        raise KundenwertError(Problem("WHAT_IF_FAILED", what, "logs/dbt.log", remedy))
