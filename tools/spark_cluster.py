"""A real Spark on this machine: master, workers and Thrift server, each a process of its own on loopback.

Belongs here: starting, killing and stopping those processes, for `make test-spark` and `make lane-spark`. Not here: what is asked of them
(pipelines and orchestration know a Spark as an address only). The package from the index has no start scripts: its classes are called.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tools.ports import free_port

LOOPBACK: Final = "127.0.0.1"
TOOLS: Final = Path(__file__).parents[1] / "var" / "spark" / "tools"
"""The environment of `make spark-tools`."""

READY_SECONDS: Final = 240
"""A JVM that shares two cores with others takes its time."""

MEMORY: Final = {"daemon": "512m", "worker": "3g", "driver": "3g"}
"""At most; what is not needed is not taken. A worker gives all of its to its one executor."""

SETTINGS: Final[Mapping[str, str]] = {
    "spark.driver.host": LOOPBACK,
    "spark.driver.bindAddress": LOOPBACK,
    "spark.ui.enabled": "false",
    # As many parts as there are workers: two hundred would be two hundred tasks.
    "spark.sql.shuffle.partitions": "2",
    # Nothing of the catalogue outlives the server, so none on a disk.
    "spark.sql.catalogImplementation": "in-memory",
    "spark.hadoop.hive.server2.thrift.bind.host": LOOPBACK,
    # A lost worker is found lost in seconds.
    "spark.network.timeout": "60s",
    "spark.executor.heartbeatInterval": "5s",
}

OF_FEW_ROWS: Final[Mapping[str, str]] = {
    # A statement is planned once and reads a few rows: its code is not worth being compiled, nor its plan being made anew.
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    # Nor is Java's to be compiled to the best it could be: that took a quarter of the driver's time.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}

LOGGED: Final = """rootLogger.level = warn
rootLogger.appenderRef.stdout.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n
""" + "".join(
    f"logger.l{number}.name = {name}\nlogger.l{number}.level = info\n"
    for number, name in enumerate(
        (
            "org.apache.spark.deploy.master.Master",
            "org.apache.spark.scheduler.cluster",
            "org.apache.hive.service.cli.thrift",
            "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2",
        )
    )
)
"""What is waited for, and warnings; of every job and table a line would be tens of thousands."""


class ClusterError(Exception):
    """A part of the cluster did not start."""


def installed() -> Path:
    """Where Spark itself lies. Raises SystemExit if it is not there."""
    found = next(TOOLS.glob("lib/python3*/site-packages/pyspark"), None)
    if found is None:
        raise SystemExit("there is no Spark here: make spark-tools")
    return found


@dataclass
class Cluster:
    """Running processes. `port` is the Thrift server's."""

    spark_home: Path
    folder: Path
    port: int
    master_port: int
    ui_port: int | None = None
    """Of the web UI, which knows every plan, where it was asked for."""

    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def serve(self, sources: Path) -> None:
        """Let the models of a configuration, whose sources.yml this is, be computed here."""
        with sources.open("a", encoding="utf-8") as file:
            file.write(f"\nengine: spark\nspark: {{host: {LOOPBACK}, port: {self.port}, threads: 3}}\n")

    def start(self, name: str, *command: str) -> None:
        """Start a part as the leader of its own process group, its words in `<name>.log`."""
        # The Thrift server is a driver, and takes the memory of a daemon all the same: what spark.driver.memory says is not read.
        memory = MEMORY["driver" if name == "driver" else "daemon"]
        environment = {
            **os.environ,
            "SPARK_HOME": str(self.spark_home),
            "SPARK_LOCAL_IP": LOOPBACK,
            "SPARK_CONF_DIR": str(self.folder / "conf"),
            "SPARK_DAEMON_MEMORY": memory,
            "SPARK_NO_DAEMONIZE": "1",
        }
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603 - no text of anybody's
                command, cwd=self.folder, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def start_worker(self, number: int) -> None:
        """One core, one executor."""
        self.start(
            f"worker-{number}",
            *(str(self.spark_home / "bin" / "spark-class"), "org.apache.spark.deploy.worker.Worker"),
            *("--host", LOOPBACK, "--cores", "1", "--memory", MEMORY["worker"]),
            *("--work-dir", str(self.folder / f"worker-{number}"), "--webui-port", "0"),
            f"spark://{LOOPBACK}:{self.master_port}",
        )

    def kill(self, name: str) -> None:
        """SIGKILL to a part and everything it started."""
        process = self.processes[name]
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        for child in _executors_of(self.folder / name):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End everything."""
        for name in reversed(self.processes):
            self.kill(name)

    def wait_for(self, name: str, said: str, times: int = 1) -> None:
        """Wait until a part's log has said something so often. Raises ClusterError with the end of its log."""
        log, until = self.folder / f"{name}.log", time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            text = log.read_text(encoding="utf-8", errors="replace")
            if text.count(said) >= times:
                return
            if self.processes[name].poll() is not None:
                break
            time.sleep(0.3)
        raise ClusterError(f"{name} has not come so far ({said!r}):\n{log.read_text(errors='replace')[-3000:]}")


def _executors_of(folder: Path) -> Iterator[int]:
    """Processes that work in a worker's folder: an executor is in a group of its own."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink().is_relative_to(folder):
                yield int(process.name)


@contextmanager
def running(folder: Path, workers: int = 2, *, of_few_rows: bool = True, with_ui: bool = False) -> Iterator[Cluster]:
    """A cluster for as long as the block runs; everything it writes is below `folder`. `of_few_rows`: set for companies so small that
    planning takes longer than computing. Raises ClusterError, SystemExit if Spark is not installed."""
    spark_home = installed()
    folder.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(spark_home, folder.resolve(), free_port(), free_port(), free_port() if with_ui else None)
    _write_settings(cluster, OF_FEW_ROWS if of_few_rows else {})
    spark_class, submit = (str(spark_home / "bin" / name) for name in ("spark-class", "spark-submit"))
    try:
        cluster.start(
            "master",
            *(spark_class, "org.apache.spark.deploy.master.Master", "--host", LOOPBACK),
            *("--port", str(cluster.master_port), "--webui-port", "0"),
        )
        cluster.wait_for("master", "I have been elected leader")
        for number in range(1, workers + 1):
            cluster.start_worker(number)
        cluster.start(
            "driver",
            *(submit, "--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"),
            *("--executor-memory", "2560m", "--executor-cores", "1"),
            *("--name", "kundenwert", "spark-internal"),
        )
        cluster.wait_for("driver", "ThriftBinaryCLIService on port")
        cluster.wait_for("driver", "Registered executor", workers)
        yield cluster
    finally:
        cluster.stop()


def _write_settings(cluster: Cluster, more: Mapping[str, str]) -> None:
    conf = cluster.folder / "conf"
    conf.mkdir(exist_ok=True)
    settings = {
        **SETTINGS,
        **more,
        "spark.master": f"spark://{LOOPBACK}:{cluster.master_port}",
        "spark.local.dir": str(cluster.folder / "scratch"),
        "spark.sql.warehouse.dir": (cluster.folder / "tables").as_uri(),
        "spark.hadoop.hive.server2.thrift.port": str(cluster.port),
    }
    if cluster.ui_port is not None:
        settings |= {"spark.ui.enabled": "true", "spark.ui.port": str(cluster.ui_port)}
        # Every table is three entries, and the oldest would be forgotten.
        settings["spark.sql.ui.retainedExecutions"] = "100000"
    (conf / "log4j2.properties").write_text(LOGGED, encoding="utf-8")
    lines = "".join(f"{name} {value}\n" for name, value in settings.items())
    (conf / "spark-defaults.conf").write_text(lines, encoding="utf-8")
