"""From two versions of a file to hunks, each with the byte spans it replaces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from msgspec import Struct

from nanodeck.contracts.changes import ChangeKind, FileDiff, Hunk
from nanodeck.core.review.alignment import Range, changed_ranges, split_lines

CONTEXT = 3
NO_NEWLINE = "\\ No newline at end of file"
_SECTION_LIMIT = 80

_CODE_SECTION = re.compile(
    rb"[ \t]*(?:(?:export|default|pub(?:\([a-z]+\))?|public|private|protected|static|abstract|final|async)"
    rb" +)*(?:def|class|func|function|fn|interface|struct|enum|trait|impl|module|namespace)[ *]+[\w(<$]"
)
_PROSE_SECTION = re.compile(rb"#{1,6} +\S")
_TABLE_SECTION = re.compile(rb"[ \t]*\[[^\]]+\]")


class Span(Struct, frozen=True):
    """Byte ranges of one hunk, context included: `old_from..old_to` becomes `new_from..new_to`."""

    old_from: int
    old_to: int
    new_from: int
    new_to: int


def diff_file(
    path: str, old: bytes | None, new: bytes | None, note: str
) -> tuple[FileDiff, tuple[Span, ...]]:
    """What happens to one file, with the span of each hunk in the order of the hunks.

    Creating and deleting a file is one hunk, also when the file is empty.
    """
    kind: ChangeKind = "created" if old is None else "deleted" if new is None else "modified"
    old_lines, new_lines = split_lines(old or b""), split_lines(new or b"")
    groups: list[list[Range]]
    if kind == "modified":
        groups = list(_groups(changed_ranges(old_lines, new_lines)))
    else:
        groups = [[(0, len(old_lines), 0, len(new_lines))]]
    sections = _sections(path, old_lines, [group[0][0] for group in groups])
    old_at = [0, *accumulate(map(len, old_lines))]
    new_at = [0, *accumulate(map(len, new_lines))]
    hunks: list[Hunk] = []
    spans: list[Span] = []
    for number, (group, section) in enumerate(zip(groups, sections, strict=True), start=1):
        a, b, c, d = _with_context(group, len(old_lines))
        hunks.append(
            Hunk(
                id=number,
                old_start=a + (b > a),
                old_count=b - a,
                new_start=c + (d > c),
                new_count=d - c,
                section=section,
                body=_body(group, (a, b, c, d), old_lines, new_lines),
            )
        )
        spans.append(Span(old_at[a], old_at[b], new_at[c], new_at[d]))
    diff = FileDiff(
        path=path,
        kind=kind,
        hunks=tuple(hunks),
        added=sum(hunk.added for hunk in hunks),
        removed=sum(hunk.removed for hunk in hunks),
        note=note,
    )
    return diff, tuple(spans)


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


def _body(group: list[Range], whole: Range, old: Sequence[bytes], new: Sequence[bytes]) -> str:
    pieces: list[str] = []
    at = whole[0]
    for a, b, c, d in group:
        pieces += _signed(" ", old[at:a])
        pieces += _signed("-", old[a:b])
        pieces += _signed("+", new[c:d])
        at = b
    pieces += _signed(" ", old[at : whole[1]])
    return "\n".join(pieces)


def _signed(sign: str, lines: Sequence[bytes]) -> Iterator[str]:
    """Lines as unified text in one piece; bytes that are not UTF-8 are replaced, for showing only."""
    if not lines:
        return
    text = b"".join(lines).decode("utf-8", errors="replace")
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
