"""What a command that failed was denied by its sandbox, going by what it printed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from nanodeck.shell.sandbox.bubblewrap import SHARED
from nanodeck.shell.sandbox.confinement import Confinement
from nanodeck.shell.sandbox.masked import secret_places

_LAST = 1 << 16
_READ_ONLY = "read-only file system"
_NOT_THERE = "no such file or directory"
_REFUSALS = (_READ_ONLY, _NOT_THERE, "permission denied", "operation not permitted")
_QUOTED = re.compile(r"['\"‘`]([^'\"’`]+)['\"’`]")
_BEFORE = re.compile(r"(?:^|[\s:])([^\s:'\"]+): [a-z -]+$", re.IGNORECASE)
_AFTER = re.compile(
    r"(?:open|mkdir|unlink|rename|access|stat|lstat|scandir|copyfile|rmdir) ([/.\w][^\s:'\"]*)"
)
_UNREACHED = re.compile(
    r"(?:could not resolve host:? |unable to resolve host address |failed to connect to |enotfound "
    r"|eai_again |dial tcp:? lookup |host=)['\"‘]?([a-z0-9.-]*[a-z0-9])",
    re.IGNORECASE,
)
_OFFLINE = re.compile(
    r"network is unreachable|name resolution|name or service not known|socket: operation not permitted"
    r"|nodename nor servname|tunnel.{0,40} 403|403 from proxy",
    re.IGNORECASE,
)
_START_FAILURE = re.compile(rb"\A(?:bwrap|sandbox): ([^\n]+)")
NETWORK = "the network"
SOMEWHERE = "a path that is read-only"


def start_failure(report: bytes) -> str:
    """Why no command was started, out of what came where the sandbox itself complains; empty if it was."""
    found = _START_FAILURE.match(report)
    return found[1].decode("utf-8", "replace") if found else ""


def denied_by(
    output: str, exit_code: int | None, confinement: Confinement, folder: Path | None = None
) -> str:
    """The path or host a command in `folder` was denied; empty where it failed for another reason."""
    if exit_code == 0:
        return ""
    text = output[-_LAST:]
    for line in text.splitlines():
        lowered = line.lower()
        for refusal in _REFUSALS:
            if refusal in lowered and (path := _path(line, refusal, confinement, folder or confinement.root)):
                return path
    if confinement.network:
        return ""
    if unreached := _UNREACHED.search(text):
        return unreached[1]
    return NETWORK if _OFFLINE.search(text) else ""


def _path(line: str, refusal: str, confinement: Confinement, folder: Path) -> str:
    quoted, found = _QUOTED.findall(line), dict.fromkeys(_named(line, refusal))
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
    yield from _QUOTED.findall(line)
    yield from _BEFORE.findall(line[: at + len(refusal)])
    yield from _AFTER.findall(line[at:])


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
