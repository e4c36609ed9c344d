"""Of companies with one defect each none publishes a wrong number silently, and none without a defect is refused.

Most are judged the short way (judging.py), a sample goes through the command line and must come to the same.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.cases import defects, judging
from tests.cases.drafts import AS_OF, draft
from tests.end_to_end.kundenwert import Company
from tests.generated.compiled import Project, Warehouse, compiled_once

OF_EACH_KIND = len(defects.KINDS)
SAMPLE = range(7, 7 + 12 * 41, 41)
"""Seeds of twelve kinds, defects and none."""


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return compiled_once(tmp_path_factory)


@pytest.fixture(scope="session")
def asked(project: Project) -> Warehouse:
    return judging.models(project)


@pytest.fixture(scope="session")
def empty_landing(asked: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files without rows of every table."""
    made, kept = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("empty") / "landing"
    judging.judge(draft(0), made, asked)
    ignored = shutil.ignore_patterns("batch=*", "originals", "ledger")
    shutil.copytree(made / "home" / "landing", kept, ignore=ignored)
    return kept


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder that does not outlive the test: hundreds of homes would."""
    yield tmp_path
    shutil.rmtree(tmp_path)


def faults(seed: int, place: Path, asked: Warehouse, empty_landing: Path) -> list[str]:
    """What is wrong with what the product makes of the company; [] if nothing is."""
    kind, made = defects.company(seed)
    verdict = judging.judge(made, place / str(seed), asked, empty_landing)
    shutil.rmtree(place / str(seed))
    told = [*verdict.blocking[:3], *verdict.warnings[:3], *verdict.wrong[:3]]
    name = f"company {seed}, {kind.name}"
    if kind.is_healthy:
        return [f"{name}: refused or wrong", *told] if verdict.blocking or verdict.wrong else []
    if verdict.says(kind.words):
        return []
    if verdict.blocking:
        return [f"{name}: refused without its reason", *told]
    return [f"{name}: SILENT", *told] if verdict.wrong else []


@pytest.mark.parametrize("seed", range(OF_EACH_KIND), ids=list(defects.KINDS))
def test_each_kind_of_defect_is_told_or_makes_no_difference(
    seed: int, place: Path, asked: Warehouse, empty_landing: Path
) -> None:
    found = faults(seed, place, asked, empty_landing)
    assert not found, "\n".join(found)


BATCH = 50


@pytest.mark.endless
@pytest.mark.parametrize("first", range(OF_EACH_KIND, defects.COMPANIES, BATCH))
def test_so_it_is_of_five_hundred(first: int, place: Path, asked: Warehouse, empty_landing: Path) -> None:
    seeds = range(first, min(first + BATCH, defects.COMPANIES))
    found = [line for seed in seeds for line in faults(seed, place, asked, empty_landing)]
    assert not found, "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    "seed", [*SAMPLE[::3], *(pytest.param(seed, marks=pytest.mark.endless) for n, seed in enumerate(SAMPLE) if n % 3)]
)
def test_the_whole_product_says_the_same(seed: int, place: Path, asked: Warehouse, empty_landing: Path) -> None:
    kind, made = defects.company(seed)
    verdict = judging.judge(made, place / "short", asked, empty_landing)
    whole = place / "whole"
    company = Company(config=whole / "config", home=whole / "home")
    for files, delivered_at in zip(judging.deliver(made, whole), judging.DELIVERED, strict=False):
        judging.put(made, whole, files, delivered_at)
        done = company.fork("run")
    said = f"{kind.name}: exit {done.returncode}\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}\n{verdict}"
    assert (done.returncode != 0) == bool(verdict.blocking), said
    if done.returncode == 0:
        month = company.current / "bi" / "mart_contribution_month.parquet"
        with duckdb.connect() as connection:
            connection.execute(f"create view mart_contribution_month as from read_parquet('{month}')")
            assert tuple(judging.wrong(made.true, connection, AS_OF)) == verdict.wrong, said


def test_the_sample_holds_healthy_and_spoilt_companies() -> None:
    kinds = {defects.company(seed)[0].is_healthy for seed in SAMPLE}
    assert kinds == {True, False}
    assert len({defects.company(seed)[0].name for seed in SAMPLE}) == len(SAMPLE)
