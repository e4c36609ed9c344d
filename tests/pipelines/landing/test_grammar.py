"""The strict grammar against an independent reading of the same rules in Python."""

# ruff: noqa: DTZ001 - moments in the tables are UTC without a zone
from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.contracts import Column, load_contracts
from pipelines.landing.grammar import ISO, Grammar, Surroundings, UnsuitableTypeError, reading
from pipelines.settings.date_format import parse_date_format

CONTRACTS = load_contracts()
MONEY = CONTRACTS["invoice_lines"].column("gross_list_amount")
GERMAN = Grammar(
    decimal=",",
    thousands=".",
    date=parse_date_format("dd.mm.yyyy"),
    timestamp=parse_date_format("dd.mm.yyyy hh:mm:ss"),
    true=("J",),
    false=("N",),
)
SAP = Grammar(decimal=",", thousands=".", trailing_minus=True)
SWISS = Grammar(decimal=".", thousands="'")
PLACE = Surroundings("Europe/Berlin", date(2026, 1, 2))


def read(
    column: Column, texts: Sequence[str], grammar: Grammar, kind: str = "VARCHAR"
) -> list[tuple[object, str | None]]:
    """(value where it holds, reason) of every text, by the SQL that landing runs."""
    how = reading(column, kind, "t", "v", grammar=grammar, around=PLACE)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("create table delivered as select unnest($texts::varchar[]) as text", {"texts": list(texts)})
        sql = (
            f"select *, {how.reason} as f from (select *, {how.value} as v from (select text::{kind} as t from "
            f"delivered))"
        )
        return [(v if f is None else None, f) for v, f in connection.sql(f"select v, f from ({sql})").fetchall()]


def reference(text: str, grammar: Grammar, scale: int = 2, precision: int = 18) -> tuple[Decimal | None, str | None]:
    """The rules once more, by hand: split, check the groups, count places."""
    if re.fullmatch(r"(?i)[+-]?(nan|inf|infinity)", text):
        return None, "NUM_NOT_FINITE"
    body, negative = text, False
    if body.startswith("-"):
        body, negative = body[1:], True
    elif grammar.trailing_minus and body.endswith("-"):
        body, negative = body[:-1], True
    whole, sign, fraction = body.partition(grammar.decimal)
    groups = whole.split(grammar.thousands) if grammar.thousands else [whole]
    digits = all(re.fullmatch("[0-9]+", group) for group in groups) and (not sign or re.fullmatch("[0-9]+", fraction))
    grouped = len(groups) == 1 or (
        len(groups[0]) <= 3 and not groups[0].startswith("0") and all(len(group) == 3 for group in groups[1:])
    )
    if not digits or not grouped:
        return None, "NUM_FORMAT"
    if len(fraction.rstrip("0")) > scale:
        return None, "NUM_SCALE"
    value = Decimal(f"{'-' if negative else ''}{''.join(groups)}.{fraction or '0'}")
    return (value, None) if abs(value) < 10 ** (precision - scale) else (None, "NUM_OVERFLOW")


TEXT = st.one_of(
    st.text(alphabet="0123456789.,'-+ ", min_size=1, max_size=12).filter(lambda text: text.strip() == text),
    st.from_regex(r"-?[0-9]{1,3}(\.[0-9]{3}){0,6}(,[0-9]{1,4})?-?", fullmatch=True),
    st.sampled_from(
        ["NaN", "-inf", "Infinity", "1e5", "0x1F", "١٢", "1_000", "(5,00)", "5,", ",5", "-", "--5", "5--", "12,34,567"]
    ),
)


@settings(max_examples=60)
@given(texts=st.lists(TEXT, min_size=1, max_size=60), grammar=st.sampled_from([GERMAN, SAP, SWISS, ISO]))
@example(
    texts=["1.234", "1.234,56", "1,234.56", "1 234,56", "1'234.56", "5,00-", "0,000", "9" * 17, "1234,56", "-0"],
    grammar=GERMAN,
)
def test_numbers_are_read_as_the_rules_say(texts: list[str], grammar: Grammar) -> None:
    assert read(MONEY, texts, grammar) == [reference(text, grammar) for text in texts]


def test_german_money_by_example() -> None:
    texts = [
        "1.234,56",
        "1.234",
        "1234,5600",
        "-0,10",
        "1,234.56",
        "1234.56",
        "5,00-",
        "0,005",
        "10000000000000000",
        "1e308",
        "#N/A",
    ]
    assert read(MONEY, texts, GERMAN) == [
        (Decimal("1234.56"), None),
        (Decimal(1234), None),
        (Decimal("1234.56"), None),
        (Decimal("-0.10"), None),
        *[(None, "NUM_FORMAT")] * 3,
        (None, "NUM_SCALE"),
        (None, "NUM_OVERFLOW"),
        *[(None, "NUM_FORMAT")] * 2,
    ]


EURO = Grammar(decimal=",", thousands=".", strip=("€", "EUR", "$"), parentheses_negative=True, trailing_minus=True)
FRENCH = Grammar(decimal=",", thousands="\u202f")

NUMBERS: dict[str, tuple[Grammar, dict[str, str]]] = {
    "a group of thousands never begins with 0": (
        GERMAN,
        {"0.500": "NUM_FORMAT", "00.750": "NUM_FORMAT", "0,50": "0.50", "000500": "500.00", "1.050.000": "1050000.00"},
    ),
    "the minus behind, where declared": (SAP, {"500,00-": "-500.00", "-500,00": "-500.00", "-5-": "NUM_FORMAT"}),
    "and not where it is not": (GERMAN, {"500,00-": "NUM_FORMAT", "(5,00)": "NUM_FORMAT", "5,00 €": "NUM_FORMAT"}),
    "parentheses": (
        Grammar(decimal=".", thousands=",", parentheses_negative=True),
        {"(1,234.50)": "-1234.50", "(5": "NUM_FORMAT", "(-5)": "NUM_FORMAT", "7": "7.00"},
    ),
    "what is stripped stands beside the number, not in it": (
        EURO,
        {
            "1.234,50 €": "1234.50",
            "€ -5": "-5.00",
            "-5 EUR": "-5.00",
            "EUR\u00a05,00-": "-5.00",
            "($5,50)": "-5.50",
            "5,00- EUR": "-5.00",
            "1€2": "NUM_FORMAT",
            "5 USD": "NUM_FORMAT",
            "€": "NUM_FORMAT",
            "1 234": "NUM_FORMAT",
        },
    ),
    "signs nobody sees": (FRENCH, {"1\u202f234,50": "1234.50", "1 234,50": "NUM_FORMAT", "0\u202f234": "NUM_FORMAT"}),
    "half away from zero, where declared": (
        Grammar(round=True),
        {
            "0.005": "0.01",
            "-0.005": "-0.01",
            "1.0049": "1.00",
            "2.675": "2.68",
            "99999999999999999.999": "NUM_OVERFLOW",
        },
    ),
}


@pytest.mark.parametrize("rule", NUMBERS)
def test_numbers_are_read_as_declared(rule: str) -> None:
    grammar, expected = NUMBERS[rule]
    found = [reason or str(value) for value, reason in read(MONEY, list(expected), grammar)]
    assert dict(zip(expected, found, strict=True)) == expected


MOMENTS: dict[str, dict[str, str]] = {
    "m/d/yyyy h:mm AM": {
        "3/5/2025 2:05 PM": "2025-03-05 13:05:00",
        "12/1/2025 12:00 am": "2025-11-30 23:00:00",
        "03/05/2025 02:05 PM": "2025-03-05 13:05:00",
        "3/5/2025 14:05 PM": "DATE_FORMAT",
        "2/30/2025 2:05 PM": "DATE_INVALID",
    },
    "yyyy-mm-ddThh:mm:ss[.f][z]": {
        "2025-03-10T08:15:00.000Z": "2025-03-10 08:15:00",
        "2025-03-10T08:15:00.000+0000": "2025-03-10 08:15:00",
        "2025-03-10T08:15:00+01:00": "2025-03-10 07:15:00",
        "2025-03-10T08:15:00-05": "2025-03-10 13:15:00",
        "2025-03-10T08:15:00": "2025-03-10 07:15:00",
        "2025-03-10T08:15:00.1234567": "2025-03-10 07:15:00.123456",
        "2025-03-30T02:30:00.000Z": "2025-03-30 02:30:00",
        "2025-03-10T08:15": "DATE_FORMAT",
    },
    "iso": {
        "2025-03-10T08:15:00.000Z": "2025-03-10 08:15:00",
        "2025-03-10 08:15+02:00": "2025-03-10 06:15:00",
        "2025-03-10 08:15": "2025-03-10 07:15:00",
        "2025-03-10": "DATE_FORMAT",
    },
    "d.m.yy h:mm": {"5.3.25 7:05": "2025-03-05 06:05:00", "05.03.25 07:05": "2025-03-05 06:05:00"},
    "unix": {"1741594500": "2025-03-10 08:15:00", "1741594500000": "DATE_FORMAT", "1,7E9": "DATE_FORMAT"},
    "unix_ms": {"1741594500123": "2025-03-10 08:15:00.123000"},
    "excel": {"45726": "2025-03-09 23:00:00", "45726,5": "2025-03-10 11:00:00", "45726.34375": "2025-03-10 07:15:00"},
    "excel_1904": {"44264.5": "2025-03-10 11:00:00"},
}


@pytest.mark.parametrize("pattern", MOMENTS)
def test_moments_are_read_as_declared(pattern: str) -> None:
    """The source's times without offset are of Berlin."""
    expected = MOMENTS[pattern]
    declared = parse_date_format(pattern)
    grammar = Grammar(timestamp=None if pattern == "iso" else declared)
    found = read(CONTRACTS["activities"].column("activity_at"), list(expected), grammar)
    assert {text: reason or str(value) for text, (value, reason) in zip(expected, found, strict=True)} == expected


DAYS: dict[str, dict[str, str]] = {
    "d.m.yyyy": {"5.3.2025": "2025-03-05", "05.03.2025": "2025-03-05", "31.2.2025": "DATE_INVALID"},
    "m/d/yyyy": {"3/15/2025": "2025-03-15", "15/3/2025": "DATE_FORMAT"},
    "yyyymm last": {"202502": "2025-02-28", "202513": "DATE_FORMAT"},
    "mm.yyyy first": {"02.2025": "2025-02-01"},
    "yyyymmdd": {"20250310": "2025-03-10"},
    "yyyy-mm-ddThh:mm:ss[.f]z": {
        "2025-01-01T00:00:00.000Z": "2025-01-01",
        "2025-01-01T00:00:00+01:00": "2025-01-01",
        "2024-12-31T23:00:00Z": "2025-01-01",
    },
    "dd.mm.yyyy hh:mm:ss": {"31.12.2024 00:00:00": "2024-12-31", "31.12.2024 23:59:00": "2024-12-31"},
    "excel": {"45726": "2025-03-10", "45726,75": "2025-03-10"},
    "unix": {"1741564800": "2025-03-10", "1741560000": "2025-03-09", "1741647600": "2025-03-11"},
}


@pytest.mark.parametrize("pattern", DAYS)
def test_days_are_read_as_declared(pattern: str) -> None:
    expected = DAYS[pattern]
    found = read(
        CONTRACTS["invoice_lines"].column("posting_date"), list(expected), Grammar(date=parse_date_format(pattern))
    )
    assert {text: reason or str(value) for text, (value, reason) in zip(expected, found, strict=True)} == expected


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo", "Europe/Berlin"])
@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("dd.mm.yyyy", "10.03.2025"),
        ("dd.mm.yyyy hh:mm:ss", "10.03.2025 00:00:00"),
        ("yyyy-mm-ddThh:mm:ssz", "2025-03-10T00:00:00Z"),
        ("iso", "2025-03-10T00:00:00+09:00"),
        ("unix", "1741564800"),
        ("excel", "45726"),
    ],
)
def test_a_day_without_a_time_is_that_day_of_the_company_wherever_it_comes_from(
    zone: str, pattern: str, text: str
) -> None:
    grammar = Grammar(timestamp=None if pattern == "iso" else parse_date_format(pattern), has_time=False)
    around = Surroundings(zone, company_zone="Europe/Berlin")
    how = reading(CONTRACTS["activities"].column("activity_at"), "VARCHAR", "t", "v", grammar=grammar, around=around)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        found = connection.execute(f"select {how.value} from (select ? as t)", [text]).fetchone()
    assert found == (datetime(2025, 3, 9, 23),)


def test_levels_are_whole_and_within_their_scale() -> None:
    level = CONTRACTS["ratings"].column("level")
    found = read(level, ["1", "5", "6", "0", "3,5", "3,0", "gut", "99999999999"], GERMAN)
    assert [value if reason is None else reason for value, reason in found] == [
        1, 5, "NUM_RANGE", "NUM_RANGE", "NUM_SCALE", 3, "NUM_FORMAT", "NUM_OVERFLOW",
    ]  # fmt: skip


def test_dates_are_of_the_calendar_and_of_the_time_of_the_delivery() -> None:
    expected: dict[str, object] = {
        "31.12.2025": date(2025, 12, 31),
        "31.02.2025": "DATE_INVALID",
        "29.02.2024": date(2024, 2, 29),
        "12/31/2025": "DATE_FORMAT",
        "1.2.2025": "DATE_FORMAT",
        "31.12.1989": "DATE_RANGE",
        "02.02.2026": date(2026, 2, 2),
        "03.02.2026": "DATE_RANGE",
    }
    found = read(CONTRACTS["invoice_lines"].column("posting_date"), list(expected), GERMAN)
    assert [value if reason is None else reason for value, reason in found] == list(expected.values())


@settings(max_examples=40)
@given(
    st.lists(
        st.datetimes(datetime(1996, 1, 1), datetime(2037, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
        min_size=1,
        max_size=50,
    )
)
@example(
    [
        datetime(2025, 3, 30, 1, 59, 59),
        datetime(2025, 3, 30, 3, 0),
        datetime(2025, 10, 26, 1, 59, 59),
        datetime(2025, 10, 26, 3, 0),
    ]
)
def test_local_moments_become_utc(moments: list[datetime]) -> None:
    """Python's zoneinfo is the reference; hours that summer time skips or repeats have no single answer and are left
    out."""
    berlin = ZoneInfo("Europe/Berlin")
    clear = [m for m in moments if m.replace(tzinfo=berlin).utcoffset() == m.replace(tzinfo=berlin, fold=1).utcoffset()]
    at = CONTRACTS["activities"].column("activity_at")
    expected = [(moment.replace(tzinfo=berlin).astimezone(UTC).replace(tzinfo=None), None) for moment in clear]
    assert (
        read(at, [f"{moment:%d.%m.%Y %H:%M:%S}" for moment in clear] or ["01.01.2025 00:00:00"], GERMAN)[: len(clear)]
        == expected
    )
    assert read(at, [moment.isoformat() for moment in clear] or ["2025-01-01T00:00:00"], ISO)[: len(clear)] == expected


def test_an_offset_in_iso_text_wins_over_the_zone() -> None:
    at = CONTRACTS["activities"].column("activity_at")
    noon = datetime(2025, 7, 1, 12)
    expected: dict[str, tuple[object, str | None]] = {
        "2025-07-01T12:00:00Z": (noon, None),
        "2025-07-01 14:00:00+02:00": (noon, None),
        "2025-07-01T14:00": (noon, None),
        "2025-07-01T14:00:00.5": (noon + timedelta(milliseconds=500), None),
        "2025-07-01": (None, "DATE_FORMAT"),
        "2025-02-30T00:00:00": (None, "DATE_INVALID"),
    }
    assert read(at, list(expected), ISO) == list(expected.values())


def test_texts_keep_to_their_lists_and_hold_no_control_characters() -> None:
    customers = CONTRACTS["customers"]
    assert read(customers.column("currency_code"), ["EUR", "eur", "XXQ", "huf"], ISO) == [
        ("EUR", None), ("EUR", None), (None, "CURRENCY_UNKNOWN"), ("HUF", None),
    ]  # fmt: skip
    assert read(customers.column("relationship_type"), ["lead", "LEAD", "lead?"], ISO) == [
        ("lead", None),
        ("lead", None),
        (None, "VALUE_NOT_ALLOWED"),
    ]
    assert read(customers.column("customer_name"), ["a\x00b", "a\nb", "a\u0308"], ISO) == [
        (None, "CONTROL_CHAR"),
        ("a\nb", None),
        ("ä", None),
    ]
    assert read(customers.column("is_key_account"), ["J", "N", "j", "1"], GERMAN) == [
        (True, None),
        (False, None),
        (True, None),
        (None, "TYPE"),
    ]
    assert read(CONTRACTS["ledger_totals"].column("period"), ["2025", "2025-12", "2025-17"], ISO)[2] == (
        None,
        "VALUE_NOT_ALLOWED",
    )


def test_types_of_parquet_are_taken_exactly_or_not_at_all() -> None:
    assert read(MONEY, ["12.34", "12.345"], ISO, "DECIMAL(18,3)") == [(Decimal("12.34"), None), (None, "NUM_SCALE")]
    assert read(MONEY, ["12345678901234567"], ISO, "BIGINT") == [(None, "NUM_OVERFLOW")]
    assert read(CONTRACTS["ratings"].column("level"), ["4.0", "4.5", "nan"], ISO, "DOUBLE") == [
        (4, None), (None, "NUM_SCALE"), (None, "NUM_NOT_FINITE"),
    ]  # fmt: skip
    assert read(CONTRACTS["orders"].column("order_date"), ["2025-01-01", "2025-01-01 08:00:00"], ISO, "TIMESTAMP") == [
        (date(2025, 1, 1), None), (None, "DATE_FORMAT"),
    ]  # fmt: skip
    midnights = ["2025-01-01 00:00:00+00", "2024-12-31 23:00:00+00", "2025-01-01 08:00:00+00"]
    assert read(CONTRACTS["orders"].column("order_date"), midnights, ISO, "TIMESTAMP WITH TIME ZONE") == [
        (date(2025, 1, 1), None), (date(2025, 1, 1), None), (None, "DATE_FORMAT"),
    ]  # fmt: skip
    with pytest.raises(UnsuitableTypeError, match="binary floating point"):
        reading(MONEY, "DOUBLE", "t", "v", grammar=ISO, around=PLACE)
    with pytest.raises(UnsuitableTypeError):
        reading(CONTRACTS["customers"].column("customer_id"), "DOUBLE", "t", "v", grammar=ISO, around=PLACE)
