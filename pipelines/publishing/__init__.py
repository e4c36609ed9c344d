"""Published versions: built aside, checked, made durable, switched to in one instant; verified and rolled back.

Belongs here: exporting what dbt built to the files BI tools read, their manifest, the pointer CURRENT. Not here: what
the numbers mean (dbt_project), and whether they may be published (data_quality.gate).
"""

from __future__ import annotations

from pipelines.publishing.asked import Answer, answers
from pipelines.publishing.facts import read_facts
from pipelines.publishing.layout import VersionInfo, current_directory, current_version, parse_version, versions
from pipelines.publishing.lost import Lost, lost_by
from pipelines.publishing.manifest import Manifest, ManifestFacts, PublishedFile, SourceState
from pipelines.publishing.previous import previous_version, remember
from pipelines.publishing.release import PublishedVersion, publish, rollback
from pipelines.publishing.retention import Rule
from pipelines.publishing.tables import AUDIENCES, Audience, PublishedTable
from pipelines.publishing.verification import VerifyReport, verify

__all__ = [
    "AUDIENCES",
    "Answer",
    "Audience",
    "Lost",
    "Manifest",
    "ManifestFacts",
    "PublishedFile",
    "PublishedTable",
    "PublishedVersion",
    "Rule",
    "SourceState",
    "VerifyReport",
    "VersionInfo",
    "answers",
    "current_directory",
    "current_version",
    "lost_by",
    "parse_version",
    "previous_version",
    "publish",
    "read_facts",
    "remember",
    "rollback",
    "verify",
    "versions",
]
