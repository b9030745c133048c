"""What tests of the chat draw with: a palette, a drawer, rows as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rich.segment import Segment
from rich.style import Style
from textual.pilot import Pilot
from textual.strip import Strip
from textual.theme import BUILTIN_THEMES

from nanodeck.contracts.views import ReplyEntry, SaidEntry
from nanodeck_widgets.chat.blocks import BlockDrawer
from nanodeck_widgets.chat.inline import parser
from nanodeck_widgets.chat.markdown import markdown_rows
from nanodeck_widgets.chat.pane import ChatPane
from nanodeck_widgets.chat.wrap import Row
from nanodeck_widgets.glyphs import UNICODE
from nanodeck_widgets.palette import build_palette
from tests.widgets.items_stage import Stage

# As in a deck whose person types: a first draw that loads it would put off those that follow.
parser()
SIZE = (60, 20)
_THEME = BUILTIN_THEMES["textual-dark"]
PALETTE = build_palette(_THEME.to_color_system().generate(), dark=True, ansi=False)


class Rows(Protocol):
    """Anything with rows."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Row: ...


def drawer(width: int = 40) -> BlockDrawer:
    """A drawer of a width."""
    return BlockDrawer(width, PALETTE, UNICODE)


def all_rows(rows: Rows) -> list[Row]:
    """Rows as a list."""
    return [rows[index] for index in range(len(rows))]


def drawn(row: Row) -> str:
    """A row as it looks, blanks at the end left out."""
    return "".join(segment.text for segment in row.segments).rstrip()


def draw(source: str, width: int = 40) -> list[str]:
    """Markdown as it looks."""
    return [drawn(row) for row in all_rows(markdown_rows(source, drawer(width)))]


def copied(rows: Sequence[Row]) -> str:
    """What copying all rows gives."""
    return "".join((row.glue if index else "") + row.text for index, row in enumerate(rows))


def style_of(segment: Segment) -> Style:
    """The style of a segment."""
    return segment.style or Style.null()


class CountingChat(ChatPane):
    """Counts the rows that are built."""

    built = 0

    def build(self, row: int, width: int) -> Strip:
        self.built += 1
        return super().build(row, width)


class ChatStage(Stage[CountingChat]):
    """A chat alone on the stage; remembers what it was told."""

    def __init__(self) -> None:
        super().__init__(CountingChat())
        self.heard: list[str] = []

    def on_chat_pane_output_wanted(self, message: ChatPane.OutputWanted) -> None:
        self.heard.append(message.call_id)

    def on_chat_pane_review_wanted(self, message: ChatPane.ReviewWanted) -> None:
        self.heard.append(message.changeset)

    def on_chat_pane_link_opened(self, message: ChatPane.LinkOpened) -> None:
        self.heard.append(message.target)


def said(number: int) -> SaidEntry:
    """A short prompt."""
    return SaidEntry(f"s{number}", f"prompt {number}", "prompt")


def reply(number: int) -> ReplyEntry:
    """A reply of two paragraphs."""
    return ReplyEntry(f"r{number}", f"Answer {number}\n\n" + "with words " * 20)


def talk(entries: int) -> list[SaidEntry | ReplyEntry]:
    """Prompts and replies in turn."""
    return [said(number) if number % 2 == 0 else reply(number) for number in range(entries)]


async def settled(pilot: Pilot[None], stage: ChatStage) -> list[str]:
    """The rows once everything is drawn."""
    await pilot.pause()
    return stage.rows()
