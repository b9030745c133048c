"""Which lines of a hunk stand beside each other."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Sequence

NOTHING = -1

Partners = Callable[[int], Sequence[tuple[int, int]]]
"""Which removed and added lines of the change that begins at a line stand for each other, in order."""

_RUNS = re.compile(r"([ \\]+)|(-[-\\]*)?(\+[+\\]*)?")


def rows_beside(signs: Sequence[str]) -> int:
    """The rows that lines with these signs take side by side, without saying which stand where."""
    rows = 0
    for same, removed, added in _RUNS.findall("".join(signs)):
        rows += len(same) + max(len(removed), len(added))
    return rows


class Pairs:
    """Rows of a hunk side by side: `left[row]` and `right[row]` are line indexes or NOTHING.

    With `partners` a line stands beside its counterpart where more were added than removed, or fewer.
    """

    def __init__(self, signs: Sequence[str], partners: Partners | None = None) -> None:
        self._partners = partners
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
        if self._partners and removed and added and len(removed) != len(added):
            for left, right in self._partners(removed[0]):
                i, j = removed.index(left), added.index(right)
                self._lay(removed[:i], added[:j])
                self._lay([left], [right])
                del removed[: i + 1], added[: j + 1]
        self._lay(removed, added)
        removed.clear()
        added.clear()

    def _lay(self, removed: list[int], added: list[int]) -> None:
        height = max(len(removed), len(added))
        self.left.extend(removed + [NOTHING] * (height - len(removed)))
        self.right.extend(added + [NOTHING] * (height - len(added)))
