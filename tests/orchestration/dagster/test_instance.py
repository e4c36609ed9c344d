"""Where Dagster's history lies, and what is never written of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from orchestration.dagster import instance, web_ui
from pipelines.errors import ConfigError
from pipelines.home import Home

ADDRESS = "postgresql://kundenwert:s3cret@127.0.0.1:5432/dagster"


def settings(home: Home) -> str:
    instance.prepare(home)
    return (home.dagster / "dagster.yaml").read_text(encoding="utf-8")


def test_the_history_lies_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home.at(tmp_path)
    monkeypatch.delenv(instance.STORAGE, raising=False)
    assert "RunHistory" in settings(home)
    monkeypatch.setenv(instance.STORAGE, ADDRESS)
    in_postgresql = settings(home)
    assert yaml.safe_load(in_postgresql)["storage"] == {"postgres": {"postgres_url": {"env": instance.STORAGE}}}
    assert "s3cret" not in in_postgresql
    assert "WatchingLauncher" in in_postgresql
    monkeypatch.delenv(instance.STORAGE)
    assert "RunHistory" in settings(home), "and goes back into the home"


@pytest.mark.parametrize("address", ["postgresql//kundenwert:s3cret@host", "mysql://kundenwert:s3cret@host/dagster"])
def test_what_is_no_address_is_refused_without_its_password(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(instance.STORAGE, address)
    with pytest.raises(ConfigError) as refused:
        instance.prepare(Home.at(tmp_path))
    (problem,) = refused.value.problems
    assert (problem.code, problem.where) == ("CONFIG_ENVIRONMENT", instance.STORAGE)
    assert "s3cret" not in str(problem)
    assert problem.remedy
    assert refused.value.__cause__ is None, "nothing hangs on it that holds the value"


def test_page_and_daemon_can_be_services_of_their_own(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    web, daemon = web_ui.arguments(home, 3001, "web"), web_ui.arguments(home, 3001, "daemon")
    assert web[web.index("--host") : web.index("--host") + 4] == ["--host", "127.0.0.1", "--port", "3001"]
    assert "--port" not in daemon
    assert daemon[2:4] == ["dagster._daemon", "run"]
