"""One generated company on both sides: the marts against the oracle, and a failure small enough to read.

Belongs here: building, comparing, shrinking, telling. Not here: what a company is (companies.py), which column stands
for what (tests.oracle.against_marts).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pprint import pformat

from tests.generated.companies import Case, generate
from tests.generated.compiled import Project, Warehouse
from tests.oracle import evaluate
from tests.oracle.against_marts import INPUT_ROWS, compare_with_marts, compared_marts
from tests.oracle.inputs import Company

SHRINKING_RUNS = 150
"""How often a failing company may be built again on the way to a small one."""


def compared(project: Project, tests: bool = True, prepared: bool = True, checks: bool = False) -> Warehouse:
    """A warehouse of everything the comparison reads, and of what the singular tests read.

    The checks of the sales input, a quarter of all models and last in the graph, only where asked for.
    """
    case = generate(0, "single_customer")
    marts = compared_marts(evaluate(case.company, case.settings, list(case.as_of)).as_of[-1])
    wanted = [mart for mart in marts if checks or mart != INPUT_ROWS]
    rules = [node.name for node in project.tests if checks or not any("input_quality" in read for read in node.reads)]
    return Warehouse(project, wanted, rules if tests else (), prepared)


def differences(warehouse: Warehouse, case: Case) -> list[str]:
    """Cells in which marts and oracle disagree, and broken rules of the project, as lines; [] if all is well."""
    found = list(_cells(warehouse, case))
    found += [f"{test} returns: {rows[:3]}" for test, rows in warehouse.violations().items() if test not in KNOWN]
    return found


KNOWN = frozenset({"activity_types_are_configured", "one_parent_at_a_time", "small_customer_threshold_exists"})
"""Warnings and refusals a generated company may deserve: what it delivers is bad, not what is made of it."""


LATEST = frozenset({"mart_reconciliation", "mart_zone_history", "mart_zone_migration"})


def _cells(warehouse: Warehouse, case: Case) -> Iterator[str]:
    truth = evaluate(case.company, case.settings, list(case.as_of))
    bi = warehouse.build(case.delivered())
    controlling = bi if INPUT_ROWS in warehouse.marts() else None
    for row in truth.as_of:
        for each in compare_with_marts(row, bi, controlling).differences:
            # The month marts and the history look back from the latest as-of date only.
            if each.mart not in LATEST or row is truth.as_of[-1]:
                yield f"{each.mart}.{each.column}: {row.as_of_date} {each.key} {each.published} instead of {each.expected}"


def assert_equal(warehouse: Warehouse, case: Case) -> None:
    """Fail with the seed, the first differences and the smallest company found that still has one of them."""
    found = differences(warehouse, case)
    if found:
        small, still = shrink(case, lambda one: differences(warehouse, one))
        first = "\n".join(found[:10])
        raise AssertionError(
            f"{case}: {len(found)} differences\n{first}\n\nsmallest company:\n{still[0]}\n{dump(small)}"
        )


def shrink(case: Case, check: Callable[[Case], list[str]]) -> tuple[Case, list[str]]:
    """Leave out rows, in ever smaller portions, as long as `check` still finds the first of what it found at first."""
    runs = 0
    found = check(case)
    kind = found[0].partition(":")[0]

    def try_out(smaller: Case) -> bool:
        nonlocal case, found, runs
        runs += 1
        try:
            still = [line for line in check(smaller) if line.partition(":")[0] == kind]
        except Exception:  # noqa: BLE001 - without that row it is no company any more
            return False
        if still:
            case, found = smaller, still
        return bool(still)

    for day in case.as_of:
        if len(case.as_of) > 1:
            try_out(replace(case, as_of=tuple(one for one in case.as_of if one != day)))
    portion = 64
    while portion and runs < SHRINKING_RUNS:
        for field in fields(Company):
            start = 0
            while start < len(rows := getattr(case.company, field.name)) and runs < SHRINKING_RUNS:
                if not try_out(case.with_tables(**{field.name: [*rows[:start], *rows[start + portion :]]})):
                    start += portion
        portion //= 4
    return case, found


def dump(case: Case) -> str:
    """The company as text."""
    parts = [f"as_of = {case.as_of!r}"]
    for field in fields(Company):
        if rows := getattr(case.company, field.name):
            told = [{name: value for name, value in row.items() if value is not None} for row in rows]
            parts.append(f"{field.name} = {pformat(told, width=160, compact=True)}")
    return "\n".join(parts)
