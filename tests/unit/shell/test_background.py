"""Background commands: they are heard, kept whole, stopped with everything they started."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.shell.background import BackgroundProcess
from nanodeck.shell.session import ShellSession
from tests.unit.shell.processes import process_runs, until


async def start(
    shell: ShellSession,
    command: str,
    *,
    seconds: float | None = None,
    emit: Callable[[str], None] = lambda text: None,
) -> BackgroundProcess:
    return await BackgroundProcess.start(
        command,
        folder=shell.folder,
        environment=await shell.prepare(shell.folder),
        output=shell.folder.parent / "job.txt",
        emit=emit,
        seconds=seconds,
    )


def content(process: BackgroundProcess) -> str:
    return process.output.read_text()


async def test_output_is_heard_live_and_kept_whole(shell: ShellSession) -> None:
    heard: list[str] = []

    def emit(text: str) -> None:
        heard.append(text)
        (shell.folder / "go-on").touch()

    command = "echo first; while [ ! -e go-on ]; do sleep 0.01; done; seq 20000; exit 3"
    process = await start(shell, command, emit=emit)
    assert process.running
    assert await process.wait() == 3
    assert heard[0] == "first\n"
    assert not process.running
    assert process.ending == "exited"
    assert content(process) == "first\n" + "".join(f"{number}\n" for number in range(1, 20001))
    assert process.tail(12) == "19999\n20000\n"


async def test_stop_ends_everything_it_started(shell: ShellSession) -> None:
    seen: list[str] = []
    process = await start(shell, "sleep 300 & echo $!; trap '' TERM; wait; sleep 300", emit=seen.append)
    await until(lambda: bool(seen))
    await process.stop()
    assert process.ending == "stopped"
    assert not process.running
    await until(lambda: not process_runs(int(seen[0])) and not process_runs(process.group))


async def test_time_up_ends_it(shell: ShellSession) -> None:
    process = await start(shell, "exec sleep 300", seconds=0.1)
    assert await process.wait() is None
    assert process.ending == "timed out"
    assert not process_runs(process.group)


async def test_it_lasts_as_long_as_something_of_it_can_print(shell: ShellSession) -> None:
    process = await start(shell, "(while [ ! -e go-on ]; do sleep 0.01; done; echo late) & exit 0")
    waiting = asyncio.create_task(process.wait())
    await until(lambda: not process_runs(process.group))
    assert process.running
    (shell.folder / "go-on").touch()
    assert await waiting == 0
    assert content(process) == "late\n"


async def test_it_reads_nothing_and_sees_no_terminal(shell: ShellSession) -> None:
    process = await start(shell, "cat; test -t 0 || echo none")
    assert await process.wait() == 0
    assert content(process) == "none\n"


async def test_a_folder_that_is_not_there_is_named(shell: ShellSession) -> None:
    shell.move(shell.folder / "missing")
    with pytest.raises(ToolError, match="missing does not exist"):
        await start(shell, "true")
