"""Notices and ends of turns as rows, and how counts and times are written."""

from __future__ import annotations

from rich.segment import Segment

from nanodeck.contracts.text import clean, one_line
from nanodeck.contracts.views import NoticeEntry, TurnEntry
from nanodeck_widgets.chat.blocks import BlockDrawer
from nanodeck_widgets.chat.margins import Margin
from nanodeck_widgets.chat.wrap import Row

TEXT_LIMIT = 100_000
ENDS = {
    "interrupted": "interrupted",
    "error": "ended by an error",
    "max-turns": "ended: the limit of turns is reached",
    "stopped": "stopped",
}
NEXT = {
    "interrupted": "say what to do instead, or “go on”",
    "error": "“go on” tries again, /model takes another model",
    "max-turns": "“go on” gives it as many model calls again",
    "stopped": "say what to do instead, or “go on”",
}


def notice_rows(entry: NoticeEntry, drawer: BlockDrawer) -> list[Row]:
    """A notice behind the sign of its level, what to do below."""
    palette, glyphs = drawer.palette, drawer.glyphs
    style, sign = {
        "info": (palette.muted, glyphs.dot),
        "warning": (palette.warning, glyphs.warning),
        "error": (palette.error, glyphs.failed),
    }[entry.level]
    margin = Margin(Segment(f"{sign} ", style), Segment("  "))
    rows: list[Row] = []
    for line in clean(entry.text[:TEXT_LIMIT]).expandtabs(4).strip("\n").split("\n"):
        rows.extend(drawer.wrapped([(line, style)], [margin]))
    if entry.advice:
        rows.extend(_advice(clean(entry.advice), drawer))
    return rows


def turn_rows(entry: TurnEntry, drawer: BlockDrawer, *, last: bool) -> list[Row]:
    """One dim line: tokens, time, and why the turn ended if it did not by itself; at the end what to do.

    Nobody knows how long a turn took that ended with the process.
    """
    usage, dot = entry.usage, f" {drawer.glyphs.dot} "
    parts: list[str] = []
    if usage.input or usage.output:
        cached = f" ({short(usage.cached)} cached)" if usage.cached else ""
        parts = [f"{short(usage.input)} in{cached}", f"{short(usage.output)} out"]
    if entry.seconds or entry.end == "done":
        parts.append(clock(entry.seconds))
    pieces = [(dot.join(parts), drawer.palette.muted)]
    if entry.end != "done":
        style = drawer.palette.error if entry.end == "error" else drawer.palette.text
        # An error stands right above, as a notice with its advice.
        told = entry.end == "error"
        detail = f": {one_line(entry.detail)}" if entry.detail and not told else ""
        sign = drawer.glyphs.failed if entry.end == "error" else drawer.glyphs.paused
        why = f"{sign} {ENDS[entry.end]}{detail}"
        pieces = [(why, style), (dot.join(("", *parts)), drawer.palette.muted)]
    rows = drawer.wrapped(pieces)
    if last and entry.end in NEXT:
        rows.extend(_advice(NEXT[entry.end], drawer))
    return rows


def _advice(text: str, drawer: BlockDrawer) -> list[Row]:
    arrow = Margin(Segment(f"  {drawer.glyphs.arrow} ", drawer.palette.muted), Segment("    "))
    return drawer.wrapped([(text, drawer.palette.text)], [arrow])


def short(tokens: int) -> str:
    """A count in at most four characters: 940, 3.1k, 49k, 1.2M."""
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if tokens >= size:
            amount = tokens / size
            return f"{amount:.1f}{unit}" if amount < 9.95 else f"{amount:.0f}{unit}"
    return str(tokens)


def clock(seconds: float) -> str:
    """A duration: 0.4s, 12s, 1:10, 1:02:03."""
    if seconds < 10:
        return f"{seconds:.1f}s"
    whole = int(seconds)
    if whole < 60:
        return f"{whole}s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def elapsed(seconds: float) -> str:
    """A running time, in steps of a second: 0:42."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
