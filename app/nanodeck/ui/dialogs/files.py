"""Picking a file of a diff by some letters of its path."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.fuzzy import Matcher
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nanodeck.contracts.changes import FileDiff
from nanodeck.contracts.text import counted, one_line
from nanodeck.ui.dialogs.filtered import FilteredScreen
from nanodeck_widgets.glyphs import in_signs
from nanodeck_widgets.palette import palette_of

MOST_SHOWN = 200
PATH_LENGTH = 300


class FilesScreen(FilteredScreen[FileDiff]):
    """Dismissed with the file picked, or None."""

    def __init__(self, files: Sequence[FileDiff]) -> None:
        super().__init__()
        self._files = files
        self._shown: list[FileDiff] = []

    def compose(self) -> ComposeResult:
        """What to look for, the files, how many there are."""
        with Vertical(id="box"):
            title = f"Go to one of {counted(len(self._files), 'file')}"
            yield Static(Text(title, style="bold"), markup=False)
            yield Input(placeholder="some letters of its path", compact=True)
            yield OptionList(markup=False)
            yield Static(id="said", markup=False)

    def on_mount(self, event: events.Mount) -> None:
        """All files, until something is typed."""
        self.fill()

    def picked(self, place: int) -> FileDiff:
        """The file at `place`."""
        return self._shown[place]

    def fill(self) -> None:
        """Show the files whose paths have the letters, best first."""
        found = best_files(self._files, self.words)
        self._shown = found[:MOST_SHOWN]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(self._row(file)) for file in self._shown])
        options.highlighted = 0 if self._shown else None
        more = len(found) - len(self._shown)
        nothing = f"nothing fits “{one_line(self.words, 60)}”: take a letter away"
        said = f"{more} more: type to find them" if more else "" if found else nothing
        self.query_one("#said", Static).update(in_signs(said or "↑↓ choose · enter goes there · esc closes"))

    def _row(self, file: FileDiff) -> Text:
        palette = palette_of(self.app)
        path = one_line(file.path, PATH_LENGTH)
        own = "  yours" if file.author == "you" else ""
        row = Text.assemble(
            (f"+{file.added}".rjust(7), palette.added_sign),
            (f" -{file.removed}".ljust(7), palette.removed_sign),
            f" {path}",
            (own, palette.accent),
        )
        room = max(20, self.app.size.width - 12)
        return row if cell_len(row.plain) <= room else Text.assemble(row[:15], "…", path[-(room - 16) :], own)


def best_files(files: Sequence[FileDiff], letters: str) -> list[FileDiff]:
    """The files whose paths have all the letters in order; names that hold them as they are come first."""
    if not letters:
        return list(files)
    matcher, wanted = Matcher(letters), letters.lower()

    def rank(file: FileDiff) -> tuple[bool, bool, float]:
        path = file.path.lower()
        return wanted not in path.rpartition("/")[2], wanted not in path, -score[id(file)]

    score = {id(file): matcher.match(file.path) for file in files}
    return sorted((file for file in files if score[id(file)] > 0), key=rank)
