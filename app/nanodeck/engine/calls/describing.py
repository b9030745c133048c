"""What a person is told about a shell command before it runs, worked out without running anything."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.judging import JudgedPart
from nanodeck.contracts.queries import DescribeCommand
from nanodeck.contracts.requests import CommandDetail, EnvironmentChanges, Writes
from nanodeck.contracts.text import one_line
from nanodeck.core.permissions import CallFacts
from nanodeck.engine.calls.facts import command_facts, decided_parts
from nanodeck.engine.calls.granting import scripts_run
from nanodeck.engine.session import Session
from nanodeck.shell.reading import Reading, read_command
from nanodeck.shell.writing import Place, touched_by

UNCONFINED = "none this time: it can do all that you can, network too"

_log = logging.getLogger(__name__)


async def describe_command(session: Session, command: str, folder: Path, background: bool) -> CommandDetail:
    """Everything known about `command` in `folder`."""
    sandbox = await session.confining.state()
    return await asyncio.to_thread(_described, session, command, folder, background, sandbox.words)


async def describe_edited(session: Session, query: DescribeCommand) -> CommandDetail:
    """The same of a command that is to run instead of the one that asked. Raises NanodeckError."""
    request = session.requests.find(query.request)
    if request is None or not isinstance(request.detail, CommandDetail):
        raise NanodeckError("the request is closed")
    asked = request.detail
    return await describe_command(session, query.command, Path(asked.folder), asked.background)


def _described(session: Session, command: str, folder: Path, background: bool, sandbox: str) -> CommandDetail:
    reading = read_command(command)
    facts = command_facts("bash", command, session.workspace, folder)
    run = scripts_run(facts.judgement, folder, session.workspace) if facts.judgement else ()
    return CommandDetail(
        command,
        str(folder),
        background,
        reading.parts,
        reading.script,
        _environment(session, folder),
        sandbox,
        _writes(session, reading, folder),
        judged=_judged(session, facts),
        scripts=tuple(map(session.workspace.show, run)),
    )


def _judged(session: Session, facts: CallFacts) -> tuple[JudgedPart, ...]:
    """The parts of a command as they are decided on, the person's rules counted in."""
    try:
        decided = tuple(decided_parts(facts, session.state.mode, session.rules.ruleset))
    except Exception:
        _log.exception("rules")
        return facts.judgement.parts if facts.judgement else ()
    return tuple(
        replace(part, verdict=why.verdict, reason=why.reason, rule=why.rule) for part, why in decided
    )


def _environment(session: Session, folder: Path) -> EnvironmentChanges:
    changes = session.shell.changes
    if shutil.which("mise") is None:
        return changes
    known = session.mise.given(folder)
    before = f" (last time for {', '.join(known)})" if known else ""
    return replace(changes, later=f"mise is asked for more when it starts{before}")


def _writes(session: Session, reading: Reading, folder: Path) -> Writes:
    if reading.script:
        return Writes(more="a script")
    touched = touched_by(reading.parts)

    def shown(places: Sequence[Place]) -> tuple[str, ...]:
        return tuple(_shown(session, place, folder) for place in places)

    unknown = ", ".join(one_line(name, 60) for name in touched.unknown)
    return Writes(shown(touched.written), shown(touched.deleted), unknown)


def _shown(session: Session, place: Place, folder: Path) -> str:
    """The path as it is shown everywhere; as it is spelled where it is not certain."""
    text = place.word.text
    if place.word.filled:
        return text
    if place.folder is None and not text.startswith("/"):
        return f"{text} (where its cd leads)"
    try:
        return session.workspace.show(Path(os.path.realpath(folder / (place.folder or "") / text)))
    except (OSError, ValueError):
        return text
