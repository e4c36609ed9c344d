"""Demo companies of any size with the shipped configuration; ten customers are small enough to run many times."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.end_to_end.kundenwert import Company
from tests.once import once


def ten_customers(folder: Path) -> Company:
    """The small one: everything a large one has, fourteen months."""
    return demo_company(folder, customers=10, months=14)


def demo_company(folder: Path, customers: int, months: int) -> Company:
    """Write the deliveries and a copy of the shipped configuration below `folder`; the home is `folder/home`."""
    company = Company(config=folder / "config", home=folder / "home")
    shutil.copytree(REPOSITORY / "config", company.config)
    sources = company.config / "sources.yml"
    shipped = sources.read_text(encoding="utf-8")
    assert "root: ../var/demo" in shipped
    sources.write_text(shipped.replace("root: ../var/demo", "root: ../demo"), encoding="utf-8")
    size = ("--customers", str(customers), "--months", str(months))
    company.fork_and_succeed("demo", "--out", str(folder / "demo"), *size)
    return company


MONTHS = ("2026-07", "2026-09")
"""First and last month of the published demo company."""


def demo_published(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The demo company as it is shipped, after a run over three months, which happens once for all tests. Nobody changes it."""

    def make(place: Path) -> None:
        demo_company(place, customers=400, months=40).fork_and_succeed("run", "--from", MONTHS[0], "--to", MONTHS[1])

    made = once(tmp_path_factory, "demo", make)
    return Company(config=made / "config", home=made / "home")


def ten_customers_published(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Company:
    """A copy in `folder` of the small one after its first run, which happens once for all tests."""
    made = once(tmp_path_factory, "ten_customers", lambda place: ten_customers(place).fork_and_succeed("run"))
    return copy_of(made, folder)


def copy_of(made: Path, folder: Path) -> Company:
    """A company's deliveries, configuration and home under another path."""
    shutil.copytree(made, folder, symlinks=True, dirs_exist_ok=True)
    return Company(config=folder / "config", home=folder / "home")
