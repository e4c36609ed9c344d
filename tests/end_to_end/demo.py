"""A demo company of ten customers: small enough to run many times, with everything a large one has."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.end_to_end.kundenwert import REPOSITORY, Company


def ten_customers(folder: Path, months: int = 14) -> Company:
    """Write the deliveries and a copy of the shipped configuration below `folder`; the home is `folder/home`."""
    company = Company(config=folder / "config", home=folder / "home")
    shutil.copytree(REPOSITORY / "config", company.config)
    sources = company.config / "sources.yml"
    shipped = sources.read_text(encoding="utf-8")
    assert "root: ../var/demo" in shipped
    sources.write_text(shipped.replace("root: ../var/demo", "root: ../demo"), encoding="utf-8")
    company.succeed("demo", "--out", str(folder / "demo"), "--customers", "10", "--months", str(months))
    return company
