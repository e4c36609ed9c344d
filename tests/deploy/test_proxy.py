"""The reverse proxy's configuration in a real nginx, before a real web UI: who comes in, what is refused, what passes.

Everything on the loopback address; what differs from deploy/nginx/kundenwert.conf is ports and places only.
"""

from __future__ import annotations

import asyncio
import base64
import http.client
import json
import os
import signal
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.conftest import REPOSITORY
from tests.deploy.kit import rewritten
from tests.end_to_end.demo import ten_customers
from tests.end_to_end.kundenwert import COMMAND
from tests.operations.service import Service, waited
from tests.servers import self_signed
from tools.ports import free_port

pytestmark = [pytest.mark.slow, pytest.mark.needs("nginx")]

WORD = "open, says this test"
LOGGED_IN = {"Authorization": "Basic " + base64.b64encode(f"ada:{WORD}".encode()).decode()}
MAIN = """
daemon off; pid {place}/nginx.pid; error_log stderr; {user}
events {{}}
http {{
    access_log {place}/access.log;
    {temporary}
    include {place}/kundenwert.conf;
}}
"""
PATIENCE = 60  # seconds; a machine that does much else beside answers late
BODIES = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Proxy:
    """An nginx with the kit's configuration before a web UI."""

    def __init__(self, port: int, certificate: Path) -> None:
        self.port = port
        self.trusted = ssl.create_default_context(cafile=certificate)

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        """What a browser would get."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.trusted, timeout=PATIENCE)
        connection.request("GET", path, headers=headers)
        return connection.getresponse()

    def websocket(self, headers: dict[str, str]) -> dict[str, str]:
        """The first answer of Dagster's websocket."""
        return asyncio.run(self._first_answer(headers))

    async def _first_answer(self, headers: dict[str, str]) -> dict[str, str]:
        # One thread only: a client that reads and writes the same TLS connection from two threads loses one answer
        # in 1,500, because OpenSSL's connections are not made for that.
        async with connect(
            f"wss://127.0.0.1:{self.port}/graphql",
            ssl=self.trusted,
            subprotocols=["graphql-ws"],  # type: ignore[list-item]
            additional_headers=headers,
            open_timeout=PATIENCE,
        ) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": {}}))
            return dict(json.loads(await asyncio.wait_for(socket.recv(), PATIENCE)))


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Started before the web UI of a company that has not run yet, ended after it."""
    place = tmp_path_factory.mktemp("proxy")
    place.chmod(0o755)
    company = ten_customers(place / "company")
    company.home.mkdir(mode=0o700)
    found, web = Proxy(free_port(), self_signed(place / "both.pem")), free_port()
    _configured(place, found.port, web)
    places = ["--config", str(company.config), "--home", str(company.home)]
    with (place / "web.log").open("wb") as log:
        ui = subprocess.Popen(
            [str(COMMAND), *places, "ui", "--only", "web", "--port", str(web)],
            stdout=log,
            stderr=log,
            cwd=REPOSITORY,
            start_new_session=True,
        )
    nginx = subprocess.Popen(["nginx", "-p", str(place), "-c", str(place / "nginx.conf")])
    try:
        waited((place / "nginx.pid").is_file)
        waited(lambda: found.get("/server_info", **LOGGED_IN).status == 200, (place / "web.log").read_text)
        yield found
    finally:
        nginx.send_signal(signal.SIGTERM)
        nginx.wait()
        Service(company, ui, web).kill()


def _configured(place: Path, port: int, web: int) -> None:
    hashed = subprocess.run(
        ["openssl", "passwd", "-6", "-stdin"], input=WORD, text=True, capture_output=True, check=True
    )
    (place / "users").write_text(f"ada:{hashed.stdout}", encoding="utf-8")
    text = rewritten(
        "nginx/kundenwert.conf",
        {
            "listen 8443 ssl": f"listen 127.0.0.1:{port} ssl",
            "http://127.0.0.1:3000": f"http://127.0.0.1:{web}",
            "ssl_certificate /etc/kundenwert/tls/fullchain.pem": f"ssl_certificate {place}/both.pem",
            "ssl_certificate_key /etc/kundenwert/tls/privkey.pem": f"ssl_certificate_key {place}/both.pem",
            "auth_basic_user_file /etc/kundenwert/users": f"auth_basic_user_file {place}/users",
        },
    )
    (place / "kundenwert.conf").write_text(text, encoding="utf-8")
    temporary = " ".join(f"{each}_temp_path {place}/{each};" for each in BODIES)
    user = "user root;" if os.geteuid() == 0 else ""
    (place / "nginx.conf").write_text(MAIN.format(place=place, temporary=temporary, user=user), encoding="utf-8")


def test_nobody_comes_in_without_a_password(proxy: Proxy) -> None:
    wrong = {"Authorization": "Basic " + base64.b64encode(b"ada:wrong").decode()}
    for headers in ({}, wrong):
        for path in ("/", "/graphql", "/server_info"):
            assert proxy.get(path, **headers).status == 401
    with pytest.raises(InvalidStatus, match="401"):
        proxy.websocket({})


def test_with_it_the_web_ui_answers_and_no_other_site_may_frame_it(proxy: Proxy) -> None:
    answer = proxy.get("/", **LOGGED_IN)
    assert answer.status == 200
    assert b"dagster" in answer.read().lower()
    said = {name.lower(): value for name, value in answer.getheaders()}
    assert said["strict-transport-security"].startswith("max-age=")
    assert said["x-content-type-options"] == "nosniff"
    assert (said["x-frame-options"], said["referrer-policy"]) == ("DENY", "same-origin")
    assert "frame-ancestors 'none'" in said["content-security-policy"]
    assert "." not in said["server"], "no version of the server is told"


def test_websockets_pass(proxy: Proxy) -> None:
    assert proxy.websocket(LOGGED_IN)["type"] == "connection_ack"


def test_another_site_asks_in_vain_with_the_readers_password(proxy: Proxy) -> None:
    own, foreign = f"https://127.0.0.1:{proxy.port}", "https://elsewhere.example"
    assert proxy.get("/server_info", **LOGGED_IN, Origin=own).status == 200
    for origin in (foreign, f"{own}.elsewhere.example", "null"):
        assert proxy.get("/server_info", **LOGGED_IN, Origin=origin).status == 403
    with pytest.raises(InvalidStatus, match="403"):
        proxy.websocket({**LOGGED_IN, "Origin": foreign})
