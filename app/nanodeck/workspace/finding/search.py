"""Searching file contents: ripgrep when there is one, else our own program, with the same results."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.finding import scan
from nanodeck.workspace.finding.listing import by_parts, list_files
from nanodeck.workspace.finding.patterns import compile_glob
from nanodeck.workspace.git.folders import repository_of
from nanodeck.workspace.programs import NOT_FOUND, TIMED_OUT, Captured, capture

Mode = Literal["content", "files", "count"]

_SECONDS = 30.0
_OUTPUT_BYTES = 8 << 20
_LINE_BREAK = re.compile(r"(?<!\\)(?:\\\\)*\\n|\n")
_HIT = re.compile(rb"([^\0]+)\0(\d+)(?:([:-])(.*))?", re.DOTALL)
_STOPPED = re.compile(rb"(.+): WARNING: stopped searching binary file")
_RIPGREP_OPTIONS = (
    "--no-config",
    "--no-messages",
    "--color=never",
    "--no-heading",
    "--null",
    "--with-filename",
    "--line-number",
    "--sort=path",
    "--hidden",
    "--no-ignore-dot",
    "--no-require-git",
    "--crlf",
)


class Query(Struct, frozen=True):
    """What to look for in `root`, a folder or one file; `glob` narrows the files of a folder."""

    pattern: str
    root: Path
    glob: str = ""
    mode: Mode = "content"
    ignore_case: bool = False
    context: int = 0


class Line(Struct, frozen=True):
    """A line of a file, 1-based; not `hit` for context. In other modes than content: a count of hits."""

    number: int
    text: str = ""
    hit: bool = True


class FileHits(Struct, frozen=True):
    """What was found in one file; `path` is relative to the searched folder."""

    path: str
    lines: tuple[Line, ...]


class Found(Struct, frozen=True):
    """Files with hits, sorted by their parts; `cut` says that there was more than is kept."""

    files: tuple[FileHits, ...]
    cut: bool = False


def find_ripgrep() -> str | None:
    """The ripgrep beside this Python, or else the one on the path."""
    beside = Path(sys.executable).with_name("rg")
    return str(beside) if os.access(beside, os.X_OK) else shutil.which("rg")


async def search(query: Query, ripgrep: str | None) -> Found:
    """Search line by line, binary files left out. Raises ToolError for a pattern or glob that is wrong.

    A pattern ripgrep refuses but Python understands (look-around, back references) is still searched.
    """
    if _LINE_BREAK.search(query.pattern):
        raise ToolError("a pattern is matched line by line and cannot hold a line break")
    if query.glob:
        try:
            compile_glob(query.glob.removeprefix("!"))
        except ValueError as error:
            raise ToolError(f"wrong glob {query.glob!r}: {error}") from None
    result = await _with_ripgrep(query, ripgrep) if ripgrep else None
    if result is None or result.code == NOT_FOUND or (result.code == 2 and not result.output):
        result = await _with_python(query)
    if result.code == TIMED_OUT:
        raise ToolError(f"the search {result.error}: narrow the path or the glob")
    # As long as an output may be, reading it must not hold up the engine.
    return await asyncio.to_thread(_parse, result)


async def _with_ripgrep(query: Query, ripgrep: str) -> Captured:
    folder, name = _target(query)
    argv = [ripgrep, *_RIPGREP_OPTIONS]
    if repository_of(folder) is None:
        # A .gitignore above a folder that is in no repository is about something else.
        argv.append("--no-ignore-parent")
    if query.ignore_case:
        argv.append("--ignore-case")
    if query.mode != "content":
        argv.append("--count")
    elif query.context:
        argv.append(f"--context={query.context}")
    if query.glob:
        argv.append(f"--glob={query.glob}")
    argv += ["--glob=!.git", f"--regexp={query.pattern}", "--", name or "./"]
    return await capture(argv, folder, seconds=_SECONDS, limit=_OUTPUT_BYTES)


async def _with_python(query: Query) -> Captured:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(query.pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ToolError(f"not a valid regular expression: {error}") from None
    folder, name = _target(query)
    wanted = {
        "pattern": query.pattern,
        "ignore_case": query.ignore_case,
        "context": query.context,
        "counts": query.mode != "content",
        "files": [name] if name else await _files(query),
    }
    # Isolated: neither the project's folder nor the environment decide what it imports.
    argv = (sys.executable, "-I", "-S", scan.__file__)
    given = json.dumps(wanted).encode()
    result = await capture(argv, folder, given=given, seconds=_SECONDS, limit=_OUTPUT_BYTES)
    if result.code and not result.cut and result.code != TIMED_OUT:
        raise ToolError(f"the search failed: {result.error.strip()[-200:]}")
    return result


def _target(query: Query) -> tuple[Path, str]:
    """The folder to search in, and the file's name when only one is searched."""
    if query.root.is_dir():
        return query.root, ""
    return query.root.parent, query.root.name


async def _files(query: Query) -> list[str]:
    files = await list_files(query.root, tracked_ignored=False)
    if not query.glob:
        return files
    wanted = compile_glob(query.glob.removeprefix("!"))
    excluded = query.glob.startswith("!")
    return [path for path in files if bool(wanted.match(path)) != excluded]


def _parse(result: Captured) -> Found:
    lines = result.output.split(b"\n")
    if result.cut:
        lines.pop()
    files: dict[bytes, list[Line]] = {}
    for path, hit in _hits(lines):
        files.setdefault(path, []).append(hit)
    for line in lines:
        if stopped := _STOPPED.match(line):
            files.pop(stopped[1].removeprefix(b"./"), None)
    shown = [FileHits(os.fsdecode(path), tuple(hits)) for path, hits in files.items()]
    return Found(tuple(sorted(shown, key=lambda hits: by_parts(hits.path))), result.cut)


def _hits(lines: list[bytes]) -> Iterator[tuple[bytes, Line]]:
    for line in lines:
        if match := _HIT.fullmatch(line.removesuffix(b"\r")):
            text = (match[4] or b"").decode("utf-8", "replace")
            yield match[1].removeprefix(b"./"), Line(int(match[2]), text, match[3] != b"-")
