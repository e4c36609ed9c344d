"""Great Expectations: rules become suites, validated on pandas batches; every outcome becomes a CheckResult.

Belongs here: everything that knows Great Expectations. Importing this module takes 5 s: do it inside functions only.
Results hold counts and our own measured numbers, never a cell value.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import great_expectations as gx
import pandas as pd
import pyarrow as pa
from great_expectations.core.expectation_validation_result import (
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
)
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween
from great_expectations.expectations.core.expect_column_values_to_be_in_set import ExpectColumnValuesToBeInSet
from great_expectations.expectations.core.expect_column_values_to_not_be_null import ExpectColumnValuesToNotBeNull
from great_expectations.expectations.core.expect_compound_columns_to_be_unique import ExpectCompoundColumnsToBeUnique
from great_expectations.expectations.core.expect_table_row_count_to_be_between import ExpectTableRowCountToBeBetween
from great_expectations.expectations.expectation import Expectation as GxExpectation
from great_expectations.expectations.metadata_types import FailureSeverity

from data_quality.profile import Measurement
from data_quality.rules import (
    Bound,
    Filled,
    HasRows,
    Measured,
    OneOf,
    Rule,
    UniqueTogether,
    Within,
    as_measure,
    limit_text,
    shown,
)
from pipelines.checks import CheckResult
from pipelines.errors import KundenwertError, Problem

logging.getLogger("great_expectations").setLevel(logging.ERROR)

_VERDICT: Final[Mapping[str, str | int]] = {"result_format": "BOOLEAN_ONLY"}
_COUNTS: Final[Mapping[str, str | int]] = {"result_format": "SUMMARY", "partial_unexpected_count": 0}
"""Counts without the values counted: anything more detailed would carry cells of persons."""


class Suites:
    """One ephemeral Great Expectations context with one pandas data source, reused for all tables of a run."""

    def __init__(self) -> None:
        """Make the context; nothing is written to disk."""
        stores = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
        config = DataContextConfig(store_backend_defaults=stores, progress_bars=ProgressBarsConfig(globally=False))
        context = gx.get_context(mode="ephemeral", project_config=config)
        # One data source, asset and batch definition for all tables: each further one costs more than its checks.
        asset = context.data_sources.add_pandas("landing").add_dataframe_asset("batch")
        self._batch_definition = asset.add_batch_definition_whole_dataframe("whole")

    def check_rows(self, table: str, rows: pa.Table, rules: Sequence[Rule]) -> tuple[CheckResult, ...]:
        """Check the rules on the rows themselves. Columns stay Arrow-typed: decimals exact, integers with NULL."""
        verdicts = self._validate(f"{table} rows", rows, [_row_expectation(rule) for rule in rules], _VERDICT)
        # Counting costs a third more and is always 0 where nothing is wrong.
        broken = [_row_expectation(rule) for rule in rules if not verdicts[rule.name].success]
        counted = self._validate(f"{table} broken rows", rows, broken, _COUNTS)
        return tuple(_row_result(rule, counted.get(rule.name), rows.num_rows) for rule in rules)

    def check_profile(
        self, table: str, rules: Sequence[Rule], measured: Mapping[str, Measurement]
    ) -> tuple[CheckResult, ...]:
        """Check the rules on the numbers measured for them (data_quality.profile)."""
        columns = {rule.name: pa.array([_millionths(measured[rule.name].value)], pa.int64()) for rule in rules}
        expectations = [_profile_expectation(rule) for rule in rules]
        verdicts = self._validate(f"{table} profile", pa.table(columns), expectations, _VERDICT)
        return tuple(_profile_result(rule, bool(verdicts[rule.name].success), measured[rule.name]) for rule in rules)

    def _validate(
        self, name: str, rows: pa.Table, expectations: Sequence[GxExpectation], result_format: Mapping[str, str | int]
    ) -> Mapping[str, ExpectationValidationResult]:
        """Validation results by rule name. Raises KundenwertError if an expectation could not be evaluated."""
        if not expectations:
            return {}
        frame = rows.to_pandas(types_mapper=pd.ArrowDtype)
        suite = gx.ExpectationSuite(name=name, expectations=list(expectations))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            batch = self._batch_definition.get_batch({"dataframe": frame})
            outcome = batch.validate(suite, result_format=dict(result_format))
        return by_rule(name, outcome)


def by_rule(name: str, outcome: ExpectationSuiteValidationResult) -> Mapping[str, ExpectationValidationResult]:
    """The results of a suite by rule name.

    An expectation that raised counts as failed in Great Expectations, which would blame the data: raises
    KundenwertError CHECK_RAISED with the kinds of the exceptions only, their texts may hold cell values.
    """
    found = {str(result.expectation_config.meta["rule"]): result for result in outcome.results}
    problems = [
        Problem(
            "CHECK_RAISED",
            f"the check {rule} of {name} could not be evaluated: {', '.join(kinds)}",
            name,
            "report this as a defect; the data were not judged",
        )
        for rule, result in found.items()
        if (kinds := _raised(result.exception_info))
    ]
    if problems:
        raise KundenwertError(*problems)
    return found


def _raised(info: object) -> tuple[str, ...]:
    """Kinds of exceptions in an exception_info, which is flat or keyed by metric; none if nothing was raised."""
    if not isinstance(info, Mapping):
        return ()
    if "raised_exception" not in info:
        return tuple(sorted({kind for each in info.values() for kind in _raised(each)}))
    if not info["raised_exception"]:
        return ()
    last = str(info.get("exception_traceback") or "").strip().splitlines()[-1:]
    return (last[0].split(":", 1)[0].strip() if last else "unknown kind",)


def _row_expectation(rule: Rule) -> GxExpectation:
    meta, severity = {"rule": rule.name}, FailureSeverity(rule.severity)
    match rule.expectation:
        case HasRows():
            return ExpectTableRowCountToBeBetween(min_value=1, severity=severity, meta=meta)
        case Filled(column):
            return ExpectColumnValuesToNotBeNull(column=column, severity=severity, meta=meta)
        case UniqueTogether(columns):
            return ExpectCompoundColumnsToBeUnique(column_list=list(columns), severity=severity, meta=meta)
        case OneOf(column, values):
            return ExpectColumnValuesToBeInSet(column=column, value_set=list(values), severity=severity, meta=meta)
        case Within(column, minimum, maximum):
            return ExpectColumnValuesToBeBetween(
                column=column, min_value=_limit(minimum), max_value=_limit(maximum), severity=severity, meta=meta
            )
        case Measured():
            raise TypeError(f"{rule.check_id} is measured, not checked row by row")


def _profile_expectation(rule: Rule) -> GxExpectation:
    wanted = as_measure(rule.expectation)
    return ExpectColumnValuesToBeBetween(
        column=rule.name,
        min_value=_millionths(wanted.minimum),
        max_value=_millionths(wanted.maximum),
        severity=FailureSeverity(rule.severity),
        meta={"rule": rule.name},
    )


def _millionths(value: int | Decimal | None) -> int | None:
    """The number as a whole one: Great Expectations turns decimal limits into floats, whole numbers stay exact."""
    return None if value is None else int((Decimal(value) * 1_000_000).to_integral_value())


def _limit(bound: Bound | None) -> float | date | datetime | None:
    """A bound of single values as Great Expectations takes it; contracts' bounds are short, exact when compared."""
    return float(bound) if isinstance(bound, Decimal) else bound


def _row_result(rule: Rule, broken: ExpectationValidationResult | None, rows: int) -> CheckResult:
    """`broken` is the counted result of a rule that does not hold."""
    passed = broken is None
    if isinstance(rule.expectation, HasRows):
        return _result(rule, passed, f"{rows} rows", "at least 1 row", None if passed else 0)
    unexpected = 0 if broken is None else int(broken.result["unexpected_count"])
    return _result(rule, passed, f"{unexpected} of {rows} rows", "0 rows", unexpected)


def _profile_result(rule: Rule, passed: bool, measured: Measurement) -> CheckResult:
    observed = "nothing to measure" if measured.value is None else shown(measured.value)
    return _result(
        rule, passed, observed, limit_text(rule.expectation), None if measured.value is None else measured.rows
    )


def _result(rule: Rule, passed: bool, observed: str, limit: str, rows: int | None) -> CheckResult:
    return CheckResult(
        check_id=rule.check_id,
        area="batch",
        subject=rule.table,
        severity=rule.severity,
        passed=passed,
        what=rule.what,
        where=rule.where,
        remedy="" if passed else rule.remedy,
        observed=observed,
        limit=limit,
        rows=rows,
    )
