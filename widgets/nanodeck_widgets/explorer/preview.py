"""The beginning of a file, with line numbers; long lines are scrolled to sideways."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nanodeck.contracts.text import clean, counted
from nanodeck_widgets.diff.highlight import colours
from nanodeck_widgets.keymap import keymap_of
from nanodeck_widgets.pane import Pane
from nanodeck_widgets.selection import Lane
from nanodeck_widgets.strips import Span

SIDE_STEP = 16
LONGEST = 10_000
"""Characters of a line that are drawn."""


class PreviewPane(Pane):
    """Give it a text with `show`, or with `say` why there is none."""

    PLACE = "explorer"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__("Preview", id=id)
        self._path = ""
        self._lines: list[str] = []
        self._said = ""
        self._side = 0
        self._widest = 0

    def show(self, path: str, text: str, total: int) -> None:
        """Show a file, of whose `total` lines `text` may be the first ones."""
        lines = [clean(line[:LONGEST]).expandtabs(4) for line in text.split("\n")]
        if lines[-1] == "" and len(lines) > 1:
            lines.pop()
        self._begin(
            path, counted(total, "line"), lines if total else [], "" if total else "this file is empty"
        )
        if 0 < len(lines) < total:
            self._lines.append(f"{self.glyphs.ellipsis} {counted(total - len(lines), 'more line')}")

    def say(self, path: str, words: str) -> None:
        """Say something about a path instead of showing it."""
        self._begin(path, "", [], words)

    def _begin(self, path: str, badge: str, lines: list[str], said: str) -> None:
        self._path, self.title, self.badge = path, path or "Preview", badge
        self._lines, self._said, self._side = lines, said, 0
        self._widest = max(map(cell_len, lines), default=0)
        keymap = keymap_of(self.app)
        sideways = f"{keymap.first('explorer.left')} {keymap.first('explorer.right')} sideways"
        self.hint = sideways if self._widest > self.inner_width - self.numbers else ""
        self.top = 0
        self.rows_changed()

    def count(self, width: int) -> int:
        return len(self._lines) or 1

    def text(self, row: int) -> str:
        return self._lines[row] if row < len(self._lines) else self._said

    @property
    def numbers(self) -> int:
        """Cells that the line numbers take."""
        return len(str(len(self._lines))) + 2 if self._lines else 0

    def indent(self, row: int) -> int:
        return self.numbers - self._side

    def lane(self, row: int) -> Lane:
        return Lane(self.text(row), self.indent(row), self.numbers)

    def spans(self, row: int) -> tuple[Span, ...]:
        seen = (span._replace(start=max(span.start, self.numbers)) for span in super().spans(row))
        return tuple(span for span in seen if span.end > span.start)

    def build(self, row: int, width: int) -> Strip:
        palette, text = self.palette, self.text(row)
        if not self._lines:
            return Strip([Segment(text, palette.muted)])
        room = self.numbers
        segments: list[Segment] = []
        at = 0
        for start, end, kind in colours(self._path, text):
            segments += [
                Segment(text[at:start], palette.text),
                Segment(text[start:end], getattr(palette, kind)),
            ]
            at = end
        segments.append(Segment(text[at:], palette.text))
        number = Segment(f"{row + 1:>{room - 2}}  ", palette.muted)
        return Strip([number, *Strip(segments).crop(self._side, self._side + max(1, width - room))])

    def action_right(self) -> None:
        self._look_at(self._side + SIDE_STEP)

    def action_left(self) -> None:
        self._look_at(self._side - SIDE_STEP)

    def _look_at(self, side: int) -> None:
        side = max(0, min(side, self._widest - SIDE_STEP))
        if side != self._side:
            self._side = side
            self.rows_changed()
