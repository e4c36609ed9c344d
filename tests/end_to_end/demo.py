"""Demo companies of any size with the shipped configuration; ten customers are small enough to run many times."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.end_to_end.kundenwert import REPOSITORY, Company


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
    company.succeed("demo", "--out", str(folder / "demo"), "--customers", str(customers), "--months", str(months))
    return company
