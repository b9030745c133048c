"""Asking git what was changed: since the last commit, or staged for the next one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.changes import FileDiff
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.text import one_line
from nanodeck.workspace.git.asking import GitResult, own_filters, run_git
from nanodeck.workspace.git.folders import repository_of
from nanodeck.workspace.git.patches import GitFile
from nanodeck.workspace.programs import NOT_FOUND, TIMED_OUT

_SECONDS = 30.0
_LARGEST = 64 << 20
_UNTRACKED = 1_000
# Whatever the person has set for their own eyes, this is what is parsed.
_OPTIONS: tuple[str, ...] = (
    "-z", "--raw", "--patch", "--no-abbrev", "--relative", "--no-color", "--no-ext-diff", "--no-textconv",
    "--src-prefix=a/", "--dst-prefix=b/", "--unified=3", "--inter-hunk-context=0", "--find-renames",
    "--find-copies", "--ignore-submodules=all",
)  # fmt: skip


class GitDiff(Struct, frozen=True):
    """What git printed, to be parsed; `untracked` are files it does not know, and `more` of these."""

    output: bytes
    untracked: tuple[str, ...] = ()
    more: int = 0


async def read_diff(folder: Path, *, staged: bool) -> GitDiff:
    """What differs below `folder`. Raises NanodeckError saying why git cannot tell."""
    repository = repository_of(folder)
    if repository is None:
        raise NanodeckError("this folder is in no git repository")
    head = await run_git(("rev-parse", "--verify", "--quiet", "HEAD"), folder)
    if head.code > 1:
        raise _failure(head)
    if head.code and not staged:
        raise NanodeckError("there is no commit yet to compare with")
    filters = await own_filters(folder, repository)
    args = ("diff", *_OPTIONS, "--cached" if staged else "HEAD", "--", ".")
    result = await run_git(args, folder, seconds=_SECONDS, limit=_LARGEST, overruled=filters)
    if result.cut:
        raise NanodeckError(f"git's diff is larger than {_LARGEST >> 20} MB")
    if result.code:
        raise _failure(result)
    if staged:
        return GitDiff(result.output)
    unknown = await run_git(("ls-files", "--others", "--exclude-standard", "-z", "--", "."), folder)
    found = (os.fsdecode(name) for name in unknown.output.split(b"\0")[:-1])
    names = sorted(name for name in found if not name.endswith("/"))
    return GitDiff(result.output, tuple(names[:_UNTRACKED]), max(len(names) - _UNTRACKED, 0))


async def sized(folder: Path, files: Sequence[GitFile]) -> list[FileDiff]:
    """The diffs of `files`; those of no text have their sizes, as git keeps them or else as they are now."""
    wanted = dict.fromkeys(blob for file in files if file.blobs for blob in file.blobs if blob.strip("0"))
    if not any(file.blobs for file in files):
        return [file.diff for file in files]
    given = "".join(f"{blob}\n" for blob in wanted).encode()
    result = await run_git(("cat-file", "--batch-check=%(objectsize)"), folder, given=given)
    kept = dict(zip(wanted, (_number(line) for line in result.output.split(b"\n")), strict=False))
    return await asyncio.to_thread(lambda: [_with_sizes(folder, file, kept) for file in files])


async def read_blob(folder: Path, name: str) -> bytes | None:
    """What git keeps under `name` as `HEAD:./path`; None where there is nothing. Raises NanodeckError."""
    result = await run_git(("cat-file", "blob", name), folder, seconds=_SECONDS, limit=_LARGEST)
    if result.code in (NOT_FOUND, TIMED_OUT):
        raise _failure(result)
    return None if result.code else result.output


def _with_sizes(folder: Path, file: GitFile, kept: Mapping[str, int]) -> FileDiff:
    if file.blobs is None:
        return file.diff
    before, after = (kept.get(blob, 0) for blob in file.blobs)
    if not after and file.diff.kind != "deleted":
        with suppress(OSError):
            after = (folder / file.diff.path).stat().st_size
    return replace(file.diff, sizes=(before, after))


def _number(line: bytes) -> int:
    return int(line) if line.isdigit() else 0


def _failure(result: GitResult) -> NanodeckError:
    if result.code == NOT_FOUND:
        return NanodeckError("git is not installed")
    said = next((line for line in result.error.splitlines() if line.strip()), f"exit code {result.code}")
    return NanodeckError(f"git cannot tell: {one_line(said)}")
