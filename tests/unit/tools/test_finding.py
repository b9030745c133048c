"""The tools that look around: glob, grep and ls as a model sees them."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.tools import grep as grep_module
from nanodeck.tools.glob import glob
from nanodeck.tools.grep import grep
from nanodeck.tools.ls import ls
from nanodeck.tools.registry import Tool, ToolOutput, find_tool
from tests.unit.tools.contexts import call_tool, context_in

Call = Callable[..., Awaitable[ToolOutput]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        "app/main.py": "import os\nprint('hello')\n",
        "app/deep/part.py": "hello = 1\n",
        "README.md": "hello\n",
        "out/x.py": "hello\n",
        ".gitignore": "out/\n",
    }
    for age, (name, text) in enumerate(files.items()):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
        os.utime(tmp_path / name, (10_000 - age, 10_000 - age))
    return tmp_path


@pytest.fixture
def call(root: Path) -> Call:
    context = context_in(root)

    async def run(made: Tool, **arguments: Any) -> ToolOutput:
        return await call_tool(made, context, arguments)

    return run


@pytest.mark.parametrize(
    ("made", "names", "limit"),
    [
        (glob, ["Glob", "find", "find_files"], 450),
        (grep, ["Grep", "search", "search_file_contents"], 560),
        (ls, ["LS", "list_directory", "list_dir"], 450),
    ],
)
def test_tools_are_short_and_known_by_the_names_others_use(made: Tool, names: list[str], limit: int) -> None:
    assert len(msgspec.json.encode(made.spec)) <= limit
    assert [find_tool(name) for name in names] == [made] * len(names)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"pattern": "*.py"}, ["app/main.py", "app/deep/part.py"]),
        ({"pattern": "app/*.py"}, ["app/main.py"]),
        ({"pattern": "*.py", "path": "app/deep"}, ["app/deep/part.py"]),
        ({"pattern": "**/*.{md,py}", "dir_path": "."}, ["app/main.py", "app/deep/part.py", "README.md"]),
        ({"pattern": "*.py", "path": "out"}, ["out/x.py"]),
        ({"pattern": "*.rs"}, ["no files match"]),
    ],
)
async def test_glob_finds_files_newest_first(call: Call, arguments: dict[str, str], found: list[str]) -> None:
    assert (await call(glob, **arguments)).text.splitlines() == found


async def test_glob_takes_whole_paths_in_the_pattern(call: Call, root: Path) -> None:
    assert (await call(glob, pattern=f"{root}/app/**/*.py")).text.splitlines() == [
        "app/main.py",
        "app/deep/part.py",
    ]


async def test_glob_says_its_limit(call: Call, root: Path) -> None:
    for n in range(130):
        (root / f"n{n}.txt").touch()
    output = await call(glob, pattern="*.txt")
    assert output.summary == "130 files"
    assert len(output.text.splitlines()) == 101
    assert "newest 100 of 130" in output.text


@pytest.mark.parametrize(
    "arguments", [{"pattern": ""}, {"pattern": "*", "path": "nowhere"}, {"pattern": "*", "path": "README.md"}]
)
async def test_glob_answers_what_is_wrong(call: Call, arguments: dict[str, str]) -> None:
    with pytest.raises(ToolError):
        await call(glob, **arguments)


async def test_grep_shows_lines_under_their_file(call: Call) -> None:
    output = await call(grep, pattern="hello")
    assert (
        output.text == "README.md\n1:hello\n\napp/deep/part.py\n1:hello = 1\n\napp/main.py\n2:print('hello')"
    )
    assert output.summary == "3 hits in 3 files"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"output_mode": "files"}, "README.md\napp/deep/part.py\napp/main.py"),
        ({"output_mode": "files_with_matches", "include": "*.md"}, "README.md"),
        ({"output_mode": "count", "path": "app"}, "app/deep/part.py:1\napp/main.py:1"),
        ({"path": "app/main.py", "-C": 1}, "app/main.py\n1-import os\n2:print('hello')"),
        ({"glob": "*.md", "caseSensitive": False}, "README.md\n1:hello"),
        ({"wholeWord": True, "path": "README.md"}, "README.md\n1:hello"),
        ({"path": "README.md", "pattern": "HELLO", "-i": True, "-n": True}, "README.md\n1:hello"),
        ({"pattern": "nothing at all"}, "no matches"),
    ],
)
async def test_grep_takes_what_other_agents_send(call: Call, arguments: dict[str, Any], text: str) -> None:
    assert (await call(grep, **{"pattern": "hello", **arguments})).text == text


async def test_grep_says_where_it_stops(call: Call, root: Path) -> None:
    (root / "many").write_text("x\n" * 50 + "y" * 1000 + "x\n")
    output = await call(grep, pattern="x$", path="many", limit=3)
    assert output.text.splitlines()[:4] == ["many", "1:x", "2:x", "3:x"]
    assert "only the first 3 hits shown" in output.text
    assert output.summary == "51 hits in 1 file"
    long = await call(grep, pattern="yx", path="many")
    assert long.text.splitlines()[1].endswith("… (601 more characters)")


async def test_grep_keeps_groups_apart(call: Call, root: Path) -> None:
    (root / "f").write_text("x\n1\n2\n3\nx\n")
    output = await call(grep, pattern="x", path="f", context=1)
    assert output.text.splitlines() == ["f", "1:x", "2-1", "--", "4-3", "5:x"]


async def test_grep_is_bounded(call: Call, root: Path) -> None:
    (root / "f").write_text(("x" * 300 + "\n") * 500)
    output = await call(grep, pattern="x", path="f", limit=500)
    assert len(output.text) < grep_module.OUTPUT_LENGTH + 200
    assert "cut at 20,000 characters" in output.text


@pytest.mark.parametrize(
    "arguments", [{"pattern": "("}, {"pattern": "x", "path": "no"}, {"pattern": "x", "output_mode": "y"}]
)
async def test_grep_answers_what_is_wrong(call: Call, arguments: dict[str, str]) -> None:
    with pytest.raises(ToolError):
        await call(grep, **arguments)


async def test_ls_shows_folders_first_and_as_deep_as_asked(call: Call) -> None:
    ignored = "(1 ignored by .gitignore not shown)"
    assert (await call(ls)).text.splitlines() == ["app/", ".gitignore", "README.md", ignored]
    assert (await call(ls, path="app", depth=2)).text.splitlines() == ["deep/", "  part.py", "main.py"]
    assert (await call(ls, directory="app", recursive=True)).text.splitlines() == [
        "deep/",
        "  part.py",
        "main.py",
    ]


@pytest.mark.parametrize(("path", "said"), [("README", "README.md"), ("README.md", "read it")])
async def test_ls_answers_what_is_wrong(call: Call, path: str, said: str) -> None:
    with pytest.raises(ToolError, match=said):
        await call(ls, path=path)


async def test_grep_shows_nothing_of_files_with_secrets_unless_they_are_named(call: Call, root: Path) -> None:
    (root / ".env").write_text("KEY=hello-canary\n")
    (root / "server.pem").write_text("hello-canary\n")
    every = await call(grep, pattern="hello")
    assert "canary" not in every.text
    assert "server.pem" not in every.text
    assert (await call(grep, pattern="canary")).text == "no matches"
    assert "canary" in (await call(grep, pattern="hello", path="server.pem")).text
