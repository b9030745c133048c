"""`/explorer`: the project as a tree beside the file under the cursor; several go into the prompt."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Static

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import ListFolder, ReadText
from nanodeck.contracts.text import counted, one_line
from nanodeck.ui.asking import Asking
from nanodeck_widgets.chat.said import short
from nanodeck_widgets.explorer.preview import PreviewPane
from nanodeck_widgets.explorer.tree import TreePane, tokens
from nanodeck_widgets.glyphs import in_signs

WIDE = 90
"""Columns from which on tree and file stand beside each other."""


class ExplorerScreen(Screen[tuple[str, ...]]):
    """Dismissed with the paths that were picked; those of folders end with '/'."""

    DEFAULT_CSS = """
    ExplorerScreen { layout: vertical; }
    ExplorerScreen #panes { layout: vertical; height: 1fr; }
    ExplorerScreen.-beside #panes { layout: horizontal; }
    ExplorerScreen.-beside #tree { width: 2fr; max-width: 64; }
    ExplorerScreen.-beside #file { width: 3fr; }
    ExplorerScreen #said { height: 1; padding: 0 1; color: $text-muted; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-stacked"), (WIDE, "-beside")]  # noqa: RUF012 (Textual declares it so)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close"),
        Binding("tab,shift+tab", "other", "tree or file", priority=True),
        Binding("ctrl+c,ctrl+y", "copy", "copy what is selected"),
    ]

    def __init__(self, link: Asking, folder: str = "") -> None:
        super().__init__()
        self._link = link
        self._wanted = folder.strip().strip("/")
        self._tree = TreePane("Project", id="tree")
        self._file = PreviewPane(id="file")
        self._said = Static("", id="said", markup=False)

    def compose(self) -> ComposeResult:
        """Tree, file, what is selected."""
        with Container(id="panes"):
            yield self._tree
            yield self._file
        yield self._said

    def on_mount(self) -> None:
        """The tree has the keys."""
        self.set_focus(self._tree)
        self._say()
        self._list("")

    def action_close(self) -> None:
        """End looking for something, else leave with nothing picked."""
        pane = self._file if self._file.has_focus else self._tree
        if pane.finder.active or pane.finder.typing:
            pane.close_find()
        else:
            self.dismiss(())

    def action_other(self) -> None:
        """From the tree to the file and back."""
        self.set_focus(self._tree if self._file.has_focus else self._file)

    def action_copy(self) -> None:
        """Copy what is selected."""
        if not self._file.copy_selection():
            self._tree.copy_selection()

    @on(TreePane.FolderWanted)
    def _folder_wanted(self, message: TreePane.FolderWanted) -> None:
        self._list(message.folder)

    @on(TreePane.SelectionMade)
    def _selection_made(self) -> None:
        self._say()

    @on(TreePane.Taken)
    def _taken(self, message: TreePane.Taken) -> None:
        self.dismiss(message.paths)

    @on(TreePane.Pointed)
    def _pointed(self, message: TreePane.Pointed) -> None:
        if message.path and not message.path.endswith("/") and "\n" not in message.path:
            self._read(message.path)
        else:
            self._file.say("", "a folder: its list of names is what a mention sends" if message.path else "")

    @work
    async def _list(self, folder: str) -> None:
        try:
            items = await self._link.ask(ListFolder(folder))
        except NanodeckError as error:
            self._tree.fail(folder, one_line(error.message))
            return
        self._tree.fill(folder, items)
        self._go_on(folder)

    def _go_on(self, folder: str) -> None:
        """Unfold the next part of the folder that was asked for."""
        if not self._wanted:
            return
        part, _, rest = self._wanted.partition("/")
        path = f"{folder}{part}/"
        if self._tree.point(path):
            self._wanted = rest
            self._tree.unfold(path)
        else:
            self._wanted = ""
            self.app.notify(f"there is no folder {one_line(path)}", severity="warning", markup=False)

    @work(exclusive=True, group="file")
    async def _read(self, path: str) -> None:
        try:
            lines = await self._link.ask(ReadText(path))
        except NanodeckError as error:
            self._file.say(path, one_line(error.message, 500))
        else:
            self._file.show(path, lines.text, lines.total)

    def _say(self) -> None:
        selected = self._tree.selected
        if selected:
            size = short(tokens(sum(selected.values())))
            said = f"{counted(len(selected), 'item')} selected, about {size} tokens"
        else:
            said = "nothing is selected: what is under the cursor goes into the prompt"
        self._said.update(Text(in_signs(f"{said}  ·  tab goes to the file and back, esc closes")))
