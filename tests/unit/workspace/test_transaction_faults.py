"""Whatever fails and whenever: all files are written, or none is and the error says so."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from nanodeck.contracts.errors import NanodeckError
from nanodeck.workspace.writing import atomic
from nanodeck.workspace.writing.transaction import FileWrite, write_files
from tests.unit.workspace.faults import FaultyOs
from tests.unit.workspace.trees import bytes_of, contents_of, tree_of

ERRORS = [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EMFILE, errno.EACCES, errno.EROFS]
TARGETS = {"a": b"A" * 5000, "sub/b": None, "sub/c": b"new", "new/deep/d": b"D"}


def writes_in(folder: Path) -> list[FileWrite]:
    (folder / "sub").mkdir(parents=True)
    (folder / "a").write_bytes(b"a")
    (folder / "sub/b").write_bytes(b"b")
    made = FileWrite(folder / "empty/folder", None, b"", folder=True)
    files = [
        FileWrite(folder / name, (folder / name).read_bytes() if name in ("a", "sub/b") else None, new)
        for name, new in TARGETS.items()
    ]
    return [*files[:2], made, *files[2:]]


def steps_of(folder: Path, monkeypatch: pytest.MonkeyPatch, **kind: bool) -> int:
    """How many calls the same writes take when nothing fails."""
    writes = writes_in(folder)
    counting = FaultyOs(1_000_000, OSError(), **kind)
    monkeypatch.setattr(atomic, "os", counting)
    write_files(writes, folder)
    monkeypatch.setattr(atomic, "os", os)
    return counting.calls


def survive(faults: Sequence[object], folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Write once under each of `faults`; how often that failed."""
    failures = 0
    for number, fault in enumerate(faults):
        root = folder / str(number)
        writes = writes_in(root)
        before = tree_of(root)
        monkeypatch.setattr(atomic, "os", fault)
        error = failure_of(writes, root)
        monkeypatch.setattr(atomic, "os", os)
        if error:
            failures += 1
            assert tree_of(root) == before, number
        else:
            wanted = {name: new for name, new in TARGETS.items() if new is not None}
            assert contents_of(root) == wanted, number
    return failures


def failure_of(writes: list[FileWrite], root: Path) -> str:
    """What `write_files` complains of, empty when it wrote."""
    try:
        write_files(writes, root)
    except NanodeckError as error:
        return error.message
    return ""


def test_any_single_failing_call_leaves_all_or_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = steps_of(folder / "count", monkeypatch)
    faults = [FaultyOs(n, OSError(ERRORS[n % len(ERRORS)], "no")) for n in range(1, steps + 1)]
    failures = survive(faults, folder, monkeypatch)
    assert all(fault.happened for fault in faults)
    assert failures > steps // 2


def test_a_disk_that_becomes_full_at_any_moment_leaves_all_or_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = steps_of(folder / "count", monkeypatch, full=True)
    full = OSError(errno.ENOSPC, "No space left on device")
    faults = [FaultyOs(n, full, full=True, stays=True) for n in range(1, steps + 1)]
    assert survive(faults, folder, monkeypatch) == steps


def test_short_writes_are_continued(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class ShortWrites:
        def __getattr__(self, name: str) -> object:
            return self.write if name == "write" else getattr(os, name)

        @staticmethod
        def write(descriptor: int, data: memoryview) -> int:
            return os.write(descriptor, data[:7])

    assert survive([ShortWrites()], folder, monkeypatch) == 0


def test_what_cannot_be_taken_back_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = steps_of(folder / "count", monkeypatch)
    told = []
    for n in range(1, steps + 1):
        root = folder / str(n)
        writes = writes_in(root)
        monkeypatch.setattr(atomic, "os", FaultyOs(n, OSError(errno.EIO, "dead disk"), stays=True))
        error = failure_of(writes, root)
        monkeypatch.setattr(atomic, "os", os)
        files = [write for write in writes if not write.folder]
        changed = [str(write.path) for write in files if bytes_of(write.path) != write.old]
        if error and changed:
            told.append(error)
            assert all(path in error for path in changed), n
    assert told


def test_a_folder_swapped_for_a_link_at_any_moment_is_never_written_through(folder: Path) -> None:
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "a").write_bytes(b"0")
    (folder / "sub").mkdir()
    (folder / "sub/a").write_bytes(b"0")
    before = tree_of(outside)
    over = threading.Event()

    def swap() -> None:
        while not over.is_set():
            (folder / "sub").rename(folder / "moved")
            (folder / "sub").symlink_to("../outside")
            (folder / "sub").unlink()
            (folder / "moved").rename(folder / "sub")

    thread = threading.Thread(target=swap)
    thread.start()
    present = b"0"
    try:
        for number in range(1000):
            new = str(number + 1).encode()
            try:
                write_files([FileWrite(folder / "sub/a", present, new)], folder)
            except NanodeckError:
                # A write that cannot be taken back while the folder is away is told, and stays.
                with suppress(FileNotFoundError):
                    present = (folder / "moved/a").read_bytes()
                continue
            present = new
    finally:
        over.set()
        thread.join()
    write_files([FileWrite(folder / "sub/a", bytes_of(folder / "sub/a"), b"last")], folder)
    assert (folder / "sub/a").read_bytes() == b"last"
    assert tree_of(outside) == before
