"""A command that runs beside the turn: live output, a file with the whole, a way to stop it."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from nanodeck.contracts.errors import ToolError
from nanodeck.core.secrets import Secrets
from nanodeck.shell.output import KeptText, LiveText, StreamText
from nanodeck.shell.process import CommandProcess
from nanodeck.shell.session import start_command
from nanodeck.shell.walls import OPEN, Denied, Ended, Walls

STOP_GRACE = 1.0
_KEPT = 32 * 1024

Ending = Literal["exited", "stopped", "timed out"]


class BackgroundProcess:
    """Made by `start`. It lasts as long as its shell runs or anything can still print.

    `denied` is what its walls kept it from, once it has ended.
    """

    def __init__(
        self, command: str, folder: Path, kept: KeptText, live: LiveText, walls: Walls, secrets: Secrets
    ) -> None:
        self.denied: Denied | None = None
        self._walls = walls
        self.command = command
        self.folder = folder
        self.exit_code: int | None = None
        self.ending: Ending = "exited"
        self._kept = kept
        self._live = live
        self._stream = StreamText(secrets)
        self._began = time.monotonic()
        self._seconds: float | None = None
        self._process: CommandProcess | None = None
        self._over: asyncio.Task[None] | None = None

    @classmethod
    async def start(
        cls,
        command: str,
        *,
        folder: Path,
        environment: Mapping[str, str],
        output: Path,
        emit: Callable[[str], None],
        seconds: float | None = None,
        walls: Walls = OPEN,
        secrets: Secrets = tuple,
    ) -> BackgroundProcess:
        """Start `command` within `walls`, killed after `seconds`; `output` is the file to make.

        What is among `secrets` is in no output. Raises ToolError.
        """
        try:
            kept = KeptText(output, _KEPT, always=True)
        except OSError as error:
            raise ToolError(f"nothing was run: {output} cannot be written: {error.strerror}") from None
        made = cls(command, folder, kept, LiveText(emit), walls, secrets)
        try:
            made._process = await start_command(command, folder, environment, made._take, walls)
        except BaseException:
            kept.finish()
            raise
        made._over = asyncio.create_task(made._run(made._process, seconds))
        return made

    @property
    def group(self) -> int:
        """Its process group."""
        assert self._process is not None
        return self._process.group

    @property
    def output(self) -> Path:
        """The file that holds the whole output."""
        return self._kept.path

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._seconds is None

    @property
    def seconds(self) -> float:
        """How long it has run, or ran."""
        return time.monotonic() - self._began if self._seconds is None else self._seconds

    def tail(self, size: int) -> str:
        """Its last lines, at most `size` characters."""
        return self._kept.tail(size)

    async def wait(self) -> int | None:
        """Wait for its end; the exit code, None after a timeout."""
        assert self._over is not None
        await asyncio.shield(self._over)
        return self.exit_code

    async def stop(self) -> None:
        """End everything it started and wait until that is done."""
        if self.running and self._process is not None:
            self.ending = "stopped"
            await self._process.end(STOP_GRACE)
        await self.wait()

    def kill(self) -> None:
        """Kill everything it started, at once and from any thread."""
        if self.running and self._process is not None:
            self.ending = "stopped"
            self._process.signal(signal.SIGKILL)

    async def _run(self, process: CommandProcess, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                self.exit_code = await process.wait()
                await process.output_closed()
        except TimeoutError:
            self.ending = "timed out"
            await process.end(STOP_GRACE)
        finally:
            report = process.report()
            process.close()
            try:
                ended = Ended(self.folder, self._kept.tail(_KEPT), self.exit_code, report)
                self.denied = await self._walls.ended(ended)
            except ToolError as error:
                self._take(error.message.encode())
            self._take(b"", final=True)
            self._live.flush()
            self._kept.finish()
            self._seconds = time.monotonic() - self._began

    def _take(self, data: bytes, final: bool = False) -> None:
        text = self._stream.feed(data, final=final)
        self._live.add(text)
        self._kept.add(text)
