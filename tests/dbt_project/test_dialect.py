"""Engines differ in dbt_project/macros/engine.sql alone, and every macro there says the same on every engine, on edge values.

DuckDB is asked here, Sail where its environment is (`make sail-tools`); a real Spark in tests/spark/test_rules.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import jinja2
import pytest
import sqlglot
from sqlglot import exp

from pipelines import duck
from tests.conftest import SAIL
from tests.dbt_project.conftest import PROJECT
from tools import lanes

HOME: Final = PROJECT / "macros" / "engine.sql"
NAMES_AN_ENGINE: Final = re.compile(
    r"\btarget\s*\.\s*(type|name)\b|\bengine\s*\(|adapter\s*\.\s*(dispatch|type)|\b(duckdb|spark|sail|postgres)\b",
    re.IGNORECASE,
)
NEEDS_ITS_NAME: Final = {Path("macros/materializations.sql"): {"duckdb"}}
"""dbt asks a materialization for its adapter; what is built by it is the same."""

D: Final = date
M: Final = Decimal
NUMBER: Final = "decimal(38, 10)"


NO_EXPRESSIONS: Final = {"engine", "spark__get_assert_columns_equivalent"}
"""Which engine it is, and what dbt-spark asks for before it creates a table."""


@dataclass(frozen=True)
class Case:
    """Calls of a macro, and the rows they must give as the columns of a select."""

    calls: tuple[str, ...]
    """A call as a model has it in braces, with no more before it than something to be added to; or SQL with braces of its own."""

    expected: tuple[tuple[Any, ...], ...]
    source: str = ""
    """A FROM clause."""


def one(*pairs: tuple[str, Any]) -> Case:
    """Calls in one row, each with what it must give."""
    return Case(tuple(call for call, _ in pairs), (tuple(value for _, value in pairs),))


def number(text: str | None) -> str:
    """An amount as an argument; NULL where there is none."""
    return f"'cast({'null' if text is None else text} as {NUMBER})'"


def day(text: str | None) -> str:
    """A date as an argument."""
    return '"cast(null as date)"' if text is None else f"\"cast('{text}' as date)\""


def moment(text: str) -> str:
    """A moment as an argument."""
    return f"\"cast('{text}' as timestamp)\""


def divided(num: str | None, den: str | None, more: str = "") -> str:
    """A call of exact_div."""
    return f"exact_div({number(num)}, {number(den)}{more})"


WORDS: Final = (
    "from (select 1 as place, 'Öl' as word union all select 3, 'Zug' union all select 2, 'ärmel' "
    "union all select 4, cast(null as {{ text_type() }})) as t"
)
NONE: Final = "from (select 1 as place, 'a' as word) as t where place > 1"

CASES: Final[Mapping[str, tuple[Case, ...]]] = {
    "exact_div": (
        one(
            (divided("1", "3"), M("0.333333")),
            (divided("2", "3"), M("0.666667")),
            # Half away from zero, on both sides; a tie is one to the last digit, however long the numbers are.
            (divided("1", "8", ", 2"), M("0.13")),
            (divided("-1", "8", ", 2"), M("-0.13")),
            (divided("1", "-8", ", 2"), M("-0.13")),
            (divided("5", "1000000", ", 5"), M("0.00001")),
            (divided("0.0000000001", "2", ", 10"), M("0.0000000001")),
            (divided("-0.0000000001", "2", ", 10"), M("-0.0000000001")),
            (divided("12345678901234567.5", "1", ", 1"), M("12345678901234567.5")),
            (divided("99999999999999999", "7", ", 2"), M("14285714285714285.57")),
            # Hardly less than a tie, hardly more than one, and what a DOUBLE has no digits for.
            (divided("0.1249999999", "1", ", 2"), M("0.12")),
            (divided("12345678.4949999999", "1", ", 2"), M("12345678.49")),
            (divided("1.0000005", "1"), M("1.000001")),
            (divided("-1.0000005", "1"), M("-1.000001")),
            (divided("1.005", "1", ", 2"), M("1.01")),
            (divided("90071992547409.93", "1", ", 2"), M("90071992547409.93")),
            (divided("99999999999.9", "7", ", 6"), M("14285714285.7")),
            (divided("0", "5"), M(0)),
            (divided("5", "0"), None),
            (divided("0", "0"), None),
            (divided(None, "5"), None),
            (divided("5", None), None),
            # A product of money has four decimals and up to 27 digits before them.
            (
                "exact_div('cast(1000000000000000000000000001 as decimal(38, 4))', 'cast(3 as decimal(38, 4))', 2, decimals=4)",
                M("333333333333333333333333333.67"),
            ),
            ("exact_div('7', '2', 1, decimals=0)", M("3.5")),
        ),
    ),
    "whole_units": (
        one(
            ("whole_units('cast(-0.05 as decimal(9, 2))', 2)", -5),
            ("whole_units('cast(999999999999999999999999999999.99 as decimal(38, 2))', 2)", 10**32 - 1),
            ("whole_units('cast(null as decimal(9, 2))', 2)", None),
            # 38 digits: two squares of 19 each.
            ("whole_units('cast(9999999999999999999 as decimal(38, 0))', 0)", 10**19 - 1),
        ),
    ),
    "squared_quotient": (
        one(
            (f"squared_quotient({number('1')}, {number('3')})", M("0.111111111111")),
            (f"squared_quotient({number('-3')}, {number('2')}, 2)", M("2.25")),
            (f"squared_quotient({number('1')}, {number('0')})", None),
            (f"squared_quotient({number(None)}, {number('1')})", None),
        ),
    ),
    "product_quotient": (
        one(
            ("product_quotient('2', '3', '4', '5')", M("0.3")),
            ("product_quotient('1', '1', '0', '5')", None),
            ("product_quotient('1', '1', '5', '0')", None),
            ("product_quotient('cast(null as integer)', '1', '5', '1')", None),
        ),
    ),
    "part_of": (
        one(
            (
                "part_of('cast(0.123457 as decimal(18, 6))', 'cast(99999999999999.99 as decimal(18, 2))')",
                M("12345699999999.99876543"),
            ),
            ("part_of('cast(999.999999 as decimal(18, 6))', 'cast(-0.01 as decimal(38, 2))')", M("-9.99999999")),
            (
                "part_of('cast(999999999999 as decimal(18, 6))', 'cast(9999999999999.99 as decimal(18, 2))')",
                M("9999999999989990000000000.01"),
            ),
            ("part_of('cast(null as decimal(18, 6))', '1')", None),
            ("part_of('1', 'cast(null as decimal(18, 2))')", None),
            ("8 - part_of('0.5', '1')", M("7.5")),
        ),
    ),
    "from_units": (
        one(
            ("from_units('-5')", M("-0.05")),
            (
                "from_units('cast(99999999999999999999999999999999 as decimal(38, 0))')",
                M("999999999999999999999999999999.99"),
            ),
            ("from_units('cast(null as integer)')", None),
        ),
    ),
    "square_root": (
        one(
            ("square_root('2')", M("1.4142135624")),
            ("square_root('2', 2)", M("1.41")),
            ("square_root('0')", M(0)),
            ("square_root('cast(null as integer)')", None),
        ),
    ),
    "whole_quotient": (
        one(
            ("whole_quotient('7', '2')", 3),
            ("whole_quotient('6 + 1', '1 + 1')", 3),
            ("whole_quotient('0', '3')", 0),
            ("whole_quotient('7', '0')", None),
            ("whole_quotient('cast(null as integer)', '2')", None),
            ("10 - whole_quotient('7', '2')", 7),
        ),
    ),
    "days_between": (
        one(
            (f"days_between({day('2024-02-28')}, {day('2024-03-01')})", 2),
            (f"days_between({day('2025-03-01')}, {day('2025-02-28')})", -1),
            (f"days_between({day('2025-03-01')}, {day(None)})", None),
        ),
    ),
    "add_months": (
        one(
            (f"add_months({day('2025-01-31')}, 1)", D(2025, 2, 28)),
            (f"add_months({day('2024-01-31')}, 1)", D(2024, 2, 29)),
            (f"add_months({day('2025-02-28')}, 1)", D(2025, 3, 28)),
            (f"add_months({day('2025-03-31')}, -1)", D(2025, 2, 28)),
            (f"add_months({day('2025-01-15')}, 'cast(null as integer)')", None),
        ),
    ),
    "month_start": (one((f"month_start({day('2024-02-29')})", D(2024, 2, 1)), (f"month_start({day(None)})", None)),),
    "add_days": (
        one(
            (f"add_days({day('2024-02-28')}, 2)", D(2024, 3, 1)),
            (f"add_days({day('2025-01-01')}, -1)", D(2024, 12, 31)),
            (f"add_days({day('2025-01-01')}, '8 - 1')", D(2025, 1, 8)),
            (f"add_days({day(None)}, 1)", None),
        ),
    ),
    "month_end": (
        one(
            (f"month_end({day('2024-02-01')})", D(2024, 2, 29)),
            (f"month_end({day('2100-02-28')})", D(2100, 2, 28)),
            (f"month_end({day('2025-12-31')})", D(2025, 12, 31)),
            (f"month_end({day(None)})", None),
        ),
    ),
    "quarter_end": (
        one(
            (f"quarter_end({day('2024-01-01')})", D(2024, 3, 31)),
            (f"quarter_end({day('2025-11-30')})", D(2025, 12, 31)),
        ),
    ),
    "quarter_text": (
        one((f"quarter_text({day('2024-12-31')})", "2024-Q4"), (f"quarter_text({day('2025-01-01')})", "2025-Q1")),
    ),
    "iso_weekday": (
        one(
            *((f"iso_weekday({day(f'2026-11-{23 + place}')})", place + 1) for place in range(7)),
            (f"8 - iso_weekday({day('2026-11-29')})", 1),
            (f"iso_weekday({day(None)})", None),
        ),
    ),
    "month_text": (
        one((f"month_text({day('2025-01-31')})", "2025-01"), (f"month_text({day('0999-12-01')})", "0999-12")),
    ),
    "full_years": (
        one(
            (f"full_years({day('2024-02-29')}, {day('2025-02-28')})", 0),
            (f"full_years({day('2024-02-29')}, {day('2025-03-01')})", 1),
            (f"full_years({day('2000-06-15')}, {day('2025-06-15')})", 25),
            (f"full_years({day(None)}, {day('2025-06-15')})", None),
        ),
    ),
    "joined_text": (
        Case(("joined_text('word', 'place')",), (("Öl, ärmel, Zug",),), WORDS),
        # Texts are ordered by their bytes, NULL is no text, and of none there is none.
        Case(("joined_text('word', 'word')",), (("Zug, Öl, ärmel",),), WORDS),
        Case(("joined_text('word', 'place')",), ((None,),), NONE),
    ),
    "whole": (
        one(
            ("whole('cast(9223372036854775807 as decimal(38, 0))')", 2**63 - 1),
            ("whole('cast(null as integer)')", None),
        ),
    ),
    "money": (
        one(
            ("money('cast(0.005 as decimal(9, 3))')", M("0.01")),
            ("money('cast(-0.005 as decimal(9, 3))')", M("-0.01")),
            ("money('cast(2.675 as decimal(9, 3))')", M("2.68")),
            ("money('cast(9999999999999999.99 as decimal(38, 10))')", M("9999999999999999.99")),
            ("money('cast(null as integer)')", None),
        ),
    ),
    "ratio": (
        one(
            ("ratio('cast(0.0000005 as decimal(9, 7))')", M("0.000001")),
            ("ratio('cast(-0.0000005 as decimal(9, 7))')", M("-0.000001")),
        ),
    ),
    "score": (
        one(
            ("score('cast(99.99995 as decimal(9, 5))')", M(100)),
            ("score('cast(0.00005 as decimal(9, 5))')", M("0.0001")),
        ),
    ),
    "text_type": (
        one(
            ("cast(42 as {{ text_type() }})", "42"),
        ),
    ),
    "add_minutes": (
        one(
            (f"add_minutes({moment('2025-03-30 01:30:00')}, 60)", datetime(2025, 3, 30, 2, 30)),  # noqa: DTZ001 - as it is kept
            (f"add_minutes({moment('2024-12-31 23:59:00')}, '2 - 1')", datetime(2025, 1, 1)),  # noqa: DTZ001
        ),
    ),
    "date_text": (
        one(
            (f"date_text({moment('2025-01-09 23:59:59')})", "2025-01-09"),
            (f"date_text({day('0999-01-01')})", "0999-01-01"),
        ),
    ),
    "day_in_zone": (
        one(
            (f"day_in_zone({moment('2025-06-30 22:30:00')}, \"'Europe/Berlin'\")", D(2025, 7, 1)),
            (f"day_in_zone({moment('2025-12-31 22:30:00')}, \"'Europe/Berlin'\")", D(2025, 12, 31)),
            (f"day_in_zone({moment('2025-12-31 23:30:00')}, \"'Europe/Berlin'\")", D(2026, 1, 1)),
            (f"day_in_zone({moment('2025-07-01 03:00:00')}, \"'America/New_York'\")", D(2025, 6, 30)),
            (f"day_in_zone({moment('2025-07-01 03:00:00')}, \"'UTC'\")", D(2025, 7, 1)),
        ),
    ),
    "numbers_to": (
        Case(("numbers_to('3')",), ((0,), (1,), (2,), (3,))),
        Case(
            ("'a'", "numbers_to('last')"),
            (("a", 0), ("a", 1), ("a", 0)),
            "from (select 1 as last union all select 0 union all select -1) as t",
        ),
        Case(("numbers_to('-1')",), ()),
        Case(("numbers_to('cast(null as integer)')",), ()),
    ),
    "months_between": (
        one(
            (f"months_between({day('2024-12-31')}, {day('2025-01-01')})", 1),
            (f"months_between({day('2025-03-01')}, {day('2024-01-31')})", -14),
            (f"1 - months_between({day('2025-03-01')}, {day('2025-03-31')})", 1),
            (f"months_between({day(None)}, {day('2025-03-31')})", None),
        ),
    ),
}


class Macros:
    """The macros of engine.sql, and of more files, as dbt renders them for one engine."""

    def __init__(self, target: str, *more: Path) -> None:
        environment = jinja2.Environment(undefined=jinja2.StrictUndefined)  # noqa: S701 - SQL
        environment.globals |= {"target": {"name": target, "type": "duckdb"}, "return": lambda value: value}
        self._environment = environment
        self._text = "".join(path.read_text(encoding="utf-8") for path in (HOME, *more))

    def render(self, text: str) -> str:
        """`text` with its braces filled in."""
        return self._environment.from_string(self._text + text).render().strip()

    def statement(self, case: Case) -> str:
        """The select of a case."""
        listed = ", ".join(f"{_in_braces(call)} as c{place}" for place, call in enumerate(case.calls))
        return self.render(f"select {listed} {case.source}")


def _in_braces(call: str) -> str:
    if "{{" in call or "(" not in call:
        return call
    before, called = re.fullmatch(r"((?:\d+ - )?)(.*)", call).groups()  # type: ignore[union-attr]
    return f"{before}{{{{ {called} }}}}"


def on_duckdb(statements: Mapping[str, str], folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    with duck.memory() as connection:
        return {name: connection.execute(sql).fetchall() for name, sql in statements.items()}


def on_sail(statements: Mapping[str, str], folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    answers, refused = lanes.sail_answers(
        SAIL / "bin" / "python", {name: [sql] for name, sql in statements.items()}, folder
    )
    assert not refused, refused
    return {name: [tuple(row.values()) for row in rows.to_pylist()] for name, rows in answers.items()}


Ask = Callable[[Mapping[str, str], Path], dict[str, list[tuple[Any, ...]]]]
ENGINES: Final[Mapping[str, tuple[str, Ask]]] = {"duckdb": ("duckdb", on_duckdb), "sail": ("spark_syntax", on_sail)}
"""Engine -> the target whose text it takes, and who asks it."""


def declared() -> set[str]:
    return set(re.findall(r"{%-?\s*macro\s+(\w+)\(", HOME.read_text(encoding="utf-8")))


def plain(value: Any) -> Any:
    """A number by its value and a moment without a zone: in which type an engine hands them out is not looked at here."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return M(value) if isinstance(value, int) and not isinstance(value, bool) else value


def test_every_macro_has_edge_values_and_every_case_a_macro() -> None:
    assert set(CASES) == declared() - NO_EXPRESSIONS, "a macro of engine.sql and its cases belong together"
    for name, cases in CASES.items():
        assert any(f"{name}(" in call for case in cases for call in case.calls), name


EVERY_ENGINE: Final = pytest.mark.parametrize(
    "engine", ["duckdb", pytest.param("sail", marks=pytest.mark.needs("sail"))]
)


@EVERY_ENGINE
def test_every_macro_gives_the_same_on_edge_values(engine: str, tmp_path: Path) -> None:
    wrong = wrong_on_edge_values(*ENGINES[engine], tmp_path)
    assert not wrong, "\n".join(wrong)


def wrong_on_edge_values(target: str, ask: Ask, tmp_path: Path) -> list[str]:
    """What an engine says otherwise than CASES."""
    macros = Macros(target)
    cases = {f"{name}-{place}": case for name, several in CASES.items() for place, case in enumerate(several)}
    answers = ask({name: macros.statement(case) for name, case in cases.items()}, tmp_path)
    wrong = []
    for name, case in cases.items():
        found, expected = ([tuple(map(plain, row)) for row in rows] for rows in (answers[name], case.expected))
        if len(found) == len(expected) == 1:
            wrong += [
                f"{call}: {got} instead of {wanted}"
                for call, got, wanted in zip(case.calls, found[0], expected[0], strict=True)
                if got != wanted
            ]
        elif sorted(found) != sorted(expected):
            wrong.append(f"{name}: {found} instead of {expected}")
    return wrong


CHAIN: Final = {f"N{place:02}": (f"N{place + 1:02}",) for place in range(15)}
LINKS: Final = CHAIN | {"A": ("B",), "B": ("A",), "fork": ("left", "right"), "left": ("far",)}
"""Who leads to whom: a chain longer than is followed, a circle, and one that forks."""


def followed(start: str, steps: int) -> set[tuple[str, str, int]]:
    """Who is reached from `start` over how many links, by walking."""
    reached, now = {(start, start, 0)}, {start}
    for step in range(1, steps + 1):
        now = {each for name in now for each in LINKS.get(name, ())}
        reached |= {(start, name, step) for name in now}
    return reached


@EVERY_ENGINE
def test_links_are_followed_to_the_same_depth_without_recursion(engine: str, tmp_path: Path) -> None:
    target, ask = ENGINES[engine]
    macros = Macros(target, PROJECT / "macros" / "customers.sql")
    pairs = [(name, to) for name, several in LINKS.items() for to in several]
    starts = sorted({name for pair in pairs for name in pair})
    row = "select cast('2025-12-31' as date) as as_of_date, '{}' as customer_id"
    starts_text = " union all ".join(row.format(name) for name in starts)
    links_text = " union all ".join(f"{row.format(name)}, '{to}' as parent_id" for name, to in pairs)
    sql = macros.render(
        f"with starts as ({starts_text}), links as ({links_text}) "
        "{{ reached_over_links('starts', 'links', 'parent_id', 'node_id', 'depth') }}"
    )
    found = ask({"reached": sql}, tmp_path)["reached"]
    assert {row[1:] for row in found} == set().union(*(followed(name, 11) for name in starts))
    chained = [row for row in found if str(row[1]).startswith("N")]
    assert len(chained) == len(set(chained)), "who has one link only is told once"


@pytest.mark.parametrize("target", ["duckdb", "spark_syntax"])
def test_a_macros_text_is_one_operand(target: str) -> None:
    """`8 - iso_weekday(d)` must not become `8 - x + 1`."""
    macros = Macros(target)
    torn = []
    for name, cases in CASES.items():
        call = cases[0].calls[0]
        if "{{" not in call:
            tree = sqlglot.parse_one(macros.render(f"{{{{ {call} }}}}"), read=target.partition("_")[0])
            torn += [name] if isinstance(tree, exp.Binary) else []
    assert not torn, f"{target}: put parentheses around {torn}"


def test_no_engine_is_named_outside_its_home() -> None:
    for path in sorted(PROJECT.rglob("*")):
        below = path.relative_to(PROJECT)
        if path.suffix not in (".sql", ".yml", ".csv") or below.parts[0] in ("target", "logs") or path == HOME:
            continue
        code = re.sub(r"{#.*?#}|--[^\n]*|(?m:^\s*#.*$)", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        named = {match[0].lower() for match in NAMES_AN_ENGINE.finditer(code)} - NEEDS_ITS_NAME.get(below, set())
        assert not named or below == Path("profiles.yml"), (
            f"{below} names {sorted(named)}: that belongs into macros/engine.sql"
        )
