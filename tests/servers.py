"""A mail server and a web server on this machine, for tests of what is sent: real sockets, real protocols.

Belongs here: servers that take what they get and keep it. Not here: what should have been sent.
"""

from __future__ import annotations

import base64
import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "127.0.0.1"


@dataclass
class Kept:
    """What a server got, in order. `answer`: the status a web server gives; 3xx leads to the path /elsewhere."""

    port: int = 0
    got: list[Any] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)
    answer: int = 200


@contextmanager
def web_server() -> Iterator[Kept]:
    """A web server that keeps the JSON of every request as (method, path, body)."""
    kept = Kept()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.got.append(("POST", self.path, json.loads(body)))
            self.send_response(kept.answer)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            kept.got.append(("GET", self.path, None))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with _served(ThreadingHTTPServer((HOST, 0), Handler), kept):
        yield kept


@contextmanager
def mail_server(certificate: Path) -> Iterator[Kept]:
    """A mail server that takes mail after STARTTLS, with the certificate and key in one file; it keeps (sender, recipients, text)."""
    kept = Kept()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.lines = self.request.makefile("rb")
            self.is_encrypted = False
            self._say("220 ready")
            sender, recipients = "", []
            while line := self.lines.readline().decode().strip():
                verb = line.split(" ")[0].split(":")[0].upper()
                if verb == "EHLO":
                    self._say("250-here", "250 AUTH PLAIN" if self.is_encrypted else "250 STARTTLS")
                elif verb == "STARTTLS":
                    self._say("220 go on")
                    self.request = tls.wrap_socket(self.request, server_side=True)
                    self.lines, self.is_encrypted = self.request.makefile("rb"), True
                elif verb == "AUTH":
                    kept.logins.append(base64.b64decode(line.split(" ")[2]).decode())
                    self._say("235 welcome")
                elif verb == "MAIL":
                    sender = line.partition(":")[2]
                    self._say("250 ok")
                elif verb == "RCPT":
                    recipients.append(line.partition(":")[2])
                    self._say("250 ok")
                elif verb == "DATA":
                    self._say("354 go on")
                    text = b"".join(iter(self.lines.readline, b".\r\n")).decode()
                    kept.got.append((sender, tuple(recipients), text))
                    kept.was_encrypted.append(self.is_encrypted)
                    self._say("250 ok")
                else:
                    self._say("221 bye" if verb == "QUIT" else "502 what?")

        def _say(self, *lines: str) -> None:
            self.request.sendall("".join(f"{line}\r\n" for line in lines).encode())

    with _served(socketserver.ThreadingTCPServer((HOST, 0), Handler), kept):
        yield kept


@contextmanager
def _served(server: socketserver.TCPServer, kept: Kept) -> Iterator[None]:
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def self_signed(path: Path) -> Path:
    """A certificate for this machine and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return path
