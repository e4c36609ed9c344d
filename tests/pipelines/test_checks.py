"""The one outcome type and its file."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError

from pipelines import checks
from pipelines.checks import CheckResult


def result(**changes: object) -> CheckResult:
    fields: dict[str, object] = {
        "check_id": "batch.customers.row_count",
        "area": "batch",
        "subject": "customers",
        "severity": "critical",
        "passed": True,
        "what": "there are rows",
    }
    return CheckResult.model_validate(fields | changes)


MANY = tuple(
    result(
        check_id=f"batch.t{n % 4}.c{n}",
        rows=n if n % 3 else None,
        amount=Decimal(n) / 100 if n % 2 else None,
        passed=n % 5 > 0,
    )
    for n in range(40)
)


@pytest.mark.parametrize(
    ("severity", "passed", "green"),
    [
        ("critical", True, True),
        ("critical", False, False),
        ("warning", False, True),
        ("info", False, True),
    ],
)
def test_only_a_failed_critical_check_is_not_green(severity: str, passed: bool, green: bool) -> None:
    assert checks.is_green([result(), result(severity=severity, passed=passed)]) is green


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "deep" / checks.FILE_NAME
    checks.write(MANY, path)
    assert set(checks.read(path)) == set(MANY)
    assert checks.read(path) == checks.in_order(MANY)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_order_and_repetition_of_the_input_do_not_change_the_bytes(tmp_path: Path) -> None:
    shuffled = [*MANY, *MANY[:7]]
    random.Random(3).shuffle(shuffled)  # noqa: S311 - an order, not a secret
    checks.write(MANY, tmp_path / "a.parquet")
    checks.write(shuffled, tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_results_that_differ_in_one_field_only_are_all_kept(tmp_path: Path) -> None:
    alike = [
        result(),
        result(rows=1),
        result(rows=2),
        result(observed="1"),
        result(amount=Decimal("0.01")),
        result(where="x"),
    ]
    checks.write(alike, tmp_path / "a.parquet")
    assert len(checks.read(tmp_path / "a.parquet")) == len(alike)


def test_the_key_is_unique_and_amounts_are_decimal(tmp_path: Path) -> None:
    checks.write(MANY, tmp_path / "a.parquet")
    table = pq.read_table(tmp_path / "a.parquet")
    assert table["result_number"].to_pylist() == list(range(1, len(MANY) + 1))
    assert str(table.schema.field("affected_amount").type) == "decimal128(18, 2)"
    assert table.column_names == list(checks.COLUMNS)


def test_no_results_make_a_typed_empty_file(tmp_path: Path) -> None:
    checks.write([], tmp_path / "a.parquet")
    assert checks.read(tmp_path / "a.parquet") == ()
    assert pq.read_schema(tmp_path / "a.parquet").names == list(checks.COLUMNS)


@pytest.mark.parametrize(
    "changes",
    [
        {"severity": "fatal"},
        {"check_id": ""},
        {"rows": -1},
        {"amount": Decimal("0.001")},
        {"passed": 1},
        {"value": "Anna"},
    ],
)
def test_a_result_that_says_something_else_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        result(**changes)


def test_reading_nothing_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        checks.read(tmp_path / "none.parquet")
