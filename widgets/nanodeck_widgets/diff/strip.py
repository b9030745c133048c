"""The strip of files above a diff: as many around the one under the cursor as fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nanodeck.contracts.changes import FileDiff
from nanodeck.contracts.text import one_line
from nanodeck_widgets.diff.kinds import tallies
from nanodeck_widgets.palette import Palette

GAP = 1


class Standing(NamedTuple):
    """How a file stands, in a sign; what is `done` is dimmed."""

    sign: str
    style: Style
    done: bool = False


class FileStrip:
    """Files in one row. The window over them moves no further than it has to."""

    def __init__(self, files: Sequence[FileDiff], ellipsis: str) -> None:
        self._files = files
        self._names = short_names(files)
        self._ellipsis = ellipsis
        self._first = 0
        self._cells: list[tuple[int, int, int]] = []

    def draw(self, current: int, standing: Callable[[int], Standing], width: int, palette: Palette) -> Strip:
        """The strip in `width` cells; `standing` is asked about the files seen."""
        last = self._move_to(current, width)
        before, after = self._first, len(self._files) - last
        segments = [Segment(f"{self._ellipsis}{before}  ", palette.muted)] if before else []
        at = sum(cell_len(segment.text) for segment in segments)
        self._cells = []
        for file in range(self._first, last):
            if file > self._first:
                segments.append(Segment(" " * GAP))
                at += GAP
            drawn = self._draw(file, standing(file), file == current, palette)
            cells = sum(cell_len(segment.text) for segment in drawn)
            self._cells.append((at, at + cells, file))
            segments += drawn
            at += cells
        if after:
            segments.append(Segment(f"{' ' * GAP}{after}{self._ellipsis}", palette.muted))
        return Strip(segments)

    def file_at(self, cell: int) -> int | None:
        """The file drawn at a cell."""
        return next((file for start, end, file in self._cells if start <= cell < end), None)

    def _move_to(self, current: int, width: int) -> int:
        """Move the window so that it holds `current`; the file after its last."""
        self._first = min(self._first, current)
        if self._end(self._first, width) <= current:
            self._first = current
            while self._first and self._end(self._first - 1, width) > current:
                self._first -= 1
        return self._end(self._first, width)

    def _end(self, first: int, width: int) -> int:
        """The file after the last that fits when `first` comes first; one always does."""
        total = len(self._files)
        used = len(f"{self._ellipsis}{first}  ") if first else 0
        for file in range(first, total):
            used += self._width(file) + (GAP if file > first else 0)
            rest = total - file - 1
            if used + (GAP + len(f"{rest}{self._ellipsis}") if rest else 0) > width and file > first:
                return file
        return total

    def _width(self, file: int) -> int:
        counts = sum(1 + len(count) for count in tallies(self._files[file]) if count)
        return 3 + cell_len(self._names[file]) + counts + 1

    def _draw(self, file: int, standing: Standing, current: bool, palette: Palette) -> list[Segment]:
        counts = zip(tallies(self._files[file]), (palette.added_sign, palette.removed_sign), strict=True)
        name = palette.title_focused if current else palette.muted if standing.done else palette.text
        before, after = "[]" if current else "  "
        return [
            Segment(f"{before}{standing.sign} ", standing.style),
            Segment(self._names[file], name),
            *(Segment(f" {count}", style) for count, style in counts if count),
            Segment(after, standing.style),
        ]


def short_names(files: Sequence[FileDiff]) -> list[str]:
    """The last part of every path, with the part before it where several files are called the same."""
    paths = [one_line(file.path) for file in files]
    parts = [path.rstrip("/").rsplit("/", 2) for path in paths]
    several = Counter(part[-1] for part in parts)
    names = ["/".join(part[-2:]) if several[part[-1]] > 1 else part[-1] for part in parts]
    names = [f"{name}/" if path.endswith("/") else name for name, path in zip(names, paths, strict=True)]
    return [
        f"{name} (you)" if file.author == "you" else name for name, file in zip(names, files, strict=True)
    ]
