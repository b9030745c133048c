"""Tables in the chat: columns fitted to the width, cells wrapped; rows are kept once drawn."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment

from nanodeck_widgets.chat.inline import inline_lines
from nanodeck_widgets.chat.splitter import table_cells
from nanodeck_widgets.chat.wrap import Piece, Row, breaks, plain, sliced
from nanodeck_widgets.glyphs import Glyphs
from nanodeck_widgets.palette import Palette

LEAST = 4
KEPT = 2_000
Cells = tuple[tuple[Piece, ...], ...]


def fitted_widths(natural: Sequence[int], room: int) -> tuple[int, ...] | None:
    """Column widths within `room` cells, the widest giving way first; None when nothing readable fits."""
    widths = [max(1, width) for width in natural]
    least = [min(width, LEAST) for width in widths]
    if sum(least) > room:
        return None
    while (excess := sum(widths) - room) > 0:
        widest = max(widths)
        broad = [index for index, width in enumerate(widths) if width == widest]
        following = max((width for width in widths if width < widest), default=0)
        share = max(1, min(-(-excess // len(broad)), widest - following))
        for index in broad:
            widths[index] -= min(share, excess, widths[index] - least[index])
            excess = sum(widths) - room
            if excess <= 0:
                break
    return tuple(widths)


def _side(mark: str) -> str:
    """Left, right or centre, by the colons of the delimiter row."""
    if not mark.endswith(":"):
        return "l"
    return "c" if mark.startswith(":") else "r"


class TableDrawer:
    """Draws tables at one width. Parsed cells and drawn rows are kept by their source."""

    def __init__(self, width: int, palette: Palette, glyphs: Glyphs) -> None:
        self._width = width
        self._palette = palette
        self._glyphs = glyphs
        self._cells: dict[tuple[str, bool], Cells] = {}
        self._rows: dict[tuple[str, bool, tuple[int, ...], str], tuple[Row, ...]] = {}

    def draw(self, lines: Sequence[str]) -> list[Row]:
        """The rows of a table given as its source lines: header, delimiter, rows."""
        marks = table_cells(lines[1])
        columns = len(marks)
        sides = "".join(
            "c" if m[0] == m[-1] == ":" and len(m) > 1 else "r" if m[-1] == ":" else "l" for m in marks
        )
        sources = [lines[0], *lines[2:]]
        parsed = [self._parsed(line, index == 0, columns) for index, line in enumerate(sources)]
        natural = [max(cell_len(plain(cells[column])) for cells in parsed) for column in range(columns)]
        widths = fitted_widths(natural, self._width - 3 * (columns - 1))
        if widths is None:
            return self._records(parsed)
        rows = list(self._drawn(lines[0], True, widths, sides, parsed[0]))
        line = self._glyphs.rule
        joint = f"{line}{self._glyphs.cross}{line}"
        rule = joint.join(line * width for width in widths)
        rows.append(Row((Segment(rule, self._palette.frame),), rule))
        for source, cells in zip(sources[1:], parsed[1:], strict=True):
            rows.extend(self._drawn(source, False, widths, sides, cells))
        return rows

    def _parsed(self, line: str, header: bool, columns: int) -> Cells:
        key = (line, header)
        cells = self._cells.get(key)
        if cells is None:
            style = self._palette.strong if header else self._palette.text
            cells = tuple(
                tuple(piece for pieces in inline_lines(cell, style, self._palette) for piece in pieces)
                for cell in table_cells(line)
            )
            if len(self._cells) > KEPT:
                self._cells.clear()
            self._cells[key] = cells
        return (*cells, *([()] * columns))[:columns]

    def _drawn(
        self, source: str, header: bool, widths: tuple[int, ...], sides: str, cells: Cells
    ) -> tuple[Row, ...]:
        key = (source, header, widths, sides)
        rows = self._rows.get(key)
        if rows is None:
            if len(self._rows) > KEPT:
                self._rows.clear()
            rows = self._rows[key] = tuple(self._row(widths, sides, cells))
        return rows

    def _row(self, widths: tuple[int, ...], sides: str, cells: Cells) -> list[Row]:
        columns = []
        for pieces, width in zip(cells, widths, strict=True):
            cuts = breaks(plain(pieces), width)
            columns.append(list(sliced(pieces, cuts)))
        bar = Segment(f" {self._glyphs.light[1]} ", self._palette.frame)
        rows: list[Row] = []
        for height in range(max(len(column) for column in columns)):
            segments: list[Segment] = []
            for index, (column, width) in enumerate(zip(columns, widths, strict=True)):
                content = column[height] if height < len(column) else []
                free = width - sum(cell_len(segment.text) for segment in content)
                left = {"l": 0, "r": free, "c": free // 2}[sides[index]]
                last = index == len(widths) - 1
                segments += [bar] if index else []
                segments += [Segment(" " * left, self._palette.text)] if left else []
                segments += content
                segments += (
                    [Segment(" " * (free - left), self._palette.text)] if free > left and not last else []
                )
            shown = tuple(segment for segment in segments if segment.text)
            rows.append(Row(shown, "".join(segment.text for segment in shown)))
        return rows

    def _records(self, parsed: Sequence[Cells]) -> list[Row]:
        """A table with more columns than fit: each row as lines of 'header: cell'."""
        rows: list[Row] = []
        for number, cells in enumerate(parsed[1:]):
            if number:
                rows.append(
                    Row((Segment(self._glyphs.rule * 3, self._palette.frame),), self._glyphs.rule * 3)
                )
            for header, cell in zip(parsed[0], cells, strict=True):
                pieces = [*header, (": ", self._palette.muted), *cell]
                cuts = breaks(plain(pieces), self._width)
                for cut, segments in zip(cuts, sliced(pieces, cuts), strict=True):
                    text = "".join(segment.text for segment in segments)
                    rows.append(Row(tuple(segments), text, 0, cut.glue if cut.start else "\n"))
        return rows
