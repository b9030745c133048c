from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from nanodeck.contracts.errors import NanodeckError, ToolError
from nanodeck.workspace.writing import atomic
from nanodeck.workspace.writing.checkpoints import Checkpointer
from nanodeck.workspace.writing.transaction import FileWrite, StaleFilesError, write_files
from tests.unit.workspace.faults import FaultyOs, Killed
from tests.unit.workspace.trees import Tree, bytes_of, contents_of, tree_of


@pytest.fixture
def kept(folder: Path) -> Path:
    """Where checkpoints go: outside the workspace."""
    return folder.parent / "state"


def test_undo_puts_every_file_back(folder: Path, kept: Path) -> None:
    (folder / "a").write_bytes(b"1\r\n\xff")
    (folder / "b").write_bytes(b"2")
    (folder / "b").chmod(0o751)
    before = tree_of(folder)
    writes = [
        FileWrite(folder / "a", b"1\r\n\xff", b"changed"),
        FileWrite(folder / "b", b"2", None),
        FileWrite(folder / "new/deep/c", None, b"3"),
    ]
    made = FileWrite(folder / "made/here", None, b"", folder=True)
    checkpointer = Checkpointer(kept)
    checkpointer.write("c1", [*writes, made], folder)
    assert made.path.is_dir()
    undone = checkpointer.undo()
    assert undone.changeset == "c1"
    assert set(undone.files) == {write.path for write in writes}
    assert tree_of(folder) == before


def test_undo_works_after_a_restart_and_goes_back_one_changeset_a_time(folder: Path, kept: Path) -> None:
    contents = [b"0", b"1", b"2", b"3"]
    (folder / "a").write_bytes(b"0")
    for number in range(3):
        write = FileWrite(folder / "a", contents[number], contents[number + 1])
        Checkpointer(kept).write(f"c{number}", [write], folder)
    for number in (2, 1, 0):
        assert Checkpointer(kept).undo().changeset == f"c{number}"
        assert (folder / "a").read_bytes() == contents[number]
    with pytest.raises(NanodeckError, match="no change to undo"):
        Checkpointer(kept).undo()


def test_there_may_be_nothing_to_undo(kept: Path) -> None:
    with pytest.raises(NanodeckError, match="no change to undo"):
        Checkpointer(kept).undo()
    assert Checkpointer(kept).recover() is None


def test_a_change_after_an_undo_can_be_undone_too(folder: Path, kept: Path) -> None:
    checkpointer = Checkpointer(kept)
    checkpointer.write("c1", [FileWrite(folder / "a", None, b"1")], folder)
    checkpointer.undo()
    checkpointer.write("c2", [FileWrite(folder / "a", None, b"2")], folder)
    assert checkpointer.undo().changeset == "c2"
    with pytest.raises(NanodeckError, match="no change"):
        checkpointer.undo()


@pytest.mark.parametrize("name", ["a", "gone", "new"])
def test_files_changed_since_are_named_and_nothing_is_undone(folder: Path, kept: Path, name: str) -> None:
    (folder / "a").write_bytes(b"1")
    (folder / "gone").write_bytes(b"2")
    writes = [
        FileWrite(folder / "a", b"1", b"x"),
        FileWrite(folder / "gone", b"2", None),
        FileWrite(folder / "new", None, b"3"),
    ]
    checkpointer = Checkpointer(kept)
    checkpointer.write("c1", writes, folder)
    (folder / name).write_bytes(b"by the person")
    before = tree_of(folder)
    with pytest.raises(ToolError) as caught:
        checkpointer.undo()
    assert str(folder / name) in caught.value.message
    assert sum(str(write.path) in caught.value.message for write in writes) == 1
    assert tree_of(folder) == before
    (folder / name).write_bytes(b"x") if name == "a" else None
    (folder / name).unlink() if name == "gone" else None
    (folder / name).write_bytes(b"3") if name == "new" else None
    assert checkpointer.undo().changeset == "c1"


def test_what_was_undone_before_something_else_was_written_is_not_redone(folder: Path, kept: Path) -> None:
    for name in ("c1", "c2"):
        Checkpointer(kept).write(name, [FileWrite(folder / name, None, b"1")], folder)
        Checkpointer(kept).undo()
    assert [written.changeset for written in Checkpointer(kept).gone()] == ["c2", "c1"]
    assert Checkpointer(kept).redo().changeset == "c2"
    with pytest.raises(NanodeckError, match="no change to redo"):
        Checkpointer(kept).redo()
    Checkpointer(kept).undo()
    assert Checkpointer(kept).undone() == "c2"
    assert not (folder / "c1").exists()


def test_a_folder_that_got_other_files_is_left(folder: Path, kept: Path) -> None:
    checkpointer = Checkpointer(kept)
    checkpointer.write("c1", [FileWrite(folder / "d/e/new", None, b"")], folder)
    (folder / "d/theirs").write_bytes(b"")
    checkpointer.undo()
    assert not (folder / "d/e").exists()
    assert (folder / "d/theirs").exists()


def test_a_folder_swapped_for_a_link_is_not_undone_through(folder: Path, kept: Path) -> None:
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "a").write_bytes(b"2")
    (folder / "sub").mkdir()
    (folder / "sub/a").write_bytes(b"1")
    checkpointer = Checkpointer(kept)
    checkpointer.write("c1", [FileWrite(folder / "sub/a", b"1", b"2")], folder)
    (folder / "sub").rename(folder / "moved")
    (folder / "sub").symlink_to("../outside")
    with pytest.raises(ToolError, match="changed since"):
        checkpointer.undo()
    assert (outside / "a").read_bytes() == b"2"


def test_what_is_kept_is_private_and_kept_once(folder: Path, kept: Path) -> None:
    old = b"secret" * 1000
    for name in ("a", "b"):
        (folder / name).write_bytes(old)
    checkpointer = Checkpointer(kept)
    checkpointer.write("c1", [FileWrite(folder / name, old, b"1") for name in ("a", "b")], folder)
    checkpointer.undo()
    checkpointer.write("c2", [FileWrite(folder / "a", old, b"2")], folder)
    files = [path for path in kept.rglob("*") if path.is_file()]
    assert sum(path.read_bytes() == old for path in files) == 1
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    folders = [kept, *(path for path in kept.rglob("*") if path.is_dir())]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_the_old_bytes_are_on_disk_before_the_first_file_is_written(folder: Path, kept: Path) -> None:
    (folder / "a").write_bytes(b"1")
    checkpointer = Checkpointer(kept)
    write = FileWrite(folder / "a", b"1", b"2")
    checkpointer.before("c1", [write])
    assert (folder / "a").read_bytes() == b"1"
    write_files([write], folder)
    assert Checkpointer(kept).undo().changeset == "c1"
    assert (folder / "a").read_bytes() == b"1"


def test_a_write_that_came_to_nothing_is_not_there_to_undo(folder: Path, kept: Path) -> None:
    checkpointer = Checkpointer(kept)
    checkpointer.write("c1", [FileWrite(folder / "a", None, b"1")], folder)
    with pytest.raises(StaleFilesError):
        checkpointer.write("c2", [FileWrite(folder / "a", b"other", b"2")], folder)
    checkpointer.before("c3", [FileWrite(folder / "a", b"1", b"3")])
    assert checkpointer.undo().changeset == "c1"


def test_nothing_is_written_when_the_old_bytes_cannot_be_kept(
    folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a").write_bytes(b"1")
    checkpointer = Checkpointer(kept)
    monkeypatch.setattr(
        atomic, "os", FaultyOs(1, OSError(errno.ENOSPC, "No space left"), full=True, stays=True)
    )
    with pytest.raises(NanodeckError, match="No space left"):
        checkpointer.write("c1", [FileWrite(folder / "a", b"1", b"2")], folder)
    assert (folder / "a").read_bytes() == b"1"


def test_what_was_written_is_told_with_its_bytes_until_it_is_undone(folder: Path, kept: Path) -> None:
    (folder / "a").write_bytes(b"1")
    checkpointer = Checkpointer(kept)
    checkpointer.write("c1", [FileWrite(folder / "a", b"1", b"2")], folder, turn="t1")
    checkpointer.write("c2", [FileWrite(folder / "new", None, b"3")], folder, turn="t2")
    with pytest.raises(StaleFilesError):
        checkpointer.write("c3", [FileWrite(folder / "a", b"never", b"4")], folder)
    checkpointer.write("c4", [FileWrite(folder / "a", b"2", b"1")], folder, back=True)
    told = Checkpointer(kept).history()
    assert [(one.changeset, one.turn, one.back) for one in told] == [
        ("c1", "t1", False),
        ("c2", "t2", False),
        ("c4", "", True),
    ]
    (file,) = told[0].files
    assert file.old is not None
    assert file.new is not None
    assert (file.path, checkpointer.blobs.read(file.old)) == (str(folder / "a"), b"1")
    assert checkpointer.blobs.read(file.new) == b"2"
    assert told[1].files[0].old is None
    checkpointer.undo()
    assert [one.changeset for one in checkpointer.history()] == ["c1", "c2"]


@pytest.mark.parametrize("damage", ["blob", "manifest"])
def test_a_damaged_checkpoint_is_told_and_nothing_is_undone(folder: Path, kept: Path, damage: str) -> None:
    (folder / "a").write_bytes(b"1")
    checkpointer = Checkpointer(kept)
    checkpointer.write("c1", [FileWrite(folder / "a", b"1", b"2")], folder)
    place = kept / "blobs" if damage == "blob" else kept / "changesets"
    for path in place.rglob("*"):
        if path.is_file():
            path.write_bytes(b"{")
    with pytest.raises(NanodeckError, match="damaged"):
        checkpointer.undo()
    assert (folder / "a").read_bytes() == b"2"


def many(folder: Path) -> list[FileWrite]:
    folder.mkdir(parents=True)
    writes = []
    for number in range(6):
        path = folder / f"d{number % 3}" / f"f{number}"
        old = None if number == 5 else b"old %d" % number
        if old is not None:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(old)
        writes.append(FileWrite(path, old, None if number == 4 else b"new %d" % number))
    return writes


@dataclass(frozen=True)
class Crash:
    """A process died amid a changeset; what there was before it, and a process started since."""

    root: Path
    writes: list[FileWrite]
    before: Tree
    checkpointer: Checkpointer


def crashes(
    folder: Path,
    kept: Path,
    monkeypatch: pytest.MonkeyPatch,
    prepare: Callable[[Checkpointer, list[FileWrite], Path], object],
    work: Callable[[Checkpointer, list[FileWrite], Path], object],
) -> Iterator[Crash]:
    """Prepares in peace, then dies in the first, second, ... step of `work`, until it gets through."""
    for step in count(1):
        root, state = folder / str(step), kept / str(step)
        writes = many(root)
        before = tree_of(root)
        prepare(Checkpointer(state), writes, root)
        death = FaultyOs(step, Killed(), changing=True, stays=True)
        monkeypatch.setattr(atomic, "os", death)
        with suppress(Killed):
            work(Checkpointer(state), writes, root)
        monkeypatch.setattr(atomic, "os", os)
        if not death.happened:
            assert step > 30
            return
        yield Crash(root, writes, before, Checkpointer(state))


def test_a_write_killed_at_any_moment_is_taken_back_after_the_restart(
    folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for crash in crashes(
        folder,
        kept,
        monkeypatch,
        lambda checkpointer, writes, root: checkpointer.before("c1", writes),
        lambda checkpointer, writes, root: write_files(writes, root),
    ):
        undone = crash.checkpointer.recover()
        if undone is None and tree_of(crash.root) != crash.before:
            new = {str(one.path.relative_to(crash.root)): one.new for one in crash.writes}
            assert contents_of(crash.root) == {name: data for name, data in new.items() if data is not None}


def test_an_undo_killed_at_any_moment_is_finished_after_the_restart(
    folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for crash in crashes(
        folder,
        kept,
        monkeypatch,
        lambda checkpointer, writes, root: checkpointer.write("c1", writes, root),
        lambda checkpointer, writes, root: checkpointer.undo(),
    ):
        assert all(bytes_of(one.path) in (one.old, one.new) for one in crash.writes)
        crash.checkpointer.undo()
        assert tree_of(crash.root) == crash.before


def test_a_file_changed_after_the_crash_is_not_recovered_over(folder: Path, kept: Path) -> None:
    for name in ("a", "b"):
        (folder / name).write_bytes(b"1")
    Checkpointer(kept).before("c1", [FileWrite(folder / name, b"1", b"2") for name in ("a", "b")])
    (folder / "a").write_bytes(b"2")
    (folder / "b").write_bytes(b"by the person")
    with pytest.raises(ToolError, match="changed since"):
        Checkpointer(kept).recover()
    assert (folder / "a").read_bytes() == b"2"


def test_recovering_leaves_a_finished_changeset_alone(folder: Path, kept: Path) -> None:
    Checkpointer(kept).write("c1", [FileWrite(folder / "a", None, b"1")], folder)
    assert Checkpointer(kept).recover() is None
    assert (folder / "a").read_bytes() == b"1"
    assert Checkpointer(kept).undo().changeset == "c1"


def test_what_could_not_be_marked_as_written_is_the_last_change_all_the_same(
    folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    checkpointer = Checkpointer(kept)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refused)
        checkpointer.write("c1", [FileWrite(folder / "new", None, b"new")], folder)
    assert checkpointer.last() == "c1"
    assert checkpointer.undo().changeset == "c1"
    assert not (folder / "new").exists()
    assert checkpointer.last() == ""


def test_a_mark_that_the_disk_refuses_once_is_made(
    folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename, refusals = Path.rename, iter([True])

    def refused_once(path: Path, target: Path) -> Path:
        if next(refusals, False):
            raise OSError(errno.EIO, "Input/output error")
        return rename(path, target)

    checkpointer = Checkpointer(kept)
    monkeypatch.setattr(Path, "rename", refused_once)
    checkpointer.write("c1", [FileWrite(folder / "new", None, b"new")], folder)
    assert [written.changeset for written in checkpointer.history()] == ["c1"]
