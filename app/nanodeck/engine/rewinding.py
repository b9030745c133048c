"""Going back to before a turn: files, the conversation, or both."""

from __future__ import annotations

from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import MAIN_AGENT, Rewind
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.rewinding import RewindPlan, RewindTurn
from nanodeck.contracts.views import AgentView, ReplyEntry, SaidEntry
from nanodeck.core.prompt import after_rewind
from nanodeck.engine.agent import Agent
from nanodeck.engine.session import Session


class Rewinding:
    """Goes back in a session whose agent is at rest."""

    def __init__(self, session: Session, main: Agent) -> None:
        self._session = session
        self._main = main

    @property
    def _view(self) -> AgentView:
        return self._session.state.agent(MAIN_AGENT)

    def turns(self) -> tuple[RewindTurn, ...]:
        """The turns one can go back to before, newest first."""
        view = self._view
        turns, messages, end = [], 0, len(view.transcript)
        for place in reversed(range(len(view.turns))):
            mark = view.turns[place]
            entries = [view.transcript[position] for position in range(mark.position, end)]
            messages += sum(isinstance(entry, SaidEntry | ReplyEntry) for entry in entries)
            end = mark.position
            prompts = [entry.text for entry in entries if isinstance(entry, SaidEntry)]
            # What could not be said is no turn one could want to go back to.
            if prompts:
                turns.append(RewindTurn(mark.turn, prompts[0], mark.time, messages))
        return tuple(turns)

    async def plan(self, turn: str) -> RewindPlan:
        """What going back to before `turn` would do. Raises NanodeckError."""
        return RewindPlan(turn, (), self._turn(turn).messages)

    async def run(self, command: Rewind) -> None:
        """Go back. Raises NanodeckError when nothing was done."""
        turn = self._turn(command.turn)
        if command.what != "files" and self._view.typed:
            raise NanodeckError("a command of yours is running", "stop it with esc, then /rewind")
        event = ev.Rewound(turn.turn, command.what, prompt=turn.text)
        if command.what != "files":
            event = replace(event, messages=turn.messages)
        if command.what == "summary":
            self._main.summarise(event)
            return
        self._main.go_back(event)
        if told := after_rewind((), (), forgotten=command.what != "files"):
            self._main.note(told)

    def _turn(self, name: str) -> RewindTurn:
        """A turn that is part of the conversation. Raises NanodeckError."""
        for turn in self.turns():
            if turn.turn == name:
                return turn
        raise NanodeckError(f"{name} is no turn of this conversation", "/rewind lists them")
