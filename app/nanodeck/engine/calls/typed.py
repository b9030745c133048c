"""Shell commands that a person types: run at once, beside any turn and in every mode."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from time import monotonic

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import MAIN_AGENT, RunTyped
from nanodeck.contracts.errors import NanodeckError
from nanodeck.engine.session import Session
from nanodeck.tools.bash import shell_output
from nanodeck.tools.registry import ToolOutput

STOPPED = "(stopped by the user)"
_TAIL = 8000

_log = logging.getLogger(__name__)


class TypedCommands:
    """Runs them on the engine's loop. `hear` is told of each end, `busy` says whether a turn runs."""

    def __init__(
        self, session: Session, hear: Callable[[ev.TypedEnded], None], busy: Callable[[], bool]
    ) -> None:
        self._session = session
        self._hear = hear
        self._busy = busy
        self._running: set[asyncio.Task[None]] = set()

    def start(self, typed: RunTyped) -> None:
        """Run a command and return at once."""
        name = self._session.next_id("typed")
        task = asyncio.create_task(self._run(name, typed), name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def stop(self) -> None:
        """Stop those that run and wait until they have."""
        running = tuple(self._running)
        # A task that has not begun yet could not say how it ended.
        await asyncio.sleep(0)
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)

    async def _run(self, name: str, typed: RunTyped) -> None:
        session, started = self._session, monotonic()
        outcome: ev.ToolOutcome = "interrupted"
        heard = Heard(lambda text: session.publish(MAIN_AGENT, ev.OutputStreamed(name, text)))
        output = ToolOutput(STOPPED, "stopped")
        session.publish(MAIN_AGENT, ev.TypedStarted(name, typed.command, typed.joins))
        try:
            await session.synced()
            output = await self._output(typed.command, heard)
            outcome = "ok" if output.ok else "error"
        except asyncio.CancelledError:
            output = ToolOutput(f"{heard.tail}{STOPPED}", "stopped")
        except NanodeckError as error:
            output, outcome = ToolOutput(error.message, "not run"), "error"
        except Exception as error:
            _log.exception("typed command failed")
            output, outcome = ToolOutput(f"{type(error).__name__}: {error}", "failed"), "error"
        session.answers.forget()
        seconds = round(monotonic() - started, 3)
        ended = ev.TypedEnded(name, typed.command, typed.joins, output.text, outcome, output.summary, seconds)
        session.publish(MAIN_AGENT, ended)
        self._hear(ended)

    async def _output(self, command: str, heard: Heard) -> ToolOutput:
        shell, folder = self._session.shell, self._session.shell.folder
        # A turn's commands were decided on where they stand: only at rest the folder moves.
        result = await shell.run(command, seconds=None, emit=heard.take, moves=lambda: not self._busy())
        if shell.folder != folder and result.folder_note:
            self._session.publish(MAIN_AGENT, ev.FolderChanged(result.folder_note))
        return shell_output(result, terse=True)


class Heard:
    """What a command printed, passed on; its end is kept for the case that it is stopped."""

    def __init__(self, emit: Callable[[str], None]) -> None:
        self._emit = emit
        self.tail = ""

    def take(self, text: str) -> None:
        """Pass `text` on."""
        self.tail = (self.tail + text)[-_TAIL:]
        self._emit(text)
