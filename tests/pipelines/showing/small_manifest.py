"""A manifest for a version that a test writes by hand. The version is read, never verified: it lists no files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.publishing import manifest as manifests
from pipelines.publishing.manifest import Manifest


def write_manifest(version: Path, *as_of_dates: date, number: int = 7) -> None:
    """Make `version` the directory of a published version of these dates."""
    manifests.write(
        Manifest(
            version=number,
            previous_version=None,
            published_at=datetime(2026, 10, 3, 8, 0, tzinfo=UTC),
            known_at=datetime(2026, 10, 2, 3, 0, tzinfo=UTC),
            as_of_dates=as_of_dates,
            method_version="0123456789ab",
            project_version="0.1.0",
            pseudonym_key_id=None,
            sources=(),
            files=(),
        ),
        version,
    )
