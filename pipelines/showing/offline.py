"""One HTML file with everything in it, which opens anywhere and reaches for nothing. Belongs here: what all such pages share.

Not here: what a page shows and how it looks (each page and its template), what is said (pipelines.vocabulary).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pipelines.vocabulary import Text, Voice


def environment(templates: Path, voices: Sequence[Voice] = ()) -> Environment:
    """The templates of a folder: escaped, a name nobody gave is an error.

    Of a page in several languages a Text that is printed, or goes through the filter `spoken`, is said by each of the `voices`.
    """
    made = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # What a script reads needs no spaces: of many customers they would be a sixth of it.
    made.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
    if voices:
        spoken = partial(spans, voices=voices)
        made.finalize = lambda value: spoken(value) if isinstance(value, Text) else value
        made.filters["spoken"] = spoken
    return made


def spans(said: Text, voices: Sequence[Voice]) -> Markup:
    """A text as HTML, escaped: a span per language, of which the page shows one; none where all say the same."""
    by_language = {voice.language: said.by(voice) for voice in voices}
    if len(set(by_language.values())) == 1:
        return escape(by_language[voices[0].language])
    return Markup("").join(
        Markup('<span lang="{}">{}</span>').format(language, words) for language, words in by_language.items()
    )


def csp_hash(script: str) -> str:
    """What a Content-Security-Policy names a script of the page by, so that no other one runs."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
