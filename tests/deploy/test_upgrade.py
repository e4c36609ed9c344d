"""A home of an earlier release, opened by this one as docs/deployment.md says: everything reads, the next run is right, nothing is lost.

The home is that of tests/deploy/release (its README says how it was made). No release is tagged yet: it is the oldest state of the
program whose home can still be made. Replace it at a release.
"""

from __future__ import annotations

import json
import tarfile

import pytest

from pipelines.errors import ExitCode
from tests.conftest import REPOSITORY
from tests.end_to_end.kundenwert import Company, digests

pytestmark = pytest.mark.slow

HOME = REPOSITORY / "tests" / "deploy" / "release" / "home.tar.xz"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The company as the earlier release left it."""
    place = tmp_path_factory.mktemp("earlier")
    with tarfile.open(HOME) as packed:
        packed.extractall(place, filter="tar")
    return Company(config=place / "config", home=place / "home")


def versions(company: Company) -> dict[str, bool]:
    """Version -> whether CURRENT names it."""
    told = json.loads(company.fork_and_succeed("versions", "--json"))
    return {each["name"]: each["is_current"] for each in told}


def test_a_home_of_an_earlier_release_goes_on(company: Company) -> None:
    published, evidence = company.published_bytes(), digests(company.home / "landing" / "originals", "*")
    ledger = digests(company.home / "landing" / "ledger", "*.json")
    version = company.current
    # Before anything is computed, everything reads.
    assert versions(company) == {"v000001": True}
    company.fork_and_succeed("verify")
    status = json.loads(company.fork_and_succeed("status", "--json"))
    assert status["version"]["name"] == "v000001"
    company.fork_and_succeed("explain", "010001")
    told = json.loads(company.fork("doctor", "--json").stdout)
    assert {each["code"] for each in told["problems"]} <= {"SOURCE_STALE"}, told
    # The next run publishes the next version; the page that was a file is a link into it.
    (orders,) = (company.config.parent / "demo").rglob("Auftraege.csv")
    orders.write_bytes(b"".join(orders.read_bytes().splitlines(keepends=True)[:-1]))
    company.fork_and_succeed("run")
    assert versions(company) == {"v000002": True, "v000001": False}
    page = company.home / "reports" / "portfolio.html"
    assert page.is_symlink()
    assert page.resolve() == company.current / "pages" / "portfolio.html"
    company.fork_and_succeed("verify")
    # Nothing is lost: evidence only grows, the version of then is what it was.
    assert evidence.items() <= digests(company.home / "landing" / "originals", "*").items()
    assert ledger.items() <= digests(company.home / "landing" / "ledger", "*.json").items()
    assert digests(version, "*.parquet") == published
    # Back to it: its numbers stand; this release's pages cannot be drawn of it, which is said and leaves no trace.
    done = company.fork("rollback", "v000001", "--yes")
    assert (done.returncode, company.current) == (ExitCode.OK, version)
    assert "VERSION_INCOMPLETE" in done.stdout + done.stderr
    assert not (version / "pages").exists()
    assert not page.exists()
    company.fork_and_succeed("verify")
