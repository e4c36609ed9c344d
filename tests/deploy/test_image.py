"""The container file's steps, executed in order in a root file system of Debian's packages, and what they leave: `make test-deploy`.

The last stage has no network, as it says; neither has anything that runs afterwards.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.deploy.containerfile import Builder, Image, read
from tests.deploy.kit import KIT
from tests.end_to_end.demo import ten_customers

pytestmark = [pytest.mark.slow, pytest.mark.endless, pytest.mark.needs("root", "mmdebstrap")]

HOME, CONFIG, DELIVERIES = "/var/lib/kundenwert", "/etc/kundenwert", "/srv/kundenwert"


@pytest.fixture(scope="module", autouse=True)
def _a_builder_shows_its_files() -> Iterator[None]:
    """The umask of a builder, whatever tests before this one left: apt reads the resolver's settings as another user."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """Built once."""
    return Builder(tmp_path_factory.mktemp("image")).build(read((KIT / "Containerfile").read_text(encoding="utf-8")))


def test_the_company_runs_in_it_as_nobody_in_particular_without_a_network(image: Image, tmp_path: Path) -> None:
    assert image.user == "kundenwert"
    assert image.volumes == (HOME,)
    assert "COMMAND" in image.run(*image.entrypoint, "--help")
    company = ten_customers(tmp_path)
    shutil.copyfile(REPOSITORY / "config" / "sources.yml", company.config / "sources.yml")
    sources = company.config / "sources.yml"
    sources.write_text(sources.read_text(encoding="utf-8").replace("../var/demo", DELIVERIES), encoding="utf-8")
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    home = tmp_path / "volume"
    shutil.copytree(image.root / HOME.lstrip("/"), home)
    owner = (image.root / HOME.lstrip("/")).stat()
    shutil.chown(home, owner.st_uid, owner.st_gid)
    home.chmod(owner.st_mode & 0o777)
    assert (owner.st_uid, owner.st_mode & 0o777) == (10001, 0o700)
    shown = {CONFIG: str(company.config), DELIVERIES: str(tmp_path / "demo")}

    def kundenwert(*arguments: str) -> str:
        return image.run(*image.entrypoint, *arguments, read_only=True, shown=shown, volumes={HOME: str(home)})

    kundenwert("run")
    assert "is exactly what was published" in kundenwert("verify")
    status = json.loads(kundenwert("status", "--json"))
    assert (status["version"]["name"], status["last_run"]["exit_code"]) == ("v000001", 0)
    assert {path.lstat().st_uid for path in home.rglob("*")} == {owner.st_uid}


def test_it_holds_what_the_product_needs_and_no_tool_of_its_developers(image: Image) -> None:
    python = "/opt/kundenwert/.venv/bin/python"
    assert "No broken requirements" in image.run(python, "-m", "pip", "check", read_only=True)
    installed = {each["name"].lower() for each in json.loads(image.run(python, "-m", "pip", "list", "--format=json"))}
    assert {"kundenwert", "dagster", "duckdb"} <= installed
    assert not installed & {"pytest", "mypy", "ruff", "playwright", "hypothesis"}
    assert not list(image.root.rglob("duckdb*.whl")), "the wheelhouse stays in its stage"
    assert not (image.root / "opt/kundenwert/tests").exists()
