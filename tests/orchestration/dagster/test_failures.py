"""A coded error survives its way through Dagster, with every problem and its exit code."""

from __future__ import annotations

import errno

import dagster as dg
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError

from orchestration.dagster.failures import as_failure, from_failures, in_plain_words, is_interrupted
from pipelines.errors import ConfigError, ExitCode, GateRedError, KundenwertError, Problem, SourceError

ONE = Problem("ONE", "first", "here", "do this")
TWO = Problem("TWO", "second", "there", "do that")


def run(*errors: BaseException) -> dg.ExecuteInProcessResult:
    """A run in which one step per error fails with it."""

    def failing(number: int, error: BaseException) -> dg.OpDefinition:
        @dg.op(name=f"step_{number}")
        def step() -> None:
            with in_plain_words():
                raise error

        return step

    @dg.job
    def failures() -> None:
        for number, error in enumerate(errors):
            failing(number, error)()

    return failures.execute_in_process(raise_on_error=False)


def test_what_the_machine_refused_inside_a_step_has_a_code() -> None:
    error = from_failures(run(OSError(errno.ENOSPC, "No space left on device", "landing/x")).all_events)
    assert error is not None
    (problem,) = error.problems
    assert (problem.code, problem.where, error.exit_code) == ("DISK_FULL", "landing/x", ExitCode.FAILED)


def test_all_problems_of_all_steps_come_back_in_order() -> None:
    error = from_failures(run(SourceError(ONE), SourceError(TWO, ONE)).all_events)
    assert isinstance(error, SourceError)
    assert error.problems == (ONE, TWO)


def test_the_cause_gives_the_exit_code() -> None:
    error = from_failures(run(GateRedError(ONE), ConfigError(TWO)).all_events)
    assert isinstance(error, ConfigError)
    assert set(error.problems) == {ONE, TWO}


def test_a_green_run_has_no_error() -> None:
    assert from_failures(run().all_events) is None


def test_an_unexpected_exception_is_one_readable_problem() -> None:
    error = from_failures(run(ZeroDivisionError("by nothing")).all_events)
    assert type(error) is KundenwertError
    (problem,) = error.problems
    assert problem.code == "UNEXPECTED"
    assert problem.what == "ZeroDivisionError: by nothing"
    assert problem.where == "step_0"


def test_dagster_shows_the_words_people_see() -> None:
    failure = as_failure(GateRedError(ONE))
    assert failure.description == "ONE: first\n  where: here\n  next: do this"
    assert failure.metadata["exit_code"].value == ExitCode.GATE_RED
    assert failure.allow_retries is False


def test_other_exceptions_pass_unchanged() -> None:
    with pytest.raises(KeyError), in_plain_words():
        raise KeyError("x")


def test_ctrl_c_is_told_from_a_failure() -> None:
    assert is_interrupted(run(DagsterExecutionInterruptedError()).all_events)
    assert not is_interrupted(run(ZeroDivisionError()).all_events)
