"""Which lines of a hunk stand beside each other."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

NOTHING = -1


class Pairs:
    """Rows of a hunk side by side: `left[row]` and `right[row]` are line indexes or NOTHING."""

    def __init__(self, signs: Sequence[str]) -> None:
        self.left = array("i")
        self.right = array("i")
        removed: list[int] = []
        added: list[int] = []
        side = " "
        for index, sign in enumerate(signs):
            # A note about a missing line feed belongs to the line above it.
            side = side if sign == "\\" else sign
            if side == "-":
                if added:
                    self._close(removed, added)
                removed.append(index)
            elif side == "+":
                added.append(index)
            else:
                self._close(removed, added)
                self.left.append(index)
                self.right.append(index)
        self._close(removed, added)

    def __len__(self) -> int:
        return len(self.left)

    def row_of(self, line: int) -> int:
        """The row that shows a line."""
        side = self.right if line in self.right else self.left
        return side.index(line)

    def _close(self, removed: list[int], added: list[int]) -> None:
        height = max(len(removed), len(added))
        self.left.extend(removed + [NOTHING] * (height - len(removed)))
        self.right.extend(added + [NOTHING] * (height - len(added)))
        removed.clear()
        added.clear()
