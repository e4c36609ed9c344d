"""Persons become keyed hashes, and the key cannot change unnoticed."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import ConfigError
from pipelines.home import Home
from pipelines.landing import secret
from pipelines.landing.land import land_table
from tests.pipelines.landing.company import company, deliver, rows

MAPPING = """
files:
  f: {path: reps.csv, format: german}
tables:
  sales_reps: {from: f, columns: {rep_id: Nr}}
"""
KEY = "an environment key of some length"


@settings(max_examples=50)
@given(
    key=st.binary(min_size=1, max_size=200),
    values=st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=20),
)
def test_the_hmac_is_pythons(key: bytes, values: list[str]) -> None:
    sql = f"select {secret.hmac_sql('v')} from (select unnest($texts::varchar[]) as v)"
    with duckdb.connect() as connection:
        found = [row[0] for row in connection.execute(sql, {"texts": values, **secret.hmac_parameters(key)}).fetchall()]
    assert found == [hmac.new(key, value.encode(), hashlib.sha256).hexdigest() for value in values]


def test_no_person_stands_in_the_raw_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(secret.VARIABLE, KEY)
    workspace = company(tmp_path, MAPPING)
    deliver(tmp_path, "reps.csv", "Nr;team\n Canary7 ;A\n;B\nCanary8;C\nCanary8;D\n")
    outcome = land_table(workspace, "sales_reps")
    expected = hmac.new(KEY.encode(), b"Canary7", hashlib.sha256).hexdigest()
    assert rows(workspace, "raw", "sales_reps", "rep_key, team") == [(expected, "A")]
    assert {row[0] for row in rows(workspace, "quarantine", "sales_reps", "raw_text")} == {
        ";B",
        "Canary8;C",
        "Canary8;D",
    }
    assert "Canary" not in str(outcome)
    for path in (tmp_path / "home").rglob("*"):
        if (
            path.is_file()
            and path.parts[-3] not in ("quarantine",)
            and not {"originals", "quarantine"} & set(path.parts)
        ):
            assert b"Canary" not in path.read_bytes(), path
            assert KEY.encode() not in path.read_bytes(), path


def test_the_key_is_made_once_and_kept_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(secret.VARIABLE, raising=False)
    home = Home.at(tmp_path).prepare()
    key = secret.pseudonym_key(home)
    assert secret.pseudonym_key(home) == key
    assert len(key) >= 32
    assert home.secret.stat().st_mode & 0o777 == 0o600


def test_another_key_is_noticed_before_anything_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(secret.VARIABLE, KEY)
    workspace = company(tmp_path, MAPPING)
    deliver(tmp_path, "reps.csv", "Nr;team\n1;A\n")
    land_table(workspace, "sales_reps")
    monkeypatch.setenv(secret.VARIABLE, KEY + "!")
    deliver(tmp_path, "reps.csv", "Nr;team\n1;A\n2;A\n")
    with pytest.raises(ConfigError, match="SECRET_CHANGED") as caught:
        land_table(workspace, "sales_reps")
    assert KEY not in str(caught.value)
    assert len(list((workspace.home.raw / "sales_reps").glob("batch=*"))) == 1


@pytest.mark.parametrize("weak", ["short", "changeme changeme changeme"])
def test_a_placeholder_is_no_key(weak: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(secret.VARIABLE, weak)
    with pytest.raises(ConfigError, match="SECRET_WEAK"):
        secret.pseudonym_key(Home.at(tmp_path).prepare())
