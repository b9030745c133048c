"""Finding out by trying what confines commands on this machine; configuration is believed nowhere."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.sandbox import Level, SandboxState
from nanodeck.shell.sandbox.bubblewrap import NO_NAMESPACES, bubblewrap, knows
from nanodeck.shell.sandbox.confinement import Confinement
from nanodeck.shell.sandbox.denial import start_failure
from nanodeck.shell.sandbox.landlock import SIGNALS_SINCE, version
from nanodeck.shell.sandbox.launch import confined
from nanodeck.shell.sandbox.seccomp import MACHINES

_TRIAL = """\
echo ran > inside
echo left > "$1"
command -v bash >/dev/null && bash -c ': > "/dev/tcp/127.0.0.1/$1"' bash "$2"
exit 0
"""
_SECONDS = 10.0
_SETTINGS = (
    "/proc/sys/user/max_user_namespaces",
    "/proc/sys/kernel/unprivileged_userns_clone",
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
)
_RESTRICTED = Path(_SETTINGS[2])
_MADE_FOR = 1
"""Counts what is tried: what an earlier way of trying found is not believed."""

_INSTALL = "install the package bubblewrap (apt, dnf, pacman, apk and zypper all call it that)"
_ALLOW_NAMESPACES = (
    "let users make namespaces: sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=15000"
)
_ALLOW_PROFILE = (
    "AppArmor keeps programs from making namespaces: add a profile for bwrap that allows `userns`,"
    " or sysctl kernel.apparmor_restrict_unprivileged_userns=0"
)
_CONTAINER = "in a container: start it so that it may make namespaces and mount /proc"


class _Kept(Struct):
    key: str
    state: SandboxState


_MOST_KEPT = 1 << 16


def probe(folder: Path, *, fresh: bool = False) -> SandboxState:
    """The highest level that works here; tried in `folder`, where the answer is kept for later starts.

    Blocks: up to a second where it has to be tried, or `fresh` asks for that.
    """
    key = _key()
    kept = folder / "sandbox.json"
    if not fresh:
        with suppress(OSError, msgspec.DecodeError):
            known = msgspec.json.decode(_read(kept), type=_Kept)
            if known.key == key:
                return known.state
    state = _tried(folder)
    with suppress(OSError):
        draft = kept.with_suffix(f".{os.getpid()}")
        draft.touch(0o600)
        draft.write_bytes(msgspec.json.encode(_Kept(key, state)))
        draft.replace(kept)
    return state


def _read(kept: Path) -> bytes:
    # A pipe of that name would be waited for.
    return kept.read_bytes() if kept.is_file() and kept.stat().st_size < _MOST_KEPT else b""


def _key() -> str:
    """What the answer depends on: kernel, user, bubblewrap, settings."""
    program = bubblewrap()
    facts = [str(_MADE_FOR), *os.uname(), str(os.geteuid()), program or ""]
    if program:
        found = os.stat(program)
        facts += [str(found.st_size), str(found.st_mtime_ns)]
    for setting in _SETTINGS:
        with suppress(OSError):
            facts.append(Path(setting).read_text().strip())
    return "\n".join(facts)


def _tried(folder: Path) -> SandboxState:
    if sys.platform == "darwin":
        return _tried_seatbelt(folder)
    if not sys.platform.startswith("linux"):
        return SandboxState(reason=f"there is no sandbox for {sys.platform}")
    program = bubblewrap()
    if program is None:
        reason, cure = "bubblewrap is not installed", _INSTALL
    elif failure := _trial(folder, 2):
        reason, cure = f"bubblewrap does not work here: {failure}", _cure(failure)
    else:
        return SandboxState(2, "bubblewrap", reduced=_reduced_bubblewrap(program))
    if not version():
        return SandboxState(reason=f"{reason}; the kernel has no Landlock", cure=cure)
    if os.uname().machine not in MACHINES:
        return SandboxState(
            reason=f"{reason}; Landlock is used on {' and '.join(sorted(MACHINES))}", cure=cure
        )
    if failure := _trial(folder, 1):
        return SandboxState(reason=f"{reason}; Landlock does not work here: {failure}", cure=cure)
    return SandboxState(1, "landlock", reduced=_reduced_landlock(), reason=reason, cure=cure)


def _tried_seatbelt(folder: Path) -> SandboxState:
    if failure := _trial(folder, 2):
        return SandboxState(reason=f"sandbox-exec does not work here: {failure}")
    reduced = "its profile was written from the documents; what a command leaves running stays"
    return SandboxState(2, "seatbelt", reduced=reduced)


def _trial(folder: Path, level: Level) -> str:
    """Why commands cannot be confined at `level`; empty if they were."""
    try:
        missing = [parent for parent in reversed(folder.parents) if not parent.exists()]
        for each in (*missing, folder):
            each.mkdir(mode=0o700, exist_ok=True)
        place = Path(os.path.realpath(tempfile.mkdtemp(prefix="sandbox-", dir=folder)))
    except OSError as error:
        return f"nothing can be tried in {folder}: {error.strerror}"
    try:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setblocking(False)
            return _outcome(place, level, listener)
    except (OSError, ToolError, subprocess.TimeoutExpired) as error:
        return str(error)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _outcome(place: Path, level: Level, listener: socket.socket) -> str:
    root, temp, outside = place / "work", place / "temp", place / "outside"
    root.mkdir()
    temp.mkdir()
    outside.touch()
    argv = ["/bin/sh", "-c", _TRIAL, "sh", str(outside), str(listener.getsockname()[1])]
    environment = {"PATH": os.environ.get("PATH", os.defpath)}
    launch = confined(argv, Confinement(root, temp), folder=root, environment=environment, level=level)
    done = launch.run(root, _SECONDS)
    if done.returncode or not (root / "inside").exists():
        return start_failure(done.stderr) or f"a command ended with {done.returncode}"
    if outside.read_text():
        return "a command wrote outside of its workspace"
    return "a command reached the network" if _reached(listener.accept) else ""


def _reached(accept: Callable[[], tuple[socket.socket, object]]) -> bool:
    try:
        accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _cure(failure: str) -> str:
    with suppress(OSError):
        if _RESTRICTED.read_text().strip() == "1":
            return _ALLOW_PROFILE
    return _CONTAINER if "proc" in failure else _ALLOW_NAMESPACES


def _reduced_bubblewrap(program: str) -> str:
    lacks = []
    if os.uname().machine not in MACHINES:
        lacks.append("sockets of other programs can be reached on this machine")
    if not knows(program, NO_NAMESPACES):
        lacks.append("bubblewrap is older than 0.8")
    if os.geteuid() == 0:
        lacks.append("nanodeck runs as root, for whom the limit of processes does not hold")
    return "; ".join(lacks)


def _reduced_landlock() -> str:
    lacks = ["hooks in .git can be changed", "all files can be read", "what a command leaves running stays"]
    lacks.append("hosts are reached all or none")
    if version() < SIGNALS_SINCE:
        lacks.append("other processes can be killed")
    if os.geteuid() == 0:
        lacks.append("nanodeck runs as root")
    return "; ".join(lacks)
