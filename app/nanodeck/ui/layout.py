"""Which panes are on screen: said by classes, drawn by the style sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodeck.ui.dividers import Divider, dividers

if TYPE_CHECKING:
    from textual.screen import Screen

PANES = ("chat", "diff", "tasks", "jobs")
NARROW, WIDE = "-narrow", "-wide"


class DeckLayout:
    """The pane that is on (the tab of a narrow deck, what zoom shows), zoom, folding, empty panes."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self.on = "chat"
        self.zoomed = False
        self.folded = False
        self.present = frozenset({"chat"})
        self.asking = False

    @property
    def narrow(self) -> bool:
        """Whether the panes are tabs."""
        return self._screen.has_class(NARROW)

    def show(self, pane: str) -> None:
        """Put `pane` on: it becomes the tab, or what zoom shows; a folded side unfolds for it."""
        self.on = pane
        self.folded = self.folded and pane == "chat"
        self.apply()

    def keep(self, present: frozenset[str], *, asking: bool = False) -> bool:
        """Only these panes have content; a review that is `asking` gets more room. True when that is new."""
        if (present, asking) == (self.present, self.asking):
            return False
        self.present, self.asking = present, asking
        if self.on not in present:
            self.on, self.zoomed = "chat", False
        self.apply()
        return True

    def zoom(self) -> None:
        """Give the whole room to the pane that is on, or give it back."""
        self.zoomed = not self.zoomed
        self.apply()

    def fold(self) -> None:
        """Fold tasks and jobs away, or bring them back."""
        self.folded = not self.folded
        self.apply()

    def visible(self, pane: str) -> bool:
        """Whether `pane` is on screen."""
        if pane not in self.present:
            return False
        if self.narrow or self.zoomed:
            return pane == self.on
        return not (self.folded and pane in ("tasks", "jobs"))

    @property
    def dividers(self) -> tuple[Divider, ...]:
        """Between the panes that are on screen together."""
        if self.narrow or self.zoomed:
            return ()
        seen = {pane for pane in PANES if self.visible(pane)}
        return dividers(seen, wide=self._screen.has_class(WIDE))

    def apply(self) -> None:
        """Tell the style sheets."""
        classes = {f"-on-{name}": name == self.on for name in PANES}
        classes |= {f"-no-{name}": name not in self.present for name in PANES}
        classes |= {"-zoomed": self.zoomed, "-folded": self.folded, "-asking": self.asking}
        self._screen.update_classes(classes, animate=False)
