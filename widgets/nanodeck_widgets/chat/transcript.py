"""The transcript as rows: entries with heights known or estimated, the drawn ones kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Protocol

from nanodeck.contracts.views import (
    Entry,
    NoticeEntry,
    ReplyEntry,
    ReviewView,
    SaidEntry,
    ToolEntry,
    TurnEntry,
)
from nanodeck_widgets.chat.blocks import BlockDrawer
from nanodeck_widgets.chat.prompted import MOST_ROWS, said_rows
from nanodeck_widgets.chat.reply import ReplyRows, estimated_rows, is_silent
from nanodeck_widgets.chat.run import LONGEST, is_quiet, run_around, run_row
from nanodeck_widgets.chat.said import notice_rows, turn_rows
from nanodeck_widgets.chat.tool import Situation, tool_rows
from nanodeck_widgets.chat.wrap import BLANK, Row
from nanodeck_widgets.flow import Flow, Piece
from nanodeck_widgets.glyphs import Glyphs
from nanodeck_widgets.heights import Heights
from nanodeck_widgets.palette import Palette

DRAWN_ENTRIES = 256
LIVE_KEPT = 4_000


class Rows(Protocol):
    """Rows of one entry."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Row: ...


class OpenReply:
    """A reply that streams: all of its text so far, and its rows once there is a width."""

    def __init__(self, index: int, entry: ReplyEntry) -> None:
        self.index = index
        self.rows: ReplyRows | None = None
        self._id = entry.id
        self._texts = [entry.text]
        self._thoughts = [entry.reasoning]

    @property
    def entry(self) -> ReplyEntry:
        """The reply as an entry, with everything streamed so far."""
        return ReplyEntry(self._id, "".join(self._texts), "".join(self._thoughts), open=True)

    def feed(self, text: str, reasoning: str) -> int:
        """Take more; returns the first of the reply's rows that is not as it was."""
        self._texts.append(text)
        self._thoughts.append(reasoning)
        return self.rows.feed(text, reasoning) if self.rows is not None else 0


class Transcript(Flow):
    """Entries and where their rows are. Rows are counted from 0 over the whole transcript.

    An entry that was never drawn has an estimated height. `settle` draws one and says by how many
    rows the estimate was wrong; an entry's height includes the blank row before it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self.unfolded_all = False
        self._unfolded: set[str] = set()
        self._apart: set[str] = set()
        self._live: dict[str, str] = {}
        self._reviews: dict[str, ReviewView] = {}
        self._exact = bytearray()
        self._drawn: OrderedDict[int, Rows] = OrderedDict()
        self._open: dict[str, OpenReply] = {}
        self._edits: dict[str, list[int]] = {}
        self._drawer: BlockDrawer | None = None
        self.width = 0
        self.now = 0.0

    # Layout.

    def __len__(self) -> int:
        return len(self.entries)

    def lay_out(self, width: int, palette: Palette, glyphs: Glyphs) -> None:
        """Use another width or other styles: every height is an estimate again."""
        self.width = width
        self._drawer = BlockDrawer(width, palette, glyphs)
        self._estimate_all()

    def row(self, row: int) -> Row:
        """A drawn row."""
        index, offset = self._heights.locate(row)
        gap = self.gap(index)
        if offset < gap:
            return BLANK
        rows = self._rows(index)
        return rows[offset - gap] if offset - gap < len(rows) else BLANK

    def piece(self, row: int) -> Piece:
        """An entry that was never drawn, else the part of it that is drawn together with a row."""
        index, offset = self._heights.locate(row)
        top, gap = row - offset, self.gap(index)
        if not self._exact[index] or offset < gap:
            return Piece(top, self._heights[index] if offset >= gap else gap, bool(self._exact[index]))
        rows = self._rows(index)
        if not isinstance(rows, ReplyRows):
            return Piece(top + gap, len(rows), True)
        first, height, exact = rows.piece(offset - gap)
        return Piece(top + gap + first, height, exact)

    def settle(self, row: int) -> int:
        """Draw the piece of a row; returns by how many rows it is higher than was thought."""
        index, offset = self._heights.locate(row)
        rows = self._rows(index)
        if self._exact[index] and isinstance(rows, ReplyRows):
            rows.settle(offset - self.gap(index))
        return self._measure(index)

    # Changes. Each returns the first row that is not as it was.

    def reset(self, entries: Iterable[Entry]) -> None:
        """Begin anew with `entries`."""
        self.entries = list(entries)
        self._unfolded.clear()
        self._apart.clear()
        self._live.clear()
        self._open.clear()
        self._edits.clear()
        for index in range(len(self.entries)):
            self._register(index)
        self._estimate_all()

    def append(self, entry: Entry) -> int:
        """Add an entry at the end; what a turn's end there advises to do is done with."""
        index, first = len(self.entries), self.rows
        self.entries.append(entry)
        if index and isinstance(self.entries[index - 1], TurnEntry) and self.redraw(index - 1):
            first = self.first_row(index - 1)
        self._exact.append(0)
        rows = self._estimate(entry)
        self._heights.append(rows + self.gap(index) if rows else 0)
        self._register(index)
        if isinstance(entry, ReplyEntry) and entry.open:
            self._measure(index)
        return min(first, self._join(index))

    def replace(self, index: int, entry: Entry) -> int:
        """An entry is another now; a reply that ends keeps the rows it streamed."""
        gap_below = self.gap(index + 1)
        if isinstance(entry, ReplyEntry) and entry.id in self._open:
            first = self._replace_open(index, entry)
        else:
            self.entries[index] = entry
            if isinstance(entry, ToolEntry) and entry.state == "ended":
                self._live.pop(entry.id, None)
            self._register(index)
            self.redraw(index)
            first = min(self.first_row(index), self._join(index))
        if (moved := self.gap(index + 1) - gap_below) and self._heights[index + 1]:
            self._heights.change(index + 1, self._heights[index + 1] + moved)
        return first

    def place_of(self, reply: str) -> int | None:
        """Where an open reply is."""
        found = self._open.get(reply)
        return found.index if found is not None else None

    def feed(self, reply: str, text: str, reasoning: str) -> int:
        """More of an open reply, which must be there."""
        found = self._open[reply]
        return self._after_feed(found.index, found.feed(text, reasoning))

    def flush(self, reply: str) -> int:
        """Draw what an open reply put off."""
        found = self._open[reply]
        return self._after_feed(found.index, found.rows.flush() if found.rows is not None else 0)

    @property
    def stale(self) -> list[str]:
        """Open replies with text that is not drawn yet."""
        return [reply for reply, found in self._open.items() if found.rows is not None and found.rows.stale]

    def live(self, index: int, text: str) -> None:
        """More live output of the call at `index`; only its end is kept."""
        call = self.entries[index].id
        self._live[call] = (self._live.get(call, "") + text)[-LIVE_KEPT:]
        self.redraw(index)

    def review(self, view: ReviewView) -> list[int]:
        """A changeset's review changed; returns the entries that show it."""
        self._reviews[view.changeset.id] = view
        return self._edits.get(view.changeset.id, [])

    def toggle(self, index: int) -> None:
        """Fold or unfold one entry."""
        entry = self.entries[index]
        if len(run := self._run(index)) > 1:
            self._apart.add(entry.id)
            for place in run:
                self.redraw(place)
            return
        self._unfolded ^= {entry.id}
        if isinstance(entry, ReplyEntry) and entry.id in self._open:
            self._open[entry.id].rows = None
        self.redraw(index)

    def toggle_all(self) -> None:
        """Fold or unfold every entry."""
        self.unfolded_all = not self.unfolded_all
        self._unfolded.clear()
        self._apart.clear()
        self._estimate_all()

    def redraw(self, index: int) -> int:
        """Draw an entry again, for its content changed; returns by how many rows its height changed."""
        self._drawn.pop(index, None)
        return self._measure(index)

    def is_unfolded(self, index: int) -> bool:
        """Whether all of an entry is shown."""
        entry = self.entries[index]
        typed = isinstance(entry, ToolEntry) and entry.typed
        return (entry.id in self._unfolded) != (self.unfolded_all or typed)

    def foldable(self, index: int) -> bool:
        """Whether an entry can be folded and unfolded."""
        entry = self.entries[index]
        if isinstance(entry, ReplyEntry):
            return bool(entry.reasoning) or entry.open
        return isinstance(entry, (ToolEntry, SaidEntry)) and self._run(index)[0] == index

    # Inside.

    def _run(self, index: int) -> list[int]:
        """The places of the calls that share a row with the one at `index`, which may be alone."""
        run = [index] if self.unfolded_all else run_around(self.entries, index)
        return [index] if self.entries[run[0]].id in self._apart else run

    def _join(self, index: int) -> int:
        """Calls before the one at `index` may share a row with it now; returns the first row of that."""
        run = self._run(index)
        if len(run) > 1:
            for place in run:
                self.redraw(place)
        return self.first_row(run[0])

    def _register(self, index: int) -> None:
        entry = self.entries[index]
        if isinstance(entry, ReplyEntry) and entry.open:
            self._open[entry.id] = OpenReply(index, entry)
        elif isinstance(entry, ToolEntry) and entry.changeset:
            places = self._edits.setdefault(entry.changeset, [])
            if index not in places:
                places.append(index)

    def _estimate_all(self) -> None:
        self._drawn.clear()
        for found in self._open.values():
            found.rows = None
        self._heights = Heights(self._estimates())
        self._exact = bytearray(len(self.entries))

    def _replace_open(self, index: int, entry: ReplyEntry) -> int:
        if entry.open:
            return self.first_row(index)
        found = self._open.pop(entry.id)
        self.entries[index] = entry
        streamed, rows = found.entry, found.rows
        goes_on = entry.text.startswith(streamed.text) and entry.reasoning.startswith(streamed.reasoning)
        if rows is None or not goes_on:
            self.redraw(index)
            return self.first_row(index)
        text, reasoning = entry.text[len(streamed.text) :], entry.reasoning[len(streamed.reasoning) :]
        changed = rows.feed(text, reasoning) if text or reasoning else len(rows)
        changed = min(changed, rows.close(entry))
        self._keep(index, rows)
        return self._after_feed(index, changed)

    def _after_feed(self, index: int, changed: int) -> int:
        self._measure(index)
        return self.first_row(index) + self.gap(index) + changed

    def _measure(self, index: int) -> int:
        if self._drawer is None:
            return 0
        self._exact[index] = 1
        height = len(self._rows(index))
        return self._heights.change(index, height + self.gap(index) if height else 0)

    def _rows(self, index: int) -> Rows:
        entry = self.entries[index]
        if isinstance(entry, ReplyEntry) and (found := self._open.get(entry.id)) is not None:
            if found.rows is None:
                found.rows = self._reply_rows(found.entry)
            return found.rows
        rows = self._drawn.get(index)
        if rows is None:
            rows = self._draw(index)
            self._keep(index, rows)
        else:
            self._drawn.move_to_end(index)
        return rows

    def _keep(self, index: int, rows: Rows) -> None:
        self._drawn[index] = rows
        if len(self._drawn) > DRAWN_ENTRIES:
            forgotten, _ = self._drawn.popitem(last=False)
            self._exact[forgotten] = 0

    def _draw(self, index: int) -> Rows:
        entry, drawer = self.entries[index], self._drawer
        assert drawer is not None, "laid out before anything is drawn"
        if isinstance(entry, ReplyEntry):
            return [] if is_silent(entry) else self._reply_rows(entry)
        if isinstance(entry, ToolEntry):
            if len(run := self._run(index)) > 1:
                calls = [call for place in run if isinstance(call := self.entries[place], ToolEntry)]
                return [run_row(calls, drawer)] if run[0] == index else []
            situation = Situation(
                self.is_unfolded(index),
                self.now,
                self._live.get(entry.id, ""),
                self._reviews.get(entry.changeset),
            )
            return tool_rows(entry, situation, drawer)
        if isinstance(entry, SaidEntry):
            return said_rows(entry, drawer, self.is_unfolded(index))
        if isinstance(entry, NoticeEntry):
            return notice_rows(entry, drawer)
        return turn_rows(entry, drawer, last=index == len(self.entries) - 1)

    def _reply_rows(self, entry: ReplyEntry) -> ReplyRows:
        assert self._drawer is not None, "laid out before anything is drawn"
        unfolded = (entry.id in self._unfolded) != self.unfolded_all
        return ReplyRows(entry, self._drawer, unfolded)

    def _estimates(self) -> Iterator[int]:
        """About how many rows each entry takes, the blank one before it included."""
        above: Entry | None = None
        for index, entry in enumerate(self.entries):
            joins = above is not None and index % LONGEST and is_quiet(entry) and is_quiet(above)
            rows = 0 if joins and not self.unfolded_all else self._estimate(entry)
            yield rows + gap_between(above, entry) if rows else 0
            if rows:
                above = entry

    def _estimate(self, entry: Entry) -> int:
        width = max(1, self.width)
        if self._drawer is None:
            return 0
        if isinstance(entry, ReplyEntry):
            return 0 if is_silent(entry) else estimated_rows(entry, width) or 1
        if isinstance(entry, (SaidEntry, NoticeEntry)):
            rows = 1 + entry.text.count("\n") + len(entry.text) // width
            if isinstance(entry, SaidEntry):
                folded = (entry.id in self._unfolded) == self.unfolded_all
                return (min(rows, MOST_ROWS) if folded else rows) + len(entry.attachments)
            return rows
        return 1

    def gap(self, index: int) -> int:
        """Blank rows before an entry."""
        above = index - 1
        while above >= 0 and isinstance(silent := self.entries[above], ReplyEntry) and is_silent(silent):
            above -= 1
        if above < 0 or index >= len(self.entries):
            return 0
        return gap_between(self.entries[above], self.entries[index])


def gap_between(above: Entry | None, here: Entry) -> int:
    """Blank rows between two entries: none between tool calls, none before a turn's end."""
    if above is None or isinstance(here, TurnEntry):
        return 0
    if isinstance(here, ToolEntry) and isinstance(above, ToolEntry):
        return 1 if here.typed or above.typed else 0
    return 1


def searchable(entry: Entry) -> str:
    """Text that stands for an entry in a search, before it is drawn."""
    if isinstance(entry, ToolEntry):
        return f"{entry.title} {entry.summary} {entry.output}"
    if isinstance(entry, ReplyEntry):
        return f"{entry.text} {entry.reasoning}"
    return f"{entry.text} {entry.advice}" if isinstance(entry, NoticeEntry) else getattr(entry, "text", "")
