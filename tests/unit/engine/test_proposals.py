"""What a batch of edits adds up to, as it is reviewed: new names, copies, bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanodeck.engine.review.proposals import proposed_files
from nanodeck.tools.apply_patch import apply_patch
from tests.unit.tools.bench import Bench

MOVE = "*** Update File: {}\n*** Move to: {}"
COPY = "*** Copy File: {}\n*** Copy to: {}"
ADD = "*** Add File: {}\n+x"
DELETE = "*** Delete File: {}"

Kind = tuple[str, str, str]


@pytest.mark.parametrize(
    ("sections", "kinds"),
    [
        ([MOVE.format("a", "b")], [("b", "renamed", "a")]),
        ([MOVE.format("a", "b"), MOVE.format("b", "c")], [("c", "renamed", "a")]),
        ([COPY.format("a", "b")], [("b", "copied", "a")]),
        ([COPY.format("a", "b"), MOVE.format("a", "c")], [("b", "renamed", "a"), ("c", "copied", "a")]),
        ([MOVE.format("a", "b"), ADD.format("a")], [("b", "copied", "a"), ("a", "modified", "")]),
        ([MOVE.format("a", "b"), MOVE.format("b", "a")], []),
        ([ADD.format("n"), MOVE.format("n", "m")], [("m", "created", "")]),
        ([DELETE.format("d"), MOVE.format("a", "d")], [("d", "modified", ""), ("a", "deleted", "")]),
        ([DELETE.format("a"), ADD.format("b")], [("a", "deleted", ""), ("b", "created", "")]),
    ],
)
async def test_moves_and_copies_are_told_from_files_that_come_and_go(
    tmp_path: Path, sections: list[str], kinds: list[Kind]
) -> None:
    bench = Bench(tmp_path)
    bench.put("a", b"one\n", seen=True)
    bench.put("d", b"two\n", seen=True)
    for section in sections:
        await bench.call(apply_patch, patch=f"*** Begin Patch\n{section}\n*** End Patch")
    proposed = [(file.path, file.kind, file.old_path) for file in proposed_files(bench.staging.files)]
    assert proposed == kinds


async def test_what_is_no_text_is_moved_copied_and_deleted_as_bytes(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    for name in "abc":
        bench.put(name, b"\x89PNG\0" + name.encode())
    text = "\n".join([MOVE.format("a", "x"), COPY.format("b", "y"), DELETE.format("c")])
    await bench.call(apply_patch, patch=f"*** Begin Patch\n{text}\n*** End Patch")
    proposed = [(file.path, file.kind, file.binary) for file in proposed_files(bench.staging.files)]
    assert proposed == [("x", "renamed", True), ("y", "copied", True), ("c", "deleted", True)]
