"""A real Superset on 127.0.0.1 with a database of its own, while the tests ask it. Belongs here: starting it and asking its API."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.conftest import SUPERSET
from tests.patience import PATIENCE_SECONDS
from tools.ports import free_port

HERE: Final = Path(__file__).parent
USER: Final = "admin"
_APP: Final = "superset.app:create_app()"


@dataclass(frozen=True, slots=True)
class Superset:
    """A Superset that runs."""

    address: str
    password: str
    token: str

    @property
    def url(self) -> str:
        """What a browser opens."""
        return f"http://{self.address}"

    def get(self, path: str) -> Any:
        """What the API answers. Fails with its message if it does not."""
        return _asked(self.address, path, None, {"Authorization": f"Bearer {self.token}"})

    def upload(self, path: str, field: str, file: Path, **more: str) -> Any:
        """Send a file as a form does."""
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in more.items()
        ]
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{file.name}"\r\n\r\n'
        body = "".join((*parts, head)).encode() + file.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        return _asked(self.address, path, body, {"Authorization": f"Bearer {self.token}", "Content-Type": kind})


@contextmanager
def superset(folder: Path) -> Iterator[Superset]:
    """A Superset that runs while the block does; `folder` is scratch space."""
    password, key = secrets.token_urlsafe(16), secrets.token_urlsafe(42)
    environment = {
        **os.environ,
        "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"),
        "SUPERSET_HOME": str(folder),
        "SUPERSET_SECRET_KEY": key,
        "FLASK_APP": _APP,
        "PYTHONPATH": "",
        "PYTHONWARNINGS": "ignore",
    }
    _run(environment, "superset", "db", "upgrade")
    who = ("--username", USER, "--firstname", "-", "--lastname", "-", "--email", "nobody@example.org")
    _run(environment, "superset", "fab", "create-admin", *who, "--password", password)
    _run(environment, "superset", "init")
    port = free_port()
    command = ["gunicorn", "-w", "1", "-k", "gthread", "--threads", "8", "-t", "120", "-b", f"127.0.0.1:{port}", _APP]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [str(SUPERSET / "bin" / command[0]), *command[1:]], env=environment, stdout=log, stderr=log, cwd=folder
        )
        try:
            address = f"127.0.0.1:{port}"
            _wait(address, process)
            login = json.dumps({"username": USER, "password": password, "provider": "db"}).encode()
            token = _asked(address, "/api/v1/security/login", login, {"Content-Type": "application/json"})[
                "access_token"
            ]
            yield Superset(address, password, token)
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def _run(environment: dict[str, str], program: str, *arguments: str) -> None:
    done = subprocess.run(
        [str(SUPERSET / "bin" / program), *arguments],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            host, port = address.split(":")
            socket.create_connection((host, int(port)), timeout=5).close()
            return
        except OSError:
            assert process.poll() is None, "Superset ended while it started"
            assert time.monotonic() < until, "Superset does not start"
            time.sleep(0.2)


def _asked(address: str, path: str, body: bytes | None, headers: dict[str, str]) -> Any:
    connection = http.client.HTTPConnection(address, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        told = answer.read()
    finally:
        connection.close()
    assert answer.status == 200, f"{path}: {answer.status} {told.decode()[:2000]}"
    return json.loads(told)
