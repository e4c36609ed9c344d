"""Message catalogues: one gettext file per language, keys to texts. Belongs here: reading them, what a language lacks.

A key is `<group>.<code>` for a code, `<group>.<code>.meaning` for what it means, `<place>.<name>` for everything else; `{name}` is a
place that whoever says the text fills. `<key>.limit` says the same as `<key>` with the company's limits, where they are known.
English is complete (a test); what another language lacks is said in English and listed (`missing`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Final

from pipelines.errors import ConfigError, ExitCode, Problem

DIRECTORY: Final = Path(__file__).parent / "catalogues"
DEFAULT: Final = "en"
"""The language of every text another one lacks."""


@cache
def languages(directory: Path = DIRECTORY) -> tuple[str, ...]:
    """The languages that have a catalogue, here or in `directory`, the default first."""
    found = {path.stem for folder in (DIRECTORY, directory) for path in folder.glob("*.po")}
    return tuple(sorted(found, key=lambda language: (language != DEFAULT, language)))


@cache
def catalogue(language: str, directory: Path = DIRECTORY) -> Mapping[str, str]:
    """The texts of a language by key, those it lacks in English. A file of `directory` stands before the shipped one.

    Raises ConfigError LANGUAGE_UNKNOWN for a language without a catalogue, CATALOGUE_INVALID for a file that is none.
    """
    own = _read(language, directory)
    return MappingProxyType(own if language == DEFAULT else {**_read(DEFAULT), **own})


def missing(language: str, directory: Path = DIRECTORY) -> tuple[str, ...]:
    """The keys that are said in English because the language has no text for them, in order."""
    return tuple(sorted(_read(DEFAULT).keys() - _read(language, directory).keys()))


def is_known(key: str) -> bool:
    """True if there is a text under the key."""
    return key in _read(DEFAULT)


def places(text: str) -> frozenset[str]:
    """The names of the places in a text."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


@cache
def _read(language: str, directory: Path = DIRECTORY) -> dict[str, str]:
    # Babel is imported when the first text is said: `kundenwert --help` says none.
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415

    found = [path for folder in (directory, DIRECTORY) if (path := folder / f"{language}.po").is_file()]
    if not found:
        what = f"'{language}' is not a language there is a catalogue for"
        remedy = f"use one of: {', '.join(languages(directory))}"
        error = ConfigError(Problem("LANGUAGE_UNKNOWN", what, language, remedy))
        error.exit_code = ExitCode.USAGE
        raise error
    try:
        with found[0].open("rb") as file:
            read = read_po(file, locale=language, charset="utf-8", abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        what = f"the message catalogue cannot be read: {error}"
        raise ConfigError(Problem("CATALOGUE_INVALID", what, found[0].name, "correct the named line")) from None
    return {str(message.id): str(message.string) for message in read if message.id and message.string}
