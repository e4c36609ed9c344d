"""The units, judged by systemd's own tools in a root of their own: understood without a word, hardened, user and folders made."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.kit import KIT

pytestmark = pytest.mark.needs("systemd")

UNITS = sorted(path.name for pattern in ("*.service", "*.timer") for path in (KIT / "systemd").glob(pattern))
EXPOSED_AT_MOST = 2.0
"""Of 10; systemd calls everything below 2 well protected."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file system with the units as docs/deployment.md installs them, systemd's own beside them, and a program to start."""
    root = tmp_path_factory.mktemp("root")
    shutil.copytree("/usr/lib/systemd/system", root / "usr/lib/systemd/system", symlinks=True)
    shutil.copytree(KIT / "systemd", root / "etc/systemd/system")
    program = root / "opt/kundenwert/.venv/bin/kundenwert"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    return root


def systemd(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """One of systemd's tools, on that root."""
    return subprocess.run([command[0], f"--root={root}", *command[1:]], capture_output=True, text=True, check=False)


def test_the_units_are_understood_without_a_word(root: Path) -> None:
    assert len(UNITS) == 6
    done = systemd(root, "systemd-analyze", "verify", "--man=no", *UNITS)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", [name for name in UNITS if name.endswith(".service")])
def test_every_service_is_hardened(root: Path, unit: str) -> None:
    threshold = f"--threshold={int(EXPOSED_AT_MOST * 10)}"
    done = systemd(root, "systemd-analyze", "security", "--offline=true", threshold, "--no-pager", unit)
    assert done.returncode == 0, done.stdout
    assert f"Overall exposure level for {unit}: 1.8" in done.stdout, "docs/deployment.md says 1.8"


def test_one_drop_in_holds_for_all_services() -> None:
    said = (KIT / "systemd" / "kundenwert-.service.d" / "10-hardening.conf").read_text(encoding="utf-8").splitlines()
    assert "ReadWritePaths=/var/lib/kundenwert -/var/log/kundenwert" in said
    assert {"ProtectSystem=strict", "NoNewPrivileges=yes", "PrivateTmp=yes", "User=kundenwert"} <= set(said)
    for unit in (KIT / "systemd").glob("*.service"):
        assert "User=" not in unit.read_text(encoding="utf-8"), "one home for what services may do"


@pytest.mark.needs("root")
def test_user_and_folders_are_made_and_opened_rights_stay(root: Path) -> None:
    (root / "etc").mkdir(exist_ok=True)
    assert systemd(root, "systemd-sysusers", str(KIT / "systemd" / "sysusers.conf")).returncode == 0
    home = root / "var/lib/kundenwert"

    def make() -> int:
        assert systemd(root, "systemd-tmpfiles", "--create", str(KIT / "systemd" / "tmpfiles.conf")).returncode == 0
        return home.stat().st_mode & 0o777

    assert make() == 0o700
    assert home.stat().st_uid != 0
    home.chmod(0o711)
    assert make() == 0o711
