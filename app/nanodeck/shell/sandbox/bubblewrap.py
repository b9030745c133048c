"""Level 2: the arguments that make bubblewrap confine a command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from nanodeck.contracts.errors import ToolError
from nanodeck.shell.sandbox.confinement import Confinement
from nanodeck.shell.sandbox.masked import secret_places
from nanodeck.shell.sandbox.protected import protected_in

_PROGRAM = "bwrap"
_TEMP = Path("/tmp")
SHARED = (_TEMP, Path("/run"), Path("/dev/shm"))
"""Folders in which processes leave files and sockets for others: confined commands get their own."""
_IN_SHARED = tuple(f"{path}/" for path in SHARED)
_RESOLVER = "/etc/resolv.conf"
_NO_NAMESPACES = "--disable-userns"
_NAMESPACES = ("--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--cap-drop", "ALL")
_SYSTEM = ("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys")


def bubblewrap() -> str | None:
    """The bubblewrap that is installed."""
    return shutil.which(_PROGRAM, path=os.environ.get("PATH", os.defpath))


@cache
def forbids_namespaces(program: str) -> bool:
    """Whether it can keep commands from making namespaces of their own, as it can since 0.8."""
    asked = subprocess.run([program, "--help"], capture_output=True, text=True, check=False)
    return _NO_NAMESPACES in asked.stdout + asked.stderr


class Mounts:
    """Gathers bubblewrap's arguments; the files it is to read them from stay open until it has started."""

    def __init__(self) -> None:
        self.arguments: list[str] = []
        self.descriptors: list[int] = []

    def add(self, *arguments: str | Path) -> None:
        """Append arguments."""
        self.arguments += map(str, arguments)

    def data(self, content: bytes) -> str:
        """A descriptor to read `content` from, as an argument."""
        self.descriptors.append(readable(content))
        return str(self.descriptors[-1])

    def visible(self, path: str | Path) -> None:
        """Show a path read-only, even in a folder that is hidden."""
        self.add("--ro-bind", path, path)

    def hide(self, path: Path) -> None:
        """Let a folder or a file look empty."""
        if path.is_dir():
            self.add("--tmpfs", path, "--remount-ro", path)
        else:
            self.add("--ro-bind-data", self.data(b""), path)


def readable(content: bytes) -> int:
    """A descriptor of a file without a name that holds `content`."""
    descriptor = os.memfd_create("nanodeck")
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def mounts_of(
    confinement: Confinement, folder: Path, environment: Mapping[str, str], *, old: bool = False
) -> Mounts:
    """What bubblewrap is to do for a command in `folder`; `old` ones cannot forbid namespaces within.

    Raises ToolError where the workspace cannot be protected.
    """
    root = confinement.root
    if root == Path(root.anchor):
        raise ToolError("the sandbox cannot confine commands to the whole file system", "work in a folder")
    mounts = Mounts()
    mounts.add(*_NAMESPACES)
    if not old:
        mounts.add(_NO_NAMESPACES)
    if confinement.network:
        mounts.add("--share-net")
    mounts.add(*_SYSTEM)
    _hide_shared(mounts, confinement, environment)
    secrets = {*secret_places(confinement.home), *(Path(os.path.realpath(p)) for p in confinement.masked)}
    around = {path for path in secrets if root.is_relative_to(path)}
    for path in around - {root}:
        mounts.add("--tmpfs", path)
    writes = "--bind" if confinement.access == "workspace-write" else "--ro-bind"
    mounts.add(writes, root, root)
    for path in confinement.writable:
        mounts.add(writes, path, path)
    for place in (root, *confinement.writable):
        protected = protected_in(place)
        secrets.update(protected.masked)
        if confinement.access == "workspace-write":
            _keep(mounts, place, protected.kept)
    for path in around - {root}:
        mounts.add("--remount-ro", path)
    for path in sorted(secrets - around):
        if path.exists():
            mounts.hide(path)
    mounts.add("--clearenv")
    for name, value in environment.items():
        mounts.add("--setenv", name, value)
    mounts.add("--chdir", folder)
    return mounts


def _hide_shared(mounts: Mounts, confinement: Confinement, environment: Mapping[str, str]) -> None:
    for path in SHARED:
        mounts.add("--tmpfs", path)
    if not _TEMP.is_relative_to(confinement.root):
        mounts.add("--bind", confinement.temp, _TEMP)
    # Programs may live there (on NixOS all do), and the file that names the name servers.
    needed = environment.get("PATH", "").split(":")
    if confinement.network:
        needed.append(os.path.realpath(_RESOLVER))
    elif confinement.proxy:
        needed += [sys.base_prefix, os.path.dirname(__file__)]
    for place in dict.fromkeys(needed):
        if place.startswith(_IN_SHARED) and os.path.exists(place):
            mounts.visible(place)


def _keep(mounts: Mounts, root: Path, kept: Iterable[Path]) -> None:
    """Make paths read-only and keep every folder above them where it is: a mount point cannot be moved."""
    pinned: set[Path] = set()
    for path in kept:
        above = (parent for parent in reversed(path.parents) if parent.is_relative_to(root))
        for parent in above:
            if parent != root and parent not in pinned:
                mounts.add("--bind", parent, parent)
                pinned.add(parent)
        mounts.visible(path)
