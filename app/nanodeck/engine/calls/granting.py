"""What a grant for the session is bound to: the call, its folder, and what the scripts hold that it runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.judging import Judgement
from nanodeck.core.scripts import scripts_of
from nanodeck.engine.calls.prepared import ReadyCall
from nanodeck.workspace.paths import Workspace
from nanodeck.workspace.writing.atomic import read_file
from nanodeck.workspace.writing.blobs import digest_of


def grant_of(call: ReadyCall, folder: Path, workspace: Workspace, judgement: Judgement | None = None) -> str:
    """The text that a grant for `call` has to equal; with another script it is another one."""
    arguments = msgspec.json.encode(call.arguments, order="sorted").decode()
    scripts = scripts_run(judgement, folder, workspace) if judgement else ()
    held = (f"{path}={_digest(path)}" for path in scripts)
    return "\0".join((str(folder), call.tool.name, arguments, *held))


def scripts_run(judgement: Judgement, folder: Path, workspace: Workspace) -> tuple[Path, ...]:
    """The files of the workspace that a command in `folder` runs, the first that each of its parts names."""
    named = (_first(part.argv, folder, workspace) for part in judgement.parts if part.argv)
    return tuple(dict.fromkeys(path for paths in named for path in paths))


def _first(argv: tuple[str, ...], folder: Path, workspace: Workspace) -> Iterator[Path]:
    for word in scripts_of(argv):
        try:
            path = Path(os.path.realpath(folder / os.path.expanduser(word)))
            there = path.is_file()
        except (OSError, ValueError):
            continue
        if there and workspace.holds(path):
            yield path
            return


def _digest(path: Path) -> str:
    try:
        return digest_of(read_file(path, str(path)) or b"")
    except ToolError as error:
        return error.message
