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
from nanodeck.ui.dialogs.facts import FactPane, fact_table
from nanodeck_widgets.glyphs import in_signs

_MODES = tuple(Mode)


class TryoutScreen(ModalScreen[None]):
    """Nothing runs here. `command` is tried at once; tab tries it in another mode."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", priority=True),
        Binding("tab", "mode", "another mode", priority=True),
        *FactPane.PAGING,
    ]

    def __init__(self, link: Asking, mode: Mode, command: str = "") -> None:
        super().__init__(classes="dialog picker rules")
        self._link = link
        self._mode = mode
        self._begin = command
        self._facts = FactPane(beside=7)

    def compose(self) -> ComposeResult:
        """Heading, the command, what would be decided, the keys."""
        with Vertical(id="box"):
            yield Static(Text("What would be decided on a command", style="bold"), markup=False)
            yield Input(
                self._begin, placeholder="type a command: it is not run", compact=True, select_on_focus=False
            )
            yield self._facts
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

    def action_page(self, pages: int) -> None:
        """Scroll what would be decided."""
        self._facts.page(pages)

    def action_close(self) -> None:
        """Nothing more."""
        self.dismiss(None)

    def _try(self) -> None:
        keys = f"in {self._mode.value} mode · tab: in another · esc closes"
        self.query_one("#keys", Static).update(in_signs(keys))
        self._ask(self.query_one(Input).value.strip(), self._mode)

    @work(exclusive=True)
    async def _ask(self, command: str, mode: Mode) -> None:
        self._facts.display = bool(command)
        if not command:
            return
        try:
            trial = await self._link.ask(TryCommand(command, mode))
        except NanodeckError as error:
            self._facts.show(f"it cannot be tested: {one_line(error.message, 500)}")
        else:
            self._facts.show(fact_table(self.app, command_facts(trial)))
