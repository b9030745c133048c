"""Searching: one set of rules over ripgrep and over our own program."""

from __future__ import annotations

import asyncio
import os
import subprocess
import threading
from pathlib import Path

import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.finding import search as module
from nanodeck.workspace.finding.listing import by_parts
from nanodeck.workspace.finding.search import Found, Mode, Query, find_ripgrep, search


@pytest.fixture(params=["ripgrep", "own"])
def ripgrep(request: pytest.FixtureRequest) -> str | None:
    if request.param == "own":
        return None
    found = find_ripgrep()
    if found is None:
        pytest.skip("there is no ripgrep here")
    return found


@pytest.fixture(params=["repository", "folder"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "repository":
        subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def put(root: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def git(folder: Path, *args: str) -> None:
    subprocess.run(["git", "-C", str(folder), *args], check=True)


async def look(root: Path, ripgrep: str | None, pattern: str, **more: object) -> Found:
    return await search(Query(pattern, root, **more), ripgrep)  # type: ignore[arg-type]


def rows(found: Found) -> list[str]:
    return [
        f"{file.path}{':' if line.hit else '-'}{line.number}:{line.text}"
        for file in found.files
        for line in file.lines
    ]


async def test_hits_come_sorted_by_path_with_their_lines(root: Path, ripgrep: str | None) -> None:
    put(root, {"b.txt": "one\ntwo one\n", "a/z.txt": "one", "a.txt": "none\n\none\r\n", "a-b/x": "one\n"})
    found = await look(root, ripgrep, "one")
    assert rows(found) == [
        "a/z.txt:1:one",
        "a-b/x:1:one",
        "a.txt:1:none",
        "a.txt:3:one",
        "b.txt:1:one",
        "b.txt:2:two one",
    ]
    assert not found.cut


@pytest.mark.parametrize(
    ("pattern", "hits"),
    [
        (r"^def \w+", [1]),
        (r"x$", [1, 3]),
        (r"ü\w", [4]),
        (r"\bé\b", [5]),
        (r"a{2,3}", [6]),
        (r"(?i)DEF", [1]),
        (r"-e|--", [7]),
        (r"\[x\]", [8]),
        (r"^$", [9]),
        (r"(?<=y )x", [3]),
        (r"(\w)\1\1", [6]),
    ],
)
async def test_patterns_mean_the_same(root: Path, ripgrep: str | None, pattern: str, hits: list[int]) -> None:
    put(root, {"f": "def x\ny\ny x\r\nfür über\ncafé é\naaa\n--help -e\nlist[x].\n\nend"})
    found = await look(root, ripgrep, pattern)
    assert [line.number for file in found.files for line in file.lines] == hits


async def test_case_can_be_ignored(root: Path, ripgrep: str | None) -> None:
    put(root, {"f": "One ÄX\n"})
    assert not (await look(root, ripgrep, "one äx")).files
    assert (await look(root, ripgrep, "one äx", ignore_case=True)).files


async def test_ignored_files_are_left_out_and_hidden_ones_are_not(root: Path, ripgrep: str | None) -> None:
    put(
        root,
        {
            ".gitignore": "build/\n*.log\n!keep.log\n",
            "build/a": "x",
            "b.log": "x",
            "keep.log": "x",
            "sub/.gitignore": "local\n/top\n",
            "sub/local": "x",
            "sub/deep/local": "x",
            "sub/top": "x",
            "sub/deep/top": "x",
            ".github/flow": "x",
            ".git/own": "x",
            ".ignore": "flow\n",
        },
    )
    found = await look(root, ripgrep, "^x")
    assert [file.path for file in found.files] == [".github/flow", "keep.log", "sub/deep/top"]


async def test_a_file_that_is_tracked_though_ignored_is_left_out_alike(
    tmp_path: Path, ripgrep: str | None
) -> None:
    git(tmp_path, "init", "-q")
    put(tmp_path, {"kept": "x", "gone": "x"})
    git(tmp_path, "add", ".")
    put(tmp_path, {".gitignore": "gone\n"})
    assert [file.path for file in (await look(tmp_path, ripgrep, "x")).files] == ["kept"]


async def test_an_ignored_folder_can_be_searched_when_it_is_asked_for(
    root: Path, ripgrep: str | None
) -> None:
    put(root, {".gitignore": "build/\n", "build/a": "x"})
    assert rows(await look(root / "build", ripgrep, "x")) == ["a:1:x"]


async def test_nested_repositories_are_searched(tmp_path: Path, ripgrep: str | None) -> None:
    for folder in (tmp_path, tmp_path / "inner"):
        git(tmp_path, "init", "-q", str(folder))
    put(tmp_path, {"inner/a": "x", "inner/.gitignore": "b\n", "inner/b": "x"})
    assert rows(await look(tmp_path, ripgrep, "x")) == ["inner/a:1:x"]


async def test_binary_files_are_skipped_and_text_in_any_form_is_not(root: Path, ripgrep: str | None) -> None:
    put(
        root,
        {
            "a.bin": b"x\0x\n",
            "bom": b"\xef\xbb\xbfx\n",
            "late.bin": b"x\n" * 60_000 + b"\0\n",
            "latin": b"x \xe9\n",
            "wide": "x ü\n".encode("utf-16"),
        },
    )
    assert rows(await look(root, ripgrep, "^x")) == ["bom:1:x", "latin:1:x \ufffd", "wide:1:x ü"]
    assert [file.path for file in (await look(root, ripgrep, "^x", mode="files")).files] == [
        "bom",
        "latin",
        "wide",
    ]


async def test_links_and_pipes_are_not_followed(root: Path, ripgrep: str | None) -> None:
    put(root, {"a": "x"})
    (root / "link").symlink_to(root / "a")
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "pipe")
    assert rows(await look(root, ripgrep, "x")) == ["a:1:x"]


@pytest.mark.parametrize(
    ("glob", "paths"),
    [
        ("*.py", ["a.py", "s/b.py", "s/t/c.py"]),
        ("s/*.py", ["s/b.py"]),
        ("**/*.{md,py}", ["a.py", "r.md", "s/b.py", "s/t/c.py"]),
        ("s/**", ["s/b.py", "s/t/c.py"]),
        ("!*.py", ["r.md"]),
        ("[ar].*", ["a.py", "r.md"]),
    ],
)
async def test_a_glob_narrows_the_files(root: Path, ripgrep: str | None, glob: str, paths: list[str]) -> None:
    put(root, {"a.py": "x", "s/b.py": "x", "s/t/c.py": "x", "r.md": "x"})
    assert [file.path for file in (await look(root, ripgrep, "x", glob=glob)).files] == paths


async def test_context_lines_are_marked_and_come_once(root: Path, ripgrep: str | None) -> None:
    put(root, {"f": "1\nx\n3\nx\n5\n6\n7\n8\nx"})
    expected = ["f-1:1", "f:2:x", "f-3:3", "f:4:x", "f-5:5", "f-8:8", "f:9:x"]
    assert rows(await look(root, ripgrep, "x", context=1)) == expected


@pytest.mark.parametrize("mode", ["files", "count"])
async def test_counts_are_of_lines(root: Path, ripgrep: str | None, mode: Mode) -> None:
    put(root, {"a": "x x\r\nx\n", "b": "y"})
    (file,) = (await look(root, ripgrep, "x", mode=mode)).files
    assert (file.path, file.lines[0].number) == ("a", 2)


async def test_one_file_can_be_searched(root: Path, ripgrep: str | None) -> None:
    put(root, {"-odd name": "x", "b": "x"})
    assert rows(await look(root / "-odd name", ripgrep, "x")) == ["-odd name:1:x"]


@pytest.mark.parametrize("pattern", ["(", "[a", "*a", "a\\nb", "a\nb"])
async def test_a_wrong_pattern_is_answered(root: Path, ripgrep: str | None, pattern: str) -> None:
    with pytest.raises(ToolError):
        await look(root, ripgrep, pattern)


async def test_a_long_result_is_cut_and_says_so(
    root: Path, ripgrep: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_OUTPUT_BYTES", 1000)
    put(root, {"f": "x\n" * 5000})
    found = await look(root, ripgrep, "x")
    assert found.cut
    assert 0 < len(found.files[0].lines) < 5000


async def test_a_pattern_that_never_ends_is_killed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SECONDS", 0.3)
    put(root, {"f": "a" * 60})
    with pytest.raises(ToolError, match="took longer"):
        await look(root, None, "(a+)+$(?<=b)")


async def test_cancelling_kills_the_search(root: Path) -> None:
    put(root, {"f": "a" * 60})
    started = asyncio.Event()
    running: list[asyncio.subprocess.Process] = []
    create = asyncio.create_subprocess_exec

    async def watch(*argv: str, **more: object) -> asyncio.subprocess.Process:
        process = await create(*argv, **more)  # type: ignore[arg-type]
        running.append(process)
        if "scan.py" in argv[-1]:
            started.set()
        return process

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(asyncio, "create_subprocess_exec", watch)
        task = asyncio.create_task(look(root, None, "(a+)+$(?<=b)"))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert all(process.returncode is not None for process in running)


async def test_a_missing_ripgrep_is_made_up_for(root: Path) -> None:
    put(root, {"f": "x"})
    assert rows(await look(root, "/nowhere/rg", "x")) == ["f:1:x"]


async def test_a_long_output_is_read_beside_the_loop(
    root: Path, ripgrep: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[int] = set()

    def noted(path: str) -> str:
        threads.add(threading.get_ident())
        return by_parts(path)

    monkeypatch.setattr(module, "by_parts", noted)
    put(root, {"b": "x", "a": "x"})
    found = await search(Query("x", root), ripgrep)
    assert [file.path for file in found.files] == ["a", "b"]
    assert threads
    assert threading.get_ident() not in threads
