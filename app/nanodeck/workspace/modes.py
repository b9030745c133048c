"""Modes of files, their kind with their rights, as the system has them; 0 where nobody knows the rights."""

from __future__ import annotations

import stat

PLAIN, EXECUTABLE, LINK = 0o100644, 0o100755, 0o120000
"""All that git knows: of the rights it keeps only whether the owner may run a file."""

_KINDS = {stat.S_IFREG: "file", stat.S_IFLNK: "link"}


def git_mode(mode: int) -> int:
    """The mode as git has it."""
    if stat.S_ISLNK(mode):
        return LINK
    return EXECUTABLE if mode & stat.S_IXUSR else PLAIN


def agree(one: int, other: int) -> bool:
    """Whether both may be the same: unknown rights are those of any plain file."""
    return one == other or (not (one and other) and not stat.S_ISLNK(one | other))


def without(now: int, old: int, new: int) -> int:
    """What `now` would be if nobody had made `old` into `new`: what others changed since stays."""
    if not (old and new) or len({stat.S_IFMT(mode) for mode in (now, old, new)}) > 1:
        return old if old and now == new else now
    return now ^ ((old ^ new) & ~(now ^ new))


def told(old: int, new: int) -> tuple[tuple[int, int] | None, str]:
    """The rights where they change, and what is said of a file that is of another kind now."""
    if not (old and new) or old == new:
        return None, ""
    kinds = [_KINDS.get(stat.S_IFMT(mode), "module") for mode in (old, new)]
    if kinds[0] != kinds[1]:
        return None, f"was a {kinds[0]}, is a {kinds[1]}"
    return (stat.S_IMODE(old), stat.S_IMODE(new)), ""
