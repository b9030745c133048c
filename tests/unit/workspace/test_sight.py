"""What stat says of a place: every change is seen."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.workspace.sight import ENTRIES_LIMIT, GRACE, look


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = Path(os.path.realpath(tmp_path)) / "outer" / "tree"
    (folder / "inner" / "deep").mkdir(parents=True)
    (folder / "a.py").write_text("one\n")
    (folder / "inner" / "deep" / "b.py").write_text("two\n")
    (folder / "outside.txt").symlink_to(tmp_path / "target")
    (tmp_path / "target").write_text("three\n")
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


def _swap(folder: Path) -> None:
    """Another file of the same size and time in the place of one."""
    old = folder / "a.py"
    times = old.stat()
    (folder.parent / "new").write_text("ONE\n")
    os.utime(folder.parent / "new", ns=(times.st_atime_ns, times.st_mtime_ns))
    (folder.parent / "new").rename(old)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file grew": lambda folder: (folder / "a.py").write_text("one\ntwo\n"),
    "a file was swapped": _swap,
    "a file came": lambda folder: (folder / "inner" / "deep" / "new.py").touch(),
    "a file went": lambda folder: (folder / "inner" / "deep" / "b.py").unlink(),
    "a folder went": lambda folder: shutil.rmtree(folder / "inner"),
    "a link's target grew": lambda folder: (folder / "outside.txt").resolve().write_text("three and more\n"),
    "rights changed": lambda folder: (folder / "a.py").chmod(0o600),
    "something is ignored now": lambda folder: (folder / ".gitignore").write_text("*.py\n"),
    "git knows more": lambda folder: subprocess.run(["git", "-C", folder, "add", "a.py"], check=True),
    "git leaves out more": lambda folder: (folder / ".git" / "info" / "exclude").write_text("a.py\n"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_of_a_folder_is_seen(tree: Path, change: Callable[[Path], object]) -> None:
    before = look(tree)
    assert before == look(tree)
    change(tree)
    assert look(tree) != before


@pytest.mark.parametrize("name", [".gitignore", ".git"])
def test_what_decides_from_above_is_seen(tree: Path, name: str) -> None:
    before = look(tree / "inner")
    above = tree.parent / name
    (tree / ".git").rename(tree / "elsewhere")
    without = look(tree / "inner")
    above.mkdir() if name == ".git" else above.write_text("deep\n")
    assert len({before, without, look(tree / "inner")}) == 3


def test_a_file_is_seen_alone(tree: Path) -> None:
    before = look(tree / "a.py")
    (tree / "other.py").write_text("new\n")
    assert look(tree / "a.py") == before
    (tree / "a.py").write_text("new\n")
    assert look(tree / "a.py") != before


def test_what_is_not_there_is_seen_when_it_comes(tree: Path) -> None:
    before = look(tree / "none")
    assert before == look(tree / "none")
    (tree / "none").touch()
    assert look(tree / "none") != before


def test_a_place_that_holds_too_much_is_not_looked_through(tree: Path) -> None:
    for number in range(ENTRIES_LIMIT):
        (tree / str(number)).touch()
    assert look(tree) is None


def test_a_place_is_settled_once_its_last_change_is_long_enough_ago(tree: Path) -> None:
    os.utime(tree / "a.py", (2e9, 2e9))
    sight = look(tree)
    assert sight is not None
    assert sight.newest == 2e9
    assert not sight.settled(2e9 + GRACE)
    assert sight.settled(2e9 + GRACE + 0.1)
