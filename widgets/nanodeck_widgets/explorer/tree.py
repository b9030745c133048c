"""The project's folders and files as a tree, of which several can be selected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from nanodeck.contracts.queries import FolderItem
from nanodeck.contracts.text import one_line
from nanodeck_widgets.chat.said import short
from nanodeck_widgets.items import ItemPane, plain

BYTES_A_TOKEN = 4
"""How much text a token is, roughly: prose has more, code with many signs less."""
_STEP = 2


def tokens(size: int) -> int:
    """About how many tokens `size` bytes are."""
    return -(-size // BYTES_A_TOKEN)


class Line(NamedTuple):
    """A row: what is said about a path, or about a folder that shows nothing."""

    depth: int
    name: str
    size: int = 0
    folder: bool = False
    unfolded: bool = False
    selected: bool = False
    said: bool = False


class TreePane(ItemPane):
    """Items are paths; a folder's ends with '/', the root is ''. `fill` answers `FolderWanted`."""

    PLACE = "explorer"
    HINTS = (("take", "put into the prompt"), ("select", "select"), ("right left", "unfold fold"))

    class FolderWanted(Message):
        """A folder is unfolded whose content is not known."""

        def __init__(self, folder: str) -> None:
            super().__init__()
            self.folder = folder

    class Pointed(Message):
        """The cursor is on another path."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

    class SelectionMade(Message):
        """Other paths are selected."""

    class Taken(Message):
        """Put these paths into the prompt."""

        def __init__(self, paths: tuple[str, ...]) -> None:
            super().__init__()
            self.paths = paths

    def __init__(self, title: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(title, id=id)
        self.selected: dict[str, int] = {}
        self._inside: dict[str, tuple[FolderItem, ...]] = {}
        self._said: dict[str, str] = {"": "reading …"}
        self._unfolded: set[str] = {""}
        self._lines: dict[str, Line] = {}
        self._pointed = ""

    def fill(self, folder: str, items: Sequence[FolderItem]) -> None:
        """What is in `folder`."""
        self._inside[folder] = tuple(items)
        self._said[folder] = "" if items else "(empty)"
        self.relay()

    def fail(self, folder: str, reason: str) -> None:
        """`folder` cannot be listed; it is asked for again when it is unfolded again."""
        self._said[folder] = reason
        self.relay()

    def unfold(self, folder: str) -> None:
        """Show what is in `folder`."""
        self._unfolded.add(folder)
        if folder not in self._inside:
            self._said[folder] = "reading …"
            self.post_message(self.FolderWanted(folder))
        self.relay()

    def point(self, path: str) -> bool:
        """Put the cursor on `path`; False when it is not there."""
        if path in self.flow:
            self._go_to(path)
        elif path in self._lines:
            # Nothing is laid before the first frame.
            self._cursor = path
        return path in self._lines

    # What the base asks.

    def items(self) -> list[str]:
        return list(self._lines)

    def lay(self, item: str, width: int) -> list[object]:
        return [self._lines[item]]

    def empty(self) -> str:
        return self._said[""] or "This folder is empty."

    def text(self, row: int) -> str:
        part = self.row(row).part
        return part.name if isinstance(part, Line) else str(part)

    def indent(self, row: int) -> int:
        part = self.row(row).part
        return part.depth * _STEP + 2 * _STEP if isinstance(part, Line) else 0

    def build(self, row: int, width: int) -> Strip:
        part, palette, glyphs = self.row(row).part, self.palette, self.glyphs
        if not isinstance(part, Line):
            return plain(str(part), palette.muted)
        fold = (glyphs.unfolded if part.unfolded else glyphs.folded) if part.folder else " "
        check = glyphs.done if part.selected else " "
        name = palette.muted if part.said else palette.strong if part.folder else palette.text
        left = [
            Segment(" " * (part.depth * _STEP)),
            Segment(f"{check} ", palette.success),
            Segment(f"{fold} ", palette.muted),
            Segment(part.name, palette.success if part.selected else name),
        ]
        right = [] if part.said or not part.size else [Segment(short(tokens(part.size)), palette.muted)]
        return self.two_sided(left, right, width)

    def relay(self) -> None:
        self._lines = dict(self._below("", 0))
        super().relay()

    def _show_keys(self) -> None:
        super()._show_keys()
        self._tell_cursor()

    def _go_to(self, item: str) -> None:
        super()._go_to(item)
        self._tell_cursor()

    def _tell_cursor(self) -> None:
        if self.cursor != self._pointed:
            self._pointed = self.cursor
            self.post_message(self.Pointed(self.cursor))

    def opened(self, item: str) -> None:
        """A double click: into a folder, or take a file."""
        if item.endswith("/"):
            self._toggle(item)
        else:
            self.action_take()

    # What the person does.

    def action_take(self) -> None:
        taken = tuple(self.selected) or ((self.cursor,) if self._is_path(self.cursor) else ())
        if taken:
            self.post_message(self.Taken(taken))

    def action_select(self) -> None:
        path = self.cursor
        if not self._is_path(path):
            return
        if path in self.selected:
            del self.selected[path]
        else:
            self.selected[path] = self._lines[path].size
        self.relay()
        self.step(1)
        self.post_message(self.SelectionMade())

    def action_right(self) -> None:
        if self.cursor.endswith("/"):
            if self.cursor not in self._unfolded:
                self.unfold(self.cursor)
            else:
                self.step(1)

    def action_left(self) -> None:
        if self.cursor.endswith("/") and self.cursor in self._unfolded:
            self._toggle(self.cursor)
        elif around := self.cursor.rstrip("/").rpartition("/")[0]:
            self._go_to(f"{around}/")

    def _toggle(self, folder: str) -> None:
        if folder in self._unfolded:
            self._unfolded.discard(folder)
            self.relay()
        else:
            self.unfold(folder)

    def _is_path(self, item: str) -> bool:
        return bool(item) and item in self._lines and not self._lines[item].said

    def _below(self, folder: str, depth: int) -> list[tuple[str, Line]]:
        found: list[tuple[str, Line]] = []
        for item in self._inside.get(folder, ()):
            path, is_folder = folder + item.name, item.name.endswith("/")
            unfolded, selected = path in self._unfolded, path in self.selected
            name = one_line(item.name, 500)
            found.append((path, Line(depth, name, item.size, is_folder, unfolded, selected)))
            if is_folder and unfolded:
                found += self._below(path, depth + 1)
                if said := self._said.get(path):
                    found.append((f"{path}\n", Line(depth + 1, one_line(said, 500), said=True)))
        return found
