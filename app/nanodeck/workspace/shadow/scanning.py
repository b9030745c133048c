"""What of a workspace is not as its repository has it: one walk of git's, then a look at each file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import time

from msgspec import Struct

from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.guarded import holds_secrets
from nanodeck.workspace.git.asking import git_environment
from nanodeck.workspace.git.folders import repository_of
from nanodeck.workspace.shadow.asking import ask
from nanodeck.workspace.shadow.repository import Repository
from nanodeck.workspace.shadow.rights import NOTED
from nanodeck.workspace.writing.atomic import LARGEST, TEMPORARY

UNTRACKED = 2 * 1024 * 1024
"""Larger files are kept only where git tracks them, or an agent edited them."""

FILES = 100_000
ALL_BYTES = 2 * 1024 * 1024 * 1024
"""More than so many new files, or bytes of them, are not kept: nobody meant this folder to be."""

# What programs make anew, where no .gitignore says so.
_MADE = (
    "node_modules/", ".venv/", "venv/", "__pycache__/", ".tox/", ".nox/", ".mypy_cache/", ".ruff_cache/",
    ".pytest_cache/", ".gradle/", ".terraform/", ".direnv/", f"{TEMPORARY}*",
)  # fmt: skip


class Scan(Struct, frozen=True):
    """Relative paths: files to be `kept`, with their modes now, what is `gone`, files that are `skipped`.

    Those in `again` may change at once without git seeing it, which knows the time to the second alone.
    """

    kept: Mapping[bytes, int]
    gone: tuple[bytes, ...]
    skipped: tuple[str, ...]
    again: tuple[bytes, ...]


def scan(
    repository: Repository, left_out: Sequence[Path], also: Iterable[Path], again: Iterable[bytes] = ()
) -> Scan:
    """Find what is new, changed or gone, with those `again` of the last scan. Raises NanodeckError.

    Files of `also` are found even if ignored.
    """
    root, second = repository.root, int(time()) - 1
    found, gone = _listed(repository, _rules(root, left_out))
    own = {os.fsencode(path.relative_to(root)) for path in also if _is_in(root, path)}
    for folder in [name for name in found if name.endswith(b"/")]:
        found.remove(folder)
        found.update(_nested(root, folder))
    seen = {name: _status(root, name) for name in found.union(own, again) - gone if not _is_gits(name)}
    large = [name for name, status in seen.items() if status and status.st_size > UNTRACKED]
    tracked = own | set(_tracked(root, large))
    kept: dict[bytes, int] = {}
    skipped: list[str] = []
    size = 0
    for name, status in sorted(seen.items()):
        if status is None or not (stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode)):
            gone.add(name)
        elif _kept(root, name, status, tracked):
            kept[name] = status.st_mode
            size += status.st_size
        else:
            skipped.append(os.fsdecode(name))
    if len(kept) > FILES or size > ALL_BYTES:
        raise NanodeckError(
            f"{root} holds too much to be kept: {len(kept):,} new files, {size >> 20:,} MiB",
            "no checkpoints are taken here; a .gitignore says what is not worth keeping",
        )
    fresh = (name for name in kept if (status := seen[name]) and status.st_ctime >= second)
    return Scan(kept, tuple(sorted(gone)), tuple(skipped), tuple(fresh))


def _kept(root: Path, name: bytes, status: os.stat_result, tracked: set[bytes]) -> bool:
    path = os.fsdecode(name)
    if status.st_size > (LARGEST if name in tracked else UNTRACKED) or holds_secrets(path):
        return False
    return stat.S_ISLNK(status.st_mode) or os.access(root / path, os.R_OK)


def _rules(root: Path, left_out: Sequence[Path]) -> list[str]:
    """What is left out beside what the .gitignore files in the workspace say."""
    rules = [f"--exclude={name}" for name in _MADE]
    rules += [f"--exclude=/{path.relative_to(root)}/" for path in left_out if path.is_relative_to(root)]
    top = repository_of(root)
    if top is None:
        return rules
    above = [parent for parent in reversed(root.parents) if parent.is_relative_to(top)]
    files = (top / ".git" / "info" / "exclude", *(parent / ".gitignore" for parent in above))
    return rules + [f"--exclude-from={file}" for file in files if file.is_file()]


def _listed(repository: Repository, rules: Sequence[str]) -> tuple[set[bytes], set[bytes]]:
    """What was touched since the index was written, and what is gone: also what only a link leads to now."""
    with ThreadPoolExecutor(1) as beside:
        listing = beside.submit(repository.git, "ls-files", "-z", "--others", "--exclude-standard", *rules)
        fields = repository.git("diff-files", "-z", "--name-status").split(b"\0")[:-1]
    touched = dict(zip(fields[1::2], fields[::2], strict=True))
    touched.pop(NOTED.encode(), None)
    gone = {name for name, status in touched.items() if status == b"D"}
    return (touched.keys() - gone) | set(listing.result().split(b"\0")[:-1]), gone


def _nested(root: Path, folder: bytes) -> Iterator[bytes]:
    """The files of a repository inside the workspace, which git names as one folder the first time."""
    for name in _asked(root / os.fsdecode(folder), "--cached", "--others", "--exclude-standard"):
        if name.endswith(b"/"):
            yield from _nested(root, folder + name)
        else:
            yield folder + name


def _tracked(root: Path, names: Sequence[bytes]) -> list[bytes]:
    """Those among `names` that the person's own git tracks."""
    if not names or repository_of(root) is None:
        return []
    return _asked(root, "--", *(os.fsdecode(b":(literal)" + name) for name in names))


def _asked(folder: Path, *args: str) -> list[bytes]:
    """What the person's own git lists in `folder`, nothing where it cannot."""
    try:
        done = ask(("ls-files", "-z", *args), folder, git_environment())
    except (OSError, NanodeckError):
        return []
    return done.stdout.split(b"\0")[:-1]


def _is_in(root: Path, path: Path) -> bool:
    """Whether `path` is really where it says, with no link on the way."""
    return path.is_relative_to(root) and os.path.realpath(path.parent) == str(path.parent)


def _is_gits(name: bytes) -> bool:
    return b".git" in name.lower().split(b"/")


def _status(root: Path, name: bytes) -> os.stat_result | None:
    try:
        return os.lstat(os.fsencode(root) + b"/" + name)
    except OSError:
        return None
