"""dbt_project/seeds/vocabulary_codes.csv: the codes that are dimensions in BI tools, with their texts, from the vocabulary.

`python -m tools.code_seed` writes it, `--check` fails if the file differs. Belongs here: which codes, and the text of the file. Not
here: any code, order or text (pipelines/vocabulary).
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pipelines.vocabulary import Voice, code_groups
from tools import generated

REPOSITORY: Final = Path(__file__).resolve().parents[1]
SEED: Final = Path("dbt_project/seeds/vocabulary_codes.csv")
DIMENSIONS: Final = ("zone", "zone_status", "customer_type", "customer_status", "action", "task")
"""The groups that are dimensions: a `dim_` mart each. Labels are English and German; further languages are for pages only."""

READ_BY_MARTS: Final = ("programme_step", "claim", "loyalty_profit", "relationship_type")
"""The groups whose texts stand beside their codes in a mart that says what each of its rows is."""

HEADER: Final = ("code_group", "code", "sort_order", "label_en", "label_de", "meaning_en", "meaning_de")


def rows() -> Iterator[tuple[str, ...]]:
    """(code_group, code, sort_order, label_en, label_de, meaning_en, meaning_de), a group in its order; '' where nothing is said."""
    english, german = Voice("en"), Voice("de")
    for group in (*DIMENSIONS, *READ_BY_MARTS):
        for place, code in enumerate(code_groups()[group].codes, 1):
            labels = (voice.label(group, code) for voice in (english, german))
            meanings = (voice.meaning(group, code) for voice in (english, german))
            yield group, code, str(place), *labels, *meanings


def seed() -> str:
    """The text of the file."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows())
    return file.getvalue()


def main(arguments: Sequence[str]) -> int:
    """Write the file, or with `--check` return 1 if it differs."""
    return generated.write_or_check({SEED: seed()}, "tools.code_seed", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
