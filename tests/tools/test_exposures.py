"""dbt's exposures name every page, sheet and command that reads marts, with what it reads."""

from __future__ import annotations

import json
import re

from tools import dax, exposures
from tools.generated import REPOSITORY


def test_the_file_is_what_the_readers_read() -> None:
    assert (REPOSITORY / exposures.EXPOSURES).read_text(encoding="utf-8") == exposures.text()


def test_the_measures_for_power_bi_are_the_metrics() -> None:
    told = (REPOSITORY / dax.DOCUMENT).read_text(encoding="utf-8")
    assert told == dax.text()
    assert "[is_latest] = TRUE()" in told and "DIVIDE(" in told


def test_every_reader_of_marts_is_named() -> None:
    readers = {
        path
        for path in (REPOSITORY / "pipelines" / "showing").rglob("*.py")
        if re.search(r"^TABLES: Final\[Tables\]", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    named = {each.__file__ for each in vars(exposures).values() if hasattr(each, "TABLES")}
    # The zones at the end of a run are printed by the run itself.
    assert {str(path) for path in readers} - named == {str(REPOSITORY / "pipelines" / "showing" / "zone_table.py")}


def test_dbt_knows_them_and_marts_are_public() -> None:
    manifest = json.loads((REPOSITORY / "dbt_project" / "target" / "manifest.json").read_text(encoding="utf-8"))
    assert {each["name"] for each in manifest["exposures"].values()} == {each.name for each in exposures.ALL}
    access = {
        (node["path"].split("/")[0], node["access"])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    assert access == {("staging", "protected"), ("intermediate", "protected"), ("marts", "public")}
