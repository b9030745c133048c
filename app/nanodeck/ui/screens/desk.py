"""The room of the panes, with dividers between them that the mouse drags."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from nanodeck.ui.dividers import STEP, WHOLE, Axis, Divider, beside, share


class Desk(Container):
    """Lays its parts out by the shares a person gave them; the style sheets say the rest.

    A divider is grabbed at the edges of the two panes it is between, where a pane leaves them alone.
    """

    class DividerMoved(Message):
        """The person put a divider elsewhere: the first part has `share` thousandths now."""

        def __init__(self, divider: Divider, share: int) -> None:
            super().__init__()
            self.divider = divider
            self.share = share

    def __init__(self, *children: Widget, id: str) -> None:  # noqa: A002
        super().__init__(*children, id=id)
        self._dividers: tuple[Divider, ...] = ()
        self._shares: dict[str, int] = {}
        self._held: Divider | None = None
        self._offset = 0

    def divide(self, dividers: tuple[Divider, ...], shares: Mapping[str, int]) -> None:
        """These dividers are there now; those in `shares` stand where they were put."""
        shares = {divider.key: shares[divider.key] for divider in dividers if divider.key in shares}
        if (dividers, shares) == (self._dividers, self._shares):
            return
        for divider in self._dividers:
            self._place(divider, None)
        self._dividers, self._shares = dividers, shares
        for divider in dividers:
            self._place(divider, shares.get(divider.key))

    def push(self, pane: str, axis: Axis, larger: int) -> bool:
        """Make a pane larger (1) or smaller (-1) along an axis. False where no divider does that."""
        found = beside(pane, axis, self._dividers)
        if found is None:
            return False
        divider, sign = found
        self._move(divider, self._extent(divider) + sign * larger * STEP[divider.axis])
        self._tell(divider)
        return True

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Grab the divider under the pointer."""
        self._held = self._divider_at(event.screen_x, event.screen_y) if event.button == 1 else None
        if self._held is not None:
            self.capture_mouse()
            self._offset = self._along(self._held, event) - self._extent(self._held)
            # The pane under the pointer may have begun to select.
            self.screen.clear_selection()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The divider follows the pointer."""
        if self._held is not None:
            self._move(self._held, self._along(self._held, event) - self._offset)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let the divider go."""
        if self._held is not None:
            self._tell(self._held)
            self._held = None
            self.release_mouse()

    def _move(self, divider: Divider, size: int) -> None:
        part = share(size, self._extent(divider) + self._extent(divider, 1), divider.axis)
        if self._shares.get(divider.key) != part:
            self._shares[divider.key] = part
            self._place(divider, part)

    def _tell(self, divider: Divider) -> None:
        if divider.key in self._shares:
            self.post_message(self.DividerMoved(divider, self._shares[divider.key]))

    def _place(self, divider: Divider, part: int | None) -> None:
        name = "width" if divider.axis == "x" else "height"
        for widget, size in zip(self._parts(divider), (part, WHOLE - (part or 0)), strict=True):
            if part is None:
                widget.styles.clear_rule(name)
            else:
                setattr(widget.styles, name, f"{size}fr")
            widget.refresh(layout=True)

    def _extent(self, divider: Divider, part: int = 0) -> int:
        """Cells or rows of the first (0) or the second part (1)."""
        size = self._parts(divider)[part].outer_size
        return size.width if divider.axis == "x" else size.height

    def _along(self, divider: Divider, event: events.MouseEvent) -> int:
        """How far the pointer is from where the first part begins."""
        begin = self._parts(divider)[0].region
        return event.screen_x - begin.x if divider.axis == "x" else event.screen_y - begin.y

    def _parts(self, divider: Divider) -> tuple[Widget, Widget]:
        return self.query_one(f"#{divider.first}"), self.query_one(f"#{divider.second}")

    def _divider_at(self, x: int, y: int) -> Divider | None:
        for divider in self._dividers:
            first, second = (part.region for part in self._parts(divider))
            if divider.axis == "x" and x in (first.right - 1, second.x) and first.y <= y < first.bottom:
                return divider
            if divider.axis == "y" and y in (first.bottom - 1, second.y) and first.x <= x < first.right:
                return divider
        return None
