"""Which column may be meant where the one that is asked for is not delivered."""

from __future__ import annotations

import pytest

from pipelines.landing.told import nearest


@pytest.mark.parametrize(
    ("name", "known", "told"),
    [
        # UTF-8 read as a Western code page: seen in two of five hundred companies with a planted defect.
        ("Abzüge", ("Nr", "AbzÃ¼ge"), "'AbzÃ¼ge' is 'Abzüge' read in a wrong encoding: declare `encoding: utf-8`"),
        ("STRASSE", ("Nr", "Strasse"), "did you mean 'Strasse'?"),
        ("Abzüge", ("Nr", "Abzuege"), "did you mean 'Abzuege'?"),
        ("Abzüge", ("Größe", "Naïve"), "the file has: Größe, Naïve"),
    ],
)
def test_what_may_be_meant_is_told(name: str, known: tuple[str, ...], told: str) -> None:
    assert nearest(name, known).startswith(told)
