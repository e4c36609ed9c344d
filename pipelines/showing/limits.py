"""The limits of the method a version was computed by, as texts say them. Belongs here: which setting fills which place of a text.

A text that names a limit stands under `<key>.limit`; `<key>` says the same without it. A version of an older release publishes no
settings, and a setting may be left open: then the plain text is said. So no text holds a digit that a company may have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from pipelines.showing.version import Table, Tables, Version
from pipelines.vocabulary import Voice, is_known, places
from pipelines.vocabulary.formats import decimals_of

MART: Final = "mart_method_settings"

Write = Callable[[Voice, Decimal], str]


def _number(voice: Voice, value: Decimal) -> str:
    return voice.number(value, decimals_of(value))


def _percent(voice: Voice, value: Decimal) -> str:
    """Of a fall (-0.05) its size."""
    return voice.percent(abs(value), decimals_of(value * 100))


def _days(voice: Voice, value: Decimal) -> str:
    return voice.duration(value, "day")


def _months(voice: Voice, value: Decimal) -> str:
    return voice.duration(value, "month")


def _years(voice: Voice, value: Decimal) -> str:
    return voice.duration(value, "year")


PLACES: Final[Mapping[str, tuple[str, Write]]] = {
    "band": ("zones.hysteresis_band", _number),
    "churn_times": ("loyalty.churn_recency_ratio_above", _number),
    "contradiction": ("potential.contradiction_factor", _percent),
    "decline": ("payment_and_growth.decline_cagr_below", _percent),
    "frozen_periods": ("zones.rating_due_after_periods", _number),
    "lapsed_after": ("loyalty.lapsed_after_months", _months),
    "min_coverage": ("zones.min_coverage_weight", _number),
    "min_invoices": ("zones.new_customer_min_invoices", _number),
    "min_items": ("payment_and_growth.low_payment_items_below", _number),
    "min_logged": ("sales_cost.min_logged_capacity_ratio", _percent),
    "missing_level": ("zones.missing_level", _number),
    "rating_cutoff": ("input_quality.rating_cutoff_days", _days),
    "stale_after": ("zones.stale_after_days", _days),
    "tenure": ("zones.new_customer_tenure_years_below", _years),
    "threshold": ("zones.threshold", _number),
    "weak_credit": ("payment_and_growth.weak_credit_index_from", _number),
}
"""Place in a text -> the setting that fills it, and how it is written."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The settings texts name, by path. One that is left open, or that the version does not publish, is not in it."""

    by_setting: Mapping[str, Decimal] = field(default_factory=dict)

    def __getitem__(self, place: str) -> Decimal | None:
        """The setting that fills a place; None if it is not known."""
        return self.by_setting.get(PLACES[place][0])

    def say(self, voice: Voice, key: str, **values: object) -> str:
        """The text with its limits where all of them are known, else the plain one."""
        limited = f"{key}.limit"
        if is_known(limited):
            filled = self._filled(voice) | values
            if places(voice.text(limited)) <= filled.keys():
                return voice.say(limited, **filled)
        return voice.say(key, **values)

    def meaning(self, voice: Voice, group: str, code: str) -> str:
        """What a code means, with its limits where they are known; empty where nothing is said about it."""
        key = f"{group}.{code}.meaning"
        return self.say(voice, key) if is_known(key) else ""

    def observation_rule(self, voice: Voice, tenure_years: int | None) -> str:
        """Which rule of the company keeps a customer under observation: too young, of unknown age, too few invoices."""
        youngest = self["tenure"]
        if youngest is not None and tenure_years is None:
            return voice.label("observation_rule", "unknown")
        if youngest is not None and tenure_years is not None and tenure_years < youngest:
            return self.fill(voice, "observation_rule.tenure")
        if youngest is not None and self["min_invoices"] is not None:
            return self.fill(voice, "observation_rule.invoices")
        return voice.label("observation_rule", "any")

    def fill(self, voice: Voice, key: str) -> str:
        """A text that is only said where its limits are known. Raises KeyError where they are not."""
        return voice.say(key, **self._filled(voice))

    def _filled(self, voice: Voice) -> dict[str, object]:
        return {
            place: write(voice, self.by_setting[setting])
            for place, (setting, write) in PLACES.items()
            if setting in self.by_setting
        }


@dataclass(frozen=True, slots=True)
class _Setting:
    """Row of mart_method_settings that is a number."""

    setting: str
    value_number: Decimal


SETTINGS: Final[Tables] = {MART: Table((_Setting,), is_later=True)}
"""What a reader of limits declares of a version."""


def read_limits(version: Version) -> Limits:
    """The limits of a version opened with SETTINGS; none for one of an older release."""
    wanted = [setting for setting, _ in PLACES.values()]
    rows = version.rows(
        _Setting, MART, "value_number is not null and list_contains($wanted, setting)", {"wanted": wanted}
    )
    return Limits({row.setting: row.value_number for row in rows})
