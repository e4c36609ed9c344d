"""A home that is restored, and a home under another key: what comes out has the checksums it had (docs/operations.md)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipelines.errors import ExitCode
from pipelines.home import Home
from pipelines.landing import ledger
from tests.end_to_end import example
from tests.end_to_end.example import AS_OF
from tests.end_to_end.kundenwert import Company
from tests.pipelines.watching.test_backup import blocks, shell

NEW_KEY = {"KUNDENWERT_PSEUDONYM_KEY": "a second key for tests only, never for data of people"}


@pytest.mark.slow
def test_a_restored_home_alone_gives_what_is_published(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    company = example.golden_copy(tmp_path_factory, tmp_path)
    home, published = Home.at(company.home), company.published_bytes()
    copy, restore = blocks()
    shell(copy, home, tmp_path / "backup")
    shutil.rmtree(company.home)
    shell(restore, home, tmp_path / "backup")
    assert company.published_bytes() == published
    company.fork_and_succeed("doctor")

    (tmp_path / "example").rename(tmp_path / "elsewhere")
    said = json.loads(company.fork_and_succeed("rebuild", "--json"))
    assert (said["is_same"], sorted(said["same"])) == (True, sorted(published)), "no delivery is read"
    (tmp_path / "elsewhere").rename(tmp_path / "example")
    assert "nothing has changed since" in company.fork_and_succeed(*AS_OF)

    settings = company.config / "portfolio.yml"
    text = settings.read_text(encoding="utf-8")
    assert text.count("\n  threshold: 50\n") == 1
    settings.write_text(text.replace("\n  threshold: 50\n", "\n  threshold: 55\n"), encoding="utf-8")
    other = company.fork("rebuild", "--language", "de")
    assert other.returncode == ExitCode.VERIFY_FAILED, other.stderr
    assert "REBUILD_DIFFERS" in other.stderr
    assert "where: bi/" in " ".join(other.stderr.split()), "the first of them are named"
    assert company.published_bytes() == published


@pytest.mark.slow
def test_another_key_is_refused_and_a_new_home_under_it_publishes_the_same(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    company = example.golden_copy(tmp_path_factory, tmp_path)
    published = company.published_bytes()
    refused = company.fork(*AS_OF, **NEW_KEY)
    assert refused.returncode == ExitCode.CONFIG, refused.stderr
    assert "SECRET_CHANGED" in refused.stderr
    assert company.published_bytes() == published

    gone = tmp_path / "example" / "ratings.csv"
    delivered = gone.read_bytes()
    gone.unlink()
    entries = ledger.read(Home.at(company.home))
    (sha256,) = {each.sha256 for entry in entries for each in entry.files if each.name == gone.name}
    shutil.copyfile(company.home / "landing" / "originals" / sha256, gone)
    assert gone.read_bytes() == delivered

    new = Company(config=company.config, home=tmp_path / "new")
    new.fork_and_succeed(*AS_OF, **NEW_KEY)
    again = new.published_bytes()
    assert again.keys() == published.keys()
    assert {path for path in published if published[path] != again[path]} == set()
    keys = [{entry.pseudonym_key_id for entry in ledger.read(Home.at(each.home))} for each in (company, new)]
    assert not (keys[0] & keys[1]) - {None}
