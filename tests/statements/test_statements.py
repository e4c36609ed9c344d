"""The worked cases of the rules: every leaf, to the last digit. `make golden` prints the same comparison."""

from __future__ import annotations

import pytest

from tests.statements.compare import SHIPPED, Case, answered, cases
from tests.statements.room import Room

pytestmark = pytest.mark.needs("shared")
CASES = cases(SHIPPED) if SHIPPED.is_file() else []
SECTIONS = list(dict.fromkeys(case.section for case in CASES))


@pytest.mark.parametrize("section", SECTIONS)
def test_every_case_of_the_section_comes_out(room: Room, section: str) -> None:
    inside: list[Case] = [case for case in CASES if case.section == section]
    wrong = [
        f"{case.name} / {leaf.path}: expected {leaf.expected!r}, answered {leaf.actual!r}"
        for case in inside
        for leaf in answered(room, case)
        if not leaf.is_equal
    ]
    assert not wrong, f"{len(wrong)} leaves of {section}:\n" + "\n".join(wrong[:20])
