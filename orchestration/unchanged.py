"""Whether a run would publish once more what is published: then it need not be made.

Belongs here: everything a version follows from, as one word, kept beside the evidence of the run that published it. Not here:
the run (orchestration.run). The word is taken from what lies there now: deliveries by their bytes, settings, landed batches, program.
A wrong skip is a wrong number, so whatever is missing, damaged or otherwise not as that run left it means: run.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from orchestration.dbt import manifest
from orchestration.periods import Period
from orchestration.shown import shown_month_ends
from pipelines import checks, contents, durable, program
from pipelines.errors import KundenwertError
from pipelines.home import Home
from pipelines.landing import as_of, ledger, secret
from pipelines.settings.workspace import Workspace
from pipelines.sources import FoundFile, deliveries

_FILE: Final = "published_from.json"


def inputs(workspace: Workspace, dbt_project_dir: Path) -> str | None:
    """What a run begins with, as one word: program, settings, deliveries; None if a delivery cannot be read, or only
    reading it would tell what it is.

    Taken before the run: what is delivered while it works is news for the next one.
    """
    try:
        delivered = _delivered(workspace)
        if delivered is None:
            return None
        return contents.digest(
            [
                program.fingerprint(),
                manifest.fingerprint(dbt_project_dir),
                # Whom an alert reaches changes no number.
                workspace.sources.model_dump_json(exclude={"alerts"}),
                workspace.portfolio.model_dump_json(),
                [waiver.model_dump_json() for waiver in workspace.waivers],
                [contract.model_dump_json() for contract in workspace.contracts.values()],
                delivered,
            ]
        )
    except (OSError, KundenwertError):
        return None


def keep(workspace: Workspace, version: int, begun_with: str | None) -> None:
    """Remember what the version just published followed from; `begun_with`: the `inputs` of its run."""
    said = {"version": version, "inputs": begun_with, "left": _left(workspace.home)}
    durable.write_text(workspace.home.checks / _FILE, json.dumps(said))


def published_period(
    workspace: Workspace, period: Period | None, known_at: datetime | None, begins_with: str | None
) -> Period | None:
    """The months asked for, if the current version is what a run that begins with these `inputs` would publish; else None.

    Nothing it follows from has changed since, it shows the months this run would show, and it was known at the time asked for.
    """
    from pipelines import publishing

    home = workspace.home
    if begins_with is None:
        return None
    try:
        said = json.loads((home.checks / _FILE).read_text(encoding="utf-8"))
        number = publishing.current_version(home)
        if number is None or said != {"version": number, "inputs": begins_with, "left": _left(home)}:
            return None
        publishing.verify(home, number)
        version = next(each for each in publishing.versions(home) if each.number == number)
        if period is None:
            day = as_of.default_as_of(
                workspace, None if known_at is None else known_at.astimezone(UTC).replace(tzinfo=None)
            )
            period = Period(day, day)
        known = known_at or as_of.default_known_at(workspace, period.last).replace(tzinfo=UTC)
        shown = shown_month_ends(workspace, period, known)
    except (OSError, ValueError, StopIteration, KundenwertError):
        return None
    return period if shown == version.as_of_dates and version.known_at == known else None


def _left(home: Home) -> str:
    """What a run leaves beside its version. Raises KundenwertError, OSError."""
    return contents.digest(
        [
            [entry.model_dump_json() for entry in ledger.read(home)],
            secret.key_id(secret.pseudonym_key(home)),
            [contents.of_file(home.checks / checks.FILE_NAME), contents.of_file(home.portfolio_page)],
            [[path.name, contents.of_file(path)] for path in sorted(home.reports.glob("controlling.*"))],
            # Files that were landed: what was computed from them can be computed again.
            [[str(path.relative_to(home.root)), path.stat().st_size] for path in _landed(home)],
        ]
    )


def _delivered(workspace: Workspace) -> list[list[str]] | None:
    """Every delivered file with its hash; None where rows of a database are mapped: what they are, only reading them tells."""
    sources = workspace.sources
    if any(declared.database is not None for declared in sources.files.values()):
        return None
    return [
        [name, str(delivery.day), file.name, contents.of_file(file.path)]
        for name, declared in sorted(sources.files.items())
        for delivery in deliveries(sources.root, name, declared)
        for file in delivery.files
        if isinstance(file, FoundFile)
    ]


def _landed(home: Home) -> list[Path]:
    return sorted(path for zone in (home.raw, home.quarantine) for path in zone.rglob("*.parquet"))
