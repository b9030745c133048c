"""Listing: .gitignore honoured, `.git` never shown, limits said."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.finding import listing
from nanodeck.workspace.finding.folders import list_folder, top_entries
from nanodeck.workspace.finding.listing import by_parts, folders_of, list_files


@pytest.fixture(params=["repository", "folder"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "repository":
        subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def put(root: Path, *names: str, text: str = "") -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def git(folder: Path, *args: str) -> None:
    subprocess.run(["git", "-C", str(folder), *args], check=True)


async def test_files_come_sorted_with_what_is_ignored_left_out(root: Path) -> None:
    put(root, "b", "a/z", "a/b/c", ".hidden/x", "out/x", "a/skip.log", "a/keep.log", ".git/x")
    put(root, ".gitignore", text="out/\n*.log\n")
    put(root, "a/.gitignore", text="!keep.log\n")
    expected = [".gitignore", ".hidden/x", "a/.gitignore", "a/b/c", "a/keep.log", "a/z", "b"]
    assert await list_files(root) == expected


async def test_a_folder_below_the_root_lists_its_own_files(root: Path) -> None:
    put(root, "a/b/c", "a/x.log", "d")
    put(root, ".gitignore", text="*.log\n")
    in_repository = (root / ".git").is_dir()
    assert await list_files(root / "a") == (["b/c"] if in_repository else ["b/c", "x.log"])


async def test_names_of_any_kind_are_listed_but_not_what_is_no_utf_8(root: Path) -> None:
    put(root, "a b", "ü", "new\nline", '"q"')
    os.close(os.open(os.fsencode(root) + b"/\xff", os.O_CREAT | os.O_WRONLY))
    assert await list_files(root) == ['"q"', "a b", "new\nline", "ü"]


async def test_links_are_listed_and_not_followed(root: Path) -> None:
    put(root, "a/b")
    (root / "link").symlink_to("a")
    (root / "loop").symlink_to("..")
    os.mkfifo(root / "pipe")
    assert await list_files(root) == ["a/b", "link", "loop"]


async def test_the_limit_holds(root: Path) -> None:
    put(root, *(f"f{n}" for n in range(20)))
    assert len(await list_files(root, limit=7)) == 7


async def test_an_ignored_folder_lists_its_files_when_asked_for(root: Path) -> None:
    put(root, ".gitignore", text="out/\n")
    put(root, "out/a", "out/.gitignore")
    put(root, "out/.gitignore", text="b\n")
    put(root, "out/b")
    assert await list_files(root / "out") == [".gitignore", "a"]


async def test_nested_repositories_and_submodules_are_listed(tmp_path: Path) -> None:
    outer, source = tmp_path / "outer", tmp_path / "source"
    for folder in (outer, outer / "nested", source):
        git(tmp_path, "init", "-q", str(folder))
    put(source, "s")
    git(source, "add", ".")
    git(source, "-c", "user.name=n", "-c", "user.email=n@example.org", "commit", "-qm", "one")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(source), "sub")
    put(outer, "nested/n")
    assert await list_files(outer) == [".gitmodules", "nested/n", "sub/s"]


async def test_broken_ignore_lines_cost_only_themselves(tmp_path: Path) -> None:
    put(tmp_path, "a.log", "b")
    put(tmp_path, ".gitignore", text="!\n\\\n*.log\n")
    assert await list_files(tmp_path) == [".gitignore", "b"]


async def test_a_missing_folder_has_no_files(tmp_path: Path) -> None:
    assert await list_files(tmp_path / "nothing") == []


def test_folders_of_files_come_with_a_slash() -> None:
    assert folders_of(["a/b/c", "a/d", "e", "f/g"]) == ["a/", "a/b/", "f/"]


def test_a_folder_is_drawn_with_folders_first_and_what_is_ignored_counted(root: Path) -> None:
    put(root, "b.txt", "Zed/x", "app/inner/deep", "app/a", "out/x", ".git/y")
    put(root, ".gitignore", text="out/\n")
    (root / "link").symlink_to("app")
    drawn = list_folder(root, 2)
    assert drawn.splitlines() == [
        "app/",
        "  inner/",
        "  a",
        "link/ -> app",
        "Zed/",
        "  x",
        ".gitignore",
        "b.txt",
        "(1 ignored by .gitignore not shown)",
    ]
    assert "inner" not in list_folder(root)


def test_an_empty_folder_and_a_full_one_are_said(tmp_path: Path) -> None:
    assert list_folder(tmp_path) == "(empty folder)"
    put(tmp_path, *(f"f{n:03}" for n in range(520)))
    lines = list_folder(tmp_path).splitlines()
    assert len(lines) == 501
    assert lines[-1].startswith("(20 more entries")


def test_a_full_folder_inside_does_not_hide_its_neighbours(tmp_path: Path) -> None:
    put(tmp_path, *(f"a/f{n:03}" for n in range(150)), "b")
    lines = list_folder(tmp_path, 2).splitlines()
    assert lines[-2:] == ["  (50 more)", "b"]


def test_names_cannot_draw_lines_of_their_own(tmp_path: Path) -> None:
    put(tmp_path, "a\nb", "\x1b[2J")
    assert list_folder(tmp_path).splitlines() == ["␛[2J", "a␊b"]


def test_what_is_no_folder_is_a_tool_error(tmp_path: Path) -> None:
    with pytest.raises(ToolError):
        list_folder(tmp_path / "nothing")
    assert top_entries(tmp_path / "nothing") == []


async def test_a_long_list_is_put_in_order_beside_the_loop(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[int] = set()

    def noted(path: str) -> str:
        threads.add(threading.get_ident())
        return by_parts(path)

    monkeypatch.setattr(listing, "by_parts", noted)
    put(root, "b", "a")
    assert await list_files(root) == ["a", "b"]
    assert threads
    assert threading.get_ident() not in threads
