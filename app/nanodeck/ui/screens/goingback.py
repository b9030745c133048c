"""Going back to before a turn, from the keys to commands."""

from __future__ import annotations

from textual import on

from nanodeck.contracts.checkpoints import Checkpoint
from nanodeck.contracts.commands import MAIN_AGENT, Rewind
from nanodeck.contracts.sources import Source
from nanodeck.contracts.views import SaidEntry
from nanodeck.ui.dialogs.dialog import dialog
from nanodeck.ui.screens.commenting import Commenting
from nanodeck_widgets.diff import messages
from nanodeck_widgets.prompt.prompt import Prompt


class GoingBack(Commenting):
    """Lets a turn be picked, its rewind be looked at and decided on."""

    @on(Prompt.RewindWanted)
    def _rewind_wanted(self) -> None:
        self.rewind()

    @on(messages.RewindWanted)
    def _looked_at(self, message: messages.RewindWanted) -> None:
        self._decide_rewind(message.turn)

    @dialog
    async def rewind(self) -> None:
        """Pick a turn to go back to before, then what goes back."""
        from nanodeck.ui.dialogs.turns import TurnsScreen

        if self.turn_runs:
            self.app.notify("a turn is running: stop it with esc, then /rewind", markup=False)
            return
        picked = await self.app.push_screen_wait(TurnsScreen(self.host, clock=self.host.now))
        if isinstance(picked, Rewind):
            await self._decide(picked.turn)

    @dialog
    async def _decide_rewind(self, turn: str) -> None:
        await self._decide(turn)

    @dialog
    async def list_checkpoints(self) -> None:
        """What of the workspace is kept, and what is to be done with it."""
        from nanodeck.ui.dialogs.checkpoints import CheckpointsScreen

        wanted = await self.app.push_screen_wait(
            CheckpointsScreen(self.host, self.session, clock=self.host.now)
        )
        if isinstance(wanted, Checkpoint):
            self.show_source(Source("checkpoint", wanted.changeset))
        elif wanted is not None:
            self.host.send(wanted)

    async def _decide(self, turn: str) -> None:
        """Ask what goes back to before `turn`."""
        from nanodeck.ui.dialogs.rewind import RewindScreen

        match await self.app.push_screen_wait(RewindScreen(self.host, turn, self._said(turn))):
            case Rewind() as command:
                if self._source is not None and self._source.kind == "rewind":
                    self._put_source(None)
                self.host.send(command)
                self.go_to("prompt")
            case Source() as source:
                self.show_source(source)
            case _:
                pass

    def _said(self, turn: str) -> str:
        """What the person said first in `turn`."""
        view = self.session.agent(MAIN_AGENT)
        begins = (mark.position for mark in view.turns if mark.turn == turn)
        entries = (view.transcript[place] for at in begins for place in range(at, len(view.transcript)))
        return next((entry.text for entry in entries if isinstance(entry, SaidEntry)), "")
