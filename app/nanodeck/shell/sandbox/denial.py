"""What a command was denied by its sandbox, going by what it printed and tried."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from nanodeck.shell.reading import read_command
from nanodeck.shell.sandbox.bubblewrap import SHARED
from nanodeck.shell.sandbox.confinement import Confinement
from nanodeck.shell.sandbox.masked import secret_places
from nanodeck.shell.sandbox.protected import protected_in
from nanodeck.shell.sandbox.unreached import unreached
from nanodeck.shell.walls import Denied, Ended

_LAST = 1 << 16
_READ_ONLY = "read-only file system"
_NOT_THERE = "no such file or directory"
_REFUSALS = (_READ_ONLY, _NOT_THERE, "permission denied", "operation not permitted")
_QUOTED = re.compile(r"['\"‘`]([^'\"’`]+)['\"’`]")
_BY_SHELL = re.compile(r"(?:: line \d+|: \d+: cannot create):? ([^\s:]+): ")
_BEFORE = re.compile(r"(?:^|[\s:])([^\s:'\"]+): [a-z -]+$", re.IGNORECASE)
_AFTER = re.compile(
    r"(?:open|mkdir|unlink|rename|access|stat|lstat|scandir|copyfile|rmdir) ([/.\w][^\s:'\"]*)"
)
_WHOLE = re.compile(r"(?:^|[\s(=:])(/(?!/)[^\s:'\",;)]+)")
_SOCKET = re.compile(r"unix:?(?://)?[ ]?(/[^\s:'\"]+)[^\n]*operation not permitted", re.IGNORECASE)
_START_FAILURE = re.compile(rb"\A(?:bwrap|sandbox): ([^\n]+)")
SOMEWHERE = "a path that is read-only"
_NOT_READING = (
    "echo",
    "printf",
    "ls",
    "test",
    "[",
    "stat",
    "find",
    "touch",
    "rm",
    "mv",
    "chmod",
    "git",
    "du",
)
"""Programs that do not look into the files they are given; that of others may count on what it finds."""


def start_failure(report: bytes) -> str:
    """Why no command was started, out of what came where the sandbox itself complains; empty if it was."""
    found = _START_FAILURE.match(report)
    return found[1].decode("utf-8", "replace") if found else ""


def denied_by(ended: Ended, command: str, confinement: Confinement, attempts: int = 0) -> Denied | None:
    """What `command` was denied; None where it ended so for other reasons.

    `attempts` is how often it tried in vain to reach something in a network of its own.
    """
    text = ended.output[-_LAST:]
    for line in text.splitlines():
        lowered = line.lower()
        for refusal in _REFUSALS:
            if refusal in lowered and (path := _path(line, refusal, confinement, ended.folder)):
                return Denied(path)
    if found := _SOCKET.search(text):
        return Denied(found[1])
    if git := _silent_git(ended, command):
        return Denied(git)
    if confinement.network:
        return None
    return unreached(text, command, attempts, timed_out=ended.exit_code is None)


def _silent_git(ended: Ended, command: str) -> str:
    """The folder that git could not write and says nothing of; empty where it did not fail so."""
    stashes = any(
        [word.text for word in part.words[:2]] == ["git", "stash"] for part in read_command(command).parts
    )
    return ".git" if stashes and ended.exit_code and not ended.output.strip() else ""


def looked_empty(command: str, confinement: Confinement, folder: Path) -> Denied | None:
    """The file that `command` in `folder` names to read it, and that holds more than it could see."""
    masked = set(protected_in(confinement.root).masked)
    for part in read_command(command).parts:
        program, *words = (word.text for word in part.words) if part.words else ("",)
        words += [redirect.target.text for redirect in part.redirects if redirect.sign == "<"]
        for word in () if program in _NOT_READING else words:
            real = Path(os.path.realpath(folder / os.path.expanduser(word)))
            if (real in masked or _hidden(real, confinement)) and real.is_file() and real.stat().st_size:
                return Denied(word)
    return None


def _path(line: str, refusal: str, confinement: Confinement, folder: Path) -> str:
    quoted, found = _surely_named(line), dict.fromkeys(_named(line, refusal))
    named = [name for name in found if "/" in name or name in quoted or (folder / name).exists()]
    for name in named:
        real = Path(os.path.realpath(folder / os.path.expanduser(name)))
        if refusal == _NOT_THERE:
            denied = _hidden(real, confinement)
        elif refusal == _READ_ONLY:
            denied = _could_be_written(real)
        else:
            denied = not _writable(real, confinement) and _could_be_written(real)
        if denied:
            return name
    return SOMEWHERE if refusal == _READ_ONLY and not named else ""


def _named(line: str, refusal: str) -> Iterator[str]:
    """What in the line may be the path that was refused."""
    at = line.lower().index(refusal)
    yield from _surely_named(line)
    yield from _BEFORE.findall(line[: at + len(refusal)])
    yield from _AFTER.findall(line[at:])
    yield from _WHOLE.findall(line)


def _surely_named(line: str) -> list[str]:
    """What stands where a program, or a shell, names a path."""
    return [*_QUOTED.findall(line), *_BY_SHELL.findall(line)]


def _hidden(path: Path, confinement: Confinement) -> bool:
    hidden = (*SHARED, *secret_places(confinement.home), *confinement.masked)
    return (
        path.exists() and any(path.is_relative_to(place) for place in hidden) and not _own(path, confinement)
    )


def _writable(path: Path, confinement: Confinement) -> bool:
    return confinement.access == "workspace-write" and _own(path, confinement)


def _own(path: Path, confinement: Confinement) -> bool:
    places = (confinement.root, confinement.temp, *confinement.writable)
    return any(path.is_relative_to(place) for place in places)


def _could_be_written(path: Path) -> bool:
    """Whether the person could: then it was the sandbox that did not let the command."""
    there = next(parent for parent in (path, *path.parents) if parent.exists())
    return os.access(there, os.W_OK)
