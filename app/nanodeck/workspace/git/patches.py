"""What `git diff -z --raw --patch` prints, as file diffs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count

from msgspec import Struct

from nanodeck.contracts.changes import ChangeKind, Encoding, FileDiff, Hunk
from nanodeck.workspace.encoding import encoding_of
from nanodeck.workspace.modes import told

_KINDS: dict[str, ChangeKind] = {"A": "created", "D": "deleted", "R": "renamed", "C": "copied"}
_SECTION = re.compile(rb"^diff --git .*$", re.MULTILINE)
_HUNKS = re.compile(rb"^@@ ", re.MULTILINE)
_BINARY = re.compile(rb"^Binary files ", re.MULTILINE)
_QUOTED = re.compile(rb'[\x00-\x1f\x7f"\\]')
_ESCAPES = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}


class GitFile(Struct, frozen=True):
    """One file of a diff of git's; `blobs` are the ids of its versions where they are no text."""

    diff: FileDiff
    blobs: tuple[str, str] | None = None


class _Entry(Struct, frozen=True):
    """One line of the raw part; a mode of 0 and an id of zeros mean that there is no such version."""

    status: str
    modes: tuple[int, int]
    blobs: tuple[str, str]
    old_path: bytes
    path: bytes

    @property
    def heading(self) -> bytes:
        """How its section of the patch begins."""
        return b"diff --git %s %s" % (_spelled(b"a/" + self.old_path), _spelled(b"b/" + self.path))


def parse_diff(output: bytes) -> list[GitFile]:
    """The files in the order git names them; what is not merged is left out."""
    raw, _, patch = output.partition(b"\0\0")
    places = list(_SECTION.finditer(patch))
    ends = [*(place.start() for place in places[1:]), len(patch)]
    sections: dict[bytes, list[bytes]] = {}
    for place, end in zip(places, ends, strict=False):
        sections.setdefault(place.group(), []).append(patch[place.end() + 1 : end])
    entries = (entry for entry in _entries(raw) if entry.status != "U")
    return [_file(entry, sections.get(entry.heading, [])) for entry in entries]


def _entries(raw: bytes) -> Iterator[_Entry]:
    fields = iter(raw.split(b"\0"))
    for head in fields:
        if not head:
            return
        old_mode, new_mode, old_blob, new_blob, status = head.decode().removeprefix(":").split(" ")
        old_path = path = next(fields)
        if status[0] in "RC":
            path = next(fields)
        modes = int(old_mode, 8), int(new_mode, 8)
        yield _Entry(status[0], modes, (old_blob, new_blob), old_path, path)


def _file(entry: _Entry, sections: Sequence[bytes]) -> GitFile:
    """A file of which one kind became another has two sections, all others one."""
    texts = [section[found.start() :] for section in sections if (found := _HUNKS.search(section))]
    encoding = encoding_of(b"".join(texts))
    kind = _KINDS.get(entry.status, "modified")
    binary = any(_BINARY.search(section) for section in sections if not _HUNKS.search(section))
    modes, note = told(*entry.modes)
    numbers = count(1)
    alone = binary or modes or not texts or kind in ("renamed", "copied")
    hunks = [Hunk(next(numbers), 0, 0, 0, 0, "", "")] if alone else []
    hunks += [hunk for text in texts for hunk in _hunks(text, encoding, numbers)]
    diff = FileDiff(
        path=_shown(entry.path),
        kind=kind,
        hunks=tuple(hunks),
        added=sum(hunk.added for hunk in hunks),
        removed=sum(hunk.removed for hunk in hunks),
        note=note,
        encoding=encoding,
        old_path=_shown(entry.old_path) if entry.old_path != entry.path else "",
        modes=modes,
    )
    return GitFile(diff, entry.blobs if binary else None)


def _hunks(text: bytes, encoding: Encoding, numbers: Iterator[int]) -> Iterator[Hunk]:
    # Loaded where there is a patch, not before the first frame.
    from unidiff.patch import PatchSet

    # The names are known already, and git's may be spelled in ways that a parser does not expect.
    for file in PatchSet("--- a\n+++ b\n" + text.decode(encoding, "replace")):
        for hunk in file:
            body = "".join(map(str, hunk)).removesuffix("\n")
            old, new = (hunk.source_start, hunk.source_length), (hunk.target_start, hunk.target_length)
            yield Hunk(next(numbers), *old, *new, hunk.section_header.strip(), body)


def _spelled(name: bytes) -> bytes:
    """`name` as a patch spells it: in quotes and escaped where it has to be."""
    if not _QUOTED.search(name):
        return name
    return b'"%s"' % _QUOTED.sub(_escaped, name)


def _escaped(found: re.Match[bytes]) -> bytes:
    code = found.group()[0]
    return f"\\{_ESCAPES.get(code) or format(code, '03o')}".encode()


def _shown(path: bytes) -> str:
    return path.decode("utf-8", "backslashreplace")
