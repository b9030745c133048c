"""The work of a child process that compares versions of files, or reads what git printed about them."""

from __future__ import annotations

import sys

from msgspec import Struct, msgpack

from nanodeck.contracts.changes import FileDiff
from nanodeck.core.review import ProposedFile
from nanodeck.core.review.file import review_file
from nanodeck.workspace.gitpatch import GitFile, parse_diff


class Work(Struct, frozen=True):
    """Versions of files to compare, or else git's output to parse."""

    files: tuple[ProposedFile, ...] = ()
    output: bytes = b""


def draw_files(files: tuple[ProposedFile, ...]) -> list[FileDiff]:
    """The diff of each."""
    return [review_file(file).diff for file in files]


def main() -> None:
    """Do the work given on standard input."""
    work = msgpack.decode(sys.stdin.buffer.read(), type=Work)
    done: list[FileDiff] | list[GitFile] = parse_diff(work.output) if work.output else draw_files(work.files)
    sys.stdout.buffer.write(msgpack.encode(done))
