"""A PostgreSQL server for one test run, with a password, on this machine only. Belongs here: starting it and stopping it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import adbc_driver_postgresql.dbapi as adbc

from tools.ports import free_port

USER, PASSWORD = "erp", "s3cret:p@ss/word"
"""The password has the signs that have to be escaped in a connection string."""


@contextmanager
def server(options: str = "") -> Iterator[str]:
    """`host:port` of a server that runs, with its own `options`, while the block does."""
    binaries = Path(shutil.which("initdb") or "initdb").resolve().parent
    directory = Path(tempfile.mkdtemp(prefix="kundenwert-postgres-"))
    # PostgreSQL does not run as root.
    user = None if os.geteuid() else next(u.pw_name for u in pwd.getpwall() if u.pw_name in ("postgres", "nobody"))
    word = directory / "password"
    word.write_text(PASSWORD)
    if user is not None:
        for path in (directory, word):
            shutil.chown(path, user)
    port = free_port()

    def run(program: str, *arguments: str) -> None:
        command = [str(binaries / program), "-D", str(directory / "data"), *arguments]
        log = directory / "log"
        done = subprocess.run(
            command, check=False, user=user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        assert done.returncode == 0, done.stderr + (log.read_text() if log.exists() else "")

    run("initdb", "-U", USER, f"--pwfile={word}", "-A", "scram-sha-256", "--locale=C", "-E", "UTF8")
    all_options = f"-p {port} -k {directory} -c listen_addresses=127.0.0.1 -c fsync=off {options}"
    run("pg_ctl", "-o", all_options, "-l", str(directory / "log"), "-w", "start")
    try:
        yield f"127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(directory, ignore_errors=True)


def ask(url: str, *asked: str) -> None:
    """Run statements one after the other, each on its own."""
    with adbc.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        for statement in asked:
            cursor.execute(statement)
