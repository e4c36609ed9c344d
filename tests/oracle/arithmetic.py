"""Exact numbers: integers of cents, fractions, and the one way of rounding (half away from zero).

Belongs here: rounding, conversion between Decimal and cents, roots, medians. Nothing that knows a customer.
Money is an `int` of cents while it is computed; what is published is a `Decimal` with the places of METHOD 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

ROUNDING = "money 2dp per line, ratios 6dp, scores 4dp, half away from zero"

Exact = int | Decimal | Fraction


def divide(numerator: int, denominator: int) -> int:
    """The whole number nearest to numerator / denominator, halves away from zero."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    quotient, rest = divmod(abs(numerator), denominator)
    if 2 * rest >= denominator:
        quotient += 1
    return quotient if numerator >= 0 else -quotient


def cents(amount: Exact, units_per_currency: Fraction | int = 1) -> int:
    """An amount divided by an exchange rate, rounded once to whole cents."""
    numerator, denominator = amount.as_integer_ratio()
    units, per = units_per_currency.as_integer_ratio()
    return divide(numerator * per * 100, denominator * units)


def published(value: Exact, places: int) -> Decimal:
    """The value rounded to a number of decimal places, as it is stored in a mart."""
    numerator, denominator = value.as_integer_ratio()
    return Decimal(divide(numerator * 10**places, denominator)).scaleb(-places)


def money(amount_cents: int) -> Decimal:
    """Cents as a published amount with 2 places."""
    return Decimal(amount_cents).scaleb(-2)


def in_cents(amount: Decimal) -> int:
    """A published amount back in cents."""
    return int(amount.scaleb(2))


def ratio(value: Exact) -> Decimal:
    """A published ratio (6 places)."""
    return published(value, 6)


def quotient(numerator: int, denominator: int) -> Decimal | None:
    """A published ratio of two whole numbers; None where the denominator is zero."""
    return None if denominator == 0 else ratio(Fraction(numerator, denominator))


def score(value: Exact) -> Decimal:
    """A published score, level, points or hours value (4 places)."""
    return published(value, 4)


def integer_root(value: int, degree: int) -> int:
    """The largest whole number whose power does not exceed the value (Newton's method, value >= 0)."""
    if value == 0:
        return 0
    guess: int = 1 << -(-value.bit_length() // degree)
    while True:
        better = ((degree - 1) * guess + value // guess ** (degree - 1)) // degree
        if better >= guess:
            return guess
        guess = better


def growth_rate(start: int, end: int, years: int) -> Decimal:
    """(end / start) ** (1 / years) - 1 to 6 places, without floating point; both amounts positive."""
    scale = 10**6
    power = end * scale**years
    floor = integer_root(power // start, years)
    middle, target = (2 * floor + 1) ** years * start, 2**years * power
    if middle < target or (middle == target and floor >= scale):
        floor += 1
    return Decimal(floor - scale).scaleb(-6)


def median(values: Sequence[int]) -> Fraction:
    """The middle value, or the mean of the two middle values; at least one value."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle], 2)


def largest_remainder(ideal: dict[str, Fraction], total: int) -> dict[str, int]:
    """Whole numbers that sum to the total: the floors, then one more each by remainder (tie: the smaller id)."""
    whole = {key: value.numerator // value.denominator for key, value in ideal.items()}
    missing = total - sum(whole.values())
    if not 0 <= missing <= len(ideal):
        raise ValueError(f"a total of {total} is not reachable from ideal values that sum to {sum(ideal.values())}")
    for key in sorted(ideal, key=lambda key: (whole[key] - ideal[key], key))[:missing]:
        whole[key] += 1
    return whole
