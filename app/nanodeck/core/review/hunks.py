"""Hunks as values: changed lines of two versions of a file, with context, numbers and byte spans."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from msgspec import Struct

from nanodeck.contracts.changes import Encoding, Hunk
from nanodeck.core.review.alignment import Range
from nanodeck.core.review.text import shown

CONTEXT = 3
NO_NEWLINE = "\\ No newline at end of file"
_SECTION_LIMIT = 80

_CODE_SECTION = re.compile(
    rb"[ \t]*(?:(?:export|default|pub(?:\([a-z]+\))?|public|private|protected|static|abstract|final|async)"
    rb" +)*(?:def|class|func|function|fn|interface|struct|enum|trait|impl|module|namespace)[ *]+[\w(<$]"
)
_PROSE_SECTION = re.compile(rb"#{1,6} +\S")
_TABLE_SECTION = re.compile(rb"[ \t]*\[[^\]]+\]")


class Part(Struct, frozen=True):
    """The lines of one hunk: old ones of `ranges` become the new ones; none for what is about the file."""

    id: int
    ranges: tuple[Range, ...]


class Cut(Struct, frozen=True):
    """Where one hunk stands: `old_from..old_to` becomes `new_from..new_to` (bytes, context included).

    `ranges` are the changed lines in it, counted from its own first line.
    """

    old_from: int = 0
    old_to: int = 0
    new_from: int = 0
    new_to: int = 0
    ranges: tuple[Range, ...] = ()


class Version(Struct, frozen=True):
    """One version of a file: its lines, and the byte at which the first of them begins."""

    lines: Sequence[bytes]
    begin: int = 0


def parts_of(ranges: Sequence[Range], first_id: int) -> Iterator[Part]:
    """Changes whose contexts would touch belong to one hunk."""
    group: list[Range] = []
    for part in ranges:
        if group and part[0] - group[-1][1] > 2 * CONTEXT:
            yield Part(first_id, tuple(group))
            first_id += 1
            group = []
        group.append(part)
    if group:
        yield Part(first_id, tuple(group))


def draw_hunks(
    path: str, parts: Sequence[Part], old: Version, new: Version, encoding: Encoding
) -> list[tuple[Hunk, Cut]]:
    """`parts` in order as hunks, each with its cut; the context between two is shared out between them."""
    spans = _spans(parts, len(old.lines))
    sections = _sections(path, old.lines, [part.ranges[0][0] for part in parts])
    old_at = list(accumulate(map(len, old.lines), initial=old.begin))
    new_at = list(accumulate(map(len, new.lines), initial=new.begin))
    drawn = []
    for part, (a, b, c, d), section in zip(parts, spans, sections, strict=True):
        ranges = tuple((i - a, j - a, k - c, m - c) for i, j, k, m in part.ranges)
        body = _body(ranges, old.lines[a:b], new.lines[c:d], encoding)
        hunk = Hunk(part.id, a + (b > a), b - a, c + (d > c), d - c, section, body)
        drawn.append((hunk, Cut(old_at[a], old_at[b], new_at[c], new_at[d], ranges)))
    return drawn


def changed_places(hunk: Hunk) -> list[int]:
    """Which lines of a hunk's body are added or removed ones."""
    return [place for place, line in enumerate(hunk.body.split("\n")) if line[:1] in ("+", "-")]


def old_lines(hunk: Hunk, encoding: Encoding) -> list[bytes]:
    """The lines that a hunk takes the place of, context included."""
    lines: list[str] = []
    sign = ""
    for line in hunk.body.split("\n"):
        if line == NO_NEWLINE and sign in (" ", "-"):
            lines[-1] = lines[-1][:-1]
        sign = line[:1]
        if sign in (" ", "-") and sign:
            lines.append(f"{line[1:]}\n")
    return [line.encode(encoding, "replace") for line in lines]


def _spans(parts: Sequence[Part], total: int) -> Iterator[Range]:
    """The lines of each part with its context, which is equal on both sides."""
    ends = [(part.ranges[0], part.ranges[-1]) for part in parts]
    gaps = [later[0][0] - earlier[1][1] for earlier, later in pairwise(ends)]
    after = [min(CONTEXT, (gap + 1) // 2) for gap in gaps]
    before = [min(CONTEXT, gap - taken) for gap, taken in zip(gaps, after, strict=True)]
    if ends:
        before.insert(0, min(CONTEXT, ends[0][0][0]))
        after.append(min(CONTEXT, total - ends[-1][1][1]))
    for (first, last), lead, tail in zip(ends, before, after, strict=True):
        yield first[0] - lead, last[1] + tail, first[2] - lead, last[3] + tail


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
