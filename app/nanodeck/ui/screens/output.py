"""The whole output of a job or a tool call, read in pages as it is scrolled to."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.strip import Strip

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import ReadOutput
from nanodeck.contracts.text import clean
from nanodeck.ui.host import Host
from nanodeck_widgets.pane import Pane

PAGE = 500
PAGES_KEPT = 40


class OutputPane(Pane):
    """Lines by number; where there are none, `said` says why."""

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

    def build(self, row: int, width: int) -> Strip:
        """The line as it is."""
        return Strip([Segment(self.text(row), self.palette.text if self.total else self.palette.muted)])


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
        pane.pages[first // PAGE] = [clean(line).expandtabs(4) for line in lines.text.split("\n")]
        pane.rows_changed()
