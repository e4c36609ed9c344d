"""Every word people are shown, once: codes and what they mean, sentences, and how each language writes numbers and dates.

Belongs here: codes with their order (codes.yml), message catalogues (catalogues/<language>.po: one language, one file), labels of columns
(columns.yml), formats.
Not here: which of them are said, and when (pipelines.showing, orchestration.commands); any rule.
"""

from __future__ import annotations

from pipelines.vocabulary.catalogue import DEFAULT, catalogue, is_known, languages, missing, places
from pipelines.vocabulary.codes import CodeGroup, code_groups
from pipelines.vocabulary.voice import Ear, Saying, Text, Voice, same, text, voice_of, voices

__all__ = [
    "DEFAULT",
    "CodeGroup",
    "Ear",
    "Saying",
    "Text",
    "Voice",
    "catalogue",
    "code_groups",
    "is_known",
    "languages",
    "missing",
    "places",
    "same",
    "text",
    "voice_of",
    "voices",
]
