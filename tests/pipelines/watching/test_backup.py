"""The backup of docs/operations.md, line by line: nothing that cannot be made again is missing, beside a landing, too."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from pipelines.home import Home
from pipelines.landing import ledger, warehouse
from pipelines.landing.land import land_table
from pipelines.publishing import verify
from pipelines.settings.workspace import open_workspace
from tests.conftest import REPOSITORY
from tests.documents import text_of
from tests.orchestration.commands.command_line import GOLDEN
from tests.pipelines.publishing.samples import fill, publish_again

BESIDE = """
import sys
from pathlib import Path
from pipelines.home import Home
from pipelines.landing.land import land_table
from pipelines.settings.workspace import open_workspace
from tests.pipelines.publishing.samples import publish_again
home = Home.at(sys.argv[2])
land_table(open_workspace(Path(sys.argv[1]), home), "orders")
publish_again(home, keep=1)
"""
"""What a run does while the copy is made: after its first file another batch is landed and another version published."""


def blocks() -> tuple[str, str]:
    """The commands that copy and those that restore."""
    section = text_of("docs/operations.md").partition("## Backup and restore")[2].partition("\n## ")[0]
    copy, restore = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    return copy, restore


def shell(commands: str, home: Home, backup: Path, before: str = "") -> None:
    """Run commands of the document, every one of which has to succeed."""
    environment = {
        **os.environ,
        "KUNDENWERT_HOME": str(home.root),
        "BACKUP": str(backup),
        "PYTHONPATH": str(REPOSITORY),
    }
    subprocess.run(["bash", "-euc", f"{before}\n{commands}"], env=environment, check=True, capture_output=True)


def test_a_copy_made_beside_a_run_is_whole(tmp_path: Path) -> None:
    config = shutil.copytree(GOLDEN, tmp_path / "config")
    shutil.copytree(GOLDEN.parent / "example", tmp_path / "example")
    home, backup = Home.at(tmp_path / "home"), tmp_path / "backup"
    fill(home, rows=50)
    publish_again(home)
    workspace = open_workspace(config, home)
    land_table(workspace, "customers")
    copy, restore = blocks()
    beside = f'"{sys.executable}" -c \'{BESIDE}\' "{config}" "{home.root}"'
    shell(
        copy,
        home,
        backup,
        f'cp() {{ command cp "$@"; if [ ! -e "$BACKUP.begun" ]; then touch "$BACKUP.begun"; {beside}; fi; }}',
    )
    assert len(ledger.read(home)) == 2
    shutil.rmtree(home.root)

    shell(restore, home, backup)
    assert [entry.table for entry in ledger.read(home)] == ["customers"], "the ledger as it was when the copy began"
    assert home.root.stat().st_mode & 0o777 == 0o700
    warehouse.attach(home, workspace.contracts)
    shown = {path.name for path in home.published.iterdir()}
    assert "CURRENT" in shown
    if home.current.exists():
        verify(home)
