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
from nanodeck.shell.sandbox.mounts import Mounts
from nanodeck.shell.sandbox.protected import protected_in

_PROGRAM = "bwrap"
FOLDERS = (
    "/usr/bin",
    "/usr/local/bin",
    "/bin",
    "/run/current-system/sw/bin",
    "/nix/var/nix/profiles/default/bin",
)
_TEMP = Path("/tmp")
SHARED = (_TEMP, Path("/run"), Path("/dev/shm"))
"""Folders in which processes leave files and sockets for others: confined commands get their own."""
_IN_SHARED = tuple(f"{path}/" for path in SHARED)
_RESOLVER = "/etc/resolv.conf"
NO_NAMESPACES = "--disable-userns"
_BY_DESCRIPTOR = "--ro-bind-fd"
_NAMESPACES = ("--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--cap-drop", "ALL")
_SYSTEM = ("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys")


def bubblewrap() -> str | None:
    """The bubblewrap that is installed; a project's or a person's own programs never count."""
    return shutil.which(_PROGRAM, path=":".join(FOLDERS))


@cache
def knows(program: str, option: str) -> bool:
    """Whether a bubblewrap has an option."""
    return option in _explained(program)


@cache
def _explained(program: str) -> str:
    asked = subprocess.run([program, "--help"], capture_output=True, text=True, check=False)
    return asked.stdout + asked.stderr


def add_mounts(
    mounts: Mounts, program: str, confinement: Confinement, folder: Path, environment: Mapping[str, str]
) -> None:
    """What the bubblewrap `program` is to do for a command in `folder`.

    Raises ToolError where the workspace cannot be protected.
    """
    root = confinement.root
    if root == Path(root.anchor):
        raise ToolError("the sandbox cannot confine commands to the whole file system", "work in a folder")
    mounts.add(*_NAMESPACES)
    if knows(program, NO_NAMESPACES):
        mounts.add(NO_NAMESPACES)
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
            _keep(mounts, place, protected.kept, fixed=knows(program, _BY_DESCRIPTOR))
    for path in around - {root}:
        mounts.add("--remount-ro", path)
    for path in sorted(secrets - around):
        if path.exists():
            mounts.hide(path)
    mounts.add("--clearenv")
    for name, value in environment.items():
        mounts.add("--setenv", name, value)
    mounts.add("--chdir", folder)


def _hide_shared(mounts: Mounts, confinement: Confinement, environment: Mapping[str, str]) -> None:
    for path in SHARED:
        mounts.add("--tmpfs", path)
    if not _TEMP.is_relative_to(confinement.root):
        _without_links(confinement)
        mounts.add("--bind", confinement.temp, _TEMP)
    # Programs may live there (on NixOS all do), and the file that names the name servers.
    needed = environment.get("PATH", "").split(":")
    if confinement.network:
        needed.append(os.path.realpath(_RESOLVER))
    elif confinement.proxy:
        needed.append(sys.base_prefix)
    for place in dict.fromkeys(needed):
        if place.startswith(_IN_SHARED) and os.path.exists(place):
            mounts.visible(place)


def _without_links(confinement: Confinement) -> None:
    """A command may have left a link where a workspace in /tmp is to be mounted next: it would lead away."""
    for place in (confinement.root, *confinement.writable):
        if place.is_relative_to(_TEMP):
            inside = confinement.temp
            for name in place.relative_to(_TEMP).parts:
                inside /= name
                if inside.is_symlink():
                    inside.unlink()


def _keep(mounts: Mounts, root: Path, kept: Iterable[Path], *, fixed: bool) -> None:
    """Make paths read-only and keep every folder above them where it is: a mount point cannot be moved."""
    pinned: set[Path] = set()
    for path in kept:
        for parent in reversed(path.parents):
            if root in parent.parents and parent not in pinned:
                pinned.add(parent)
                _mount(mounts, parent, root, "--bind", fixed=fixed)
        _mount(mounts, path, root, "--ro-bind", fixed=fixed)


def _mount(mounts: Mounts, path: Path, root: Path, option: str, *, fixed: bool) -> None:
    if fixed:
        mounts.fixed(path, root, option)
    else:
        mounts.add(option, path, path)
