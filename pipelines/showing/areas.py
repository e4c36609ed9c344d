"""What an area is called. Belongs here: the company's name for it, or what stands in the place of one. Not here: which areas there are."""

from __future__ import annotations

from pipelines.vocabulary import Text, code_groups, same


def area(name: str | None) -> Text:
    """An area as people read it; a text that says nothing for None."""
    if name in code_groups()["area_group"].codes:
        return Text(lambda voice: voice.label("area_group", name))
    return same(name or "")
