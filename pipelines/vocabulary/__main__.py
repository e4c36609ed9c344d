"""`python -m pipelines.vocabulary [FOLDER]` lists per language what is said in English because its catalogue lacks it."""

from __future__ import annotations

import sys
from pathlib import Path

from pipelines.errors import KundenwertError
from pipelines.vocabulary.catalogue import DEFAULT, DIRECTORY, catalogue, languages, missing


def main(arguments: list[str]) -> int:
    """Print one line per language and one per text it lacks; 0 even if some are missing: English stands in."""
    directory = Path(arguments[0]) if arguments else DIRECTORY
    try:
        for language in languages(directory):
            lacking = missing(language, directory)
            total = len(catalogue(DEFAULT))
            sys.stdout.write(f"{language}: {total - len(lacking)} of {total} texts\n")
            for key in lacking:
                sys.stdout.write(f"  {key}: {catalogue(DEFAULT)[key]}\n")
    except KundenwertError as error:
        sys.stderr.write(f"{error}\n")
        return int(error.exit_code)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
