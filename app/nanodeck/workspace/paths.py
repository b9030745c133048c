"""Where a path of a tool call leads: every link resolved, and whether nanodeck may go there."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from msgspec import Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.text import one_line, text_of
from nanodeck.core.guarded import OWN, OWN_KEYS, Guard, guard_of, is_secret
from nanodeck.core.review.plan import PLAN_FILE
from nanodeck.workspace.git.folders import belongs_to_git

Standing = Literal["inside", "outside", "refused"]

_DEVICES, _MEMORY = Path("/dev"), Path("/dev/shm")

_SPECIAL = {
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
}


class Location(Struct, frozen=True):
    """A place on disk.

    `path` is absolute with no link left in it; `shown` is relative to the workspace with '/' where it
    lies inside. `standing` holds for reading, `write_standing` for writing; `reason` says why one of them
    is not 'inside'. `guard` is what makes it more than a file.
    """

    path: Path
    shown: str
    standing: Standing
    write_standing: Standing
    reason: str = ""
    guard: Guard | None = None

    @property
    def secret(self) -> bool:
        """Whether nobody may read it unasked."""
        return is_secret(self.guard)


class Workspace:
    """The folder nanodeck works in; `root` has no link left in it.

    `own` are the files and folders that nanodeck keeps of its own, `keys` is the file of its keys.
    """

    def __init__(self, root: Path, own: Iterable[Path] = (), keys: Path | None = None) -> None:
        self.root = Path(os.path.realpath(root))
        self._own = tuple(Path(os.path.realpath(path)) for path in own)
        self._keys = Path(os.path.realpath(keys)) if keys else None

    def locate(self, path: str, folder: Path) -> Location:
        """Where `path`, as spelled in a call made from `folder`, leads. Raises ToolError if nowhere."""
        if not path.strip():
            raise ToolError("the path is empty")
        spelled = Path(os.path.abspath(folder), os.path.expanduser(path))
        try:
            resolved = Path(os.path.realpath(spelled))
            mode = _mode(resolved)
            # Names that are not UTF-8 cannot go into events, journals or checkpoints.
            str(resolved).encode()
        except (ValueError, OSError) as error:
            why = error.strerror if isinstance(error, OSError) else "it has characters no path can have"
            raise ToolError(f"{one_line(path)} is not a usable path: {why}") from None
        shown = self.show(resolved)
        if kind := _refusal(mode):
            return Location(resolved, shown, "refused", "refused", f"{shown} is {kind}")
        inside = self.holds(resolved)
        standing: Standing = "inside" if inside else "outside"
        if belongs_to_git(spelled, resolved, self.root):
            why = f"{shown} belongs to git's own folder, which is never written: use git itself"
            return Location(resolved, shown, standing, "refused", why)
        if not inside and _is_for_devices(resolved):
            why = f"{shown} would be a file among the devices of the system"
            return Location(resolved, shown, standing, "refused", why)
        reason = "" if inside else self._outside_reason(spelled, shown)
        guard = self.guard(resolved)
        if guard is None or guard.write != "never":
            return Location(resolved, shown, standing, standing, reason, guard)
        if guard.read == "never":
            standing = "refused"
        return Location(resolved, shown, standing, "refused", f"{shown} is {guard.what}", guard)

    def guard(self, path: Path) -> Guard | None:
        """What guards `path`, which has no link left in it."""
        if path == self._keys:
            return OWN_KEYS
        if any(path.is_relative_to(own) for own in self._own) and path.name != PLAN_FILE:
            return OWN
        guard = guard_of(path.parts)
        if guard is None or guard.write == "never" or not self.holds(path):
            return guard
        # Who works in a guarded folder means what is in it.
        return guard_of(path.relative_to(self.root).parts)

    def holds(self, path: Path) -> bool:
        """Whether `path`, with no link left in it, lies inside."""
        return path.is_relative_to(self.root)

    def show(self, path: Path) -> str:
        """`path` as people and models read it: relative to the root where it lies inside."""
        return text_of(path.relative_to(self.root) if self.holds(path) else path)

    def _outside_reason(self, spelled: Path, shown: str) -> str:
        if Path(os.path.normpath(spelled)).is_relative_to(self.root):
            return f"a link leads out of the workspace to {shown}"
        return f"{shown} is outside the workspace"


def _mode(path: Path) -> int:
    """The file's mode, 0 where there is nothing. Raises OSError for names no file can have."""
    try:
        return path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return 0


def _is_for_devices(path: Path) -> bool:
    """Whether a file at `path` would be one where only devices are: root may make it, and nobody sees it."""
    return path.is_relative_to(_DEVICES) and not path.is_relative_to(_MEMORY)


def _refusal(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "a link that leads to itself"
    kind = _SPECIAL.get(stat.S_IFMT(mode), "")
    return f"{kind}, not a file" if kind else ""
