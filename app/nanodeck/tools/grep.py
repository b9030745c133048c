"""The grep tool: lines of files by regular expression."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from nanodeck.contracts.errors import ToolError
from nanodeck.core.guarded import is_secret
from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import Effect, ToolOutput, tool
from nanodeck.tools.schema import HIDDEN
from nanodeck.tools.targets import present_place
from nanodeck.workspace.finding.search import FileHits, Found, Line, Mode, Query, find_ripgrep, search

HITS_SHOWN = 100
MOST_SHOWN = 1_000
LINE_LENGTH = 400
OUTPUT_LENGTH = 20_000
MOST_CONTEXT = 10

_MODES: dict[str, Mode] = {
    "content": "content",
    "files": "files",
    "files_with_matches": "files",
    "count": "count",
}
_OutputMode = Annotated[str, Meta(extra_json_schema={"enum": ["content", "files", "count"]})]


class GrepArguments(Struct, frozen=True):
    """What to search for and how to show it; `path` is a folder or a file."""

    pattern: str
    path: str = "."
    glob: str = ""
    output_mode: _OutputMode = "content"
    ignore_case: bool = False
    context: int = 0
    limit: int = HITS_SHOWN
    case_sensitive: Annotated[bool, HIDDEN] = True
    whole_word: Annotated[bool, HIDDEN] = False


@tool(
    "grep",
    "Search file contents by regex, line by line. output_mode: content (number:line), files or count; "
    "context: lines around; limit: hits or files. Respects .gitignore.",
    effect=Effect.READ,
    lasting=True,
    title=lambda arguments: f"grep {arguments.pattern}" + _where(arguments),
    names=("search_file_contents", "grep_search", "search", "search_text", "ripgrep", "rg"),
    arguments={
        "query": "pattern",
        "regex": "pattern",
        "dir": "path",
        "directory": "path",
        "file_path": "path",
        "include": "glob",
        "file_pattern": "glob",
        "case_insensitive": "ignore_case",
        "-i": "ignore_case",
        "caseSensitive": "case_sensitive",
        "wholeWord": "whole_word",
        "contextLines": "context",
        "context_lines": "context",
        "-A": "context",
        "-B": "context",
        "-C": "context",
        "maxResults": "limit",
        "max_results": "limit",
        "head_limit": "limit",
        "-n": "",
    },
)
async def grep(arguments: GrepArguments, context: ToolContext) -> ToolOutput:
    """Search file contents."""
    location = present_place(arguments.path or ".", context)
    mode = _MODES.get(arguments.output_mode)
    if mode is None:
        raise ToolError("wrong arguments for grep: output_mode is content, files or count")
    query = Query(
        rf"\b(?:{arguments.pattern})\b" if arguments.whole_word else arguments.pattern,
        location.path,
        arguments.glob,
        mode,
        arguments.ignore_case or not arguments.case_sensitive,
        min(max(arguments.context, 0), MOST_CONTEXT),
    )
    found = await search(query, find_ripgrep())
    folder = location.path if location.path.is_dir() else location.path.parent
    if not location.secret:
        found = _without(found, lambda path: is_secret(context.workspace.guard(folder / path)))
    if not context.barred(location.path):
        found = _without(found, lambda path: context.barred(folder / path))
    limit = min(arguments.limit, MOST_SHOWN) if arguments.limit > 0 else MOST_SHOWN
    return _answer(found, query, limit, lambda path: context.workspace.show(folder / path))


def _without(found: Found, kept: Callable[[str], bool]) -> Found:
    """What was found in files that are read unasked: to say that there was more would tell of it."""
    return replace(found, files=tuple(file for file in found.files if not kept(file.path)))


def _where(arguments: GrepArguments) -> str:
    places = [place for place in (arguments.path, arguments.glob) if place not in ("", ".")]
    return f" in {' '.join(places)}" if places else ""


def _answer(found: Found, query: Query, limit: int, show: Callable[[str], str]) -> ToolOutput:
    if not found.files:
        return ToolOutput("no matches", "no hits")
    files = len(found.files)
    hits = sum(_count(file, query.mode) for file in found.files)
    if query.mode == "content":
        text = "\n\n".join(_block(file, show) for file in _first_hits(found.files, limit))
        left_out = hits - limit
    else:
        counted = query.mode == "count"
        rows = [f"{show(file.path)}" + f":{file.lines[0].number}" * counted for file in found.files[:limit]]
        text = "\n".join(rows)
        left_out = files - limit
    notes = []
    if len(text) > OUTPUT_LENGTH:
        text = text[:OUTPUT_LENGTH].rpartition("\n")[0]
        notes.append("cut at 20,000 characters")
    if left_out > 0 or found.cut:
        notes.append(f"only the first {limit:,} {'hits' if query.mode == 'content' else 'files'} shown")
    if notes:
        text += f"\n({', '.join(notes)}: narrow pattern, path or glob)"
    more = "+" if found.cut else ""
    summary = f"{hits:,}{more} hit{'s' * (hits != 1)} in {files:,}{more} file{'s' * (files != 1)}"
    return ToolOutput(text, summary)


def _count(file: FileHits, mode: Mode) -> int:
    return sum(line.hit for line in file.lines) if mode == "content" else file.lines[0].number


def _first_hits(files: tuple[FileHits, ...], limit: int) -> Iterator[FileHits]:
    """`files` up to the hit number `limit`, what follows it left out."""
    left = limit
    for file in files:
        if left <= 0:
            return
        kept = 0
        for line in file.lines:
            if line.hit and not left:
                break
            left -= line.hit
            kept += 1
        yield replace(file, lines=file.lines[:kept])


def _block(file: FileHits, show: Callable[[str], str]) -> str:
    """One file's lines under its name; a gap between them is marked by two dashes."""
    rows = [show(file.path)]
    grouped = any(not line.hit for line in file.lines)
    for before, line in zip((None, *file.lines), file.lines, strict=False):
        if grouped and before and line.number != before.number + 1:
            rows.append("--")
        rows.append(_row(line))
    return "\n".join(rows)


def _row(line: Line) -> str:
    over = len(line.text) - LINE_LENGTH
    text = f"{line.text[:LINE_LENGTH]}… ({over:,} more characters)" if over > 0 else line.text
    return f"{line.number}{':' if line.hit else '-'}{text}"
