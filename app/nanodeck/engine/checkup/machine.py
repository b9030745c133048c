"""What the machine has: the sandbox that was tried, and the programs nanodeck works with."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from nanodeck.contracts.checkup import Finding
from nanodeck.contracts.judging import JUDGE_FAILED
from nanodeck.engine.calls.facts import judged
from nanodeck.shell.sandbox.probe import probe
from nanodeck.store.keys import Redactor
from nanodeck.store.places import Places
from nanodeck.workspace.finding.search import find_ripgrep
from nanodeck.workspace.programs import capture

_SECONDS = 5.0
_LIMIT = 4096
_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)*")
_OLDEST_GIT = (2, 31)


async def examine_sandbox(
    places: Places, folder: Path, environment: Mapping[str, str], redactor: Redactor
) -> list[Finding]:
    """The level that commands of agents are confined at, tried anew."""
    state = await asyncio.to_thread(probe, places.cache, fresh=True)
    if not state.level:
        reason = f"none: commands can do all that you can ({state.reason or 'nothing here confines them'})"
        return [Finding("sandbox", "fault", reason, "", state.cure)]
    text = f"level {state.level} by {state.engine}"
    found = [Finding("sandbox", "note" if state.level < 2 else "good", text, "", state.cure)]
    if state.reduced:
        found.append(Finding("sandbox", "note", state.reduced, "", state.cure))
    return found


async def examine_judge(
    places: Places, folder: Path, environment: Mapping[str, str], redactor: Redactor
) -> list[Finding]:
    """Whether commands can be judged before they run."""
    judgement = await asyncio.to_thread(judged, "true", folder, folder)
    if judgement.rule != JUDGE_FAILED:
        return []
    cure = "every command asks until then: install nanodeck anew, with what it needs"
    return [Finding("judge", "fault", judgement.reason, "", cure)]


async def examine_programs(
    places: Places, folder: Path, environment: Mapping[str, str], redactor: Redactor
) -> list[Finding]:
    """git, ripgrep, bash, gh."""
    ripgrep = find_ripgrep()
    return list(
        await asyncio.gather(
            _program(
                "git", shutil.which("git"), "fault", "checkpoints, rewind and diffs need it: install git"
            ),
            _program("ripgrep", ripgrep, "note", "searching is slower without it: install ripgrep"),
            _program("bash", shutil.which("bash"), "note", "commands run in sh: install bash"),
            _program("gh", shutil.which("gh"), "note", "pull requests need it: https://cli.github.com"),
        )
    )


async def _program(name: str, path: str | None, missing: str, cure: str) -> Finding:
    if path is None:
        return Finding(name, "fault" if missing == "fault" else "note", "is not installed", "", cure)
    said = await capture((path, "--version"), Path("/"), seconds=_SECONDS, limit=_LIMIT)
    version = _VERSION.search(said.output.decode("utf-8", "replace"))
    if said.code or version is None:
        return Finding(name, "fault", f"does not say its version (exit code {said.code})", path, cure)
    if name == "git" and tuple(map(int, version[0].split(".")[:2])) < _OLDEST_GIT:
        return Finding(name, "fault", f"{version[0]} is too old", path, "install git 2.31 or later")
    return Finding(name, "good", version[0], path)
