"""The first configuration of a company: looks at its files, proposes what is what, writes config/ (`kundenwert init`).

Belongs here: guessing from names and contents, saying how sure a guess is, asking what only the company knows. Nothing is loaded by a
guess: what is proposed stands in a file that people read, and `kundenwert check` says what comes of it. Not here: what a mapping may
say (pipelines.settings), reading files (pipelines.sources), the questions' way to the terminal (orchestration.commands).
"""

from __future__ import annotations
