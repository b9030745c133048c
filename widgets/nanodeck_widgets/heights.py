"""Heights of many entries with their sums: append, change and look-up in O(log n)."""

from __future__ import annotations

from collections.abc import Iterable


class Heights:
    """A Fenwick tree over the rows that entries take."""

    def __init__(self, values: Iterable[int] = ()) -> None:
        self._values = list(values)
        self._tree = [0, *self._values]
        self.total = sum(self._values)
        for index in range(1, len(self._tree)):
            parent = index + (index & -index)
            if parent < len(self._tree):
                self._tree[parent] += self._tree[index]

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, index: int) -> int:
        return self._values[index]

    def append(self, value: int) -> None:
        """Add an entry of `value` rows at the end."""
        self._values.append(value)
        index = len(self._values)
        below, node = value, index - 1
        stop = index - (index & -index)
        while node > stop:
            below += self._tree[node]
            node -= node & -node
        self._tree.append(below)
        self.total += value

    def change(self, index: int, value: int) -> int:
        """Entry `index` takes `value` rows now; returns by how many more."""
        delta = value - self._values[index]
        if delta:
            self._values[index] = value
            self.total += delta
            node = index + 1
            while node < len(self._tree):
                self._tree[node] += delta
                node += node & -node
        return delta

    def before(self, index: int) -> int:
        """Rows of the entries before `index`."""
        rows = 0
        while index > 0:
            rows += self._tree[index]
            index -= index & -index
        return rows

    def locate(self, row: int) -> tuple[int, int]:
        """The entry that `row` belongs to and the row within it. The row must exist."""
        index, left = 0, row
        step = 1 << len(self._values).bit_length()
        while step:
            following = index + step
            if following < len(self._tree) and self._tree[following] <= left:
                index = following
                left -= self._tree[following]
            step >>= 1
        return index, left
