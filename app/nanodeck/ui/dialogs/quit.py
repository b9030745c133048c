"""Leaving while something runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from nanodeck.contracts.text import one_line

MOST_JOBS = 10


class QuitScreen(ModalScreen[bool]):
    """Lists what still runs and asks whether to end it; dismissed with the answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,q", "answer(True)", "end and leave"),
        Binding("n,escape", "answer(False)", "stay"),
    ]

    def __init__(self, jobs: Sequence[str], *, turn_runs: bool) -> None:
        super().__init__(classes="dialog")
        self._jobs = jobs
        self._turn_runs = turn_runs

    def compose(self) -> ComposeResult:
        """What runs, and the two answers."""
        lines = [Text("Still running", style="bold"), Text()]
        if self._turn_runs:
            lines.append(Text("  the agent's turn"))
        lines += [Text(f"  job  {one_line(title, 64)}") for title in self._jobs[:MOST_JOBS]]
        if len(self._jobs) > MOST_JOBS:
            lines.append(Text(f"  and {len(self._jobs) - MOST_JOBS} more"))
        lines += [Text(), Text("y  end them and leave     n  stay")]
        with Vertical(id="box"):
            yield Static(Text("\n").join(lines), markup=False)

    def action_answer(self, leave: bool) -> None:
        """Done."""
        self.dismiss(leave)
