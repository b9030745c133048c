"""Tool calls as rows: one line each, with output below when unfolded or running."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from nanodeck.contracts.text import clean, counted, one_line
from nanodeck.contracts.views import ReviewView, ToolEntry
from nanodeck_widgets.chat.blocks import BlockDrawer
from nanodeck_widgets.chat.change import change_rows, files_of
from nanodeck_widgets.chat.margins import Margin
from nanodeck_widgets.chat.said import clock, elapsed
from nanodeck_widgets.chat.wrap import Piece, Row, plain
from nanodeck_widgets.frame import cut

PREVIEW_ROWS = 40
PREVIEW_CHARACTERS = 20_000
WIDE = 80
OUTCOME, WIDE_OUTCOME, SECONDS = 10, 14, 6
"""Cells of how a call ended, in a narrow chat and in a wide one, and of how long it took."""
LIVE_ROWS = 3
LIVE_ROWS_UNFOLDED = 12
LIVE_CHARACTERS = 4_000


class Situation(NamedTuple):
    """What a tool's row depends on besides its entry."""

    unfolded: bool = False
    now: float = 0.0
    live: str = ""
    review: ReviewView | None = None


def tool_rows(entry: ToolEntry, situation: Situation, drawer: BlockDrawer) -> list[Row]:
    """The row of a call and what stands below it."""
    rows = [_head(entry, situation, drawer)]
    if entry.state == "ended":
        rows.extend(_result(entry, situation, drawer))
        if entry.changed:
            rows.append(_below_corner(f"changed {entry.changed}", drawer))
        if situation.review is not None and situation.review.state == "applied" and entry.outcome == "ok":
            rows.extend(change_rows(entry, situation.review, drawer))
    elif situation.live:
        rows.extend(_live(situation, drawer))
    return rows


def _head(entry: ToolEntry, situation: Situation, drawer: BlockDrawer) -> Row:
    palette, glyphs = drawer.palette, drawer.glyphs
    name, blank, rest = one_line(entry.title, 500).partition(" ")
    title = [(name, palette.strong), (blank + rest, palette.text)]
    counts = _counts(entry, situation.review, drawer)
    sign = glyphs.unfolded if situation.unfolded else glyphs.folded
    return call_row(sign, title, _state(entry, situation, drawer), drawer, counts)


def call_row(
    sign: str, title: Sequence[Piece], state: list[Piece], drawer: BlockDrawer, counts: Sequence[Piece] = ()
) -> Row:
    """A row that begins with `sign`; `counts` follow its title if both fit, `state` is at its right end."""
    ellipsis = drawer.glyphs.ellipsis
    right = cut(plain(state), max(0, drawer.measure // 2), ellipsis)
    if right != plain(state):
        state = [(right, state[0][1])]
    room = max(1, drawer.measure - cell_len(right) - cell_len(sign) - 2)
    whole = plain(title)
    left = [*title, *counts]
    if cell_len(plain(left)) > room:
        kept = cut(whole, room, ellipsis)
        left = [*_first(title, len(kept) - len(ellipsis)), (ellipsis, drawer.palette.muted)]
        if kept == whole:
            left = list(title)
    gap = room + 1 - cell_len(plain(left))
    pieces = [(f"{sign} ", drawer.palette.muted), *left, (" " * max(1, gap), Style.null()), *state]
    segments = tuple(Segment(text, style) for text, style in pieces if text)
    return Row(segments, "".join(segment.text for segment in segments[1:]), cell_len(sign) + 1)


def _first(pieces: Sequence[Piece], characters: int) -> list[Piece]:
    """The first `characters` of `pieces`."""
    kept: list[Piece] = []
    for text, style in pieces:
        kept.append((text[: max(0, characters)], style))
        characters -= len(text)
    return kept


def _counts(entry: ToolEntry, review: ReviewView | None, drawer: BlockDrawer) -> list[Piece]:
    """Lines added and removed, of the call's own file where its title names one of them.

    What was written is in the summary of a call that has ended.
    """
    if review is None or review.changeset.plan or entry.state == "ended":
        return []
    own = files_of(entry, review)
    added, removed = sum(file.added for file in own), sum(file.removed for file in own)
    hunks = sum(len(file.hunks) for file in own)
    pieces: list[Piece] = [("  ", Style.null()), (f"+{added}", drawer.palette.success)]
    if removed:
        pieces.append((f" -{removed}", drawer.palette.error))
    return [*pieces, (f"  {counted(hunks, 'hunk')}", drawer.palette.muted)]


def _state(entry: ToolEntry, situation: Situation, drawer: BlockDrawer) -> list[Piece]:
    glyphs, palette = drawer.glyphs, drawer.palette
    if entry.state == "writing":
        return _alone(f"writing{glyphs.ellipsis}", palette.muted, drawer)
    if entry.state == "prepared":
        return _alone("next", palette.muted, drawer)
    if entry.state == "waiting":
        review = situation.review
        what = "waiting for you" if review is None or review.changeset.plan else "waiting for review"
        return _alone(f"{glyphs.warning} {what}", palette.attention, drawer)
    if entry.state == "running":
        since = f" {elapsed(situation.now - entry.started)}" if entry.started else ""
        return _alone(f"{glyphs.running}{since}", palette.primary, drawer)
    sign, style, word = {
        "ok": (glyphs.done, palette.success, "ok"),
        "error": (glyphs.failed, palette.error, "failed"),
        "denied": (glyphs.failed, palette.error, "denied"),
        "interrupted": (glyphs.paused, palette.muted, "interrupted"),
    }[entry.outcome]
    review = situation.review
    if review is not None and review.state in ("applied", "refused", "failed", "undone"):
        word = review.state
    return outcome(f"{sign} {one_line(entry.summary, 60) or word}", style, entry.seconds, drawer)


def outcome(told: str, style: Style, seconds: float, drawer: BlockDrawer) -> list[Piece]:
    """How a call ended and how long it took."""
    took = clock(seconds) if seconds >= 0.05 else ""
    return [(told, style), (_after(told, took, drawer), drawer.palette.muted)]


def _alone(told: str, style: Style, drawer: BlockDrawer) -> list[Piece]:
    return [(told, style), (_after(told, "", drawer), Style.null())]


def _after(told: str, seconds: str, drawer: BlockDrawer) -> str:
    """`seconds` so far behind what is `told` that all outcomes begin in one column."""
    column = WIDE_OUTCOME if drawer.measure >= WIDE else OUTCOME
    return seconds.rjust(max(column + SECONDS - cell_len(told), len(seconds) + 1 if seconds else 0))


def _result(entry: ToolEntry, situation: Situation, drawer: BlockDrawer) -> list[Row]:
    glyphs = drawer.glyphs
    if not situation.unfolded:
        if entry.outcome not in ("error", "denied") or not entry.output.strip():
            return []
        return [_below_corner(entry.output, drawer)]
    shown = clean(entry.output[:PREVIEW_CHARACTERS]).expandtabs(4).rstrip("\n")
    rows = _below(shown.split("\n") if shown else ["(no output)"], drawer)
    lines_cut = (
        entry.output.count("\n", PREVIEW_CHARACTERS) + 1 if len(entry.output) > PREVIEW_CHARACTERS else 0
    )
    if len(rows) > PREVIEW_ROWS or lines_cut:
        left = max(0, len(rows) - PREVIEW_ROWS) + lines_cut
        note = f"{glyphs.ellipsis} {left:,} more lines (o shows all)"
        rows = [*rows[:PREVIEW_ROWS], *_below([note], drawer)]
    if entry.why:
        rows.extend(_below([f"decided by: {one_line(entry.why.rule)} (w says why)"], drawer))
    return rows


def _below_corner(text: str, drawer: BlockDrawer) -> Row:
    """One line under a tool's row."""
    palette, glyphs = drawer.palette, drawer.glyphs
    line = cut(one_line(text, 500), drawer.width - 4, glyphs.ellipsis)
    return Row((Segment(f"  {glyphs.corner} ", palette.muted), Segment(line, palette.muted)), line, 4)


def _live(situation: Situation, drawer: BlockDrawer) -> list[Row]:
    limit = LIVE_ROWS_UNFOLDED if situation.unfolded else LIVE_ROWS
    text = clean(situation.live[-LIVE_CHARACTERS:]).expandtabs(4).rstrip("\n")
    # Programs that draw progress bars return to the start of the line: the last state counts.
    lines = [line.rpartition("\u240d")[2] for line in text.split("\n")[-limit:]]
    return _below(lines, drawer)[-limit:] if text else []


def _below(lines: list[str], drawer: BlockDrawer) -> list[Row]:
    """Lines behind a rail under a tool's row, cut hard so that columns stay."""
    rail = Segment(f"  {drawer.glyphs.rail} ", drawer.palette.muted)
    rows: list[Row] = []
    for line in lines:
        rows.extend(drawer.wrapped([(line, drawer.palette.muted)], [Margin(rail, rail)], words=False))
    return rows
