"""From two versions of a file to hunks, each with the byte spans it replaces; splitting them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from msgspec import Struct

from nanodeck.contracts.changes import ChangeKind, Encoding, FileDiff, Hunk
from nanodeck.core.review.alignment import Range, changed_ranges
from nanodeck.core.review.text import shared_mark, shown, split_lines

CONTEXT = 3
NO_NEWLINE = "\\ No newline at end of file"
_SECTION_LIMIT = 80

_CODE_SECTION = re.compile(
    rb"[ \t]*(?:(?:export|default|pub(?:\([a-z]+\))?|public|private|protected|static|abstract|final|async)"
    rb" +)*(?:def|class|func|function|fn|interface|struct|enum|trait|impl|module|namespace)[ *]+[\w(<$]"
)
_PROSE_SECTION = re.compile(rb"#{1,6} +\S")
_TABLE_SECTION = re.compile(rb"[ \t]*\[[^\]]+\]")


class Cut(Struct, frozen=True):
    """Where one hunk stands: `old_from..old_to` becomes `new_from..new_to` (bytes, context included).

    `ranges` are the changed lines in it, counted from its own first line.
    """

    old_from: int
    old_to: int
    new_from: int
    new_to: int
    ranges: tuple[Range, ...]


def diff_file(
    path: str, old: bytes | None, new: bytes | None, note: str, encoding: Encoding = "utf-8"
) -> tuple[FileDiff, tuple[Cut, ...]]:
    """What happens to one file, with the cut of each hunk in the order of the hunks.

    Creating and deleting a file is one hunk, also when the file is empty. A byte order mark that stays
    belongs to no hunk.
    """
    kind: ChangeKind = "created" if old is None else "deleted" if new is None else "modified"
    mark = len(shared_mark(old or b"", new or b"", encoding)) if kind == "modified" else 0
    old_lines, new_lines = (
        split_lines((old or b"")[mark:], encoding),
        split_lines((new or b"")[mark:], encoding),
    )
    groups: list[list[Range]]
    if kind == "modified":
        groups = list(_groups(changed_ranges(old_lines, new_lines)))
    else:
        groups = [[(0, len(old_lines), 0, len(new_lines))]]
    sections = _sections(path, old_lines, [group[0][0] for group in groups])
    old_at = list(accumulate(map(len, old_lines), initial=mark))
    new_at = list(accumulate(map(len, new_lines), initial=mark))
    hunks: list[Hunk] = []
    cuts: list[Cut] = []
    for number, (group, section) in enumerate(zip(groups, sections, strict=True), start=1):
        a, b, c, d = _with_context(group, len(old_lines))
        ranges = tuple((i - a, j - a, k - c, m - c) for i, j, k, m in group)
        cuts.append(Cut(old_at[a], old_at[b], new_at[c], new_at[d], ranges))
        hunks.append(_hunk(number, section, (a, c), ranges, old_lines[a:b], new_lines[c:d], encoding))
    diff = FileDiff(
        path=path,
        kind=kind,
        hunks=tuple(hunks),
        added=sum(hunk.added for hunk in hunks),
        removed=sum(hunk.removed for hunk in hunks),
        note=note,
        encoding=encoding,
    )
    return diff, tuple(cuts)


def split_hunk(
    hunk: Hunk, cut: Cut, old: Sequence[bytes], new: Sequence[bytes], first_id: int, encoding: Encoding
) -> list[tuple[Hunk, Cut]]:
    """`hunk` at the context lines between its changes; `old` and `new` are its own lines.

    The context between two changes is shared out between them. One change alone stays one hunk.
    """
    ranges = cut.ranges
    starts = [
        0,
        *((before[1] + after[0] + 1) // 2 for before, after in pairwise(ranges)),
    ]
    ends = [*starts[1:], len(old)]
    old_at, new_at = [0, *accumulate(map(len, old))], [0, *accumulate(map(len, new))]
    first = (hunk.old_start - (hunk.old_count > 0), hunk.new_start - (hunk.new_count > 0))
    parts = []
    for number, (changed, a, b) in enumerate(zip(ranges, starts, ends, strict=True)):
        # Context is equal on both sides, so what lies around a change is as far away on either.
        c, d = changed[2] - (changed[0] - a), changed[3] + (b - changed[1])
        own = ((changed[0] - a, changed[1] - a, changed[2] - c, changed[3] - c),)
        place = (first[0] + a, first[1] + c)
        part = _hunk(first_id + number, hunk.section, place, own, old[a:b], new[c:d], encoding)
        where = Cut(
            cut.old_from + old_at[a],
            cut.old_from + old_at[b],
            cut.new_from + new_at[c],
            cut.new_from + new_at[d],
            own,
        )
        parts.append((part, where))
    return parts


def _hunk(
    number: int,
    section: str,
    first: tuple[int, int],
    ranges: Sequence[Range],
    old: Sequence[bytes],
    new: Sequence[bytes],
    encoding: Encoding,
) -> Hunk:
    """A hunk of the lines `old` and `new`, the first of which stand at the 0-based lines `first`."""
    return Hunk(
        id=number,
        old_start=first[0] + bool(old),
        old_count=len(old),
        new_start=first[1] + bool(new),
        new_count=len(new),
        section=section,
        body=_body(ranges, old, new, encoding),
    )


def _groups(ranges: list[Range]) -> Iterator[list[Range]]:
    """Changes whose contexts would touch belong to one hunk."""
    group: list[Range] = []
    for part in ranges:
        if group and part[0] - group[-1][1] > 2 * CONTEXT:
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _with_context(group: list[Range], old_total: int) -> Range:
    """The range of a hunk; context is equal on both sides, so one count serves both."""
    before = min(CONTEXT, group[0][0])
    after = min(CONTEXT, old_total - group[-1][1])
    return group[0][0] - before, group[-1][1] + after, group[0][2] - before, group[-1][3] + after


def _body(ranges: Sequence[Range], old: Sequence[bytes], new: Sequence[bytes], encoding: Encoding) -> str:
    pieces: list[str] = []
    at = 0
    for a, b, c, d in ranges:
        pieces += _signed(" ", old[at:a], encoding)
        pieces += _signed("-", old[a:b], encoding)
        pieces += _signed("+", new[c:d], encoding)
        at = b
    pieces += _signed(" ", old[at:], encoding)
    return "\n".join(pieces)


def _signed(sign: str, lines: Sequence[bytes], encoding: Encoding) -> Iterator[str]:
    """Lines as unified text in one piece."""
    if not lines:
        return
    text = shown(b"".join(lines), encoding)
    ended = text.endswith("\n")
    yield sign + (text[:-1] if ended else text).replace("\n", "\n" + sign)
    if not ended:
        yield NO_NEWLINE


def _sections(path: str, lines: Sequence[bytes], changes: Sequence[int]) -> Iterator[str]:
    """For each change (first changed line, ascending) the heading above it."""
    pattern = _section_pattern(path)
    at = 0
    section = ""
    for change in changes:
        for index in range(change - 1, at - 1, -1):
            if pattern.match(lines[index]):
                section = _section_text(lines[index])
                break
        at = max(at, change)
        yield section


def _section_pattern(path: str) -> re.Pattern[bytes]:
    suffix = path.rpartition(".")[2].lower()
    if suffix in ("md", "markdown"):
        return _PROSE_SECTION
    return _TABLE_SECTION if suffix in ("toml", "ini", "cfg") else _CODE_SECTION


def _section_text(line: bytes) -> str:
    text = line[: _SECTION_LIMIT * 4].decode("utf-8", errors="replace").strip().rstrip(" :{")
    return text if len(text) <= _SECTION_LIMIT else text[: _SECTION_LIMIT - 1] + "…"
