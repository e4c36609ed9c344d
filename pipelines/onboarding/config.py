"""The first configuration, from looking at files and databases to writing config/.

Belongs here: that order, and what is not overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines import duck, durable
from pipelines.contracts import load_contracts
from pipelines.errors import ConfigError, Problem
from pipelines.onboarding import write
from pipelines.onboarding.look import Doubt, Look, look
from pipelines.onboarding.propose import Proposal, propose, tables_to_write
from pipelines.onboarding.tables import with_tables
from pipelines.settings.workspace import PORTFOLIO_FILE, SOURCES_FILE
from pipelines.workshop import workshop

Ask = Callable[[Doubt], str | None]
"""Asks a person; None: the question stays open."""

WRITTEN: Final = (SOURCES_FILE, PORTFOLIO_FILE, write.TODO_FILE)


@dataclass(frozen=True, slots=True)
class Begun:
    """What was written, and what is open."""

    files: tuple[Path, ...]
    tables: Mapping[str, str]
    """Table -> the path its rows come from."""
    preset: str
    open: tuple[Doubt, ...]
    unread: tuple[Problem, ...]


def refuse_to_overwrite(config_dir: Path) -> None:
    """Raises ConfigError CONFIG_EXISTS where there is a configuration."""
    there = [name for name in WRITTEN[:2] if (config_dir / name).exists()]
    if there:
        what = f"there is a configuration already: {', '.join(there)}"
        remedy = "name another directory: kundenwert --config DIRECTORY init ..., or overwrite it: --force"
        raise ConfigError(Problem("CONFIG_EXISTS", what, str(config_dir), remedy))


def begin(
    paths: Sequence[Path],
    config_dir: Path,
    scratch: Path,
    company: str,
    answers: Mapping[str, str],
    ask: Ask | None = None,
    zone: str | None = None,
    variables: Sequence[str] = (),
) -> Begun:
    """Look at the files, and at the databases that environment `variables` name, ask what is open (`ask` None: nothing), write the
    configuration of `config_dir`.

    Raises SourceError where nothing can be read, ConfigError ANSWER_UNKNOWN for an answer to no question. No file is read as a
    guess decides: what is open stays out of the configuration.
    """
    proposal = _answered(_Where(paths, variables, config_dir), scratch, dict(answers), ask)
    contracts = load_contracts()
    texts = {
        SOURCES_FILE: write.sources_yml(proposal, config_dir, company, contracts, zone),
        PORTFOLIO_FILE: write.portfolio_yml(proposal),
        write.TODO_FILE: write.todo_md(proposal, company),
    }
    config_dir.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        durable.write_text(config_dir / name, text)
    return Begun(
        files=tuple(config_dir / name for name in texts),
        tables={table.table: table.source.path for table, is_whole in tables_to_write(proposal) if is_whole},
        preset=proposal.preset,
        open=tuple(proposal.doubts),
        unread=tuple(problem for _, problem in proposal.look.unread),
    )


@dataclass(frozen=True, slots=True)
class _Where:
    """What is looked at."""

    paths: Sequence[Path]
    variables: Sequence[str]
    config_dir: Path


def _answered(where: _Where, scratch: Path, answers: dict[str, str], ask: Ask | None) -> Proposal:
    """The proposal once nothing is left to ask: an answer may change what is seen, so it is looked at again."""
    asked: set[str] = set()
    given = frozenset(answers)
    known: set[str] = set(given)
    while True:
        proposal = _proposed(where, scratch, answers)
        _refuse_unknown(given - known, proposal)
        doubts = [doubt for doubt in proposal.doubts if doubt.key not in asked]
        if ask is None or not doubts:
            return proposal
        for doubt in doubts:
            asked.add(doubt.key)
            answer = ask(doubt)
            if answer is not None:
                answers[doubt.key] = answer


def _proposed(where: _Where, scratch: Path, answers: Mapping[str, str]) -> Proposal:
    with workshop(scratch, "init") as work, duck.memory(scratch) as connection:
        seen = Look(where.config_dir.resolve(), (), ())
        if where.paths:
            seen = look(where.paths, connection, work / "files", answers)
        if where.variables:
            seen = with_tables(seen, where.variables, connection, work / "tables")
        return propose(seen, load_contracts(), connection, answers)


def _refuse_unknown(keys: frozenset[str] | set[str], proposal: Proposal) -> None:
    if keys:
        what = f"nothing was asked that is called {', '.join(sorted(keys))}"
        asked = ", ".join(doubt.key for doubt in proposal.doubts) or "nothing"
        raise ConfigError(Problem("ANSWER_UNKNOWN", what, "--answer", f"asked is: {asked}"))
