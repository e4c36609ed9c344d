"""Where messages go: a file, a mail server, a URL. Belongs here: reaching them, each with a time limit; not here: what is said, and when.

Nobody is reached who is not configured. Why a target could not be told is a problem whose words hold no password and no address.
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pipelines.errors import Problem
from pipelines.settings.alerts import Alerts, MailTarget
from pipelines.settings.environment import secret, variable

SECONDS: Final = 10
"""So long a server is waited for."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is told of one matter. `at`: when, in UTC; `next`: what to do; `text`: all of it, as a person reads it."""

    code: str
    what: str
    where: str
    next: str
    company: str
    at: str
    text: str


class NotSetError(Exception):
    """An environment variable a target needs is not set."""


@dataclass(frozen=True, slots=True)
class Target:
    """One who is told. `name` is remembered: file, mail or webhook."""

    name: str
    deliver: Callable[[Sequence[Message]], None]

    def send(self, messages: Sequence[Message]) -> Problem | None:
        """Tell all of the messages; why that failed, None if it did not."""
        try:
            self.deliver(messages)
        except NotSetError as error:
            return _problem(self.name, f"the environment variable {error} is not set", f"set {error}")
        except urllib.error.HTTPError as error:
            return _problem(self.name, f"the server answered {error.code}", "read what the server logged")
        except (OSError, smtplib.SMTPException, ValueError) as error:
            # Their texts may quote an address: only the kind is told.
            return _problem(self.name, f"it could not be reached ({type(error).__name__})", "look whether it answers")
        return None


def of(alerts: Alerts, config_dir: Path) -> Iterator[Target]:
    """The targets that are configured."""
    if alerts.file is not None:
        path = config_dir / Path(alerts.file).expanduser()
        yield Target("file", lambda messages: _append(path, messages))
    if (mail := alerts.mail) is not None:
        yield Target("mail", lambda messages: _mail(mail, messages))
    if (webhook := alerts.webhook) is not None:
        yield Target("webhook", lambda messages: _post(_value(webhook), messages))


def _problem(name: str, what: str, remedy: str) -> Problem:
    then = f"{remedy}; `kundenwert alerts --test` tries it, the message is sent again when the next run ends"
    return Problem("ALERT_NOT_SENT", f"an alert was not sent by {name}: {what}", f"sources.yml, alerts.{name}", then)


def _value(text: str) -> str:
    found = secret(text)
    if found is None:
        raise NotSetError(variable(text))
    return found


def _append(path: Path, messages: Sequence[Message]) -> None:
    """One line of JSON per message, in one write: lines of two processes never mix."""
    text = "".join(json.dumps(asdict(message), ensure_ascii=False) + "\n" for message in messages)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def _mail(target: MailTarget, messages: Sequence[Message]) -> None:
    """One mail for all messages."""
    letter = EmailMessage()
    codes = ", ".join(dict.fromkeys(message.code for message in messages))
    letter["Subject"] = f"kundenwert: {' '.join(messages[0].company.split())}: {codes}"
    letter["From"], letter["To"] = target.sender, ", ".join(target.to)
    letter["Date"], letter["Message-ID"] = formatdate(), make_msgid(domain=target.sender.rpartition("@")[2])
    letter.set_content("\n\n".join(message.text for message in messages) + "\n")
    password = None if target.password is None else _value(target.password)
    context = ssl.create_default_context()
    if target.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(target.host, target.port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(target.host, target.port, timeout=SECONDS)
    with server:
        if target.security == "starttls":
            server.starttls(context=context)
        if target.user is not None and password is not None:
            server.login(target.user, password)
        server.send_message(letter)


class _Stays(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the message to an address nobody configured."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Never follow."""


def _post(url: str, messages: Sequence[Message]) -> None:
    """One request for all messages, as JSON; `text` is what chats show."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("not a URL of a web server")
    said = {"text": "\n\n".join(each.text for each in messages), "messages": [asdict(each) for each in messages]}
    body = json.dumps(said, ensure_ascii=False).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method="POST")  # noqa: S310 - the scheme is asked above
    with urllib.request.build_opener(_Stays).open(request, timeout=SECONDS):
        pass
