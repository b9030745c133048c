"""The open comments: go to one, write it anew, throw it away, send all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal, NamedTuple

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nanodeck.contracts.comments import Comment, lines_named
from nanodeck.contracts.sources import SOURCE_WORDS
from nanodeck.contracts.text import counted, one_line
from nanodeck.ui.dialogs.steplist import StepList
from nanodeck_widgets.glyphs import in_signs

LINE_LENGTH = 400
_EMPTY = "None yet. In the diff c comments on the hunk, on picked lines (v) or on what is selected."


class Wanted(NamedTuple):
    """What is to be done; with one comment, except for sending."""

    what: Literal["open", "edit", "send"]
    comment: Comment | None = None


class CommentsScreen(ModalScreen[Wanted | None]):
    """Dismissed with what the person wants. Comments of a review that waits are sent with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", priority=True),
        Binding("e", "edit", "edit"),
        Binding("d,delete", "drop", "throw away"),
        Binding("s", "send", "send all"),
    ]

    def __init__(
        self, comments: Sequence[Comment], waits: Callable[[Comment], bool], drop: Callable[[Comment], None]
    ) -> None:
        super().__init__(classes="dialog picker comments")
        self._comments = list(comments)
        self._waits = waits
        self._drop = drop
        self._dropping = ""

    @property
    def comments(self) -> Sequence[Comment]:
        """Those that are left."""
        return self._comments

    def compose(self) -> ComposeResult:
        """Heading, the comments, what can be done."""
        with Vertical(id="box"):
            yield Static(Text("Open comments", style="bold"), markup=False)
            yield StepList(markup=False)
            yield Static(id="said", markup=False)
            yield Static(id="keys", markup=False)

    def on_mount(self, event: events.Mount) -> None:
        """All of them."""
        self._fill(0)

    def _fill(self, place: int) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(self._row(comment)) for comment in self._comments])
        options.display = bool(self._comments)
        options.highlighted = min(place, len(self._comments) - 1) if self._comments else None
        options.focus()
        free = sum(not self._waits(comment) for comment in self._comments)
        self._say(_said(free, len(self._comments) - free))
        sends = "s sends all · " if free else ""
        keys = f"enter goes there · e edits · d throws away · {sends}" if self._comments else ""
        self.query_one("#keys", Static).update(in_signs(f"{keys}esc closes"))

    def _row(self, comment: Comment) -> Text:
        about = [SOURCE_WORDS[comment.source.kind]] if comment.source.kind != "call" else []
        about += ["goes with the review"] if self._waits(comment) else []
        about += ["its lines changed since"] if comment.stale else []
        row = Text(f"{one_line(comment.path)}{lines_named(comment, ', ')}", style="bold")
        row.append(in_signs(f"  {' · '.join(about)}" if about else ""), style="dim not bold")
        return row.append(f"\n  {one_line(comment.text, LINE_LENGTH)}", style="not bold")

    def _say(self, words: str) -> None:
        self.query_one("#said", Static).update(Text(words))

    @property
    def _highlighted(self) -> int | None:
        return self.query_one(OptionList).highlighted

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(Wanted("open", self._comments[event.option_index]))

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self._dropping = ""

    def action_edit(self) -> None:
        """Write it anew."""
        if self._highlighted is not None:
            self.dismiss(Wanted("edit", self._comments[self._highlighted]))

    def action_drop(self) -> None:
        """Throw it away; the first time it is only said."""
        place = self._highlighted
        if place is None:
            return
        comment = self._comments[place]
        if self._dropping != comment.id:
            self._dropping = comment.id
            self._say("d again throws this comment away")
            return
        self._drop(self._comments.pop(place))
        self._fill(place)

    def action_send(self) -> None:
        """All that no review takes along, in one message."""
        if any(not self._waits(comment) for comment in self._comments):
            self.dismiss(Wanted("send"))
        elif self._comments:
            self._say("these go with the review that waits: send that")

    def action_close(self) -> None:
        """Nothing more."""
        self.dismiss(None)


def _said(free: int, waiting: int) -> str:
    if not free and not waiting:
        return _EMPTY
    parts = [f"{counted(free, 'comment')} to send in one message"] if free else []
    parts += [f"{counted(waiting, 'comment')} with the review that waits"] if waiting else []
    return ", ".join(parts)
