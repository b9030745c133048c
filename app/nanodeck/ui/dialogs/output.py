"""The whole output of a job or a tool call, read in pages as it is scrolled to."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.selection import Selection
from textual.strip import Strip

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import ReadOutput
from nanodeck.contracts.text import clean
from nanodeck.ui.host import Host
from nanodeck_widgets.pane import Pane

PAGE = 500
PAGES_KEPT = 40


def pages_of(selection: Selection) -> range:
    """The pages that a selection with both its ends covers."""
    assert selection.start is not None
    assert selection.end is not None
    return range(selection.start.y // PAGE, selection.end.y // PAGE + 1)


class OutputPane(Pane):
    """Lines by number; where there are none, `said` says why."""

    class CopyWanted(Message):
        """Rows are to be copied of which some are not here."""

        def __init__(self, selection: Selection) -> None:
            super().__init__()
            self.selection = selection

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.total = 0
        self.said = "reading …"
        self.pages: dict[int, list[str]] = {}
        self.wanted: set[int] = set()

    def count(self, width: int) -> int:
        """One row a line."""
        return self.total or 1

    def text(self, row: int) -> str:
        """A line; empty while its page is on its way."""
        if not self.total:
            return self.said
        page = self.pages.get(row // PAGE)
        if page is None:
            self.wanted.add(row // PAGE)
            return ""
        offset = row % PAGE
        return page[offset] if offset < len(page) else ""

    def copy_selection(self) -> str:
        """As everywhere, but what is not here has to be fetched first."""
        selection = self.selector.current
        if selection is None or all(page in self.pages for page in pages_of(selection)):
            return super().copy_selection()
        self.post_message(self.CopyWanted(selection))
        return ""

    def build(self, row: int, width: int) -> Strip:
        """The line as it is."""
        return Strip([Segment(self.text(row), self.palette.text if self.total else self.palette.muted)])


def shown_lines(text: str) -> list[str]:
    """Lines of an output as they are drawn."""
    return [clean(line).expandtabs(4) for line in text.split("\n")]


class OutputScreen(Screen[None]):
    """Esc closes; the pane's own keys scroll and find."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "close"),
        Binding("ctrl+c,ctrl+y", "copy", "copy what is selected"),
    ]

    def __init__(self, host: Host, source: str, title: str) -> None:
        super().__init__()
        self._host = host
        self._source = source
        self._pane = OutputPane(title)
        self._pane.hint = "esc close  / find"

    def compose(self) -> ComposeResult:
        """One pane."""
        yield self._pane

    def on_mount(self) -> None:
        """The end first: that is what people look for."""
        self.set_focus(self._pane)
        self._load(-PAGE)
        self.set_interval(0.1, self._load_wanted)

    def action_close(self) -> None:
        """Back to the deck."""
        self.dismiss(None)

    def action_copy(self) -> None:
        """Copy what is selected."""
        self._pane.copy_selection()

    @on(OutputPane.CopyWanted)
    @work(exclusive=True, group="copy")
    async def _copy_all(self, message: OutputPane.CopyWanted) -> None:
        selection = message.selection
        pages = pages_of(selection)
        try:
            rows = [row for page in pages for row in self._pane.pages.get(page) or await self._read(page)]
        except NanodeckError as error:
            self.app.notify(f"not copied: {error.message}", severity="error", markup=False)
            return
        assert selection.start is not None
        assert selection.end is not None
        rows = rows[selection.start.y - pages[0] * PAGE : selection.end.y - pages[0] * PAGE + 1]
        rows[-1] = rows[-1][: selection.end.x]
        rows[0] = rows[0][selection.start.x :]
        text = "\n".join(rows)
        self.app.copy_to_clipboard(text)
        self.post_message(Pane.Copied(text))

    async def _read(self, page: int) -> list[str]:
        lines = await self._host.ask(ReadOutput(self._source, page * PAGE, PAGE))
        return shown_lines(lines.text)

    def _load_wanted(self) -> None:
        for page in sorted(self._pane.wanted):
            self._load(page * PAGE)
        self._pane.wanted.clear()

    @work
    async def _load(self, first: int) -> None:
        pane = self._pane
        try:
            lines = await self._host.ask(ReadOutput(self._source, first, PAGE))
        except NanodeckError as error:
            pane.said = f"{pane.glyphs.failed} {error.message}: esc goes back"
            pane.rows_changed()
            return
        pane.total = lines.total
        if first < 0:
            # Which pages the end lies in is known only now: they are asked for when drawn.
            pane.badge = f"{lines.total:,} lines"
            pane.said = "it printed nothing: esc goes back"
            pane.rows_changed()
            pane.top = pane.max_top
            return
        if len(pane.pages) >= PAGES_KEPT:
            pane.pages.pop(next(iter(pane.pages)))
        pane.pages[first // PAGE] = shown_lines(lines.text)
        pane.rows_changed()
