"""Markdown cut into blocks line by line, so that what is finished need not be looked at again."""

from __future__ import annotations

import re
from copy import copy
from typing import Literal, NamedTuple

BLOCK_LIMIT = 20_000

_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})\s*(\S*)")
_INNER_FENCE = re.compile(r"\s*(?:(?:[-+*]|\d{1,9}[.)])\s+)*(`{3,}(?=[^`]*$)|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")
_RULE = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)\s*$")
_QUOTE = re.compile(r" {0,3}>")
_ITEM = re.compile(r"( {0,3})([-+*]|(\d{1,9})([.)]))( +|$)")
_DELIMITER = re.compile(r" {0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_PIPE = re.compile(r"(?<!\\)\|")

Kind = Literal["text", "item", "code", "table"]


class Block(NamedTuple):
    """A piece of Markdown that is drawn by itself.

    `text` may hold any blocks but tables and fences of the top level; `item` is one item of a list
    with its `number` if it is ordered; `code` is one line of a fence, the first one with number 1;
    `gap` asks for a blank row before it; `hidden` lines were left out because there are too many.
    """

    kind: Kind
    lines: tuple[str, ...]
    gap: bool
    number: int = 0
    language: str = ""
    hidden: int = 0


def table_cells(line: str) -> list[str]:
    """The cells of a table's row as written; pipes after a backslash are text."""
    line = line.strip()
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _PIPE.split(line)]


class Splitter:
    """Takes lines, gives back the blocks they finish. What follows never changes a given block."""

    def __init__(self) -> None:
        self._kind: Kind | None = None
        self._lines: list[str] = []
        self._size = 0
        self._hidden = 0
        self._gap = False
        self._gap_before = False
        self._apart = False
        self._begun = False
        self._quote = False
        self._fence = ""
        self._fence_indent = 0
        self._language = ""
        self._offset = 0
        self._marker = ""
        self._number = 0
        self._after_blank = False

    def copy(self) -> Splitter:
        """A splitter in the same state."""
        twin = copy(self)
        twin._lines = list(self._lines)
        return twin

    def line(self, line: str) -> list[Block]:
        """The blocks that `line`, without its end, finishes."""
        if self._kind == "code":
            return self._code_line(line)
        if self._kind == "item":
            return self._item_line(line)
        if not line.strip():
            done = self.close()
            self._gap = self._begun
            return done
        return self._block_line(line)

    def close(self) -> list[Block]:
        """The block that is open, if any: nothing more belongs to it."""
        kind, lines = self._kind, self._lines
        self._kind = None
        if kind is None or kind == "code":
            self._apart = self._apart or kind == "code"
            return []
        while lines and not lines[-1].strip():
            lines.pop()
            self._gap = True
        gap, self._gap_before = self._gap_before, False
        self._apart = kind == "table"
        return [Block(kind, tuple(lines), gap, self._number if kind == "item" else 0, "", self._hidden)]

    def _begin(self, kind: Kind, line: str, *, apart: bool = False, tight: bool = False) -> None:
        self._kind = kind
        self._lines = [line]
        self._size = len(line)
        self._hidden = 0
        self._quote = False
        self._gap_before = self._begun and not tight and (self._gap or self._apart or apart)
        self._gap = self._apart = False
        self._begun = True

    def _add(self, line: str) -> None:
        if self._hidden or self._size + len(line) > BLOCK_LIMIT:
            self._hidden += 1
            return
        self._lines.append(line)
        self._size += len(line) + 1

    def _block_line(self, line: str) -> list[Block]:
        if self._kind == "text" and not self._quote:
            if self._starts_table(line):
                return self._table_below(line)
            if _UNDERLINE.match(line):
                self._add(line)
                return self.close()
        if (fence := _FENCE.match(line)) is not None:
            done = self.close()
            self._open_fence(fence, line)
            return done
        if _HEADING.match(line) or _RULE.match(line):
            done = self.close()
            self._begin("text", line, apart=True)
            return done + self.close()
        if (item := _ITEM.match(line)) is not None and self._may_begin(item, line):
            done = self.close()
            self._begin_item(item, line)
            return done
        quote = _QUOTE.match(line) is not None
        if self._kind is not None and (not quote or self._quote):
            self._add(line)
            return []
        done = self.close()
        self._begin("text", line)
        self._quote = quote
        return done

    def _may_begin(self, item: re.Match[str], line: str) -> bool:
        """A paragraph is broken only by items that have text and, if numbered, begin with 1."""
        if self._kind != "text" or self._quote:
            return True
        return bool(line[item.end() :].strip()) and item[3] in (None, "1")

    def _starts_table(self, line: str) -> bool:
        if not self._lines or "-" not in line or not _DELIMITER.match(line):
            return False
        header = self._lines[-1]
        return "|" in header and len(table_cells(header)) == len(table_cells(line))

    def _table_below(self, line: str) -> list[Block]:
        header = self._lines[-1]
        self._lines.pop()
        if self._lines:
            done = self.close()
            self._begin("table", header, apart=True)
        else:
            done, gap = [], self._gap_before
            self._begin("table", header)
            self._gap_before = gap
        self._add(line)
        return done

    def _open_fence(self, fence: re.Match[str], line: str) -> None:
        self._begin("code", "", apart=True)
        self._fence = fence[1]
        self._fence_indent = len(line) - len(line.lstrip(" "))
        self._language = fence[2]
        self._number = 0

    def _code_line(self, line: str) -> list[Block]:
        bare = line.strip()
        if bare.startswith(self._fence) and not bare.strip(self._fence[0]) and line[:4].strip():
            self.close()
            return []
        indent = min(self._fence_indent, len(line) - len(line.lstrip(" ")))
        gap, self._gap_before = self._gap_before, False
        self._number += 1
        return [Block("code", (line[indent:],), gap, int(self._number == 1), self._language)]

    def _begin_item(self, item: re.Match[str], line: str, *, tight: bool = False) -> None:
        marker = item[4] or item[2]
        blanks = len(item[5])
        follows = tight and marker == self._marker
        self._number = self._number + 1 if follows and item[3] else int(item[3] or 0)
        self._begin("item", line, tight=tight)
        self._marker = marker
        self._offset = item.end() if 1 <= blanks <= 4 else item.end(2) + 1
        self._after_blank = False
        inner = _INNER_FENCE.match(line)
        self._fence = inner[1] if inner else ""

    def _item_line(self, line: str) -> list[Block]:
        bare = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if self._fence and (not bare or indent >= self._offset):
            if bare.startswith(self._fence) and not bare.strip(self._fence[0]):
                self._fence = ""
            self._add(line)
            return []
        self._fence = ""
        if not bare:
            self._after_blank = True
            self._add(line)
            return []
        if indent >= self._offset:
            inner = _INNER_FENCE.match(line)
            self._fence = inner[1] if inner else ""
        elif not self._continues(line):
            return self._after_item(line)
        self._after_blank = False
        self._add(line)
        return []

    def _continues(self, line: str) -> bool:
        """Whether a line left of the item's text still belongs to its paragraph."""
        starts = (_FENCE, _HEADING, _RULE, _ITEM, _QUOTE)
        return not self._after_blank and not any(start.match(line) for start in starts)

    def _after_item(self, line: str) -> list[Block]:
        item = None if _RULE.match(line) else _ITEM.match(line)
        done = self.close()
        if item is None:
            return done + self._block_line(line)
        same_list = (item[4] or item[2]) == self._marker
        self._begin_item(item, line, tight=same_list)
        return done
