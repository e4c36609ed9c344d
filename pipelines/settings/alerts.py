"""Who is told when nobody is looking: the block `alerts` of config/sources.yml.

Belongs here: what may be written there. Not here: what is worth telling, and telling it (pipelines.watching).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from pydantic import Field

from pipelines.settings.environment import variable
from pipelines.settings.validation import StrictModel, Violation

_FROM_OUTSIDE: Final = "a password, or an address that is one, is taken from an environment variable only"
_NAMED: Final = "write ${NAME}, and set NAME to it"


class MailTarget(StrictModel):
    """A mail server that takes messages. User and password are sent over an encrypted connection only."""

    host: str = Field(min_length=1)
    """The server's name."""
    port: int = Field(default=587, ge=1, le=65535)
    """Where it listens."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """starttls: encrypted after the greeting (port 587); tls: from the first byte (port 465); none: in the clear, for a server on this
    machine, and then without a password."""
    user: str | None = None
    """Whom the server knows; left out where it takes mail from everybody."""
    password: str | None = None
    """The name of an environment variable, written `${SMTP_PASSWORD}`. The password itself never stands in a file."""
    sender: str = Field(min_length=3)
    """The address the messages come from."""
    to: tuple[str, ...] = Field(min_length=1)
    """The addresses that get them."""

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        if self.password is not None and variable(self.password) is None:
            yield Violation("ALERTS_SECRET", _FROM_OUTSIDE, _NAMED, ("password",))
        if (self.user is None) != (self.password is None):
            yield Violation("ALERTS_MAIL", "a user and a password belong together", "write both, or neither")
        if self.security == "none" and self.password is not None:
            what = "a password would go over the network in the clear"
            yield Violation("ALERTS_MAIL", what, "write security: starttls, or tls", ("security",))
        for at, address in (("sender", self.sender), *((("to"), each) for each in self.to)):
            if "@" not in address or any(sign in address for sign in "\r\n ,;"):
                yield Violation("ALERTS_MAIL", "this is not one address", "write name@example.com", (at,))


class Alerts(StrictModel):
    """Where a red gate, a failed or dead run, a source older than agreed and a version that is too old are told, each once. What is sent
    holds codes, counts and names of tables; never a person, a customer or the content of a row. Without this block nothing is sent."""

    language: Literal["en", "de"] = "en"
    """The language of the messages."""
    no_version_days: int | None = Field(default=None, ge=1, le=3650)
    """Tell when no version was published for more than so many days. A run over unchanged deliveries publishes none: choose more than
    lies between two deliveries."""
    file: str | None = Field(default=None, min_length=1)
    """A file that gets one line of JSON per message, absolute or relative to this file, e.g. for a log collector."""
    mail: MailTarget | None = None
    """A mail server that takes the messages."""
    webhook: str | None = None
    """The name of an environment variable, written `${ALERT_URL}`, that holds a URL (http or https): messages are posted there as JSON."""

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        if self.webhook is not None and variable(self.webhook) is None:
            yield Violation("ALERTS_SECRET", _FROM_OUTSIDE, _NAMED, ("webhook",))
        if self.file is None and self.mail is None and self.webhook is None:
            what = "alerts: nobody is told anything"
            yield Violation("ALERTS_NOWHERE", what, "name a file, a mail server or a webhook, or remove the block")
