"""A file that somebody still writes while it is read: nothing of it counts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.landing import ledger
from pipelines.landing.land import land_table
from tests.pipelines.landing.company import HEADER, company, deliver, line


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = company(tmp_path)
    deliver(tmp_path, "lines.csv", HEADER + line("R1"))
    copied = shutil.copyfile

    def and_goes_on(source: Path, target: Path) -> Path:
        copied(source, target)
        with source.open("a", encoding="utf-8") as file:
            file.write(line("R2"))
        return target

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copyfile", and_goes_on)
        outcome = land_table(workspace, "invoice_lines")
    assert "FILE_CHANGING" in {finding.problem.code for finding in outcome.problems}
    assert not ledger.read(workspace.home) and not list(workspace.home.originals.iterdir())
    assert land_table(workspace, "invoice_lines").rows_accepted == 2, "when it is complete"
