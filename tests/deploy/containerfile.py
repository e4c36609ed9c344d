"""A container file read, and its steps executed in a root file system of the distribution's packages: what a builder of images would do.

Belongs here: the few instructions deploy/Containerfile uses, each as a builder understands it, and a refusal of any other. Not here:
what must hold of the image (test_image.py). Needs root, mmdebstrap and unshare; reads no registry of images.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests import checkout
from tests.conftest import REPOSITORY

FIRST_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""PATH of an image that sets none."""


@dataclass(frozen=True)
class Step:
    """One instruction: its flags (`--network=none`) and what follows, variables of ARG filled in."""

    word: str
    flags: Mapping[str, str]
    rest: str


@dataclass
class Stage:
    """A `FROM ... AS name` and its steps."""

    name: str
    base: str
    steps: list[Step] = field(default_factory=list)


def read(text: str) -> list[Stage]:
    """The stages in order. Raises ValueError for a step before the first one that is no ARG."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    stages: list[Stage] = []
    given: dict[str, str] = {}
    for line in filter(None, map(str.strip, joined.splitlines())):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            stages.append(Stage(name.strip(), base.replace("${BASE}", given.get("BASE", ""))))
        elif word == "ARG" and not stages:
            name, _, value = rest.partition("=")
            given[name] = value
        elif stages:
            stages[-1].steps.append(_step(word, rest))
        else:
            raise ValueError(line)
    return stages


def _step(word: str, rest: str) -> Step:
    flags = {}
    while found := re.match(r"--([a-z-]+)=(\S+)\s+", rest):
        if word == "HEALTHCHECK" or found[1] in flags:
            break
        flags[found[1]], rest = found[2], rest[found.end() :]
    return Step(word, flags, rest)


@dataclass
class Image:
    """What the steps leave: a root file system and how its processes begin."""

    root: Path
    environment: dict[str, str]
    directory: str = "/"
    user: str = "root"
    entrypoint: Sequence[str] = ()
    volumes: tuple[str, ...] = ()

    def run(
        self,
        *command: str,
        online: bool = False,
        read_only: bool = False,
        shown: Mapping[str, str] | None = None,
        volumes: Mapping[str, str] | None = None,
    ) -> str:
        """What a process of the image prints, without a network unless asked.

        `shown` and `volumes`: place in the image -> place of this machine, which the process may read, or write, too. Raises AssertionError
        with its output where it fails.
        """
        places = {**dict.fromkeys(shown or {}, "ro"), **dict.fromkeys(volumes or {}, "rw")}
        binds: list[str] = []
        for place, here in {**(shown or {}), **(volumes or {})}.items():
            _make_place(self.root / place.lstrip("/"), Path(here))
            binds += [here, place, places[place]]
        user = [] if self.user == "root" else ["setpriv", *_as(self.root, self.user)]
        done = subprocess.run(
            [
                *("unshare", "--mount", "--pid", "--fork", "--ipc", "--uts", "--kill-child"),
                *([] if online else ["--net"]),
                *("sh", "-c", _ENTER, "enter", str(self.root), self.directory, "ro" if read_only else "rw"),
                *(*binds, "--", *user, *command),
            ],
            capture_output=True,
            text=True,
            check=False,
            env={**self.environment, "PATH": FIRST_PATH, "ITS_PATH": self.environment["PATH"]},
        )
        assert done.returncode == 0, f"{shlex.join(command)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout


# All mounts are in a namespace of the process's own and end with it. What is this machine's is mounted read-only: a package's
# script that believes to be in an image must not write into the machine.
_ENTER: Final = """set -eu; root=$1; directory=$2; mode=$3; shift 3
mount --make-rprivate /
mkdir -p "$root/dev/shm"
mount --bind "$root" "$root"
mount -o "remount,bind,$mode" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
while [ "$1" != -- ]; do
    mount --bind "$1" "$root$2"
    mount -o "remount,bind,$3" "$root$2"
    shift 3
done
shift
exec chroot "$root" sh -c 'export PATH="$ITS_PATH"; unset ITS_PATH; cd "$1"; shift; exec "$@"' in "$directory" "$@" """


def _make_place(target: Path, here: Path) -> None:
    """Let something be there that can be mounted over."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if here.is_dir():
        target.mkdir(exist_ok=True)
    elif not target.exists():
        target.touch()


def _as(root: Path, user: str) -> list[str]:
    """setpriv's options to become a user of the image, with no right to become another."""
    lines = [line.split(":") for line in (root / "etc" / "passwd").read_text(encoding="utf-8").splitlines()]
    ((uid, gid),) = [(line[2], line[3]) for line in lines if line[0] == user]
    return [f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--no-new-privs", "--bounding-set=-all"]


class Builder:
    """Builds all stages below a folder. `context` is what git keeps of the checkout."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.images: dict[str, Image] = {}
        self._machine = Machine.copied(place / "machine")
        self.context = [Path(line) for line in checkout.files() if (REPOSITORY / line).is_file()]

    def build(self, stages: Sequence[Stage]) -> Image:
        """The last stage's image."""
        for stage in stages:
            self.images[stage.name] = image = self._base(stage)
            for step in stage.steps:
                self._do(image, step)
        return self.images[stages[-1].name]

    def _base(self, stage: Stage) -> Image:
        root = self.place / stage.name
        if (below := self.images.get(stage.base)) is not None:
            subprocess.run(["cp", "--archive", str(below.root), str(root)], check=True)
            return Image(root, dict(below.environment), below.directory, below.user)
        distribution, _, tag = stage.base.rpartition("/")[2].partition(":")
        assert distribution == "debian", f"no packages make {stage.base}"
        suite = tag.removesuffix("-slim")
        sources = sorted(Path("/etc/apt/sources.list.d").glob("debian.sources"))
        subprocess.run(
            ["mmdebstrap", "--quiet", "--variant=minbase", suite, str(root), *map(str, sources)],
            check=True,
        )
        return Image(root, {"PATH": FIRST_PATH})

    def _do(self, image: Image, step: Step) -> None:
        match step.word:
            case "RUN":
                self._run(image, step)
            case "COPY":
                self._copy(image, step)
            case "WORKDIR":
                image.directory = step.rest
                (image.root / step.rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "ENV":
                image.environment |= dict(each.split("=", 1) for each in shlex.split(step.rest))
            case "USER":
                image.user = step.rest
            case "VOLUME":
                image.volumes = (*image.volumes, step.rest)
            case "ENTRYPOINT":
                image.entrypoint = json.loads(step.rest)
            case "CMD" | "HEALTHCHECK":
                pass
            case _:
                raise ValueError(f"{step.word} is not understood here")

    def _run(self, image: Image, step: Step) -> None:
        online = step.flags.get("network") != "none"
        shown = self._machine.shown if online else {}
        if mount := step.flags.get("mount"):
            told = dict(each.split("=", 1) for each in mount.split(","))
            shown = {**shown, told["target"]: str(self.images[told["from"]].root / told["source"].lstrip("/"))}
        before = dict(image.environment)
        image.environment |= self._machine.environment if online else {}
        image.run("/bin/sh", "-c", step.rest, online=online, shown=shown)
        image.environment = before

    def _copy(self, image: Image, step: Step) -> None:
        *sources, target = step.rest.split()
        into = image.root / image.directory.lstrip("/") / target
        for source in sources:
            files = [path for path in self.context if path == Path(source) or Path(source) in path.parents]
            assert files, f"COPY {source}: the checkout has no such thing"
            for path in files:
                is_folder = (REPOSITORY / source).is_dir()
                end = path.relative_to(source) if is_folder else Path(path.name if target.endswith("/") else "")
                (into / end).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(REPOSITORY / path, into / end)


@dataclass(frozen=True)
class Machine:
    """How this machine reaches its package indexes: what steps with a network see of it."""

    shown: Mapping[str, str]
    environment: Mapping[str, str]

    @staticmethod
    def copied(place: Path) -> Machine:
        """Copies of its resolver's, apt's and pip's settings below `place`, and the local indexes that pip's name."""
        shown: dict[str, str] = {}
        for path in ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf", "/etc/xdg/pip", "/etc/apt/apt.conf.d"):
            shown |= _copy_of(Path(path), place / path.strip("/").replace("/", "_"), path)
        shown |= _copy_of(Path.home() / ".config" / "pip", place / "pip", "/root/.config/pip")
        environment = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        # Not in its usual place, where a package of the image puts its own.
        if (bundle := Path(environment.get("PIP_CERT", "/none"))).is_file():
            shown |= _copy_of(bundle, place / "certificates", "/run/certificates")
            environment["PIP_CERT"] = "/run/certificates"
        return Machine(shown | {path: path for path in _local_indexes()}, environment)


def _copy_of(here: Path, copy: Path, place: str) -> dict[str, str]:
    """Where the copy is to be seen; nothing where there is nothing to copy."""
    if here.is_dir():
        shutil.copytree(here, copy)
    elif here.is_file():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(here, copy)
    return {place: str(copy)} if here.exists() else {}


def _local_indexes() -> list[str]:
    """Folders of this machine in which pip looks for wheels."""
    told = subprocess.run(
        ["python3", "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    said = [line.partition("=")[2] for line in told.splitlines() if re.search(r"(?:index-url|find-links)=", line)]
    paths = re.findall(r"(?:file://)?(/[\w./-]+)", " ".join(said).replace("https://", "").replace("http://", ""))
    # The pages of a local index lead to files beside them.
    return sorted({path.removesuffix("/simple") for path in paths if Path(path).is_dir()})
