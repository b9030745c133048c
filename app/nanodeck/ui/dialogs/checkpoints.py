"""`/checkpoints`: what of the workspace is kept, how much that takes, and what can be done with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nanodeck.contracts.checkpoints import Checkpoint
from nanodeck.contracts.commands import CollectCheckpoints, Command, DeleteCheckpoint, LoadCheckpoint
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import ReadCheckpointStore
from nanodeck.contracts.text import one_line
from nanodeck.contracts.views import SessionView
from nanodeck.core.keeping import DAYS, MEGABYTES, about_checkpoint, about_store, left_out, tally_of
from nanodeck.ui.asking import Asking
from nanodeck.ui.dialogs.sessions import age
from nanodeck.ui.dialogs.steplist import StepList
from nanodeck_widgets.glyphs import in_signs
from nanodeck_widgets.palette import palette_of

_EMPTY = "None yet: one is taken before a turn or a command changes files. /checkpoint create NAME makes one."
_KEYS = "enter shows what changed since · l loads, d drops a named one · "
_LOAD = "l again gives every file back what it held there; /undo takes that back"
_GC = f"g again drops what is older than {DAYS:.0f} days, and the oldest above {MEGABYTES:,.0f} MB"


class CheckpointsScreen(ModalScreen[Checkpoint | Command | None]):
    """Dismissed with a checkpoint to look at, a command, or None. Newest first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", priority=True),
        Binding("l", "load", "load"),
        Binding("d,delete", "drop", "drop"),
        Binding("g", "collect", "make room"),
    ]

    def __init__(self, link: Asking, state: SessionView, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(classes="dialog picker checkpoints")
        self._link = link
        self._state = state
        self._clock = clock
        self._checkpoints = state.checkpoints[::-1]
        self._store = "reading …"
        self._confirming: tuple[str, int | None] | None = None

    def compose(self) -> ComposeResult:
        """Heading, the checkpoints, what they take, the keys."""
        with Vertical(id="box"):
            yield Static(Text("Checkpoints of this session", style="bold"), markup=False)
            yield StepList(markup=False)
            yield Static(id="said", markup=False)
            yield Static(id="keys", markup=False)

    def on_mount(self, event: events.Mount) -> None:
        """All of them."""
        options = self.query_one(OptionList)
        options.add_options([Option(self._row(checkpoint)) for checkpoint in self._checkpoints])
        options.display = bool(self._checkpoints)
        options.highlighted = 0 if self._checkpoints else None
        options.focus()
        self._say("")
        keys = _KEYS if self._checkpoints else ""
        self.query_one("#keys", Static).update(in_signs(f"{keys}g makes room · esc closes"))
        self._read_store()

    @work
    async def _read_store(self) -> None:
        try:
            self._store = about_store(await self._link.ask(ReadCheckpointStore()))
        except NanodeckError as error:
            self._store = error.message
        if self._confirming is None:
            self._say("")

    def _row(self, checkpoint: Checkpoint) -> Text:
        palette = palette_of(self.app)
        when = age(max(0.0, self._clock() - checkpoint.time))
        style = "bold" if checkpoint.kind == "named" else ""
        row = Text.assemble((f"{checkpoint.number:>4}  ", palette.muted))
        row.append(about_checkpoint(self._state, checkpoint), style)
        about = " · ".join(filter(None, (when, tally_of(checkpoint))))
        return row.append(in_signs(f"\n      {about}"), palette.muted)

    def _say(self, words: str) -> None:
        empty = "" if self._checkpoints else f"{_EMPTY}\n"
        names = left_out(self._chosen) if self._chosen else ""
        store = "\n".join(filter(None, (names, f"{empty}{one_line(self._store, 500)}")))
        self.query_one("#said", Static).update(Text(words or store))

    @property
    def _chosen(self) -> Checkpoint | None:
        place = self.query_one(OptionList).highlighted
        return None if place is None else self._checkpoints[place]

    def _confirmed(self, what: str, words: str) -> bool:
        """Whether a key was pressed twice; the first time says what it does."""
        wanted = (what, self.query_one(OptionList).highlighted)
        if self._confirming == wanted:
            return True
        self._confirming = wanted
        self._say(words)
        return False

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        # A key may have been quicker than the news that the cursor moved before it.
        if self._confirming is None or self._confirming[1] != event.option_index:
            self._confirming = None
            self._say("")

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        checkpoint = self._checkpoints[event.option_index]
        if checkpoint.changeset:
            self.dismiss(checkpoint)
        else:
            self.action_load()

    def action_load(self) -> None:
        """Put the files back; the first time it is only said."""
        checkpoint = self._chosen
        if checkpoint is None:
            return
        if checkpoint.kind != "named":
            self._say("a turn is gone back to with /rewind, a change with /undo")
        elif self._confirmed("load", _LOAD):
            self.dismiss(LoadCheckpoint(checkpoint.name))

    def action_drop(self) -> None:
        """Drop a named one; the first time it is only said."""
        checkpoint = self._chosen
        if checkpoint is None:
            return
        if checkpoint.kind != "named":
            self._say("only named ones are dropped one by one; g drops what is old")
        elif self._confirmed("drop", f"d again drops {one_line(checkpoint.name, 60)}"):
            self.dismiss(DeleteCheckpoint(checkpoint.name))

    def action_collect(self) -> None:
        """Make room; the first time it is only said."""
        if self._confirmed("collect", _GC):
            self.dismiss(CollectCheckpoints(DAYS, MEGABYTES))

    def action_close(self) -> None:
        """Nothing more."""
        self.dismiss(None)
