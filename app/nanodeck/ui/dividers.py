"""The dividers between panes: where there are any, and how far they can be moved."""

from __future__ import annotations

from collections.abc import Set
from math import ceil
from typing import Literal, NamedTuple

Axis = Literal["x", "y"]

LEAST = {"x": 24, "y": 5}
"""Cells or rows that each part keeps."""
STEP = {"x": 4, "y": 2}
"""Cells or rows that a key moves a divider."""
WHOLE = 1000


class Divider(NamedTuple):
    """Between two parts beside (x) or above (y) each other, named as the style sheets name them.

    `sheet` is the arrangement: what is remembered of one says nothing about another.
    """

    first: str
    second: str
    axis: Axis
    sheet: str

    @property
    def key(self) -> str:
        """What its place is remembered under."""
        return f"{self.sheet}: {self.first}, {self.second}"


def dividers(present: Set[str], *, wide: bool) -> tuple[Divider, ...]:
    """The dividers between the panes that are `present` beside each other, the outermost first."""
    diff = "diff" in present
    sides = [name for name in ("tasks", "jobs") if name in present]
    sheet = f"{'wide' if wide else 'medium'}{'' if diff else ' without diff'}"
    found: list[Divider] = []
    if diff or sides:
        found.append(Divider("chat", "right", "x", sheet))
    if diff and sides:
        found.append(Divider("diff", "side", "x" if wide else "y", sheet))
    if len(sides) == 2:
        found.append(Divider("tasks", "jobs", "x" if diff and not wide else "y", sheet))
    return tuple(found)


def parts_of(pane: str) -> tuple[str, ...]:
    """A pane and the parts it is in, from the inside."""
    return (pane, *{"tasks": ("side", "right"), "jobs": ("side", "right"), "diff": ("right",)}.get(pane, ()))


def beside(pane: str, axis: Axis, all_: tuple[Divider, ...]) -> tuple[Divider, int] | None:
    """The innermost divider along `axis` that `pane` touches, and 1 if moving it forth makes it larger."""
    parts = parts_of(pane)
    for divider in reversed(all_):
        if divider.axis == axis and divider.first in parts:
            return divider, 1
        if divider.axis == axis and divider.second in parts:
            return divider, -1
    return None


def share(size: int, total: int, axis: Axis) -> int:
    """The first part's share of `total` cells, in thousandths, when it shall have `size` of them."""
    least = min(LEAST[axis], total // 2)
    # Upwards, as the layout cuts what is left of a cell off.
    return ceil(min(max(size, least), total - least) * WHOLE / max(1, total))
