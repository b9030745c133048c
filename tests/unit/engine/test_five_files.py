"""R10: a changeset over five files lands whole or not at all, whatever fails and whenever."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Send
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.rules import Why
from nanodeck.core.review import propose
from nanodeck.engine.review.proposals import Proposal, StagedEdit, proposed_files
from nanodeck.tools.apply_patch import apply_patch
from nanodeck.workspace.writing import atomic
from nanodeck.workspace.writing.checkpoints import Checkpointer
from nanodeck.workspace.writing.transaction import FileWrite, write_files
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply
from tests.unit.tools.bench import Bench
from tests.unit.workspace.faults import FaultyOs, Killed
from tests.unit.workspace.trees import tree_of

FaceOf = Callable[..., Face]
PATCH = """*** Begin Patch
*** Update File: a.txt
@@
-one
+eins
*** Update File: src/run.sh
*** Move to: bin/run.sh
@@
-echo
+printf
*** Delete File: gone.txt
*** Add File: docs/new.md
+# New
*** Update File: logo.png
*** Move to: art/logo.png
*** End Patch"""
FILES = {"a.txt": b"one\r\n", "src/run.sh": b"echo\n", "gone.txt": b"z", "logo.png": b"\x89PNG\0"}
AFTER = {"a.txt", "bin/run.sh", "docs/new.md", "art/logo.png"}
FAULTS = [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EDQUOT]


async def five_writes(folder: Path) -> list[FileWrite]:
    """Files in `folder`, and what accepting everything of the patch writes there."""
    bench = Bench(folder)
    for name, data in FILES.items():
        bench.put(name, data, seen=True)
    (folder / "src/run.sh").chmod(0o755)
    await bench.call(apply_patch, patch=PATCH)
    files = bench.staging.files
    edits = (StagedEdit("c", frozenset(file.shown for file in files), "", ""),)
    proposal = Proposal("main", edits, files, lambda: Why("allow"))
    review = propose("c1", proposal.calls, list(proposed_files(files)))
    assert len(review.changeset.files) == 5
    return proposal.writes(review.accept_all().targets())


def single(step: int) -> FaultyOs:
    return FaultyOs(step, OSError(FAULTS[step % len(FAULTS)], "no"), changing=True)


def full(step: int) -> FaultyOs:
    return FaultyOs(step, OSError(errno.ENOSPC, "No space left on device"), full=True, stays=True)


def killed(step: int) -> FaultyOs:
    return FaultyOs(step, Killed(), changing=True, stays=True)


@pytest.mark.parametrize("fault", [single, full, killed])
async def test_r10_a_fault_at_any_step_of_the_change_leaves_all_five_files_old_or_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[int], FaultyOs]
) -> None:
    first = tmp_path / "first"
    planned = await five_writes(first)
    before, after, ends = tree_of(first), None, set()
    for step in count(1):
        root, kept = tmp_path / str(step), tmp_path / f"{step}.kept"
        shutil.copytree(first, root)
        writes = [replace(write, path=root / write.path.relative_to(first)) for write in planned]
        faulty = fault(step)
        monkeypatch.setattr(atomic, "os", faulty)
        with suppress(NanodeckError, Killed):
            if fault is killed:
                # Nothing after the kill runs: what the checkpointer would say of it is left out.
                Checkpointer(kept).before("c1", writes)
                write_files(writes, root)
            else:
                Checkpointer(kept).write("c1", writes, root)
        monkeypatch.setattr(atomic, "os", os)
        # A process that was killed is started again.
        Checkpointer(kept).recover()
        left = tree_of(root)
        if left != before:
            after = after or left
            assert left == after, step
            assert {name for name, (_, data) in left.items() if data is not None} == AFTER
        ends.add(left == before)
        if not faulty.happened:
            break
    assert ends == {True, False}


def test_r10_one_file_that_cannot_be_written_is_told_and_the_next_try_works(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, data in FILES.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_bytes(data)
    before = tree_of(project)
    reads = Reply(calls=[("read", {"path": name}) for name in ("a.txt", "src/run.sh")])
    patch = Reply(calls=[("apply_patch", {"patch": PATCH})])
    put_new, full_now = atomic.put_new, iter([True])

    def refusing(folder: int, temporary: str, name: str) -> None:
        if name == "new.md" and next(full_now, False):
            raise OSError(errno.ENOSPC, "No space left on device")
        put_new(folder, temporary, name)

    monkeypatch.setattr(atomic, "put_new", refusing)
    with ModelServer(reads, patch, patch, Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(Send("go"))
        for failure in (True, False):
            request = face.request()
            assert tree_of(project) == before
            files = face.state.reviews[-1].changeset.files
            every = [(file.path, hunk.id) for file in files for hunk in file.hunks]
            face.review(request, *((*place, "accepted") for place in every))
            ended = face.wait(ev.ChangesetEnded)
            assert bool(ended.failure) is failure
            assert len(ended.files) == (0 if failure else 5)
        face.wait(ev.TurnEnded)
        told = [m["content"] for m in server.requests[-2]["messages"] if m["role"] == "tool"][-1]
        assert "nothing was written" in told
        assert "No space left on device" in told
    assert (project / "bin/run.sh").read_bytes() == b"printf\n"
    assert (project / "art/logo.png").read_bytes() == FILES["logo.png"]
