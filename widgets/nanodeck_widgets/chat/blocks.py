"""Blocks of Markdown drawn to rows of one width."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from nanodeck_widgets.chat.code import code_pieces
from nanodeck_widgets.chat.inline import lines_of, parser
from nanodeck_widgets.chat.margins import Margin, behind, cells_of
from nanodeck_widgets.chat.wrap import Piece, Row, breaks, plain, sliced
from nanodeck_widgets.glyphs import Glyphs
from nanodeck_widgets.palette import Palette

if TYPE_CHECKING:
    from markdown_it.token import Token

    from nanodeck_widgets.chat.splitter import Block
    from nanodeck_widgets.chat.table import TableDrawer

NARROWEST = 10
CODE_INDENT = 2
MEASURE, CODE_MEASURE = 100, 120
"""Cells of a line of prose and of code at most: eyes lose their way back over longer ones."""


class BlockDrawer:
    """Draws blocks at one width with one palette."""

    def __init__(self, width: int, palette: Palette, glyphs: Glyphs) -> None:
        self.width = max(NARROWEST, width)
        self.measure = min(self.width, MEASURE)
        self.palette = palette
        self.glyphs = glyphs

    @cached_property
    def tables(self) -> TableDrawer:
        """The drawer of tables, which keeps what it has drawn."""
        from nanodeck_widgets.chat.table import TableDrawer

        return TableDrawer(self.width, self.palette, self.glyphs)

    def draw(self, block: Block) -> list[Row]:
        """The rows of one block, without the gap before it."""
        if block.kind == "code":
            return self.code_rows(block.lines[0], block.language, [], first=block.number == 1)
        rows = self.tables.draw(block.lines) if block.kind == "table" else _Walk(self, block).rows
        if block.hidden:
            note = f"{self.glyphs.ellipsis} {block.hidden:,} more lines are not drawn"
            rows.append(Row((Segment(note, self.palette.muted),), note))
        return rows

    def code_rows(
        self, line: str, language: str, margins: Sequence[Margin], *, first: bool = False
    ) -> list[Row]:
        """A line of code on its ground, cut where it is too long; the first one says its language."""
        width = min(self.width, CODE_MEASURE) - cells_of(margins) - CODE_INDENT
        name = f"{language} " if first and cell_len(line) + cell_len(language) + 3 <= width else ""
        ground = self.palette.code_block
        cuts = breaks(line, width, words=False)
        rows: list[Row] = []
        for cut, segments in zip(cuts, sliced(code_pieces(line, language, self.palette), cuts), strict=True):
            text = line[cut.start : cut.end]
            filling = Segment(" " * (width - cell_len(text) - cell_len(name)), ground)
            drawn = [Segment(" " * CODE_INDENT, ground), *segments, filling]
            if name:
                drawn.append(Segment(name, ground + self.palette.muted))
            rows.append(behind(margins, drawn, text, "" if cut.start else "\n", CODE_INDENT))
        return rows

    def wrapped(
        self, pieces: Sequence[Piece], margins: Sequence[Margin] = (), *, words: bool = True
    ) -> list[Row]:
        """One line of pieces wrapped behind `margins`, between words or anywhere."""
        text = plain(pieces)
        cuts = breaks(text, (self.measure if words else self.width) - cells_of(margins), words=words)
        return [
            behind(margins, segments, text[cut.start : cut.end], cut.glue if cut.start else "\n")
            for cut, segments in zip(cuts, sliced(pieces, cuts), strict=True)
        ]


class _Walk:
    """One pass over the tokens of a block."""

    def __init__(self, drawer: BlockDrawer, block: Block) -> None:
        self._drawer = drawer
        self._palette = drawer.palette
        self._lines = block.lines
        self._margins: list[Margin] = []
        self._numbers: list[int | None] = []
        self._own_number = block.number if block.kind == "item" else None
        self._style = self._palette.text
        self._table: list[str] = []
        self.rows: list[Row] = []
        steps = {
            "inline": self._inline,
            "heading_open": self._heading,
            "heading_close": self._plain,
            "fence": self._code,
            "code_block": self._code,
            "hr": self._rule,
            "blockquote_open": self._quote,
            "blockquote_close": self._leave,
            "bullet_list_open": self._list,
            "ordered_list_open": self._list,
            "bullet_list_close": self._end_list,
            "ordered_list_close": self._end_list,
            "list_item_open": self._item,
            "list_item_close": self._leave,
            "table_open": self._begin_table,
            "table_close": self._end_table,
        }
        before = ""
        for token in parser().parse("\n".join(block.lines)):
            self._space(token, before)
            before = token.type
            if (step := steps.get(token.type)) is not None:
                step(token)

    def _space(self, token: Token, before: str) -> None:
        """A blank row where the source has one between blocks; lists are drawn tight."""
        if not token.map or not self.rows or before.endswith("_open") or token.type == "inline":
            return
        line = token.map[0] - 1
        inner_list = token.type in ("bullet_list_open", "ordered_list_open") and self._numbers
        if token.type == "list_item_open" or inner_list or line < 0:
            return
        if not self._lines[line].strip(" >") and all(margin.used for margin in self._margins):
            self.rows.append(behind(self._margins, (), "", "\n"))

    def _inline(self, token: Token) -> None:
        if self._table:
            return
        for pieces in lines_of(token.children or [], self._style, self._palette):
            self.rows.extend(self._drawer.wrapped(pieces, self._margins))

    def _heading(self, token: Token) -> None:
        level = int(token.tag[1:] or 1)
        self._style = self._palette.heading if level < 3 else self._palette.strong
        if level == 1:
            self._style += Style(underline=True)

    def _plain(self, token: Token) -> None:
        self._style = self._palette.text

    def _code(self, token: Token) -> None:
        language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
        for number, line in enumerate(token.content.removesuffix("\n").split("\n")):
            self.rows.extend(self._drawer.code_rows(line, language, self._margins, first=not number))

    def _rule(self, token: Token) -> None:
        width = max(1, self._drawer.measure - cells_of(self._margins))
        line = self._drawer.glyphs.rule * width
        self.rows.append(behind(self._margins, [Segment(line, self._palette.frame)], line, "\n"))

    def _quote(self, token: Token) -> None:
        bar = Segment(f"{self._drawer.glyphs.bar} ", self._palette.muted)
        self._enter(Margin(bar, bar))

    def _list(self, token: Token) -> None:
        start = int(token.attrGet("start") or 1) if token.type.startswith("ordered") else None
        if not self._numbers and start is not None and self._own_number is not None:
            start = self._own_number
        self._numbers.append(start)

    def _end_list(self, token: Token) -> None:
        self._numbers.pop()

    def _item(self, token: Token) -> None:
        number = self._numbers[-1]
        if number is None:
            glyphs = self._drawer.glyphs
            sign, text = (glyphs.bullet if len(self._numbers) % 2 else glyphs.dot) + " ", "- "
        else:
            self._numbers[-1] = number + 1
            sign = text = f"{number}{token.markup or '.'} "
        blank = " " * cell_len(sign)
        style = self._palette.muted
        self._enter(Margin(Segment(sign, style), Segment(blank, style), text, blank))

    def _enter(self, margin: Margin) -> None:
        """Go into a container; where no room would be left for text, its margin is not drawn."""
        if cells_of([*self._margins, margin]) + NARROWEST > self._drawer.width:
            margin = Margin(Segment(""), Segment(""))
        self._margins.append(margin)

    def _leave(self, token: Token) -> None:
        if not self._margins[-1].used:
            self.rows.append(behind(self._margins, (), "", "\n"))
        self._margins.pop()

    def _begin_table(self, token: Token) -> None:
        if token.map:
            self._table = [line.lstrip(" >") for line in self._lines[token.map[0] : token.map[1]]]

    def _end_table(self, token: Token) -> None:
        lines, self._table = [line for line in self._table if line.strip()], []
        for row in self._drawer.tables.draw(lines):
            self.rows.append(behind(self._margins, row.segments, row.text, row.glue, row.indent))
