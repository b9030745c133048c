"""What the diff pane wants to read of whole files, asked of the engine."""

from __future__ import annotations

from textual import on, work

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.versions import ReadColours, ReadVersion
from nanodeck.ui.screens.keys import DeckKeys
from nanodeck_widgets.diff import messages


class Reading(DeckKeys):
    """Answers what the diff pane asks of versions of files."""

    @on(messages.LinesWanted)
    def _lines_wanted(self, message: messages.LinesWanted) -> None:
        self._read_lines(message)

    @work(group="lines")
    async def _read_lines(self, wanted: messages.LinesWanted) -> None:
        path, author = wanted.file
        query = ReadVersion(wanted.source, path, False, wanted.first, wanted.limit, author)
        try:
            lines = await self.host.ask(query)
        except NanodeckError as error:
            self.app.notify(f"lines around: {error.message}", severity="warning", markup=False)
        else:
            self.diff.know_lines(wanted.source, wanted.file, lines)

    @on(messages.ColoursWanted)
    def _colours_wanted(self, message: messages.ColoursWanted) -> None:
        self._read_colours(message)

    @work(group="colours")
    async def _read_colours(self, wanted: messages.ColoursWanted) -> None:
        page = wanted.page
        query = ReadColours(wanted.source, page.path, page.new, page.first, wanted.limit, page.author)
        try:
            colours = await self.host.ask(query)
        except NanodeckError:
            return  # every line has colours of its own
        self.diff.know_colours(wanted.source, page, colours)
