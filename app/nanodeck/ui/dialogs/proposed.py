"""`/permissions scan`: allow rules that the person's own answers speak for, to be ticked and kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import ScanSessions
from nanodeck.contracts.rules import Proposed, Rule, Scope
from nanodeck.contracts.text import counted, one_line
from nanodeck.ui.asking import Asking
from nanodeck.ui.dialogs.steplist import StepList
from nanodeck_widgets.glyphs import glyphs, in_signs
from nanodeck_widgets.palette import palette_of

LINE_LENGTH = 400
_EMPTY = "Nothing to propose: no command was allowed often enough in the sessions of this folder."
_KEYS = "space ticks · s keeps what is ticked in this session · p in this project · u in all projects"


class ProposedScreen(ModalScreen[Sequence[Rule]]):
    """Dismissed with the rules to keep. Nothing is ticked before the person does it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", priority=True),
        Binding("space", "tick", "tick", priority=True),
        Binding("s", "keep('session')", "keep in this session"),
        Binding("p", "keep('project')", "keep in this project"),
        Binding("u", "keep('user')", "keep in all projects"),
    ]

    def __init__(self, link: Asking) -> None:
        super().__init__(classes="dialog picker rules")
        self._link = link
        self._proposed: tuple[Proposed, ...] = ()
        self._ticked: set[int] = set()

    def compose(self) -> ComposeResult:
        """Heading, the rules, what is to be said, the keys."""
        with Vertical(id="box"):
            yield Static(Text("What you allowed again and again, as rules", style="bold"), markup=False)
            yield StepList(markup=False)
            yield Static(id="said", markup=False)
            yield Static(id="keys", markup=False)

    def on_mount(self, event: events.Mount) -> None:
        """Look into the sessions."""
        self.query_one(OptionList).focus()
        self._say("reading past sessions …")
        self._read()

    @work(exclusive=True)
    async def _read(self) -> None:
        try:
            self._proposed = await self._link.ask(ScanSessions())
        except NanodeckError as error:
            self._fill()
            self._say(f"the sessions cannot be read: {one_line(error.message, 500)}", error=True)
        else:
            self._fill()

    def _fill(self) -> None:
        options = self.query_one(OptionList)
        options.add_options([Option(self._row(place)) for place in range(len(self._proposed))])
        options.display = bool(self._proposed)
        options.highlighted = 0 if self._proposed else None
        self._tell()

    def _tell(self) -> None:
        ticked = len(self._ticked)
        self._say(f"{counted(ticked, 'rule')} of {len(self._proposed)} ticked" if self._proposed else _EMPTY)
        keys = f"{_KEYS} · " if self._proposed else ""
        self.query_one("#keys", Static).update(in_signs(f"{keys}esc closes"))

    def _row(self, place: int) -> Text:
        one, muted = self._proposed[place], palette_of(self.app).muted
        box = f"[{glyphs().done if place in self._ticked else ' '}] "
        row = Text.assemble(box, (one_line(one.rule, LINE_LENGTH), "bold"))
        examples = ", ".join(one_line(example, 80) for example in one.examples)
        return row.append(f"\n    allowed {counted(one.times, 'time')}: {examples}", muted)

    def _say(self, words: str, *, error: bool = False) -> None:
        line = self.query_one("#said", Static)
        line.update(Text(in_signs(words)))
        line.set_class(error, "-error")

    def action_tick(self) -> None:
        """Tick the rule, or no longer."""
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            self._ticked ^= {options.highlighted}
            options.replace_option_prompt_at_index(options.highlighted, self._row(options.highlighted))
            self._tell()

    @on(OptionList.OptionSelected)
    def _entered(self) -> None:
        if self._proposed:
            self._say("space ticks it; s, p or u keeps what is ticked")

    def action_keep(self, scope: Scope) -> None:
        """Keep what is ticked."""
        kept = [Rule("allow", self._proposed[place].rule, scope=scope) for place in sorted(self._ticked)]
        if kept:
            self.dismiss(kept)
        elif self._proposed:
            self._say("nothing is ticked yet: space ticks")

    def action_close(self) -> None:
        """Nothing kept."""
        self.dismiss([])
