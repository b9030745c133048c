"""Processes of commands: the one module that knows process groups, signals and pipes."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from nanodeck.shell.sandbox.confinement import Launch
from nanodeck.shell.walls import Confine
from nanodeck.shell.wrapper import wrapped

SESSION_MARK = "NANODECK_SESSION"
COMMAND_MARK = "NANODECK_COMMAND"
"""Variables with a value of their own for each session and command: whoever inherited one belongs to it."""
_PIECE = 65536
_POLL = 0.01
_LAST_WAIT = 2.0


class CommandProcess:
    """A shell command in a process group of its own, stdin closed, stdout and stderr one stream.

    Made by `start`. `take` gets the output's bytes on the loop's thread; it must not block.
    """

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        mark: str,
        output: int,
        report: int,
        take: Callable[[bytes], None],
        confined: bool,
    ) -> None:
        self._process = process
        self._confined = confined
        self._mark = f"{COMMAND_MARK}={mark}".encode()
        self._output = output
        self._report = report
        self._reported = b""
        self._take = take
        self._closed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        os.set_blocking(output, False)
        os.set_blocking(report, False)
        self._loop.add_reader(output, self._read)

    @classmethod
    async def start(
        cls,
        command: str,
        *,
        folder: Path,
        environment: Mapping[str, str],
        take: Callable[[bytes], None],
        confine: Confine | None = None,
    ) -> CommandProcess:
        """Start `command` in `folder`. Raises OSError, ValueError or ToolError when it cannot start."""
        mark = secrets.token_hex(8)
        argv = wrapped(command, environment, counts=confine is not None)
        marked = {**environment, COMMAND_MARK: mark}
        launch = await asyncio.to_thread(confine, argv, folder, marked) if confine else Launch(argv, marked)
        # Pipes of our own, since asyncio's wait for their end before they report the exit: a child
        # left in the background would hang the call.
        output, output_end = os.pipe()
        report, report_end = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *launch.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output_end,
                stderr=report_end,
                cwd=folder,
                env=launch.environment,
                pass_fds=launch.pass_fds,
                start_new_session=True,
            )
        except BaseException:
            os.close(output)
            os.close(report)
            raise
        finally:
            os.close(output_end)
            os.close(report_end)
            launch.close()
        return cls(process, mark, output, report, take, confine is not None)

    @property
    def group(self) -> int:
        """The process group: the shell's process id."""
        return self._process.pid

    async def wait(self) -> int:
        """The shell's exit code, 128 + n after signal n; what the shell itself printed is taken by then."""
        code = await self._process.wait()
        for _ in range(16):  # at most the largest pipe there is
            if not self._read():
                break
        return code if code >= 0 else 128 - code

    async def output_closed(self, seconds: float | None = None) -> bool:
        """Wait until nobody can write any more; False after `seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closed.wait()
        return self._closed.is_set()

    def report(self) -> bytes:
        """What came by the report pipe since it was last read: see `reported_folder`."""
        with suppress(OSError):
            self._reported += os.read(self._report, _PIECE)
        reported, self._reported = self._reported, b""
        return reported

    def forget_output(self) -> None:
        """Take no more output. It is still read: a child left behind must not die of a closed pipe."""
        self._take = _nothing

    def alive(self) -> bool:
        """Whether the shell or anything of its group still runs."""
        if self._process.returncode is None:
            return True
        return _group_lives(self.group)

    def over(self) -> bool:
        """Whether nothing is left of the command: no process, nobody who could still print."""
        return self._closed.is_set() and not self.alive()

    async def end(self, grace: float) -> None:
        """Ask everything the command started to end, kill what is left after `grace` seconds."""
        self.signal(signal.SIGTERM)
        for _ in range(round(grace / _POLL)):
            if not self.alive():
                break
            await asyncio.sleep(_POLL)
        self.signal(signal.SIGKILL)
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WAIT):
                await self._process.wait()
        self._read()
        self.close()

    def signal(self, number: int) -> None:
        """Send a signal to the group and to those who left it; may be called from any thread."""
        strays = _marked(self._mark)
        # What confines a command takes it down at once, however it was asked to end: that is not said to it.
        asked = self._confined and strays and number != signal.SIGKILL
        # Once the shell is reaped its number can be given away: then the group must hold one of ours.
        ours = self._process.returncode is None or not _HAS_PROC
        if not asked and (ours or any(_group_of(pid) == self.group for pid in strays)):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.group, number)
        for pid in strays:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)

    def close(self) -> None:
        """Stop reading."""
        self._close_output()
        if self._report >= 0:
            # How it ended is asked for later.
            self._reported = self.report()
            os.close(self._report)
            self._report = -1

    def _read(self) -> bool:
        if self._output < 0:
            return False
        try:
            data = os.read(self._output, _PIECE)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if data:
            self._take(data)
        else:
            self._close_output()
        return bool(data)

    def _close_output(self) -> None:
        if self._output >= 0:
            self._loop.remove_reader(self._output)
            os.close(self._output)
            self._output = -1
            self._closed.set()


def kill_session(mark: str) -> None:
    """Kill whatever inherited a session's mark."""
    for pid in _marked(f"{SESSION_MARK}={mark}".encode()):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


_HAS_PROC = sys.platform.startswith("linux")


def _nothing(_: bytes) -> None: ...


def _processes() -> Iterator[int]:
    """All process ids; none where the system has no /proc."""
    return (int(name) for name in (os.listdir("/proc") if _HAS_PROC else ()) if name.isdecimal())


def _marked(mark: bytes) -> list[int]:
    """Processes that inherited a mark, wherever they moved to."""
    return [pid for pid in _processes() if mark in _proc_file(pid, "environ").split(b"\0")]


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):  # macOS: the latter for a group of zombies
        return False
    if not _HAS_PROC:
        return True
    # Where nobody reaps orphans (containers without an init) a dead group exists as zombies for ever.
    for pid in _processes():
        state, _, rest = _proc_file(pid, "stat").rpartition(b") ")[2].partition(b" ")
        if state not in (b"Z", b"X", b"") and rest.split(b" ")[1] == b"%d" % group:
            return True
    return False


def _proc_file(pid: int, name: str) -> bytes:
    try:
        with open(f"/proc/{pid}/{name}", "rb") as file:
            return file.read()
    except OSError:
        return b""


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return -1
