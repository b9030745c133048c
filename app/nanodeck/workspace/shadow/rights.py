"""The rights of files, of which git keeps one bit: noted in a file of the tree where they are not usual."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.workspace.modes import EXECUTABLE, LINK, PLAIN, git_mode
from nanodeck.workspace.writing.atomic import TEMPORARY

NOTED = f"{TEMPORARY}rights"
"""Where in a tree they are: no file of the workspace that is kept has such a name."""


class Rights(Struct, frozen=True):
    """Modes by path where they are not the `usual` ones of files without and with the right to run."""

    usual: tuple[int, int]
    others: Mapping[bytes, int]

    def mode(self, path: str, kind: int) -> int:
        """The mode of a file that is in the tree as git has it."""
        if kind not in (PLAIN, EXECUTABLE):
            return kind
        return self.others.get(os.fsencode(path), self.usual[kind == EXECUTABLE])

    def changed(self, modes: Mapping[bytes, int], gone: Iterable[bytes]) -> Rights:
        """What they are after files came or changed, and others went."""
        others = dict(self.others)
        for path in gone:
            others.pop(path, None)
        for path, mode in modes.items():
            if git_mode(mode) == LINK or mode == self.usual[git_mode(mode) == EXECUTABLE]:
                others.pop(path, None)
            else:
                others[path] = mode
        return replace(self, others=others) if others != self.others else self

    def noted(self) -> bytes:
        """They as bytes."""
        lines = [
            b"%o %o" % self.usual,
            *(b"%o %b" % (mode, path) for path, mode in sorted(self.others.items())),
        ]
        return b"\0".join(lines)


def usual_rights(modes: Iterable[int]) -> Rights:
    """None noted yet: usual are those that most of the files with these `modes` have."""
    counted = Counter(mode for mode in modes if stat.S_ISREG(mode))
    found = {git_mode(mode): mode for mode, _ in reversed(counted.most_common())}
    return Rights((found.get(PLAIN, PLAIN), found.get(EXECUTABLE, EXECUTABLE)), {})


def read_rights(noted: bytes) -> Rights:
    """What `noted` gave."""
    first, *lines = noted.split(b"\0")
    plain, executable = (int(mode, 8) for mode in first.split(b" "))
    pairs = (line.split(b" ", 1) for line in lines)
    return Rights((plain, executable), {path: int(mode, 8) for mode, path in pairs})
