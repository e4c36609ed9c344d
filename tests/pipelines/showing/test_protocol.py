"""The page of a dry run holds the protocol and nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.errors import Problem
from pipelines.home import Home
from pipelines.landing.dry_run import rehearse
from pipelines.settings.workspace import open_workspace
from pipelines.showing.protocol import write_protocol

GOLDEN = Path(__file__).parents[2] / "golden" / "config"


def test_the_page_says_what_would_stop_a_run_and_reaches_for_nothing(tmp_path: Path) -> None:
    protocol = rehearse(open_workspace(GOLDEN, Home.at(tmp_path / "home")), 8)
    red = [Problem("FILE_EMPTY", "<script>alert(1)</script>", "orders.csv", "deliver it again")]
    first = write_protocol(protocol, red, (), tmp_path / "page.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)" in first
    assert "deliver it again" in first
    assert "A run would publish nothing" in first
    assert "first 8 rows" in first
    assert not re.search(r"(src|href)=\"(?!#)", first)
    green = write_protocol(protocol, (), (), tmp_path / "green.html").read_text(encoding="utf-8")
    assert "Nothing was found that would stop a run" in green
    assert "invoice_lines" in green
    assert green == write_protocol(protocol, (), (), tmp_path / "again.html").read_text(encoding="utf-8")
