"""Writing a comment on lines of a diff."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import Static, TextArea

from nanodeck.contracts.comments import Comment, lines_named
from nanodeck.contracts.text import clean, one_line
from nanodeck.ui.screens.writing import WritingScreen

EXCERPT_LINES = 6
EXCERPT_WIDTH = 200


class CommentScreen(WritingScreen):
    """Dismissed with the words of the comment, or None; of one that has none any more, with no words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "keep", "keep", priority=True),
        Binding("shift+enter,ctrl+j", "newline", "new line", priority=True),
    ]
    keys: ClassVar[str] = "enter keeps it   ctrl+j new line   ctrl+g $EDITOR   esc leaves"

    def __init__(self, comment: Comment) -> None:
        heading = f"Comment on {one_line(comment.path)}{lines_named(comment, ', ')}"
        super().__init__(heading, comment.text, suffix=".md", classes="comment")
        self._comment = comment

    def above(self) -> Iterable[Static]:
        """The first of the lines it is on."""
        if self._comment.excerpt:
            yield Static(_excerpt(self._comment.excerpt), classes="excerpt", markup=False)

    def kept(self, text: str) -> str:
        """The words without blanks around them."""
        return text.strip()

    def action_newline(self) -> None:
        """Go on in a line of its own."""
        area = self.query_one(TextArea)
        area.replace("\n", *area.selection)


def _excerpt(excerpt: str) -> Text:
    lines = excerpt.split("\n")
    shown = [clean(line).expandtabs(4)[:EXCERPT_WIDTH] for line in lines[:EXCERPT_LINES]]
    if len(lines) > len(shown):
        shown.append(f"… {len(lines) - len(shown)} more")
    return Text("\n".join(shown), no_wrap=True, overflow="ellipsis")
