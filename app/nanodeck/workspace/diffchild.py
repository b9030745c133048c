"""The work of a child process that compares versions of files, or reads what git printed about them."""

from __future__ import annotations

import sys

from msgspec import Struct, msgpack

from nanodeck.core.review import ProposedFile
from nanodeck.core.review.file import ReviewedFile, review_file
from nanodeck.workspace.gitpatch import GitFile, parse_diff


class Work(Struct, frozen=True):
    """Versions of files to compare, or else git's output to parse."""

    files: tuple[ProposedFile, ...] = ()
    output: bytes = b""


def review_all(files: tuple[ProposedFile, ...]) -> list[ReviewedFile]:
    """Each of `files` in hunks."""
    return [review_file(file) for file in files]


def main() -> None:
    """Do the work given on standard input."""
    work = msgpack.decode(sys.stdin.buffer.read(), type=Work)
    done: list[ReviewedFile] | list[GitFile] = (
        parse_diff(work.output) if work.output else review_all(work.files)
    )
    sys.stdout.buffer.write(msgpack.encode(done))
