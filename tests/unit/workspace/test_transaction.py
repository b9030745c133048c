from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts.errors import NanodeckError
from nanodeck.workspace.writing import atomic
from nanodeck.workspace.writing.atomic import anchor_of
from nanodeck.workspace.writing.transaction import FileWrite, StaleFilesError, write_files
from tests.unit.workspace.trees import contents_of, tree_of


def test_files_are_changed_created_and_deleted_together(folder: Path) -> None:
    (folder / "a").write_bytes(b"1")
    (folder / "b").write_bytes(b"2")
    writes = [
        FileWrite(folder / "a", b"1", b"one\r\n\0\xff"),
        FileWrite(folder / "b", b"2", None),
        FileWrite(folder / "deep/new/c", None, b"3"),
        FileWrite(folder / "empty", None, b""),
    ]
    write_files(writes, folder)
    assert contents_of(folder) == {"a": b"one\r\n\0\xff", "deep/new/c": b"3", "empty": b""}


def test_folders_are_made_with_the_files_and_may_be_there_already(folder: Path) -> None:
    (folder / "there").mkdir()
    (folder / "there/x").write_bytes(b"x")
    writes = [FileWrite(folder / name, None, b"", folder=True) for name in ("new/deep", "there")]
    write_files([*writes, FileWrite(folder / "new/a", None, b"1")], folder)
    assert (folder / "new/deep").is_dir()
    assert contents_of(folder) == {"there/x": b"x", "new/a": b"1"}


def test_a_folder_where_a_file_is_writes_nothing(folder: Path) -> None:
    (folder / "a").write_bytes(b"1")
    before = tree_of(folder)
    writes = [FileWrite(folder / "new", None, b"n"), FileWrite(folder / "a", None, b"", folder=True)]
    with pytest.raises(StaleFilesError):
        write_files(writes, folder)
    assert tree_of(folder) == before


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o444, 0o4750, 0o666])
def test_a_file_keeps_its_mode(folder: Path, mode: int) -> None:
    (folder / "a").write_bytes(b"1")
    (folder / "a").chmod(mode)
    write_files([FileWrite(folder / "a", b"1", b"2")], folder)
    assert stat.S_IMODE((folder / "a").stat().st_mode) == mode


def test_a_new_file_gets_the_usual_mode(folder: Path) -> None:
    (folder / "usual").write_bytes(b"")
    write_files([FileWrite(folder / "new", None, b"")], folder)
    assert (folder / "new").stat().st_mode == (folder / "usual").stat().st_mode


@pytest.mark.skipif(os.getuid() != 0, reason="only root can own other people's files")
def test_a_file_keeps_its_owner(folder: Path) -> None:
    (folder / "a").write_bytes(b"1")
    os.chown(folder / "a", 1234, 4321)
    write_files([FileWrite(folder / "a", b"1", b"2")], folder)
    status = (folder / "a").stat()
    assert (status.st_uid, status.st_gid) == (1234, 4321)


@pytest.mark.parametrize(
    "name", ["in", "dir/a", "dir/n", "out", "outdir/x", "outdir/new", "dangling", "hooks/x"]
)
def test_nothing_is_written_through_a_link(folder: Path, name: str) -> None:
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "x").write_bytes(b"1")
    (folder / "real").mkdir()
    (folder / "real/a").write_bytes(b"1")
    (folder / ".git/hooks").mkdir(parents=True)
    links = {"in": "real/a", "dir": "real", "out": "../outside/x", "outdir": "../outside"}
    for link, target in (links | {"dangling": "../outside/new", "hooks": ".git/hooks"}).items():
        (folder / link).symlink_to(target)
    before = tree_of(folder.parent)
    old = (folder / name).read_bytes() if (folder / name).exists() else None
    with pytest.raises(StaleFilesError):
        write_files([FileWrite(folder / "fine", None, b"2"), FileWrite(folder / name, old, b"2")], folder)
    assert tree_of(folder.parent) == before


@pytest.mark.parametrize("old", [b"1", None])
def test_another_folder_in_the_place_of_the_one_that_was_looked_at_is_left_alone(
    folder: Path, old: bytes | None
) -> None:
    for made in (folder / "sub", folder / "theirs"):
        made.mkdir()
        (made / "a").write_bytes(b"1")
    write = FileWrite(
        folder / "sub" / ("a" if old else "new/deep"), old, b"2", anchor=anchor_of(folder / "sub")
    )
    (folder / "sub").rename(folder / "away")
    (folder / "theirs").rename(folder / "sub")
    before = tree_of(folder)
    with pytest.raises(StaleFilesError):
        write_files([write], folder)
    assert tree_of(folder) == before


def test_a_place_outside_is_written_when_it_is_named_itself(folder: Path) -> None:
    write_files([FileWrite(folder.parent / "asked", None, b"yes")], folder)
    assert (folder.parent / "asked").read_bytes() == b"yes"


@pytest.mark.parametrize("name", [".git/config", "sub/.GIT/hooks/x"])
def test_gits_own_folder_is_never_written(folder: Path, name: str) -> None:
    (folder / ".git").mkdir()
    before = tree_of(folder)
    with pytest.raises(NanodeckError, match="git's own folder"):
        write_files([FileWrite(folder / name, None, b"evil")], folder)
    assert tree_of(folder) == before


Deed = Callable[[Path], object]


def replaced_by(make: Deed) -> Deed:
    """Somebody puts something else in the place of a file."""

    def replace(path: Path) -> None:
        path.unlink()
        make(path)

    return replace


STALE: dict[str, tuple[bytes | None, Deed]] = {
    "changed": (b"1", lambda path: path.write_bytes(b"2")),
    "removed": (b"1", lambda path: path.unlink()),
    "replaced by a folder": (b"1", replaced_by(Path.mkdir)),
    "replaced by a link": (b"1", replaced_by(lambda path: path.symlink_to("../outside"))),
    "replaced by a pipe": (b"1", replaced_by(os.mkfifo)),
    "appeared": (None, lambda path: path.write_bytes(b"2")),
    "appeared empty": (None, lambda path: path.write_bytes(b"")),
}


@pytest.mark.parametrize(("old", "meanwhile"), STALE.values(), ids=STALE)
def test_one_stale_file_stops_all(
    folder: Path, old: bytes | None, meanwhile: Callable[[Path], object]
) -> None:
    (folder.parent / "outside").write_bytes(b"1")
    (folder / "other").write_bytes(b"o")
    if old is not None:
        (folder / "a").write_bytes(old)
    meanwhile(folder / "a")
    before = tree_of(folder.parent)
    with pytest.raises(StaleFilesError) as caught:
        write_files([FileWrite(folder / "other", b"o", b"n"), FileWrite(folder / "a", old, b"3")], folder)
    assert [path.name for path in caught.value.paths if path.name != "outside"] in (["a"], [])
    assert tree_of(folder.parent) == before


@pytest.mark.parametrize("old", [b"1", None])
def test_a_change_in_the_last_moment_is_seen(
    folder: Path, monkeypatch: pytest.MonkeyPatch, old: bytes | None
) -> None:
    (folder / "b").write_bytes(b"b")
    if old:
        (folder / "a").write_bytes(old)
    prepare = atomic.write_temporary

    def somebody_saves(into: int, data: bytes, like: os.stat_result | None, mode: int | None = None) -> str:
        (folder / "a").write_bytes(b"theirs")
        return prepare(into, data, like, mode)

    monkeypatch.setattr(atomic, "write_temporary", somebody_saves)
    with pytest.raises(StaleFilesError):
        write_files([FileWrite(folder / "b", b"b", b"c"), FileWrite(folder / "a", old, b"mine")], folder)
    assert contents_of(folder) == {"a": b"theirs", "b": b"b"}


def test_one_file_twice_is_refused(folder: Path) -> None:
    (folder / "a").write_bytes(b"1")
    with pytest.raises(NanodeckError, match="twice"):
        write_files([FileWrite(folder / "a", b"1", b"2"), FileWrite(folder / "a", b"1", b"3")], folder)
    assert (folder / "a").read_bytes() == b"1"


def test_a_file_where_a_folder_is_needed_is_told(folder: Path) -> None:
    (folder / "file").write_bytes(b"")
    before = tree_of(folder)
    with pytest.raises(NanodeckError):
        write_files(
            [FileWrite(folder / "new/a", None, b"1"), FileWrite(folder / "file/a", None, b"1")], folder
        )
    assert tree_of(folder) == before


def test_nothing_to_write_is_fine(folder: Path) -> None:
    write_files([], folder)
    write_files([FileWrite(folder / "no", None, None)], folder)
    assert tree_of(folder) == {}


def test_file_systems_without_hard_links_work_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_arguments: object, **_options: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    (folder / "a").write_bytes(b"1")
    write_files([FileWrite(folder / "a", b"1", b"2"), FileWrite(folder / "b", None, b"3")], folder)
    assert contents_of(folder) == {"a": b"2", "b": b"3"}


def test_bytes_are_on_disk_before_they_get_their_name_and_the_name_after(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []

    def fsync(descriptor: int) -> None:
        happened.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")

    def rename(source: str, target: str, **options: int) -> None:
        happened.append("rename")
        moved(source, target, **options)

    moved = os.rename
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "rename", rename)
    (folder / "a").write_bytes(b"1")
    write_files([FileWrite(folder / "a", b"1", b"2")], folder)
    assert happened == ["file", "rename", "folder"]
