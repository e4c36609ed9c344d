"""The business view of the graph: its groups in the order of the flow, and who answers for each.

Belongs here: which dbt folder stands in which group, the team of a group, and how an asset names its files. Not here: the assets, dbt's
translator.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import dagster as dg

DELIVERIES: Final = "deliveries"
METHOD: Final = "method"
CLEAN_TABLES: Final = "clean_tables"
CHECKS: Final = "checks"
CUSTOMERS: Final = "customers"
CONTRIBUTION: Final = "contribution"
EFFORT: Final = "effort"
POTENTIAL: Final = "potential"
SCORES: Final = "scores_and_zones"
LOYALTY: Final = "loyalty_profile"
CAMPAIGNS: Final = "campaigns"
MARTS_STEERING: Final = "marts_steering"
MARTS_SALES: Final = "marts_sales"
MARTS_FINANCE: Final = "marts_finance"
PUBLISHING: Final = "publishing"

OWNERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        DELIVERIES: "team:data",
        METHOD: "team:controlling",
        CLEAN_TABLES: "team:data",
        CHECKS: "team:data",
        CUSTOMERS: "team:controlling",
        CONTRIBUTION: "team:controlling",
        EFFORT: "team:sales",
        POTENTIAL: "team:sales",
        SCORES: "team:controlling",
        LOYALTY: "team:sales",
        CAMPAIGNS: "team:sales",
        MARTS_STEERING: "team:controlling",
        MARTS_SALES: "team:sales",
        MARTS_FINANCE: "team:controlling",
        PUBLISHING: "team:data",
    }
)
"""Group -> who answers for its assets, in the order of the flow."""

_FOLDERS: Final[Mapping[tuple[str, ...], str]] = MappingProxyType(
    {
        ("staging", "control"): METHOD,
        ("staging", "settings"): METHOD,
        ("staging", "crm"): CLEAN_TABLES,
        ("staging", "erp"): CLEAN_TABLES,
        ("intermediate", "input_checks"): CHECKS,
        ("intermediate", "input_quality"): CHECKS,
        ("intermediate", "customers"): CUSTOMERS,
        ("intermediate", "contribution"): CONTRIBUTION,
        ("intermediate", "finance"): CONTRIBUTION,
        ("intermediate", "effort"): EFFORT,
        ("intermediate", "potential"): POTENTIAL,
        ("intermediate", "scores"): SCORES,
        ("intermediate", "value"): SCORES,
        ("intermediate", "zones"): SCORES,
        ("intermediate", "loyalty"): LOYALTY,
        ("intermediate", "profile"): LOYALTY,
        ("intermediate", "campaigns"): CAMPAIGNS,
        ("marts", "codes"): MARTS_STEERING,
        ("marts", "core"): MARTS_STEERING,
        ("marts", "history"): MARTS_STEERING,
        ("marts", "loyalty"): MARTS_STEERING,
        ("marts", "potential"): MARTS_STEERING,
        ("marts", "profile"): MARTS_STEERING,
        ("marts", "value"): MARTS_STEERING,
        ("marts", "campaigns"): MARTS_SALES,
        ("marts", "effort"): MARTS_SALES,
        ("marts", "contribution"): MARTS_FINANCE,
        ("marts", "finance"): MARTS_FINANCE,
        ("marts", "quality"): MARTS_FINANCE,
    }
)
"""Folder below models/ -> group. A folder that is missing here is a group of its own name, which a test refuses."""


def of_folder(*folders: str) -> str:
    """The group of a dbt model by its folders; lists of codes beside the models belong to the method."""
    if not folders:
        return METHOD
    return _FOLDERS.get(folders[:2], "_".join(folders))


def owners(group: str) -> list[str]:
    """Who answers for the assets of a group, as Dagster wants it."""
    return [OWNERS[group]] if group in OWNERS else []


def references(*files: Path) -> Mapping[str, Any]:
    """Metadata that names the files an asset is written in; the web UI opens them in an editor."""
    named = [dg.LocalFileCodeReference(file_path=str(file), label=file.name) for file in files]
    return {"dagster/code_references": dg.CodeReferencesMetadataValue(code_references=named)}
