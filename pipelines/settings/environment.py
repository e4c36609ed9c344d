"""What a configuration takes from the environment only: passwords and addresses that are secrets.

Belongs here: how such a name is written, and looking it up. Not here: what it is for.
"""

from __future__ import annotations

import os
import re
from typing import Final

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def variable(text: str) -> str | None:
    """The name in `${NAME}`; None where something else stands, which may be the secret itself: it is not repeated."""
    found = _VARIABLE.fullmatch(text)
    return found[1] if found else None


def secret(text: str) -> str | None:
    """What the environment holds under the name in `${NAME}`; None where it holds nothing."""
    name = variable(text)
    return (os.environ.get(name) or None) if name else None
