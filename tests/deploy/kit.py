"""Where the parts of the deployment kit lie. Belongs here: places, and files of the kit with other places written into them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.conftest import REPOSITORY

KIT: Final = REPOSITORY / "deploy"


def rewritten(path: str, places: Mapping[str, str]) -> str:
    """The text of a file of the kit with other places in it. Each must be there, or the test would test something else."""
    text = (KIT / path).read_text(encoding="utf-8")
    for was, becomes in places.items():
        assert was in text, f"{path} no longer says {was!r}"
        text = text.replace(was, becomes)
    return text
