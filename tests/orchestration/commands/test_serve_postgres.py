"""`kundenwert serve-postgres`: loads once, says so, repeats no password; its refusals have exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from orchestration.commands.serve_postgres import VARIABLE
from pipelines.errors import ExitCode
from pipelines.home import Home
from tests.orchestration.commands.command_line import kundenwert
from tests.pipelines.publishing.samples import fill, publish_again
from tests.pipelines.sources import postgres
from tests.postgres_serving import fresh_database


@pytest.fixture
def loader() -> Iterator[str]:
    with postgres.server() as address:
        yield fresh_database(address)


@pytest.mark.needs("postgresql")
def test_the_current_version_is_loaded_once(loader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home.at(tmp_path / "home")
    fill(home, rows=100)
    publish_again(home)
    monkeypatch.setenv(VARIABLE, loader)
    first = kundenwert(home.root, "serve-postgres")
    again = kundenwert(home.root, "serve-postgres", "v1", "--json")
    publish_again(home)
    monkeypatch.setenv("BI_URL", loader)
    newer = kundenwert(home.root, "serve-postgres", "--database", "BI_URL")
    assert first.stdout == "readers of the database see v000001 now: 4 tables, 413 rows loaded\n"
    assert json.loads(again.stdout) == {"version": "v000001", "tables": 4, "rows": 0, "is_new": False}
    assert newer.stdout.startswith("readers of the database see v000002 now")
    told = "".join(path.read_text(errors="replace") for path in home.root.rglob("*") if path.is_file())
    for secret in (postgres.PASSWORD, quote(postgres.PASSWORD, safe="")):
        assert secret not in told + first.output + newer.output


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        (["x7"], ExitCode.USAGE, "VERSION_NAME"),
        (["7"], ExitCode.VERIFY_FAILED, "VERSION_UNKNOWN"),
        ([], ExitCode.VERIFY_FAILED, "NOTHING_PUBLISHED"),
        (["--database", "NO_SUCH_URL"], ExitCode.CONFIG, "CONFIG_ENVIRONMENT"),
        (["--database", "postgresql://erp:s3cret@host/bi"], ExitCode.CONFIG, "DATABASE_URL"),
    ],
)
def test_what_it_refuses(
    arguments: list[str], exit_code: ExitCode, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "postgresql://erp:s3cret@127.0.0.1:1/bi")
    result = kundenwert(tmp_path, "serve-postgres", *arguments)
    assert result.exit_code == exit_code
    assert code in result.output and "s3cret" not in result.output
