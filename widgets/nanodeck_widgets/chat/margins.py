"""What stands left of rows inside quotes and list items."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from rich.cells import cell_len
from rich.segment import Segment

from nanodeck_widgets.chat.wrap import Row


class Margin(Struct):
    """One container's margin: `first` is drawn before its first row, `rest` before the others. The
    texts are what copying sees of them.
    """

    first: Segment
    rest: Segment
    first_text: str = ""
    rest_text: str = ""
    used: bool = False


def cells_of(margins: Sequence[Margin]) -> int:
    """Cells that margins take together."""
    return sum(cell_len(margin.rest.text) for margin in margins)


def behind(
    margins: Sequence[Margin], segments: Sequence[Segment], text: str, glue: str, indent: int = 0
) -> Row:
    """A row behind `margins`; the first `indent` cells of `segments` are not part of `text`."""
    if not margins:
        return Row(tuple(segments), text, indent, glue)
    left = [margin.rest if margin.used else margin.first for margin in margins]
    before = "".join(margin.rest_text if margin.used else margin.first_text for margin in margins)
    for margin in margins:
        margin.used = True
    if glue != "\n":
        before = ""  # the row goes on with the text above, into which no margin belongs
    return Row(
        (*left, *segments),
        before + text,
        sum(cell_len(segment.text) for segment in left) + indent - cell_len(before),
        glue,
    )
