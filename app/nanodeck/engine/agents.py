"""The agents of a session and the changesets they share."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import nanodeck
from nanodeck.contracts import events as ev
from nanodeck.contracts.checkpoints import FILES_TOLD
from nanodeck.contracts.commands import MAIN_AGENT, Rewind, TakeBack
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.events import Envelope
from nanodeck.core.history import history_of
from nanodeck.core.review.report import write_taken_back
from nanodeck.engine.agent import Agent
from nanodeck.engine.bus import Bus
from nanodeck.engine.calls.typed import TypedCommands
from nanodeck.engine.diffs.sources import Sources
from nanodeck.engine.diffs.versions import Versions
from nanodeck.engine.permissions.ruling import Ruling
from nanodeck.engine.permissions.trusting import Trusting
from nanodeck.engine.plans import Plans
from nanodeck.engine.review.changesets import Changesets
from nanodeck.engine.review.comments import Comments
from nanodeck.engine.review.outside import Outside
from nanodeck.engine.review.reviews import Reviews
from nanodeck.engine.review.takingback import TakingBack
from nanodeck.engine.session import Session
from nanodeck.engine.setup import Setup
from nanodeck.engine.undo.checkpoints import Checkpoints
from nanodeck.engine.undo.kept import KeptCheckpoints
from nanodeck.engine.undo.rewinding import Rewinding
from nanodeck.engine.undo.undoing import Undoing
from nanodeck.store.sessions import new_session_id


class Agents:
    """Everything that acts in `session`; `main` is the agent a person talks to."""

    def __init__(self, session: Session, past: Sequence[Envelope] = ()) -> None:
        self.session = session
        self.reviews = Reviews(session)
        self.outside = Outside(session, self.reviews.look)
        self.checkpoints = Checkpoints(session)
        self.kept = KeptCheckpoints(session, self.checkpoints)
        self.changesets = Changesets(session, self.reviews, self.outside, self.checkpoints)
        self.sources = Sources(session)
        self.comments = Comments(session, self.reviews, self.sources)
        self.versions = Versions(self.reviews.versions, self.sources.versions)
        self.ruling = Ruling(session)
        self.plans = Plans(session, self.reviews)
        self.trusting = Trusting(session)
        self.main = Agent(session, self.changesets, self.plans, MAIN_AGENT, history_of(e.event for e in past))
        self.taking_back = TakingBack(session, self.sources, self.reviews)
        self.undoing = Undoing(session, self.main)
        self.rewinding = Rewinding(session, self.main, self.sources, self.reviews, self.checkpoints)
        self._back = asyncio.Lock()
        self._over = False
        self.typed = TypedCommands(session, self.main.hear, lambda: self.main.busy)
        session.jobs.tell(self.main.note)
        session.rules.tell(self.checkpoints.wrote)
        if session.setup.asks:
            # A single run has no time to lose with it.
            self.checkpoints.start_beside(self.kept.trim())

    @classmethod
    def begin(cls, setup: Setup, bus: Bus) -> Agents:
        """A new session. Its journal is made with the first message, so that looking in leaves no file."""
        session = Session(setup, bus, new_session_id())
        models, version = setup.models, nanodeck.__version__
        started = ev.SessionStarted(version, str(setup.folder), models.ref, setup.mode, models.window)
        session.publish(MAIN_AGENT, started)
        return cls(session)

    def at_rest(self, wanted: str) -> None:
        """Raises NanodeckError while a turn runs, which `wanted` (a command) has to wait for."""
        if self.main.busy:
            raise NanodeckError("a turn is running", f"stop it with esc, then {wanted}")

    async def undo(self) -> None:
        """Take the last step back and tell the model. Raises NanodeckError."""
        self.at_rest("/undo")
        async with self._back:
            await self.undoing.undo()

    async def redo(self) -> None:
        """Take the step again that was undone last and tell the model. Raises NanodeckError."""
        self.at_rest("/redo")
        async with self._back:
            await self.undoing.redo()

    async def rewind(self, command: Rewind) -> None:
        """Go back to before a turn and tell the model. Raises NanodeckError."""
        self.at_rest("/rewind")
        async with self._back:
            await self.rewinding.run(command)

    async def take_back(self, command: TakeBack) -> None:
        """Take an applied hunk back and tell the model. Raises NanodeckError."""
        async with self._back:
            if self._over:
                raise NanodeckError("nothing was taken back: its session has ended")
            taken = await self.taking_back.run(command)
            self.session.publish(MAIN_AGENT, taken)
            self.main.note(write_taken_back(taken.path, taken.hunk))

    async def load(self, name: str) -> None:
        """Put the files back to a named checkpoint and tell the model. Raises NanodeckError."""
        self.at_rest("/checkpoint load")
        async with self._back:
            if files := await self.kept.load(name):
                self.session.answers.forget()
                root = self.session.workspace.root
                await self.reviews.look(root / path for path in files)
                named = ", ".join(files[:FILES_TOLD])
                self.main.note(f"[The user put files back to what they were before: {named}]")

    async def close(self) -> None:
        """Stop the turn, what the person runs and every job, then let go of the session.

        What is being taken back is finished and told. A review that waits is left open: it is asked again
        when the session is resumed.
        """
        async with self._back:
            self._over = True
            if self.reviews.lasting:
                self.session.leave()
        try:
            await self.trusting.close()
            await self.main.cancel()
            await self.typed.stop()
            # What they changed is found out once they have ended.
            await self.session.jobs.close()
            await self.checkpoints.close()
            await self.outside.close()
            await self.versions.close()
        finally:
            await self.session.close()
