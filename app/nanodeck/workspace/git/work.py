"""Git for an agent: looks and writes that run no program which a repository names itself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.text import clean
from nanodeck.workspace.git.asking import GitResult, neutral_environment, own_filters, run_git
from nanodeck.workspace.git.folders import repository_of
from nanodeck.workspace.programs import NOT_FOUND, capture

_LOOK_SECONDS = 20.0
_WRITE_SECONDS = 120.0
_LIMIT = 1 << 20
# Nothing is signed, as a repository can name the program for that, and nothing tidied up behind our back.
_WRITING = ("-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "commit.gpgSign=false")

_NO_TERMINAL = {
    "GH_PROMPT_DISABLED": "1",
    "GH_PAGER": "cat",
    "GH_NO_UPDATE_NOTIFIER": "1",
    "GH_SPINNER_DISABLED": "1",
    "NO_COLOR": "1",
}


async def look(args: Sequence[str], folder: Path) -> str:
    """What git answers to a command that changes nothing. Raises ToolError with what git says."""
    filters = await own_filters(folder, _repository(folder))
    result = await run_git(args, folder, seconds=_LOOK_SECONDS, limit=_LIMIT, overruled=filters)
    return _answer(result, "git")


async def names(args: Sequence[str], folder: Path) -> list[str]:
    """The files that git answers a command with, which has `-z` among its `args`; none where it fails."""
    filters = await own_filters(folder, _repository(folder))
    result = await run_git(args, folder, seconds=_LOOK_SECONDS, limit=_LIMIT, overruled=filters)
    return [] if result.code else result.output.decode("utf-8", "surrogateescape").split("\0")[:-1]


async def write(args: Sequence[str], folder: Path, given: str = "") -> str:
    """Run a command that writes to the repository, with `given` as its input. Raises ToolError.

    A stop does not break into it: git would leave its lock behind.
    """
    if await own_filters(folder, _repository(folder)):
        raise ToolError(
            "nothing was run: this repository's own configuration has git run programs on its files "
            "(filter.*); that is for the user to do"
        )
    work = run_git((*_WRITING, *args), folder, seconds=_WRITE_SECONDS, limit=_LIMIT, given=given.encode())
    return _answer(await asyncio.shield(asyncio.ensure_future(work)), "git")


async def run_gh(args: Sequence[str], folder: Path, given: str = "") -> str:
    """What GitHub's own program answers; the git it runs is as neutral as ours. Raises ToolError."""
    environment = neutral_environment() | _NO_TERMINAL
    argv = ("gh", *args)
    result = await capture(
        argv,
        folder,
        environment=environment,
        given=given.encode(),
        seconds=_WRITE_SECONDS,
        limit=_LIMIT,
    )
    return _answer(result, "gh")


async def has_branch(name: str, folder: Path) -> bool:
    """Whether there is a branch called `name`."""
    result = await run_git(("rev-parse", "--verify", "--quiet", f"refs/heads/{name}"), folder)
    return result.code == 0


def _repository(folder: Path) -> Path:
    repository = repository_of(folder)
    if repository is None:
        raise ToolError(f"{folder} is in no git repository")
    return repository


def _text(output: bytes) -> str:
    return clean(output.decode("utf-8", "replace")).rstrip("\n")


def _answer(result: GitResult, program: str) -> str:
    """What a program said. Raises ToolError with that where it failed."""
    output, error = _text(result.output), _text(result.error.encode())
    if result.cut:
        return f"{output}\n(cut at {_LIMIT >> 20} MB)"
    if not result.code:
        return output or error
    if result.code == NOT_FOUND:
        raise ToolError(f"{program} is not installed")
    said = "\n".join(part for part in (output, error) if part)
    raise ToolError(said or f"{program} ended with exit code {result.code}")
