"""Every code a message may carry is explained, every explained code is given somewhere, and docs/error_codes.md says both."""

from __future__ import annotations

from pathlib import Path

from pipelines.errors import ExitCode
from pipelines.vocabulary import catalogue
from tools import error_codes

REPOSITORY = Path(__file__).resolve().parents[3]


def test_every_code_of_the_program_is_explained() -> None:
    assert not error_codes.unexplained(), "write error.<CODE> into every catalogue of pipelines/vocabulary"
    assert len({use.code for use in error_codes.uses()}) > 100


def test_every_explained_code_is_given_somewhere() -> None:
    given = {f"error.{use.code}" for use in error_codes.uses()}
    assert [key for key in catalogue("en") if key.startswith("error.") and key not in given] == []


def test_what_looks_like_a_code_and_is_none_is_there() -> None:
    """An exception nobody needs any more is taken off the list."""
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for package in error_codes.PACKAGES
        for path in sorted((REPOSITORY / package).rglob("*.py"))
    )
    assert all(f'"{word}"' in source for word in error_codes.SINGLE_WORDS)


def test_a_planted_code_is_found_with_its_exit_code() -> None:
    planted = (
        'raise ConfigError(Problem("NEW_CODE", "what", "", "next"))\nx = {"OTHER_CODE": 1}\ny = "KUNDENWERT_HOME"\n'
    )
    planted += 'problems.append(Problem("ALONE", "what"))\n'
    assert set(error_codes.codes_in(planted)) == {
        ("NEW_CODE", ExitCode.CONFIG),
        ("OTHER_CODE", None),
        ("ALONE", None),
    }


def test_the_document_is_what_program_and_vocabulary_say() -> None:
    written = (REPOSITORY / error_codes.DOCUMENT).read_text(encoding="utf-8")
    assert written == error_codes.document(), "run `python -m tools.error_codes`"
