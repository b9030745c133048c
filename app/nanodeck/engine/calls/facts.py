"""What the permissions have to know about a call: where it leads, and what of it rules look at."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.judging import JUDGE_FAILED, JudgedPart, Judgement
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.rules import Why
from nanodeck.core.guarded import Guard
from nanodeck.core.permissions import CallFacts, decide_piece
from nanodeck.core.rules import Piece, RuleSet
from nanodeck.engine.calls.granting import grant_of
from nanodeck.engine.calls.prepared import ReadyCall
from nanodeck.shell.reading import read_command
from nanodeck.tools.registry import Effect
from nanodeck.workspace.paths import Location, Workspace

_log = logging.getLogger(__name__)

_READ_FROM = re.compile(r"<\s*([^\s<>|&;()]+)")
_PLACED = (Effect.READ, Effect.EDIT)


def facts_of(call: ReadyCall, workspace: Workspace, folder: Path, plan: Path) -> CallFacts:
    """What is known about `call`; `plan` is where the session's plan is kept."""
    name, effect = call.tool.name, call.effect
    if call.command:
        known = command_facts(name, call.command, workspace, folder)
        return replace(known, grant=grant_of(call, folder, workspace, known.judgement))
    locations, forbidden = ((), "") if effect not in _PLACED else _places(call, workspace, folder)
    outside = tuple(
        place.shown for place in locations if not workspace.holds(place.path) and place.path != plan
    )
    edits = effect is Effect.EDIT
    guarded = tuple(why for place in locations if (why := guarded_as(place.guard, place.shown, edits=edits)))
    only_plan = bool(locations) and all(place.path == plan for place in locations)
    pieces = tuple(
        file_piece(workspace, place.path, place.shown, edits=edits)
        for place in locations
        if place.path != plan
    )
    return CallFacts(
        name,
        effect.value,
        grant_of(call, folder, workspace),
        outside,
        forbidden,
        only_plan,
        guarded,
        pieces or (Piece(name),),
    )


def command_facts(tool: str, command: str, workspace: Workspace, folder: Path) -> CallFacts:
    """What is known about a shell command that is to run in `folder`."""
    judgement = judged(command, folder, workspace.root)
    # What is more than simple commands can do things that none of its parts does.
    plain = not read_command(command).script
    return CallFacts(
        tool, "execute", pieces=tuple(command_pieces(judgement, folder, plain)), judgement=judgement
    )


def judged(command: str, folder: Path, root: Path) -> Judgement:
    """What the judge says of a command; where it fails the command asks."""
    # Not with the first frame: the grammar is big.
    from nanodeck.shell.judge import judge

    try:
        return judge(command, folder, root)
    except Exception as error:
        _log.exception("judge")
        return Judgement("ask", command, f"it could not be judged: {error}", JUDGE_FAILED)


def command_pieces(judgement: Judgement, folder: Path, plain: bool) -> Iterator[Piece]:
    """The parts of a command as rules see them; `plain`: it is made of simple commands alone."""
    for part in judgement.parts:
        allowed = plain and part.verdict == "allow"
        certain = plain and part.certain
        yield Piece(
            part.text, part.argv, _named(part, folder), certain, allowed, inner=bool(part.folded_from)
        )
    if not judgement.parts:
        yield Piece(judgement.part, certain=False)


def decided_parts(facts: CallFacts, mode: Mode, rules: RuleSet) -> Iterator[tuple[JudgedPart, Why]]:
    """Every part of a command with what decides on it alone: a rule of the person, or the judge."""
    parts = facts.judgement.parts if facts.judgement else ()
    for part, piece in zip(parts, facts.pieces, strict=False):
        judged = Why(part.verdict, part.reason, part.rule)
        by_rule = None if part.verdict == "deny" else decide_piece(mode, facts, piece, rules)
        yield part, by_rule or judged


def file_piece(workspace: Workspace, path: Path, shown: str, *, edits: bool) -> Piece:
    """A file as rules see it; `path` has no link left."""
    return Piece(
        shown,
        paths=(str(path),),
        outside=not workspace.holds(path),
        guarded=bool(guarded_as(workspace.guard(path), shown, edits=edits)),
    )


def guarded_as(guard: Guard | None, shown: str, *, edits: bool) -> str:
    """Why a person is asked about a path with this guard; empty where nobody is."""
    asks = guard is not None and (guard.write if edits else guard.read) == "ask"
    return f"{shown} is {guard.what}" if guard and asks else ""


def _named(part: JudgedPart, folder: Path) -> tuple[str, ...]:
    """What the words of a command may name, nobody looking at the disk."""
    words = [word.partition("=")[2] if word.startswith("-") else word for word in part.argv[1:]]
    words += [word.partition("=")[2] for word in words if "=" in word]
    words += [word.strip("'\"") for word in _READ_FROM.findall(part.text)]
    plain = (os.path.expanduser(word.removeprefix("@")) for word in words if word)
    return tuple(os.path.normpath(os.path.join(folder, word)) for word in plain)


def _places(call: ReadyCall, workspace: Workspace, folder: Path) -> tuple[Sequence[Location], str]:
    """Where the call leads, or why it must not go to one of its places."""
    found: list[Location] = []
    for place in call.tool.places(call.arguments):
        try:
            location = workspace.locate(place, folder)
        except ToolError as error:
            return (), error.message
        standing = location.write_standing if call.effect is Effect.EDIT else location.standing
        if standing == "refused":
            return (), location.reason
        found.append(location)
    return tuple(found), ""
