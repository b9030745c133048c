"""Diffs of files: small ones in a thread, large ones in a child process that leaves this one its time."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from msgspec import msgpack

from nanodeck.contracts.changes import FileDiff
from nanodeck.core.review import ProposedFile
from nanodeck.core.review.file import ReviewedFile
from nanodeck.workspace.diffchild import Work, draw_all, review_all
from nanodeck.workspace.git.patches import GitFile, parse_diff
from nanodeck.workspace.programs import capture, own_program

LARGE = 2_000
"""Lines from which on a child does it."""

AnswerT = TypeVar("AnswerT")

_SECONDS = 120.0
_LARGEST = 1 << 30

_log = logging.getLogger(__name__)


async def draw_files(files: Sequence[ProposedFile]) -> list[FileDiff]:
    """The diff of each of `files`."""
    work = Work(files=tuple(files), drawn=True)
    done = await _apart(work, list[FileDiff]) if _is_large(files) else None
    return await asyncio.to_thread(draw_all, work.files) if done is None else done


async def review_files(files: Sequence[ProposedFile]) -> list[ReviewedFile]:
    """Each of `files` in hunks, for decisions on them."""
    work = Work(files=tuple(files))
    done = await _apart(work, list[ReviewedFile]) if _is_large(files) else None
    return await asyncio.to_thread(review_all, work.files) if done is None else done


async def parse_output(output: bytes) -> list[GitFile]:
    """The files of what `git diff` printed."""
    done = await _apart(Work(output=output), list[GitFile]) if output.count(b"\n") > LARGE else None
    return await asyncio.to_thread(parse_diff, output) if done is None else done


def _is_large(files: Sequence[ProposedFile]) -> bool:
    return sum(data.count(b"\n") for file in files for data in (file.old, file.new) if data) > LARGE


async def _apart(work: Work, answer: type[AnswerT]) -> AnswerT | None:
    """What a child makes of `work`; None where there can be none."""
    argv = own_program("nanodeck.workspace.diffchild")
    given = await asyncio.to_thread(msgpack.encode, work)
    result = await capture(argv, Path(sys.prefix), given=given, seconds=_SECONDS, limit=_LARGEST)
    if result.code:
        _log.warning("no child compares files: %s", result.error.strip()[-500:])
        return None
    return await asyncio.to_thread(msgpack.decode, result.output, type=answer)
