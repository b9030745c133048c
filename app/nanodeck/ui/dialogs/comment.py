"""Writing a comment on lines of a diff."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import Static, TextArea

from nanodeck.contracts.comments import Comment, lines_named
from nanodeck.contracts.text import clean, one_line
from nanodeck.ui.dialogs.writing import WritingScreen
from nanodeck_widgets.glyphs import in_signs
from nanodeck_widgets.palette import Palette, palette_of

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
            excerpt = _excerpt(self._comment.excerpt, palette_of(self.app))
            yield Static(excerpt, classes="excerpt", markup=False)

    def kept(self, text: str) -> str:
        """The words without blanks around them."""
        return text.strip()

    def action_newline(self) -> None:
        """Go on in a line of its own."""
        area = self.query_one(TextArea)
        area.replace("\n", *area.selection)


def _excerpt(excerpt: str, palette: Palette) -> Text:
    lines = excerpt.split("\n")
    styles = {"+": palette.added_sign, "-": palette.removed_sign}
    shown = [
        Text(clean(line).expandtabs(4)[:EXCERPT_WIDTH], styles.get(line[:1], palette.muted))
        for line in lines[:EXCERPT_LINES]
    ]
    if more := len(lines) - len(shown):
        shown.append(Text(in_signs(f"… {more} more"), palette.muted))
    return Text("\n", no_wrap=True, overflow="ellipsis").join(shown)
