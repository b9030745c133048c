"""`/rewind`: the turns one can go back to before, newest first."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.text import Text

from nanodeck.contracts.commands import Rewind
from nanodeck.contracts.queries import ListTurns
from nanodeck.contracts.rewinding import RewindTurn, about_turn
from nanodeck.contracts.text import one_line
from nanodeck.ui.asking import Asking
from nanodeck.ui.dialogs.picker import PickerRow, PickerScreen
from nanodeck.ui.dialogs.sessions import age
from nanodeck_widgets.glyphs import in_signs
from nanodeck_widgets.palette import palette_of

PROMPT_LENGTH = 160


class TurnsScreen(PickerScreen):
    """Dismissed with a `Rewind` to before the turn picked, or None: what goes back is asked next."""

    heading = "Go back to before"
    placeholder = "type to filter"
    loading_text = "reading …"

    def __init__(self, link: Asking, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.add_class("turns")
        self._link = link
        self._clock = clock
        self._turns: tuple[RewindTurn, ...] = ()

    async def load(self) -> str:
        """Read the list."""
        self._turns = await self._link.ask(ListTurns())
        return "" if self._turns else "nothing was said yet that one could go back to before"

    def rows(self, words: str) -> list[PickerRow]:
        """What was said; below it what the turn changed, and when."""
        wanted = words.lower().split()
        return [
            self._row(turn)
            for turn in self._turns
            if all(word in f"{turn.text} {_paths(turn)}".lower() for word in wanted)
        ]

    def _row(self, turn: RewindTurn) -> PickerRow:
        when = age(max(0.0, self._clock() - turn.time))
        said = Text(one_line(turn.text, PROMPT_LENGTH), no_wrap=True, overflow="ellipsis")
        about = in_signs(f"\n  {when} · {about_turn(turn)}")
        label = Text.assemble(said, (about, palette_of(self.app).muted), no_wrap=True, overflow="ellipsis")
        return PickerRow(label, Rewind(turn.turn, "both"))


def _paths(turn: RewindTurn) -> str:
    return " ".join(file.path for file in turn.files)
