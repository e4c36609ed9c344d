"""What dbt did, as check results, read from its files, also when it failed. Not here: running dbt (orchestration).

Messages of dbt may quote cell values; only those kinds of error are quoted that speak of names, not of data.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data_quality.gate import SKIPPED
from pipelines.checks import CheckResult, Severity

_LENIENT = ConfigDict(frozen=True, extra="ignore")
"""dbt's files hold much more than is read here, and each release adds to them."""


class _Meta(BaseModel):
    model_config = _LENIENT

    what: str = ""
    remedy: str = ""


class _Config(BaseModel):
    model_config = _LENIENT

    severity: str = "error"
    materialized: str = ""
    meta: _Meta = _Meta()


class _Dependencies(BaseModel):
    model_config = _LENIENT

    nodes: tuple[str, ...] = ()


class _Node(BaseModel):
    model_config = _LENIENT

    unique_id: str
    resource_type: str
    name: str
    description: str | None = ""
    original_file_path: str = ""
    attached_node: str | None = None
    column_name: str | None = None
    config: _Config = _Config()
    depends_on: _Dependencies = _Dependencies()


class _Manifest(BaseModel):
    model_config = _LENIENT

    nodes: Mapping[str, _Node]
    unit_tests: Mapping[str, _Node] = Field(default_factory=dict)


class _Run(BaseModel):
    model_config = _LENIENT

    invocation_id: str = ""


class _Outcome(BaseModel):
    model_config = _LENIENT

    unique_id: str
    status: str
    message: str | None = None
    failures: int | None = None


class _RunResults(BaseModel):
    model_config = _LENIENT

    metadata: _Run = _Run()
    results: tuple[_Outcome, ...]


_PASSED: Final = frozenset({"success", "reused", "pass", "no-op"})
"""`reused`: built before from exactly this, and not again."""

_TESTS: Final = frozenset({"test", "unit_test"})
_ABOUT_NAMES: Final = re.compile(r"(Binder|Catalog|Parser|Compilation|Contract) Error\b")
"""Kinds of error whose text names tables and columns only. Others (Conversion, Constraint, ...) quote cell values."""


def dbt_results(target: Path, *, invocation_id: str | None = None, complete: bool = True) -> tuple[CheckResult, ...]:
    """One result per model, test and unit test, from run_results.json and manifest.json in `target`.

    `invocation_id`: the run these results must be of (None: not checked). `complete`: every model and data test of
    the manifest must have run; pass False for a run on a selection. A missing, damaged or foreign file is itself a failed
    critical result, never an exception: the gate must be able to say so.
    """
    try:
        manifest = _Manifest.model_validate_json((target / "manifest.json").read_bytes())
        run = _RunResults.model_validate_json((target / "run_results.json").read_bytes())
    except FileNotFoundError as error:
        return (_unusable("no_results", f"dbt left no {Path(str(error.filename)).name}: it ended before it could run"),)
    except ValidationError as error:
        return (_unusable("no_results", f"dbt's files cannot be understood ({error.error_count()} problems)"),)
    if invocation_id is not None and run.metadata.invocation_id != invocation_id:
        return (_unusable("no_results", "dbt's results are those of another run: this one ended before it could run"),)
    nodes = {**manifest.nodes, **manifest.unit_tests}
    results = [_result(outcome, nodes) for outcome in run.results]
    if complete:
        results.extend(_not_run(nodes, {outcome.unique_id for outcome in run.results}))
    return tuple(results)


def _result(outcome: _Outcome, nodes: Mapping[str, _Node]) -> CheckResult:
    node = nodes.get(outcome.unique_id)
    kind = node.resource_type if node is not None else outcome.unique_id.split(".", 1)[0]
    name = node.name if node is not None else outcome.unique_id
    passed = outcome.status in _PASSED
    return CheckResult(
        check_id=f"{_check_kind(outcome.status, kind)}.{name}",
        area="dbt",
        subject=_subject(node, nodes) or name,
        severity=_severity(outcome.status, node),
        passed=passed,
        what=_what(outcome, node, kind, name),
        where=_where(node, nodes),
        remedy="" if passed else _remedy(outcome.status, node, name),
        # Whether a table was built now or before says nothing about it: the same input gives the same bytes.
        observed="success" if outcome.status == "reused" else outcome.status,
        rows=outcome.failures if kind == "test" else None,
    )


def _check_kind(status: str, kind: str) -> str:
    if status == "skipped":
        return SKIPPED
    if kind not in _TESTS:
        return "dbt.build"
    return "dbt.test_error" if status in ("error", "runtime error") else "dbt.test"


def _severity(status: str, node: _Node | None) -> Severity:
    """A test's own severity while it passes; dbt's verdict (warn or fail) when it does not."""
    if status == "warn":
        return "warning"
    is_warning = node is not None and node.resource_type == "test" and node.config.severity.lower() == "warn"
    return "warning" if status == "pass" and is_warning else "critical"


def _what(outcome: _Outcome, node: _Node | None, kind: str, name: str) -> str:
    said = _said(node)
    if outcome.status in _PASSED:
        return said or (f"{name} holds" if kind in _TESTS else f"{name} was built")
    if outcome.status == "skipped":
        return f"{name} was not run because something before it failed"
    if outcome.status in ("warn", "fail") and kind in _TESTS:
        return said or f"the {'unit test' if kind == 'unit_test' else 'test'} {name} fails"
    return f"{name} ended with an error: {_error(outcome.message)}"


def _said(node: _Node | None) -> str:
    """What a test says about itself: meta.what, else its description, in one line."""
    if node is None or node.resource_type not in _TESTS:
        return ""
    return " ".join((node.config.meta.what or node.description or "").split())


def _error(message: str | None) -> str:
    """The kind of error, and its text where that cannot hold data."""
    lines = [line.strip() for line in (message or "").splitlines() if line.strip()]
    quotable = next((line for line in lines if _ABOUT_NAMES.match(line)), None)
    if quotable is not None:
        return quotable
    kinds = [match[0] for line in lines if (match := re.match(r"[A-Z][A-Za-z ]*Error", line))]
    return f"{kinds[-1] if kinds else 'unknown'}, its text is in dbt's log, because it may quote data"


def _remedy(status: str, node: _Node | None, name: str) -> str:
    if status == "skipped":
        return "correct what failed before it and run again"
    if node is not None and node.config.meta.remedy:
        return " ".join(node.config.meta.remedy.split())
    if node is not None and node.resource_type in _TESTS and status in ("warn", "fail"):
        return f"look at the rows it returns: kundenwert dbt show --select {shlex.quote(name)}; correct the source or the model"
    return "see dbt's log in logs/; correct the model or the settings, then run again"


def _subject(node: _Node | None, nodes: Mapping[str, _Node]) -> str:
    """The model a test stands on, or the model itself."""
    if node is None or node.resource_type not in _TESTS:
        return node.name if node is not None else ""
    attached = node.attached_node or next(iter(node.depends_on.nodes), "")
    return nodes[attached].name if attached in nodes else attached.rsplit(".", 1)[-1]


def _where(node: _Node | None, nodes: Mapping[str, _Node]) -> str:
    if node is None:
        return ""
    model = _subject(node, nodes)
    column = f"{model}.{node.column_name}" if node.column_name and model else model
    return ", ".join(part for part in (column, node.original_file_path) if part)


def _not_run(nodes: Mapping[str, _Node], run: set[str]) -> Iterator[CheckResult]:
    for unique_id, node in sorted(nodes.items()):
        # Unit tests prove the models' logic in `make test`; a day's run leaves them out.
        is_expected = node.resource_type == "test" or (
            node.resource_type == "model" and node.config.materialized != "ephemeral"
        )
        if is_expected and unique_id not in run:
            yield CheckResult(
                check_id=f"{SKIPPED}.{node.name}",
                area="dbt",
                subject=_subject(node, nodes) or node.name,
                severity="critical",
                passed=False,
                what=f"{node.name} was not run",
                where=_where(node, nodes),
                remedy="run the whole job: kundenwert run",
                observed="not run",
            )


def _unusable(kind: str, what: str) -> CheckResult:
    return CheckResult(
        check_id=f"dbt.{kind}",
        area="dbt",
        subject="dbt",
        severity="critical",
        passed=False,
        what=what,
        where="dbt",
        remedy="see dbt's log in logs/, then run again",
    )
