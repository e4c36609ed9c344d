"""How long a test waits for an event before it calls it a hang: one number, for processes and for the browser alike.

Belongs here: that number. No test asks how long something took: a machine that does other things besides makes everything slow.
"""

from __future__ import annotations

from typing import Final

PATIENCE_SECONDS: Final = 600
