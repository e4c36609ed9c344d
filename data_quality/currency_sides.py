"""Within which bounds a euro has ever cost: what is far outside is a decimal sign or a rate turned over, not an event.

Belongs here: the lowest and highest number of units of a currency per euro since 1999 as the reference rates show them, rounded outwards.
Not here: any judgement (plausibility). Currencies that lost several digits meanwhile are left out: of them nothing is known for sure.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

_TEXT = """
AUD 1.1 2.2   BGN 1.9 2.0   BRL 1.4 7.5   CAD 1.1 1.9   CHF 0.85 1.75  CLP 450 1200  CNY 6 12      CZK 22 40
DKK 7.3 7.6   GBP 0.55 1.0  HKD 6 13      HUF 220 450   IDR 6000 21000 ILS 3 7       INR 35 110    ISK 65 320
JPY 85 190    KRW 900 1900  MXN 7.5 27    MYR 3 6       NOK 7 13.5     NZD 1.4 2.4   PHP 35 80     PLN 3.1 5.1
RON 1.3 5.6   SAR 3 6.2     SEK 8 12.5    SGD 1.2 2.4   THB 30 58      TWD 25 51     USD 0.8 1.65  ZAR 6 23
AED 3 6.2
"""

PER_EURO: Final = {
    "EUR": (Decimal(1), Decimal(1)),
    **{name: (Decimal(low), Decimal(high)) for name, low, high in zip(*(iter(_TEXT.split()),) * 3, strict=True)},
}
"""Currency -> (least, most) units per euro."""


def bounds(currency: str, reporting: str) -> tuple[Decimal, Decimal] | None:
    """(least, most) units of `currency` one unit of `reporting` can have cost; None where one of the two is not listed."""
    theirs, ours = PER_EURO.get(currency), PER_EURO.get(reporting)
    if theirs is None or ours is None:
        return None
    return theirs[0] / ours[1], theirs[1] / ours[0]
