"""What would be decided on a command that the person types, and why."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import TryCommand
from nanodeck.contracts.reasons import command_facts
from nanodeck.contracts.text import one_line
from nanodeck.ui.asking import Asking
from nanodeck.ui.screens.facts import fact_table
from nanodeck_widgets.glyphs import in_signs

_MODES = tuple(Mode)


class TryoutScreen(ModalScreen[None]):
    """Nothing runs here. `command` is tried at once; tab tries it in another mode."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", priority=True),
        Binding("tab", "mode", "another mode", priority=True),
    ]

    def __init__(self, link: Asking, mode: Mode, command: str = "") -> None:
        super().__init__(classes="dialog picker rules")
        self._link = link
        self._mode = mode
        self._begin = command

    def compose(self) -> ComposeResult:
        """Heading, the command, what would be decided, the keys."""
        with Vertical(id="box"):
            yield Static(Text("What would be decided on a command", style="bold"), markup=False)
            yield Input(
                self._begin, placeholder="type a command: it is not run", compact=True, select_on_focus=False
            )
            yield Static(id="said", markup=False)
            yield Static(id="keys", markup=False)

    def on_mount(self, event: events.Mount) -> None:
        """Whatever was typed before."""
        self.query_one(Input).focus()
        self._try()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._try()

    def action_mode(self) -> None:
        """The same in the next mode."""
        self._mode = _MODES[(_MODES.index(self._mode) + 1) % len(_MODES)]
        self._try()

    def action_close(self) -> None:
        """Nothing more."""
        self.dismiss(None)

    def _try(self) -> None:
        keys = f"in {self._mode.value} mode · tab: in another · esc closes"
        self.query_one("#keys", Static).update(in_signs(keys))
        self._ask(self.query_one(Input).value.strip(), self._mode)

    @work(exclusive=True)
    async def _ask(self, command: str, mode: Mode) -> None:
        line = self.query_one("#said", Static)
        line.display = bool(command)
        try:
            if command:
                line.update(
                    fact_table(self.app, command_facts(await self._link.ask(TryCommand(command, mode))))
                )
        except NanodeckError as error:
            line.update(f"it cannot be tested: {one_line(error.message, 500)}")
