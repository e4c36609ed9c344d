"""`kundenwert versions` of a home where nothing was published."""

from __future__ import annotations

import json
from pathlib import Path

from tests.orchestration.commands.command_line import kundenwert


def test_an_empty_home_has_no_versions(tmp_path: Path) -> None:
    assert "Nothing is published yet" in kundenwert(tmp_path, "versions").stdout
    assert json.loads(kundenwert(tmp_path, "versions", "--json").stdout) == []
