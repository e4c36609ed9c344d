"""The controllers' page and workbooks under test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.showing.controlling.model import Controlling
from pipelines.showing.controlling.page import PageContext, write_page
from pipelines.showing.controlling.query import read_controlling
from pipelines.showing.controlling.workbook import write_workbooks
from tests.pipelines.showing.controlling.small_version import build

CONTEXT = PageContext(company="=Werkzeug <Nord> & Söhne")


@dataclass(frozen=True)
class Made:
    """What a version was made into."""

    version: Path
    told: Controlling
    page: Path
    english: Path
    german: Path


def make(version: Path, folder: Path) -> Made:
    """The page and the workbooks of a version, in `folder`."""
    told = read_controlling(version)
    page = write_page(told, folder / "controlling.html", CONTEXT)
    english, german = write_workbooks(told, folder, CONTEXT)
    return Made(version, told, page, english, german)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(build(tmp_path_factory.mktemp("published")), tmp_path_factory.mktemp("reports"))


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Of a company that delivers customers and invoices."""
    return make(build(tmp_path_factory.mktemp("bare"), is_bare=True), tmp_path_factory.mktemp("reports"))
