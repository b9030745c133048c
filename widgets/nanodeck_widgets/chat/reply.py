"""A model's reply as rows: its thinking, folded or not, and its Markdown."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style

from nanodeck.contracts.text import clean
from nanodeck.contracts.views import ReplyEntry
from nanodeck_widgets.chat.blocks import BlockDrawer
from nanodeck_widgets.chat.margins import Margin
from nanodeck_widgets.chat.said import clock
from nanodeck_widgets.chat.wrap import BLANK, Row
from nanodeck_widgets.flow import Piece

THINKING_ROWS = 2
TEXT_LIMIT = 300_000


class ReplyRows:
    """Rows of one reply, open or closed. More text may be fed while it is open."""

    def __init__(self, entry: ReplyEntry, drawer: BlockDrawer, unfolded: bool) -> None:
        self._drawer = drawer
        self._unfolded = unfolded
        self._open = entry.open
        self._texts: list[str] = []
        self._thoughts: list[str] = []
        self._length = 0
        self._seconds = 0.0
        self._notes: list[Row] = []
        self._head: list[Row] = []
        # The deck's first frame, which has no reply, does not wait for it.
        from nanodeck_widgets.chat.markdown import MarkdownRows

        self._markdown = MarkdownRows(drawer)
        self.feed(entry.text, entry.reasoning)
        if not entry.open:
            self.close(entry)

    def __len__(self) -> int:
        return len(self._head) + len(self._markdown) + len(self._notes)

    def __getitem__(self, index: int) -> Row:
        head, body = len(self._head), len(self._markdown)
        if index < head:
            row = self._head[index]
        else:
            row = self._markdown[index - head] if index < head + body else self._notes[index - head - body]
        return self._marked(row) if self._open and index == len(self) - 1 else row

    def piece(self, row: int) -> Piece:
        """What is drawn together with a row."""
        head, body = len(self._head), len(self._markdown)
        if row < head:
            return Piece(0, head, True)
        if row >= head + body:
            return Piece(head + body, len(self._notes), True)
        first, height, exact = self._markdown.piece(row - head)
        return Piece(head + first, height, exact)

    def settle(self, row: int) -> None:
        """Draw the piece of a row of the Markdown."""
        self._markdown.settle(row - len(self._head))

    @property
    def text(self) -> str:
        """The Markdown so far."""
        return "".join(self._texts)

    @property
    def reasoning(self) -> str:
        """The thinking so far."""
        return "".join(self._thoughts)

    @property
    def stale(self) -> bool:
        """Whether a part of the text is not drawn yet."""
        return self._markdown.stale

    def feed(self, text: str, reasoning: str) -> int:
        """Take more of the reply; returns the first row that is not as it was."""
        # The mark of the open end moves, so the row that had it changes too.
        first = max(0, len(self) - 1)
        if reasoning:
            self._thoughts.append(reasoning)
        if text:
            self._texts.append(text)
            room = max(0, TEXT_LIMIT - self._length)
            self._length += len(text)
            changed = self._markdown.feed(text[:room])
            first = min(first, len(self._head) + changed)
        if (reasoning or (text and len(self._texts) == 1)) and (head := self._thinking()) != self._head:
            self._head, first = head, 0
        self._notes = [] if len(self._head) + len(self._markdown) or not self._open else [BLANK]
        return first

    def flush(self) -> int:
        """Draw what was put off; returns the first row that is not as it was."""
        last = max(0, len(self) - 1)
        return min(last, len(self._head) + self._markdown.flush())

    def close(self, entry: ReplyEntry) -> int:
        """The reply is over; returns the first row that is not as it was."""
        last = max(0, len(self) - 1)
        self._open = False
        self._seconds = entry.thought
        first = len(self._head) + self._markdown.finish()
        self._notes = []
        if self._length > TEXT_LIMIT:
            self._note(f"{self._length - TEXT_LIMIT:,} more characters are not drawn: /copy has them")
        if entry.cut:
            self._note("cut off: this reply did not end properly")
        head = self._thinking()
        if head != self._head:
            self._head, first = head, 0
        return min(first, last)

    def _note(self, text: str) -> None:
        style = self._drawer.palette.warning
        self._notes.extend(self._drawer.wrapped([(f"{self._drawer.glyphs.warning} {text}", style)]))

    def _marked(self, row: Row) -> Row:
        sign, style = self._drawer.glyphs.stream, self._drawer.palette.primary
        *others, last = row.segments or (Segment(""),)
        if others and not last.text.strip():
            # The filling of a row of code gives way, so that the mark follows the text.
            ground = last.style or Style.null()
            end = (Segment(sign, ground + style), Segment(last.text[1:], ground))
            return Row((*others, *end), row.text, row.indent, row.glue)
        if row.cells >= self._drawer.width:
            return row
        return Row((*row.segments, Segment(sign, style)), row.text, row.indent, row.glue)

    def _thinking(self) -> list[Row]:
        if not self._thoughts:
            return []
        if self._unfolded:
            rows = self._thought(self.reasoning)
        elif self._texts or not self._open:
            rows = self._thought(f"{self._lasted()} (ctrl+o)")
        else:
            recent = "".join(self._thoughts[-64:])[-4 * self._drawer.width :]
            rows = [*self._thought("thinking"), *self._thought(recent)[-THINKING_ROWS:]]
        return [*rows, BLANK] if self._texts else rows

    def _lasted(self) -> str:
        """What is said of thinking that is folded away."""
        if self._open and not self._texts:
            return f"thinking {self._drawer.glyphs.ellipsis}"
        return f"thought for {clock(self._seconds)}" if self._seconds else "thought"

    def _thought(self, text: str) -> list[Row]:
        palette = self._drawer.palette
        rail = Segment(f"{self._drawer.glyphs.rail} ", palette.muted)
        rows: list[Row] = []
        for line in clean(text[-TEXT_LIMIT:]).expandtabs(4).strip("\n").split("\n"):
            rows.extend(self._drawer.wrapped([(line, palette.quote)], [Margin(rail, rail)]))
        return rows


def estimated_rows(entry: ReplyEntry, width: int) -> int:
    """About how many rows a reply takes, without drawing it."""
    text = entry.text
    rows = text.count("\n") + len(text) // max(1, width) + 1 if text else 0
    return rows + (1 + bool(text) if entry.reasoning else 0) + entry.cut


def is_silent(entry: ReplyEntry) -> bool:
    """Whether a reply has nothing to show: it only called tools."""
    if entry.open or entry.cut:
        return False
    return all(not text or text.isspace() for text in (entry.text, entry.reasoning))
