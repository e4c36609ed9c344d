"""What every test stands on. Belongs here: parts of the machine a test may need, the guard of the network, the environment."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tools import spark_cluster

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared"
TRYTON = REPOSITORY / "var" / "tryton" / "tools"
"""The environment of `make tryton-tools`."""
SUPERSET = REPOSITORY / "var" / "superset" / "tools"
"""The environment of `make superset-tools`."""
SAIL = REPOSITORY / ".lanes" / "environments" / "sail"
"""The environment of `make sail-tools`."""
PARTS: dict[str, Callable[[], bool]] = {
    "browser": lambda: shutil.which("chromium") is not None,
    "java": lambda: shutil.which("java") is not None,
    "postgresql": lambda: shutil.which("initdb") is not None,
    "tryton": (TRYTON / "bin" / "trytond-admin").exists,
    "root": lambda: os.geteuid() == 0,
    "superset": (SUPERSET / "bin" / "superset").exists,
    "spark": (spark_cluster.TOOLS / ".installed").exists,
    "sail": (SAIL / "bin" / "sail").exists,
    "nginx": lambda: shutil.which("nginx") is not None,
    "systemd": lambda: shutil.which("systemd-analyze") is not None,
    "logrotate": lambda: shutil.which("logrotate") is not None,
    "mmdebstrap": lambda: shutil.which("mmdebstrap") is not None,
    "libreoffice": lambda: shutil.which("soffice") is not None,
    "clock": lambda: any(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")),
    "shared": (SHARED / "data" / "classicmodels").is_dir,
}
INSTALLED_BY = {
    "tryton": "make tryton-tools",
    "superset": "make superset-tools",
    "sail": "make sail-tools",
    "spark": "make spark-tools",
}
REQUIRED = frozenset(part for part in os.environ.get("KUNDENWERT_REQUIRE", "").split(",") if part)

# Nothing that runs in a test reports home, and all of it writes for its owner only.
os.environ.update(DO_NOT_TRACK="1", DBT_SEND_ANONYMOUS_USAGE_STATS="false", GX_ANALYTICS_ENABLED="false")
os.environ.setdefault("KUNDENWERT_PSEUDONYM_KEY", "a key for tests only, never for data of people")


# The same examples on every machine, however slow it is at the moment.
settings.register_profile(
    "kundenwert", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("kundenwert")


SLOW = "slow_tests_left_out"
_left_out: set[str] = set()
_left_out_elsewhere: list[int] = []


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a KUNDENWERT_REQUIRE that names no part: a typo must not switch a requirement off."""
    unknown = REQUIRED - PARTS.keys()
    if unknown:
        raise pytest.UsageError(f"KUNDENWERT_REQUIRE names unknown parts {sorted(unknown)}; known: {sorted(PARTS)}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is endless unless it is asked for."""
    if "endless" not in config.option.markexpr:
        items[:] = [item for item in items if not item.get_closest_marker("endless")]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, or fail where the part is required, a test whose part of the machine is missing."""
    for marker in item.iter_markers("needs"):
        for part in marker.args:
            if not PARTS[part]():
                if part in REQUIRED:
                    pytest.fail(f"KUNDENWERT_REQUIRE={part}, but this machine has no {part}", pytrace=False)
                pytest.skip(f"needs {part}")


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Count the slow tests that were left out; a process of its own tells it to the one that writes the summary."""
    slow = [item.nodeid for item in items if item.get_closest_marker("slow")]
    if slow:
        _left_out.update(slow)
        getattr(items[0].config, "workeroutput", {})[SLOW] = len(_left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take over what a test process counted; all of them collect the same tests."""
    _left_out_elsewhere.append(getattr(node, "workeroutput", {}).get(SLOW, 0))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Close with what was left out: the slow tests, and those whose part this machine lacks."""
    if slow := max([len(_left_out), *_left_out_elsewhere]):
        terminalreporter.write_line(
            f"Left out: {slow} slow tests. `make test-all` runs everything, `make test-rest` only them."
        )
    reasons = [str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", ()) if report.longrepr]
    missing = sorted({reason.removeprefix("Skipped: needs ") for reason in reasons if "needs " in reason})
    if missing:
        told = ", ".join(f"{part} ({INSTALLED_BY[part]})" if part in INSTALLED_BY else part for part in missing)
        terminalreporter.write_line(f"Left out, because this machine lacks it: {told}")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a test reach this machine only; whatever tries more fails with the address it tried."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0]) if isinstance(address, tuple) else str(address)
            if host not in ("127.0.0.1", "::1", "localhost"):
                raise AssertionError(f"a test tried to reach {address!r}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield
