"""Items laid out as rows, each when it is asked for; until then it counts as high as it was last time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from nanodeck_widgets.flow import Flow, Piece
from nanodeck_widgets.heights import Heights


class Row(NamedTuple):
    """A row: the item it belongs to (empty for none) and all that it is drawn from.

    Equal rows look the same, which is how a pane finds out what to draw again.
    """

    item: str
    part: object


class Laid(Flow):
    """`lay` makes the parts of one of `items`, at least one; those laid in `before` are laid at once."""

    def __init__(
        self, items: list[str], lay: Callable[[str], Sequence[object]], before: Laid | None = None
    ) -> None:
        super().__init__()
        self.items = items
        self._lay = lay
        self._places = dict(zip(items, range(len(items)), strict=True))
        self._parts: dict[str, Sequence[object]] = {}
        for item in before._parts if before is not None else ():
            if item in self._places:
                self._parts[item] = lay(item)
        self._settled = set(self._parts)
        self._heights = Heights(len(self._parts.get(item, "1")) for item in items)

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, item: object) -> bool:
        return item in self._places

    def row(self, row: int) -> Row:
        """A row of an item."""
        index, offset = self.locate(row)
        return Row(self.items[index], self._parts_of(index)[offset])

    def place(self, item: str) -> int:
        """How many items stand before this one, which must be there."""
        return self._places[item]

    def span(self, item: str) -> tuple[int, int]:
        """First and last row of an item, which must be there."""
        place = self._places[item]
        first = self.first_row(place)
        return first, first + self.height(place) - 1

    def piece(self, row: int) -> Piece:
        """The item of a row."""
        index, offset = self.locate(row)
        return Piece(row - offset, self.height(index), self.items[index] in self._settled)

    def settle(self, row: int) -> int:
        """Lay the item of a row if it was not; returns by how many rows it is higher than was thought."""
        index, _ = self.locate(row)
        self._settled.add(self.items[index])
        return self._heights.change(index, len(self._parts_of(index)))

    def differing(self, before: Laid) -> list[tuple[int, int | None]]:
        """First and last rows that are not as they were `before`; no last one means all that follow."""
        pairs = zip(self.items, before.items, strict=False)
        same = next((place for place, (one, old) in enumerate(pairs) if one != old), None)
        same = min(len(self), len(before)) if same is None else same
        found: list[tuple[int, int | None]] = []
        for item, old in before._parts.items():
            if (place := before._places[item]) < same:
                parts = self._parts[item]
                if len(parts) != len(old):
                    same = place
                first = self.first_row(place)
                rows = range(first, first + min(len(parts), len(old)))
                found += [
                    (row, row) for row, one, other in zip(rows, parts, old, strict=False) if one != other
                ]
        if same < max(len(self), len(before)):
            found.append((self.first_row(same), None))
        return found

    def _parts_of(self, index: int) -> Sequence[object]:
        item = self.items[index]
        parts = self._parts.get(item)
        if parts is None:
            parts = self._parts[item] = self._lay(item)
        return parts
