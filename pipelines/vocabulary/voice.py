"""Saying it: a language (Voice), and what any of them may say (Text). Belongs here: filling and choosing; not here: texts, formats.

`Voice.say` is the one door: every word a person is shown goes through it. Whoever listens (`heard_by`) learns which text was said of
whom with which facts; tests do, and ask each whether it may be said (statements.yml).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from pipelines.vocabulary import formats
from pipelines.vocabulary.catalogue import DIRECTORY, catalogue, is_known, languages
from pipelines.vocabulary.codes import code_groups


@dataclass(frozen=True, slots=True)
class Saying:
    """A text that was said: its key, what filled its places, and of whom (`None`: of the whole portfolio) as of when."""

    language: str
    key: str
    facts: Mapping[str, object]
    ultimate_parent_id: str | None
    as_of_date: date | None


Ear = Callable[[Saying], None]


@dataclass(frozen=True, slots=True)
class Voice:
    """One language: its words, and how it writes numbers and dates. An unknown figure is a dash, never 0."""

    language: str
    catalogues: Path = DIRECTORY
    """Where a language's file is looked for before the shipped ones."""
    heard_by: Ear | None = field(default=None, compare=False, repr=False)
    """Who listens to what is said; nobody but tests."""
    ultimate_parent_id: str | None = field(default=None, compare=False)
    as_of_date: date | None = field(default=None, compare=False)

    def of(self, ultimate_parent_id: str | None, as_of_date: date | None) -> Voice:
        """The same voice, speaking of a customer (None: of the portfolio) as of a date."""
        return replace(self, ultimate_parent_id=ultimate_parent_id, as_of_date=as_of_date)

    def text(self, key: str) -> str:
        """The text of `key` with its places open. Raises KeyError for a key nobody wrote."""
        return catalogue(self.language, self.catalogues)[key]

    def say(self, key: str, **values: object) -> str:
        """The text of `key`, its places filled. Raises KeyError for a key nobody wrote or a place nobody filled."""
        if self.heard_by is not None:
            self.heard_by(Saying(self.language, key, values, self.ultimate_parent_id, self.as_of_date))
        return self.text(key).format(**values)

    def label(self, group: str, code: str) -> str:
        """The word for a code; a code of a later release is shown as it is."""
        known = code_groups().get(group)
        key = f"{known.texts if known and known.texts else group}.{code}"
        return self.say(key) if is_known(key) else code.replace("_", " ")

    def meaning(self, group: str, code: str, **values: object) -> str:
        """What a code means, its limits filled in; empty where nothing is said about it."""
        key = f"{group}.{code}.meaning"
        return self.say(key, **values) if is_known(key) else ""

    def number(self, value: Decimal | int | None, decimals: int = 0) -> str:
        """A number with that many decimals, grouped."""
        return formats.number(value, self.language, decimals)

    def percent(self, ratio: Decimal | None, decimals: int = 1) -> str:
        """A ratio (0..1) as per cent."""
        return formats.percent(ratio, self.language, decimals)

    def money(self, value: Decimal | None, currency: str, decimals: int = 0) -> str:
        """An amount with the code of its currency."""
        return formats.money(value, self.language, currency, decimals)

    def duration(self, value: Decimal | int | None, unit: formats.Span, decimals: int = 0) -> str:
        """A length of time in words."""
        return formats.duration(value, unit, self.language, decimals)

    def day(self, day: date | None) -> str:
        """A date."""
        return formats.day(day, self.language)

    def moment(self, moment: datetime | None) -> str:
        """Day and time in UTC."""
        return formats.moment(moment, self.language)

    def month(self, period: str) -> str:
        """A month (YYYY-MM) or year."""
        return formats.month(period, self.language)


def voice_of(language: str, catalogues: Path = DIRECTORY) -> Voice:
    """The voice of a language somebody typed. Raises ConfigError LANGUAGE_UNKNOWN, CATALOGUE_INVALID."""
    voice = Voice(language.strip().lower(), catalogues)
    catalogue(voice.language, catalogues)
    return voice


def voices(catalogues: Path = DIRECTORY, heard_by: Ear | None = None) -> tuple[Voice, ...]:
    """A voice for every language that has a catalogue, here or in `catalogues`; the default language first."""
    return tuple(Voice(language, catalogues, heard_by) for language in languages(catalogues))


@dataclass(frozen=True, slots=True)
class Text:
    """A statement in whatever language: how a voice says it."""

    by: Callable[[Voice], str]

    def of(self, ultimate_parent_id: str, as_of_date: date) -> Text:
        """The same text, said of a customer as of a date."""
        return Text(lambda voice: self.by(voice.of(ultimate_parent_id, as_of_date)))


def same(words: str) -> Text:
    """A name or code that no language changes."""
    return Text(lambda _: words)


def text(key: str, **parts: Text | str) -> Text:
    """The words under `key`, its places filled: by a Text in the voice's own words."""

    def said(voice: Voice) -> str:
        return voice.say(
            key, **{name: part.by(voice) if isinstance(part, Text) else part for name, part in parts.items()}
        )

    return Text(said)
