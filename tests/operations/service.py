"""A web UI with its daemon, as `kundenwert ui` starts it, and what its history says. Belongs here: starting, asking, killing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY
from tests.end_to_end.kundenwert import COMMAND, Company
from tests.patience import PATIENCE_SECONDS
from tools.ports import free_port

LAUNCH = """mutation($job: String!) { launchRun(executionParams: {
  selector: {repositoryLocationName: "kundenwert", repositoryName: "__repository__", jobName: $job}, runConfigData: {}})
  { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
RUNS = "{ runsOrError { ... on Runs { results { runId jobName status tags { key value } } } } }"
WHY = """query($run: ID!, $after: String) { logsForRun(runId: $run, afterCursor: $after) {
  ... on EventConnection { cursor hasMore events { ... on MessageEvent { message } } } } }"""


@dataclass
class Service:
    """A running web UI of a company."""

    company: Company
    process: subprocess.Popen[bytes]
    port: int

    def ask(self, query: str, **variables: Any) -> Any:
        """The data of a GraphQL answer."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)["data"]

    def launch(self, job: str = "unattended") -> str:
        """Put a run into the queue; its id."""
        answer = self.ask(LAUNCH, job=job)["launchRun"]
        assert answer["__typename"] == "LaunchRunSuccess", answer
        return str(answer["run"]["runId"])

    def statuses(self, job: str = "unattended") -> dict[str, str]:
        """Status by run id."""
        runs = self.ask(RUNS)["runsOrError"]["results"]
        return {run["runId"]: run["status"] for run in runs if run["jobName"] == job}

    def of(self, job: str, status: str) -> list[str]:
        """Ids of the job's runs that have the status."""
        return [run for run, has in self.statuses(job).items() if has == status]

    def said_of(self, run: str) -> str:
        """Every message of a run."""
        said, after = "", ""
        while True:
            page = self.ask(WHY, run=run, **({"after": after} if after else {}))["logsForRun"]
            said += "".join(event.get("message", "") + "\n" for event in page["events"])
            if not page["hasMore"]:
                return said
            after = page["cursor"]

    def until(self, run: str, *statuses: str) -> str:
        """Wait until the run has one of the statuses."""
        return str(waited(lambda: next((s for s in [self.statuses()[run]] if s in statuses), ""), self.log))

    def log(self) -> str:
        """What the processes said."""
        return log_of(self.company)

    def kill(self) -> None:
        """kill -9 of everything it started."""
        killed(self.process)


@contextmanager
def serving(company: Company, **environment: str) -> Iterator[Service]:
    """`kundenwert ui` of the company, until it answers; killed at the end with everything it started."""
    with started(company, "--port", str(port := free_port()), **environment) as process:
        service = Service(company, process, port)
        waited(lambda: _answers(service), service.log)
        yield service


@contextmanager
def started(company: Company, *options: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """`kundenwert ui` with these options; killed at the end with everything it started."""
    with (company.home / "service.log").open("ab") as log:
        process = subprocess.Popen(
            [str(COMMAND), "--config", str(company.config), "--home", str(company.home), "ui", *options],
            stdout=log,
            stderr=log,
            cwd=REPOSITORY,
            start_new_session=True,
            env={**os.environ, **environment},
        )
    try:
        yield process
    finally:
        killed(process)


def killed(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of the whole tree: everything of the session, runs included."""
    for pid in _session(process.pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()


def log_of(company: Company) -> str:
    """What the last processes of a service said."""
    return (company.home / "service.log").read_text(encoding="utf-8")[-4000:]


def waited(true: Callable[[], Any], said: Callable[[], str] = str) -> Any:
    """Wait until something is so; what it is then."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(2)
    raise AssertionError(f"waited in vain\n{said()}")


def worker_in(company: Company, step: str, place: int) -> int:
    """Wait until a process says, behind that place of the step log, that it is in the step; its id."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        for name, worker in steps_after(company, place):
            if name.startswith(step):
                return worker
        time.sleep(0.01)
    raise AssertionError(f"no run came to {step}\n{log_of(company)}")


def one_line_less(company: Company) -> None:
    """Another delivery."""
    (orders,) = (company.home.parent / "demo").rglob("Auftraege.csv")
    orders.write_bytes(b"".join(orders.read_bytes().splitlines(keepends=True)[:-1]))


def steps_after(company: Company, place: int = 0) -> list[tuple[str, int]]:
    """The steps in the log behind that place (bytes), each with the process that took it."""
    with (company.home / "logs" / "steps.jsonl").open(encoding="utf-8") as log:
        log.seek(place)
        told = [json.loads(line) for line in log.read().splitlines() if line.endswith("}")]
    return [(str(each["step"]), int(each["pid"])) for each in told]


def end_of_steps(company: Company) -> int:
    return (company.home / "logs" / "steps.jsonl").stat().st_size


def _answers(service: Service) -> bool:
    try:
        jobs = service.ask("{ repositoriesOrError { ... on RepositoryConnection { nodes { name } } } }")
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
    return bool(jobs["repositoriesOrError"].get("nodes"))


def _session(leader: int) -> list[int]:
    """Every process of the session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader:
            found.append(int(stat.parent.name))
    return found
