"""The work of a child process that compares versions of files, or reads what git printed about them."""

from __future__ import annotations

import sys

from msgspec import Struct, msgpack

from nanodeck.contracts.changes import FileDiff
from nanodeck.core.review import ProposedFile
from nanodeck.core.review.file import ReviewedFile, review_file
from nanodeck.workspace.git.patches import GitFile, parse_diff


class Work(Struct, frozen=True):
    """Versions of files to compare, or else git's output to parse; `drawn`: the diffs alone are wanted."""

    files: tuple[ProposedFile, ...] = ()
    output: bytes = b""
    drawn: bool = False


def draw_all(files: tuple[ProposedFile, ...]) -> list[FileDiff]:
    """The diff of each of `files`."""
    return [review_file(file).diff for file in files]


def review_all(files: tuple[ProposedFile, ...]) -> list[ReviewedFile]:
    """Each of `files` in hunks."""
    return [review_file(file) for file in files]


def main() -> None:
    """Do the work given on standard input."""
    work = msgpack.decode(sys.stdin.buffer.read(), type=Work)
    sys.stdout.buffer.write(msgpack.encode(_done(work)))


def _done(work: Work) -> list[GitFile] | list[FileDiff] | list[ReviewedFile]:
    if work.output:
        return parse_diff(work.output)
    return draw_all(work.files) if work.drawn else review_all(work.files)
