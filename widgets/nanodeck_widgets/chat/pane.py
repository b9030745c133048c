"""The chat pane: the transcript of one agent, streaming at its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from nanodeck.contracts.text import counted
from nanodeck.contracts.views import Entry, ReplyEntry, ReviewView, SaidEntry, ToolEntry
from nanodeck_widgets.chat.inline import LINK
from nanodeck_widgets.chat.preload import preload
from nanodeck_widgets.chat.transcript import Transcript, searchable
from nanodeck_widgets.chat.welcome import welcome_rows
from nanodeck_widgets.chat.wrap import Row
from nanodeck_widgets.flow import FlowPane
from nanodeck_widgets.strips import Span

TICK = 1.0
FLUSH_AFTER = 0.2


class ChatPane(FlowPane):
    """Draws entries as they are put, and more text of the open reply as it is streamed."""

    PLACE = "chat"

    class OutputWanted(Message):
        """The person wants to see the whole output of a call."""

        def __init__(self, call_id: str) -> None:
            super().__init__()
            self.call_id = call_id

    class WhyWanted(Message):
        """The person wants to know what decided on a call."""

        def __init__(self, call_id: str) -> None:
            super().__init__()
            self.call_id = call_id

    class ReviewWanted(Message):
        """The person wants to see a changeset that waits."""

        def __init__(self, changeset: str) -> None:
            super().__init__()
            self.changeset = changeset

    class LinkOpened(Message):
        """The person clicked on a link; nothing is fetched here."""

        def __init__(self, target: str) -> None:
            super().__init__()
            self.target = target

    def __init__(
        self,
        title: str = "Chat",
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(title, id=id, classes=classes)
        self.about = ""
        self._now = now
        self._transcript = Transcript()
        self._styled: object = None
        self._timed: dict[str, int] = {}
        self._calls: dict[str, int] = {}
        self._cursor: int | None = None
        self._new_rows = 0
        self._ticker: Timer | None = None
        self._flusher: Timer | None = None
        self.follow = True

    # What the deck says.

    def reset(self, entries: Iterable[Entry]) -> None:
        """Show another transcript, at its end."""
        self._transcript.reset(entries)
        self._timed, self._calls, self._cursor, self._new_rows = {}, {}, None, 0
        for position, entry in enumerate(self._transcript.entries):
            if isinstance(entry, ToolEntry):
                self._watch_call(position, entry)
        self.selector.clear()
        self.follow = True
        self.rows_changed(0)

    def put(self, position: int, entry: Entry) -> None:
        """Append an entry at the end or replace one."""
        transcript = self._transcript
        if position > len(transcript.entries):
            raise IndexError(f"entry {position} of {len(transcript.entries)}")
        self._watch_call(position, entry)
        if isinstance(entry, SaidEntry):
            preload()
        if position < len(transcript.entries):
            self._change(position, lambda: transcript.replace(position, entry))
            return
        before = self.row_count
        first = transcript.append(entry)
        if len(transcript.entries) == 1:
            self.rows_changed(0)
            return
        self._grew(self.row_count - before)
        self.rows_changed(first)

    def stream(self, reply_id: str, text: str, reasoning: str = "") -> None:
        """More text of an open reply; merged, at most once a frame."""
        transcript = self._transcript
        position = transcript.place_of(reply_id)
        if position is None:
            return
        self._change(position, lambda: transcript.feed(reply_id, text, reasoning))
        if transcript.stale and self._flusher is None and self.is_attached:
            self._flusher = self.set_timer(FLUSH_AFTER, self._flush)

    def output(self, call_id: str, text: str) -> None:
        """More live output of a running call."""
        position = self._calls.get(call_id)
        if position is not None:
            self._change(position, partial(self._redrawn, position, text))

    def review(self, view: ReviewView) -> None:
        """What became of a changeset, for the rows of its edits."""
        for position in self._transcript.review(view):
            self._change(position, partial(self._redrawn, position))

    # What `Pane` asks.

    def count(self, width: int) -> int:
        if not self.is_attached:
            return 0
        self._fit(width)
        return self._transcript.rows if self._transcript.entries else len(self._welcome)

    def build(self, row: int, width: int) -> Strip:
        return Strip(self._row(row).segments)

    def text(self, row: int) -> str:
        return self._row(row).text

    def indent(self, row: int) -> int:
        return self._row(row).indent

    def glue(self, row: int) -> str:
        return self._row(row).glue

    def spans(self, row: int) -> tuple[Span, ...]:
        spans = super().spans(row)
        if self._cursor is None or row != self._head_row(self._cursor):
            return spans
        return (Span(0, self.inner_width, self.palette.cursor), *spans)

    @property
    def bottom_line(self) -> str:
        if not self.finder.typing and not self.follow and self._new_rows:
            lines = counted(self._new_rows, "new line")
            return f"{self.glyphs.down} {lines} {self.glyphs.dot} end to follow"
        return super().bottom_line

    def forget_drawing(self) -> None:
        super().forget_drawing()
        self._styled = None

    @property
    def flow(self) -> Transcript:
        return self._transcript

    def settle(self) -> None:
        """Draw the entries in view, so that their heights are known."""
        self._fit(self.inner_width)
        if self.follow:
            self._new_rows = 0
        super().settle()

    def may_hit(self, index: int, hits: Callable[[str], bool]) -> bool:
        """Entries that were never drawn are looked through in their source."""
        entry = self._transcript.entries[index]
        return (isinstance(entry, ReplyEntry) and entry.open) or hits(searchable(entry))

    # What the person does.

    def on_mount(self) -> None:
        if self._timed:
            self._start_ticker()

    def unfold_all(self) -> None:
        """Fold or unfold all tool output and thinking."""
        self.selector.clear()
        self._keep_place(self._transcript.toggle_all)

    def action_next_call(self) -> None:
        self._go_to_entry(1)

    def action_previous_call(self) -> None:
        self._go_to_entry(-1)

    def _go_to_entry(self, step: int) -> None:
        """Move to the next or previous entry that can be folded."""
        transcript = self._transcript
        if not transcript.entries:
            return
        at = self._cursor if self._cursor is not None else self._last_seen() + (step < 0)
        at += step
        while 0 <= at < len(transcript.entries) and not transcript.foldable(at):
            at += step
        if 0 <= at < len(transcript.entries):
            self._cursor = at
            self.settle_entry(at)
            self.show_row(self._head_row(at))
            self.refresh()

    def action_open(self) -> None:
        """Fold or unfold the entry under the cursor, or else the last one in view."""
        if (at := self._under_cursor(self._transcript.foldable)) >= 0:
            self._open(at)

    def action_output(self) -> None:
        """Ask for the whole output of the call under the cursor, or else of the last one in view."""
        if call := self._call_under_cursor():
            self.post_message(self.OutputWanted(call))

    def action_why(self) -> None:
        """Ask what decided on the call under the cursor, or else on the last one in view."""
        if call := self._call_under_cursor():
            self.post_message(self.WhyWanted(call))

    async def on_click(self, event: events.Click) -> None:
        if self.selector.dragged or event.chain != 1:
            return
        if (target := event.style.meta.get(LINK)) is not None:
            self.post_message(self.LinkOpened(str(target)))
            return
        row = self.top + event.y - 1
        if not 0 < event.y <= self.view_height or not 0 <= row < self._transcript.rows:
            return
        index, _ = self._transcript.locate(row)
        entry = self._transcript.entries[index]
        if row == self._head_row(index) and (
            isinstance(entry, ToolEntry) or (isinstance(entry, ReplyEntry) and entry.reasoning)
        ):
            self._cursor = index
            self._open(index)

    # Inside.

    @property
    def _welcome(self) -> list[Row]:
        return welcome_rows(self.inner_width, self.palette, self.glyphs, self.about)

    def _row(self, row: int) -> Row:
        return self._transcript.row(row) if self._transcript.entries else self._welcome[row]

    def _head_row(self, index: int) -> int:
        return self._transcript.first_row(index) + self._transcript.gap(index)

    def _under_cursor(self, wanted: Callable[[int], bool]) -> int:
        """The nearest entry that is `wanted`, from the cursor or the last one in view up; else -1."""
        at = self._cursor if self._cursor is not None else self._last_seen()
        while at >= 0 and not wanted(at):
            at -= 1
        return at

    def _call_under_cursor(self) -> str:
        entries = self._transcript.entries
        at = self._under_cursor(lambda index: isinstance(entries[index], ToolEntry))
        return entries[at].id if at >= 0 else ""

    def _last_seen(self) -> int:
        row = min(self.top + self.view_height, self.row_count) - 1
        return self._transcript.locate(row)[0] if row >= 0 and self._transcript.entries else -1

    def _open(self, index: int) -> None:
        entry = self._transcript.entries[index]
        if isinstance(entry, ToolEntry) and entry.state == "waiting" and entry.changeset:
            self.post_message(self.ReviewWanted(entry.changeset))
            return

        def toggled() -> int:
            self._transcript.toggle(index)
            return self._transcript.first_row(index)

        self._change(index, toggled)

    def _fit(self, width: int) -> None:
        styles = (width, self.palette)
        # A pane that is not shown has no width; what it looked like still holds.
        if self._styled != styles and self.outer_size.width:
            self._styled = styles
            self._keep_place(lambda: self._transcript.lay_out(width, self.palette, self.glyphs))

    def _keep_place(self, change: Callable[[], None]) -> None:
        """Do something that changes every height, and go on showing the same entry."""
        transcript = self._transcript
        index, offset = transcript.locate(min(self._top, transcript.rows - 1)) if transcript.rows else (0, 0)
        change()
        if transcript.entries and index < len(transcript.entries):
            self._top = transcript.first_row(index) + min(offset, max(0, transcript.height(index) - 1))
        self.rows_changed(0)

    def _change(self, index: int, change: Callable[[], int]) -> None:
        """Change an entry, and draw no more than is needed; `change` says the first row it touched."""
        transcript = self._transcript
        end, rows = transcript.first_row(index) + transcript.height(index), transcript.rows
        first = change()
        grown = transcript.rows - rows
        if grown:
            self.rows_moved(end, grown)
            self._grew(grown)
        self.rows_changed(first, None if grown else end - 1)

    def _grew(self, rows: int) -> None:
        if not self.follow and rows > 0:
            self._new_rows += rows
            self.repaint_edge(top=False)

    def _redrawn(self, position: int, live: str = "") -> int:
        if live:
            self._transcript.live(position, live)
        else:
            self._transcript.redraw(position)
        return self._transcript.first_row(position)

    def _flush(self) -> None:
        self._flusher = None
        transcript = self._transcript
        for reply in transcript.stale:
            position = transcript.place_of(reply)
            if position is not None:
                self._change(position, partial(transcript.flush, reply))

    def _watch_call(self, position: int, entry: Entry) -> None:
        if not isinstance(entry, ToolEntry):
            return
        if entry.state == "ended":
            self._calls.pop(entry.id, None)
        else:
            self._calls[entry.id] = position
        if entry.state == "running":
            self._timed[entry.id] = position
            self._transcript.now = self._now()
            self._start_ticker()
        else:
            self._timed.pop(entry.id, None)

    def _start_ticker(self) -> None:
        if self._ticker is None and self.is_attached:
            self._ticker = self.set_interval(TICK, self._tick)

    def _tick(self) -> None:
        if not self._timed:
            if self._ticker is not None:
                self._ticker.stop()
                self._ticker = None
            return
        self._transcript.now = self._now()
        for position in self._timed.values():
            self._change(position, partial(self._redrawn, position))
