"""Patches in the envelope models write, `*** Begin Patch` to `*** End Patch`, read leniently.

*** Begin Patch
*** Add File: new.py
+its lines
*** Update File: old.py
*** Move to: other.py
@@ def around_it():
 context
-old line
+new line
*** Copy File: a.py
*** Copy to: b.py
*** Delete File: gone.py
*** Add Folder: empty
*** End Patch
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.text import one_line

Action = Literal["add", "update", "delete", "copy", "folder"]

_ACTIONS: dict[str, Action] = {
    "add": "add",
    "create": "add",
    "new": "add",
    "update": "update",
    "edit": "update",
    "modify": "update",
    "move": "update",
    "rename": "update",
    "delete": "delete",
    "remove": "delete",
    "copy": "copy",
}
_FOLDER = ("folder", "directory", "dir")
_MAKING = ("add", "create", "new", "make")
# Ends in no blank: those behind it are then tried once, not once for each of their ends.
_PATH = r"(\S(?:.*?\S)??)"
_HEAD = re.compile(
    rf"\s*\*{{3}}\s*(\w+)\s+(file|folder|directory|dir)\s*:\s*{_PATH}\s*(?:\*{{3}}\s*)?", re.IGNORECASE
)
_TARGET = re.compile(
    rf"\s*\*{{3}}\s*(?:(move|copy|rename)\s+)?to\s*:\s*{_PATH}\s*(?:\*{{3}}\s*)?", re.IGNORECASE
)
_EDGE = re.compile(r"\s*\*{3}\s*(begin|end)\s+patch\s*(?:\*{3}\s*)?", re.IGNORECASE)
_FILE_END = re.compile(r"\s*\*{3}\s*end\s+of\s+file\s*(?:\*{3}\s*)?", re.IGNORECASE)
_PLACES = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+\d+(?:,\d+)? @@ ?(.*)")
_UNIFIED = re.compile(r"--- (?:a/)?([^\t]+)(?:\t.*)?"), re.compile(r"\+\+\+ (?:b/)?([^\t]+)(?:\t.*)?")
_NO_END = re.compile(r"\\ No newline at end of file")


class PatchHunk(Struct, frozen=True):
    """Whole lines `old` that become `new`; `anchors` are lines above them.

    `line` is where they stood in the file it was made for (1-based, 0 = not told), `at_end` that the
    file ends with them.
    """

    old: str
    new: str
    anchors: tuple[str, ...] = ()
    line: int = 0
    at_end: bool = False


class FilePatch(Struct, frozen=True):
    """What a patch does to one file; `target` is where it is moved or copied to, `content` a new one's."""

    action: Action
    path: str
    target: str = ""
    content: str = ""
    hunks: tuple[PatchHunk, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path it touches, as spelled."""
        return (self.path, self.target) if self.target else (self.path,)


def parse_patch(text: str) -> tuple[FilePatch, ...]:
    """What `text` asks for, file by file. Raises ToolError naming the line that cannot be read."""
    files: list[FilePatch] = []
    for head, first, body in _sections(text.replace("\r\n", "\n").split("\n")):
        files.append(_file_patch(head, first, body))
    if not files:
        raise ToolError(
            "the patch has no '*** Update File: path', '*** Add File: path' or '*** Delete File: path' line"
        )
    return tuple(files)


_Head = tuple[Action, str, str]
"""What is done, the path, and the path it is moved to by the head alone."""


def _sections(lines: Sequence[str]) -> Iterator[tuple[_Head, int, list[str]]]:
    """Each file's head, the number of the line after it, and its lines."""
    at, end = _inside(lines)
    head: _Head | None = None
    first, body = 0, list[str]()
    enveloped = False
    while at < end:
        found, size = _head(lines, at) or (None, 1)
        if found is None and not enveloped:
            found, size = _unified_head(lines, at, inside=head is not None) or (None, 1)
        elif found:
            enveloped = True
        if found:
            if head:
                yield head, first, body
            head, first, body = found, at + size + 1, []
        elif head:
            body.append(lines[at])
        at += size
    if head:
        yield head, first, body


def _inside(lines: Sequence[str]) -> tuple[int, int]:
    """The lines between the edges of the envelope; one that is missing is taken to be where it belongs."""
    found = ((number, _EDGE.fullmatch(line)) for number, line in enumerate(lines))
    edges = [(number, match[1].lower()) for number, match in found if match]
    start = next((number + 1 for number, edge in edges if edge == "begin"), 0)
    end = next((number for number, edge in reversed(edges) if edge == "end" and number >= start), None)
    if end is None:
        end = len(lines)
        while end > start and lines[end - 1].strip() in ("", "```", "EOF", "'EOF'"):
            end -= 1
    return start, end


def _head(lines: Sequence[str], at: int) -> tuple[_Head, int] | None:
    """The head of a file's section that stands at a line, and how many lines it takes."""
    line = lines[at]
    match = _HEAD.fullmatch(line)
    if match is None:
        return None
    word, kind, path = match[1].lower(), match[2].lower(), _unquoted(match[3])
    if kind in _FOLDER:
        if word not in _MAKING:
            raise ToolError(f"line {at + 1}: a folder can only be added: {one_line(line)}")
        return ("folder", path, ""), 1
    if word not in _ACTIONS:
        raise ToolError(f"line {at + 1}: add, update, delete, move or copy a file: {one_line(line)}")
    return (_ACTIONS[word], path, ""), 1


def _unified_head(lines: Sequence[str], at: int, *, inside: bool) -> tuple[_Head, int] | None:
    """The same in a unified diff without an envelope: two lines, one for each version."""
    old = _UNIFIED[0].fullmatch(lines[at])
    new = _UNIFIED[1].fullmatch(lines[at + 1]) if old and at + 1 < len(lines) else None
    if old is None or new is None or (inside and not _begins_unified(lines, at + 2)):
        return None
    before, after = _unquoted(old[1]), _unquoted(new[1])
    if before == "/dev/null":
        return ("add", after, ""), 2
    if after == "/dev/null":
        return ("delete", before, ""), 2
    return ("update", before, after if after != before else ""), 2


def _begins_unified(lines: Sequence[str], at: int) -> bool:
    """Whether a hunk with its places follows: between other lines, removed ones may look like a head."""
    return at < len(lines) and bool(_PLACES.fullmatch(lines[at]))


def _unquoted(path: str) -> str:
    for sign in "`'\"":
        if len(path) > 1 and path[0] == path[-1] == sign:
            return path[1:-1]
    return path


def _file_patch(head: _Head, first: int, body: list[str]) -> FilePatch:
    action, path, target = head
    while body and (not body[0].strip() or (match := _TARGET.fullmatch(body[0]))):
        if body[0].strip() and match:
            target = _unquoted(match[2])
            action = "copy" if (match[1] or "").lower() == "copy" and action == "update" else action
        del body[0]
        first += 1
    if action == "update" and _same_head(body, path):
        del body[:2]
        first += 2
    if target and action not in ("update", "copy"):
        raise ToolError(f"{path}: only an update moves a file, and only a copy copies one")
    if action == "copy" and not target:
        raise ToolError(f"{path}: a '*** Copy to: path' line has to say where the copy goes")
    if action == "add":
        return FilePatch(action, path, "", _content(path, first, body))
    if action in ("delete", "folder"):
        # What a file held needs no telling: the review shows it.
        return FilePatch(action, path)
    hunks = tuple(_hunks(path, first, body))
    if action == "update" and not target and not hunks:
        raise ToolError(f"{path}: the update has no lines: each starts with '-', '+' or a blank")
    return FilePatch(action, path, target, "", hunks)


def _same_head(body: Sequence[str], path: str) -> bool:
    """Whether the head of a unified diff repeats which file it is."""
    if len(body) < 3 or not body[2].startswith("@@"):
        return False
    old, new = _UNIFIED[0].fullmatch(body[0]), _UNIFIED[1].fullmatch(body[1])
    return bool(old and new and old[1] == new[1] == path)


def _content(path: str, first: int, body: list[str]) -> str:
    """The text of a new file: its lines without their signs, or as they stand where none has one."""
    lines = [line for line in body if not (_FILE_END.fullmatch(line) or _NO_END.fullmatch(line))]
    if lines and _PLACES.fullmatch(lines[0]):
        del lines[0]
    while lines and not lines[-1].strip():
        lines.pop()
    if any(line.startswith("+") for line in lines):
        for number, line in enumerate(lines):
            if line.strip() and not line.startswith("+"):
                raise ToolError(f"{path}, line {first + number}: every line of a new file starts with '+'")
        lines = [line[1:] for line in lines]
    unended = any(map(_NO_END.fullmatch, body))
    return "\n".join(lines) + "\n" * bool(lines and not unended)


def _hunks(path: str, first: int, body: list[str]) -> Iterator[PatchHunk]:
    """The hunks of an update; blank lines around them belong to none."""
    draft = _Draft()
    for number, line in enumerate(body, first):
        if line.startswith("@@"):
            if draft.lines:
                yield from draft.hunk()
                draft = _Draft()
            draft.head(line)
        elif _FILE_END.fullmatch(line):
            draft.at_end = True
        elif line.startswith("***"):
            raise ToolError(f"{path}, line {number}: not understood: {one_line(line)}")
        elif not _NO_END.fullmatch(line):
            draft.lines.append(line)
    yield from draft.hunk()


class _Draft:
    """A hunk while its lines are read."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.at_end = False
        self._anchors: list[str] = []
        self._line = 0

    def head(self, line: str) -> None:
        """Take an `@@` line: the place it tells, or the line it names."""
        if match := _PLACES.fullmatch(line):
            # Lines added behind line n are told as -n,0.
            self._line = int(match[1]) + (match[2] == "0")
            text = match[3]
        else:
            text = line.removeprefix("@@").removesuffix("@@").removeprefix(" ")
        if text.strip():
            self._anchors.append(text)

    def hunk(self) -> Iterator[PatchHunk]:
        """The lines as a hunk, none where all are blank; what has no sign is context that lost its blank."""
        while self.lines and not self.lines[-1].strip():
            self.lines.pop()
        if not self.lines:
            return
        old = [line[1:] if line[:1] in ("-", " ") else line for line in self.lines if line[:1] != "+"]
        new = [line[1:] if line[:1] in ("+", " ") else line for line in self.lines if line[:1] != "-"]
        yield PatchHunk(_ended(old), _ended(new), tuple(self._anchors), self._line, self.at_end)


def _ended(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
