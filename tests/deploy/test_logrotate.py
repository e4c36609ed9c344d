"""The alerts' file rotates as deploy/logrotate says, and the program goes on writing into a new one: with the real logrotate."""

from __future__ import annotations

import getpass
import grp
import os
import subprocess
from pathlib import Path

import pytest

from tests.deploy.kit import rewritten

pytestmark = pytest.mark.needs("logrotate")


def test_the_alerts_file_rotates_and_is_the_owners_alone(tmp_path: Path) -> None:
    log, state, configuration = tmp_path / "alerts.jsonl", tmp_path / "state", tmp_path / "kundenwert"
    owner = f"{getpass.getuser()} {grp.getgrgid(os.getgid()).gr_name}"
    text = rewritten("logrotate/kundenwert", {"/var/log/kundenwert": str(tmp_path), "kundenwert kundenwert": owner})
    configuration.write_text(text, encoding="utf-8")
    configuration.chmod(0o644)
    tmp_path.chmod(0o700)

    def rotate() -> None:
        command = ["logrotate", "--force", "--state", str(state), str(configuration)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")

    for number in range(3):
        with log.open("a", encoding="utf-8") as opened:
            opened.write(f'{{"number": {number}}}\n')
        rotate()
    assert (log.read_text(encoding="utf-8"), log.stat().st_mode & 0o777) == ("", 0o600)
    kept = sorted(path.name for path in tmp_path.glob("alerts.jsonl.*"))
    assert kept == ["alerts.jsonl.1", "alerts.jsonl.2.gz", "alerts.jsonl.3.gz"]
    assert '"number": 2' in (tmp_path / "alerts.jsonl.1").read_text(encoding="utf-8")
