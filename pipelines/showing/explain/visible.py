"""Text from deliveries made harmless for a terminal. Belongs here: only that."""

from __future__ import annotations


def visible(text: str) -> str:
    r"""The text on one line, every character that would steer a terminal written out: ESC becomes `\x1b`.

    Covers control, format (also direction marks) and unassigned characters, line and paragraph separators.
    """
    return "".join(character if character.isprintable() else _written_out(character) for character in text)


def _written_out(character: str) -> str:
    if character == "\N{NO-BREAK SPACE}":
        return character
    return character.encode("unicode_escape").decode("ascii")
