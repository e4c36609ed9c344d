"""What may stand in a configuration file: values, lines, and every trap with its line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.errors import ConfigError, Problem
from pipelines.settings.yaml_file import Value, parse, read


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        parse(text, "x.yml")
    return caught.value.problems


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("0.50", Decimal("0.50")),
        ("-0.05", Decimal("-0.05")),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("2026-01-31", date(2026, 1, 31)),
        ("2026-01-31T18:00:00", datetime(2026, 1, 31, 18)),  # noqa: DTZ001 - as written
        ("2026-01-31T18:00:00Z", datetime(2026, 1, 31, 18, tzinfo=UTC)),
        ("dd.mm.yyyy hh:mm:ss", "dd.mm.yyyy hh:mm:ss"),
        ("N", "N"),
        ("EUR", "EUR"),
        ("50%", "50%"),
        ("1.2.3", "1.2.3"),
        ("'0,5'", "0,5"),
        ('"no"', "no"),
        ("'0100'", "0100"),
        ("'12'", "12"),
        ("[J, 1]", ("J", 1)),
    ],
)
def test_values_mean_what_is_written(written: str, value: Value) -> None:
    read_value = parse(f"a: {written}\n", "x.yml").value
    assert isinstance(read_value, dict)
    assert read_value["a"] == value
    assert type(read_value["a"]) is type(value)


def test_a_decimal_keeps_every_digit() -> None:
    assert parse("a: 0.1000000000000000055511151231257827\n", "x").value == {
        "a": Decimal("0.1000000000000000055511151231257827")
    }


@pytest.mark.parametrize(
    ("written", "code", "remedy"),
    [
        ("0,5", "YAML_NUMBER", "0.5"),
        ("1.440.000", "YAML_NUMBER", "1440000"),
        ("1.234,56", "YAML_NUMBER", "0.5"),
        ("1,440,000.00", "YAML_NUMBER", "0.5"),
        ("5.000", "YAML_NUMBER", "5000"),
        ("0100", "YAML_NUMBER", "quotes"),
        ("1_000", "YAML_NUMBER", "plain digits"),
        ("1e3", "YAML_NUMBER", "plain digits"),
        ("0x1F", "YAML_NUMBER", "plain digits"),
        (".5", "YAML_NUMBER", "plain digits"),
        ("5.", "YAML_NUMBER", "plain digits"),
        ("+5", "YAML_NUMBER", "plain digits"),
        ("no", "YAML_BOOLEAN", "true or false"),
        ("NO", "YAML_BOOLEAN", "quotes"),
        ("Yes", "YAML_BOOLEAN", "true or false"),
        ("off", "YAML_BOOLEAN", "true or false"),
        (".nan", "YAML_NOT_FINITE", "null"),
        ("-.inf", "YAML_NOT_FINITE", "null"),
        ("12:30", "YAML_SEXAGESIMAL", "quotes"),
        ("12:30:45", "YAML_SEXAGESIMAL", "quotes"),
        ("2026-02-30", "YAML_DATE", "correct the date"),
        ("!!python/object:os.system x", "YAML_TAG", "remove"),
        ("b\tc", "YAML_TAB", "spaces"),
    ],
)
def test_every_trap_is_refused_with_its_line_what_was_read_and_a_remedy(written: str, code: str, remedy: str) -> None:
    (problem,) = problems(f"# a comment\nfirst: 1\nblock:\n  trap: {written}\n")
    assert (problem.code, problem.where) == (code, "x.yml:4")
    assert remedy in problem.remedy
    if code in ("YAML_NUMBER", "YAML_BOOLEAN", "YAML_NOT_FINITE", "YAML_SEXAGESIMAL"):
        assert problem.what.startswith(f"{written} ")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("{a: 0,5}", "0,5"),
        ("{a: 0,4, b: 1}", "0,4"),
        ("{1: null, 2: -12,05, 3: 1}", "-12,05"),
        ("{a: 1,5,b: 2}", "1,5"),
    ],
)
def test_a_decimal_comma_inside_braces_is_not_taken_for_a_key(written: str, number: str) -> None:
    (problem,) = problems(f"first: 1\nblock: {written}\n")
    assert (problem.code, problem.where) == ("YAML_NUMBER", "x.yml:2")
    assert problem.what.startswith(f"{number} is not a number here")


@pytest.mark.parametrize("written", ["{a: 0,5: 1}", "{a: 0, 5}", "{a: x,5}", "{1: null,2: 5}"])
def test_other_commas_inside_braces_are_commas(written: str) -> None:
    assert isinstance(parse(f"block: {written}\n", "x.yml").value, dict)


def test_all_problems_come_at_once_each_with_its_own_line() -> None:
    text = "a: 0,5\nb: {c: no, d: [1, .nan]}\na: 2\ne:\n  - 12:30\n"
    assert [(problem.code, problem.where) for problem in problems(text)] == [
        ("YAML_NUMBER", "x.yml:1"),
        ("YAML_BOOLEAN", "x.yml:2"),
        ("YAML_NOT_FINITE", "x.yml:2"),
        ("YAML_DUPLICATE_KEY", "x.yml:3"),
        ("YAML_SEXAGESIMAL", "x.yml:5"),
    ]


def test_a_duplicate_key_names_both_lines_even_when_quoted_differently() -> None:
    (problem,) = problems("a:\n  x: 1\n  y: 2\n  'x': 3\n")
    assert problem.where == "x.yml:4"
    assert "line 2" in problem.what


def test_tabs_in_indentation_are_all_told() -> None:
    found = problems("a:\n\tb: 1\n  c: 2\n\td: 3\n")
    assert [problem.where for problem in found if problem.code == "YAML_TAB"] == ["x.yml:2", "x.yml:4"]


def test_a_tab_after_a_colon_is_a_tab_not_a_riddle() -> None:
    (problem,) = problems("a: 1\nb:\t2\n")
    assert (problem.code, problem.where) == ("YAML_TAB", "x.yml:2")


def test_tabs_in_a_block_text_are_just_text() -> None:
    assert parse("sql: |\n  select\n  \t1\n", "x").value == {"sql": "select\n\t1\n"}


def test_broken_yaml_names_the_line() -> None:
    (problem,) = problems("a: 1\nb: [1, 2\nc: 3\n")
    assert problem.code == "YAML_SYNTAX"
    assert problem.where == "x.yml:3"


@pytest.mark.parametrize("text", ["a: &x {b: 1}\nc: *x\n", "a: {b: 1}\nc:\n  <<: {b: 1}\n"])
def test_aliases_and_merges_are_refused(text: str) -> None:
    assert [problem.code for problem in problems(text)] == ["YAML_ALIAS"]


def test_an_alias_bomb_ends_at_once() -> None:
    bomb = "a0: &a0 [1, 1]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    assert {problem.code for problem in problems(bomb)} == {"YAML_ALIAS"}


def test_two_documents_are_one_too_many() -> None:
    assert problems("a: 1\n---\na: 2\n")[0].where == "x.yml:2"


def test_keys_are_the_text_that_is_written() -> None:
    value = parse("{01: a, no: b, null: c, 2026-01-01: d, '': e}", "x").value
    assert value == {"01": "a", "no": "b", "null": "c", "2026-01-01": "d", "": "e"}


def test_a_key_that_is_a_list_is_refused() -> None:
    assert problems("a: 1\n? [b, c]\n: 2\n")[0].where == "x.yml:2"


def test_where_is_the_nearest_node_that_stands_in_the_file() -> None:
    document = parse("a:\n  b:\n    - c: 1\n    - c: 2\n  7: x\n", "x.yml")
    assert document.where(("a", "b", 1, "c")) == "x.yml:4"
    assert document.where(("a", "b", 1, "missing")) == "x.yml:4"
    assert document.where(("a", 7)) == "x.yml:5"
    assert document.where(()) == "x.yml:1"


def test_a_byte_that_is_not_utf_8_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "p.yml"
    path.write_bytes("a: 1\nname: Müller\n".encode("cp1252"))
    with pytest.raises(ConfigError) as caught:
        read(path)
    (problem,) = caught.value.problems
    assert problem.code == "YAML_ENCODING"
    assert problem.where.endswith("p.yml:2")
    assert "byte 12 " in problem.what


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    path = tmp_path / "p.yml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read(path).value == {"a": 1}


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path / "none.yml")
    assert caught.value.problems[0].code == "CONFIG_NO_FILE"
