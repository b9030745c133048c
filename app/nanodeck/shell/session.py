"""The shell of a session: commands one after the other, in a folder that `cd` moves."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections.abc import Awaitable, Callable, Collection, Mapping
from pathlib import Path
from secrets import token_hex

from msgspec import Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.requests import EnvironmentChanges
from nanodeck.core.secrets import Secrets
from nanodeck.shell.output import KeptText, LiveText, StreamText
from nanodeck.shell.process import SESSION_MARK, CommandProcess, kill_session
from nanodeck.shell.walls import OPEN, Denied, Ended, Walls
from nanodeck.shell.watchman import Watchman
from nanodeck.shell.wrapper import reported_folder

OUTPUT_LIMIT = 30 * 1024
"""Bytes of an output that a result carries; the whole is on disk."""
SETTLE_SECONDS = 0.1
"""How long to read on after the shell's exit: enough for `> >(tee log)`, too short to be noticed."""
DEFAULT_SECONDS = 120.0
TIMEOUT_GRACE = 1.0
CANCEL_GRACE = 0.05

Refresh = Callable[[Path, Mapping[str, str]], Awaitable[Mapping[str, str]]]

# Nothing may wait for a person or draw for a terminal that is not there, and git's looking writes nothing.
_UNATTENDED = {
    "PAGER": "cat",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "TERM": "dumb",
}


class ShellResult(Struct, frozen=True):
    """What a command did. `exit_code` is None after a timeout; `folder_note` names a new folder.

    `denied` is what its walls kept it from.
    """

    output: str
    exit_code: int | None
    timed_out: bool
    folder_note: str = ""
    denied: Denied | None = None


class ShellSession:
    """Runs commands; what they leave running is known and ends with the session.

    `hidden` names variables that commands must not see. `outputs` is the folder for outputs that
    outgrow a result. `seconds` is how long a command may run that says nothing about it. `refresh`
    gives further variables for a folder and these ones, asked anew before each command. What is among
    `secrets` is in no output.
    """

    def __init__(
        self,
        folder: Path,
        *,
        environment: Mapping[str, str] | None = None,
        hidden: Collection[str] = (),
        outputs: Path | None = None,
        seconds: float = DEFAULT_SECONDS,
        refresh: Refresh | None = None,
        secrets: Secrets = tuple,
    ) -> None:
        self.folder = folder
        self.seconds = seconds
        self.secrets = secrets
        self._home = folder
        self._mark = token_hex(8)
        known = os.environ if environment is None else environment
        self._prepared = False
        self._watchman = Watchman(f"{SESSION_MARK}={self._mark}")
        self._hidden = frozenset(hidden)
        self._lacking = tuple(sorted(self._hidden & set(known)))
        self._refresh = refresh
        self._environment = self._seen(known)
        self._outputs = outputs
        self._running: set[CommandProcess] = set()
        self._endings: set[asyncio.Task[None]] = set()

    @property
    def changes(self) -> EnvironmentChanges:
        """How the environment of commands differs from the one nanodeck was started in."""
        sets = (f"{name}={value}" for name, value in _UNATTENDED.items())
        return EnvironmentChanges(self._lacking, (*sets, SESSION_MARK))

    async def prepare(self, folder: Path) -> Mapping[str, str]:
        """Get ready for a command in `folder`; its variables."""
        self._prepared = True
        self._watchman.begin()
        fresh = await self._refresh(folder, self._environment) if self._refresh else {}
        return self._seen({**self._environment, **fresh}) if fresh else self._environment

    def move(self, folder: Path) -> None:
        """Run the next command in `folder`."""
        self.folder = folder

    async def run(
        self,
        command: str,
        *,
        seconds: float | None,
        emit: Callable[[str], None],
        moves: Callable[[], bool] = lambda: True,
        walls: Walls = OPEN,
    ) -> ShellResult:
        """Run `command` within `walls` for at most `seconds`, passing cleaned live output to `emit`.

        Its `cd` moves the session's folder if `moves` says so once it has ended. Cancelling kills
        everything the command started. Raises ToolError when it cannot start.
        """
        folder = self._standing_folder()
        live, kept = LiveText(emit), KeptText(self._output_path(), OUTPUT_LIMIT)
        stream = StreamText(self.secrets)

        def take(data: bytes, final: bool = False) -> None:
            text = stream.feed(data, final=final)
            live.add(text)
            kept.add(text)

        environment = await self.prepare(folder)
        process = await start_command(command, folder, environment, take, walls)
        self._running.add(process)
        code, report, denied = None, b"", None
        try:
            code = await self._ended(process, seconds)
        finally:
            process.forget_output()
            take(b"", final=True)
            live.flush()
            kept.finish()
            report = process.report()
            denied = await walls.ended(Ended(folder, kept.text(), code, report))
        moved = reported_folder(report)
        self._let_go(process)
        note = ""
        if moved is not None and moved != folder and moves():
            self.folder, note = moved, str(moved)
        return ShellResult(kept.text(), code, code is None, note, denied)

    async def close(self) -> None:
        """Kill everything that still runs."""
        running = tuple(self._running)
        self._running.clear()
        await asyncio.gather(*(process.end(CANCEL_GRACE) for process in running), *self._endings)
        if self._prepared:
            kill_session(self._mark)
            self._watchman.end()

    def kill_all(self) -> None:
        """The same at once and from any thread, for a way out that cannot wait."""
        for process in tuple(self._running):
            process.signal(signal.SIGKILL)
        kill_session(self._mark)

    async def _ended(self, process: CommandProcess, seconds: float | None) -> int | None:
        """The exit code, None when time was up."""
        try:
            async with asyncio.timeout(seconds):
                code = await process.wait()
        except TimeoutError:
            await self._end(process, TIMEOUT_GRACE)
            return None
        except asyncio.CancelledError:
            await self._end(process, CANCEL_GRACE)
            raise
        await process.output_closed(SETTLE_SECONDS)
        return code

    async def _end(self, process: CommandProcess, grace: float) -> None:
        ending = asyncio.create_task(process.end(grace))
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)
        try:
            await asyncio.shield(ending)
        finally:
            self._running.discard(process)

    def _let_go(self, process: CommandProcess) -> None:
        """Forget commands of which nothing is left."""
        for each in (*self._running, process):
            if each.over():
                each.close()
                self._running.discard(each)

    def _seen(self, variables: Mapping[str, str]) -> dict[str, str]:
        """`variables` as commands get them."""
        shown = {name: value for name, value in variables.items() if name not in self._hidden}
        return {**shown, **_UNATTENDED, SESSION_MARK: self._mark}

    def _standing_folder(self) -> Path:
        if self.folder.is_dir():
            return self.folder
        gone = self.folder
        self.folder = next(path for path in (self._home, *gone.parents) if path.is_dir())
        raise ToolError(
            f"nothing was run: the folder {gone} no longer exists; the folder is now {self.folder}"
        )

    def _output_path(self) -> Path:
        if self._outputs is None:
            self._outputs = Path(tempfile.mkdtemp(prefix="nanodeck-"))
        return self._outputs / f"shell-{token_hex(6)}.txt"


async def start_command(
    command: str,
    folder: Path,
    environment: Mapping[str, str],
    take: Callable[[bytes], None],
    walls: Walls,
) -> CommandProcess:
    """Start a command. Raises ToolError with why it cannot start; then it has ended for its walls, too."""
    try:
        confine = await walls.confine()
        return await CommandProcess.start(
            command, folder=folder, environment=environment, take=take, confine=confine
        )
    except BaseException as error:
        await walls.ended(Ended(folder, "", None))
        if isinstance(error, OSError | ValueError):
            raise ToolError(f"nothing was run: {_reason(error, folder)}") from None
        raise


def _reason(error: OSError | ValueError, folder: Path) -> str:
    if not folder.is_dir():
        return f"the folder {folder} does not exist"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)
