"""The key that turns persons into pseudonyms: METHOD 1.17.

Belongs here: finding, making and comparing the key, and the HMAC as SQL. Not here: which columns are personal
(contracts).
"""

from __future__ import annotations

import hashlib
import os
import secrets

from pipelines import durable
from pipelines.errors import ConfigError, Problem
from pipelines.home import Home
from pipelines.landing import ledger

VARIABLE = "KUNDENWERT_PSEUDONYM_KEY"
_BLOCK = 64
_SHORTEST = 16
_PLACEHOLDERS = ("change", "secret", "example", "placeholder", "password", "todo", "your", "xxx")


def pseudonym_key(home: Home) -> bytes:
    """The key: the environment's, else the home's (made at first use). Never shown.

    Raises ConfigError SECRET_WEAK for a placeholder, SECRET_CHANGED if earlier batches were loaded with another key.
    """
    key = _from_environment() or _from_home(home)
    earlier = {entry.pseudonym_key_id for entry in ledger.read(home) if entry.pseudonym_key_id is not None}
    if earlier - {key_id(key)}:
        raise ConfigError(
            Problem(
                "SECRET_CHANGED",
                "the pseudonym key is not the one earlier batches were loaded with; the same person would get two keys",
                f"{VARIABLE} or {home.secret.name} in the home",
                f"set {VARIABLE} back, or start a new home",
            )
        )
    return key


def key_id(key: bytes) -> str:
    """What may be written down about a key: 12 hex that do not give it away."""
    return hashlib.sha256(b"kundenwert pseudonym key id\0" + key).hexdigest()[:12]


def hmac_parameters(key: bytes) -> dict[str, bytes]:
    """Bound parameters of `hmac_sql` for `key`."""
    padded = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    return {"kw_inner": bytes(byte ^ 0x36 for byte in padded), "kw_outer": bytes(byte ^ 0x5C for byte in padded)}


def hmac_sql(value: str) -> str:
    """HMAC-SHA256 (64 hex) of the text expression `value`, set-based; NULL stays NULL."""
    return f"sha256($kw_outer::blob || unhex(sha256($kw_inner::blob || encode({value}))))"


def _from_environment() -> bytes | None:
    text = os.environ.get(VARIABLE)
    if not text:
        return None
    if len(text) < _SHORTEST or text.lower().startswith(_PLACEHOLDERS):
        what = f"{VARIABLE} is shorter than {_SHORTEST} characters or a placeholder"
        raise ConfigError(Problem("SECRET_WEAK", what, VARIABLE, "set a random value, e.g. of `openssl rand -hex 32`"))
    return text.encode()


def _from_home(home: Home) -> bytes:
    if not home.secret.exists():
        durable.write_text(home.secret, secrets.token_hex(32) + "\n")
    home.secret.chmod(0o600)
    return home.secret.read_text(encoding="ascii").strip().encode()
