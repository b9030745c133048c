"""What a look over everything found, to scroll through; and the name of each key as it arrives."""

from __future__ import annotations

import os
from typing import ClassVar

from rich.console import Group
from rich.table import Column, Table
from rich.text import Text
from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from nanodeck.contracts.checkup import CheckUp, Finding, Standing, by_topic, tally
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.text import clean
from nanodeck.desktop.abilities import terminal_abilities
from nanodeck.desktop.depth import colours_of
from nanodeck.ui.dialogs.facts import FactPane
from nanodeck.ui.host import Host
from nanodeck_widgets.glyphs import glyphs

_STYLES: dict[Standing, str] = {"good": "not dim", "note": "dim", "fault": "bold"}


class CheckUpScreen(ModalScreen[None]):
    """Findings under their topics, each fault with its cure."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "close"),
        Binding("down,j", "scroll(1)", "down", show=False),
        Binding("up,k", "scroll(-1)", "up", show=False),
        Binding("pagedown,space", "scroll(10)", "page down", show=False),
        Binding("pageup", "scroll(-10)", "page up", show=False),
    ]

    def __init__(self, host: Host) -> None:
        super().__init__(classes="dialog checkup")
        self._host = host
        self._key = Static("", markup=False, id="key")
        self._facts = FactPane("Looking …", beside=3)

    def compose(self) -> ComposeResult:
        """The findings over the keys."""
        with Vertical(id="box"):
            yield self._facts
            yield self._key
            yield Static("↑↓ scroll   any other key is named here   esc closes", markup=False, id="keys")

    def on_mount(self) -> None:
        """Look beside everything else."""
        self._look()

    @work
    async def _look(self) -> None:
        size = self.app.size
        own = terminal_abilities(os.environ, (size.width, size.height), colours_of(os.environ))
        try:
            findings = (*own, *await self._host.ask(CheckUp()))
        except NanodeckError as error:
            findings = (*own, Finding("nanodeck", "fault", error.message, "", error.advice))
        self._facts.show(report(findings))
        self._key.update(tally(findings))

    def on_key(self, event: events.Key) -> None:
        """Name what arrived."""
        self._key.update(f"last key: {event.key}")

    def action_scroll(self, rows: int) -> None:
        """Move what is in view."""
        self._facts.scroll_relative(y=rows, animate=False)

    def action_close(self) -> None:
        """Back to the deck."""
        self.dismiss(None)


def report(findings: tuple[Finding, ...]) -> Group:
    """The findings as they are read."""
    signs = {"good": glyphs().done, "note": glyphs().dot, "fault": glyphs().failed}
    said: list[Text | Table] = []
    for topic, of_topic in by_topic(findings):
        table = Table.grid(Column(no_wrap=True), Column(overflow="fold"), padding=(0, 1, 0, 0))
        for finding in of_topic:
            text = Text(clean(finding.text), _STYLES[finding.standing])
            text.append(f"  {clean(finding.origin)}" if finding.origin else "", "not bold dim")
            table.add_row(Text(f"  {signs[finding.standing]}", _STYLES[finding.standing]), text)
            if finding.cure:
                table.add_row("", Text(f"{glyphs().arrow} {clean(finding.cure)}", "dim"))
        said += [Text(topic, "bold"), table]
    return Group(*said, Text(f"\n{tally(findings)}", "bold"))
