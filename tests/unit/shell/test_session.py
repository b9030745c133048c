"""Commands of a shell session: output, exit codes, the folder, and nothing left behind."""

from __future__ import annotations

import asyncio
import os
import secrets
import stat
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.shell.session import OUTPUT_LIMIT, ShellResult, ShellSession
from nanodeck.shell.walls import OPEN, Walls
from tests.unit.shell.processes import process_runs, running_with, until


async def run(shell: ShellSession, command: str, seconds: float = 30, walls: Walls = OPEN) -> ShellResult:
    return await shell.run(command, seconds=seconds, emit=lambda text: None, walls=walls)


def check_private_file(path: Path, text: str) -> None:
    assert path.read_text() == text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("command", "output", "code"),
    [
        ("echo out; echo err >&2; echo out", "out\nerr\nout\n", 0),
        ("exit 3", "", 3),
        ("false", "", 1),
        ("set -e; echo a; false; echo b", "a\n", 1),
        ("exec echo replaced", "replaced\n", 0),
        ("kill -9 $$", "", 137),
        ("printf 'no newline'", "no newline", 0),
        ("cat", "", 0),
        ("read answer; echo \"got '$answer'\"", "got ''\n", 0),
        ('echo "$#|$1|it\'s \\"quoted\\"|$(echo \'a  b\')"', '0||it\'s "quoted"|a  b\n', 0),
        ("cat <<'END'\n$HOME `x` $& \\1\nEND", "$HOME `x` $& \\1\n", 0),
        ("trap 'echo mine' EXIT", "mine\n", 0),
    ],
)
async def test_a_command_runs_as_it_was_written(
    shell: ShellSession, walls: Walls, command: str, output: str, code: int
) -> None:
    assert await run(shell, command, walls=walls) == ShellResult(output, code, False)


async def test_a_syntax_error_is_told_with_its_code(shell: ShellSession) -> None:
    result = await run(shell, "if true; then")
    assert "syntax error" in result.output.lower()
    assert result.exit_code == 2


@pytest.mark.parametrize(
    "command",
    [
        "cd sub",
        "cd sub; exit 3",
        "set -e; cd sub; false",
        "cd sub && exec true",
        "trap 'true' EXIT; cd sub",
        "cd sub; kill -9 $$",
        "cd sub; (cd /); echo $(cd / && pwd)",
        "pushd sub",
        "set -eux; cd sub",
        "ln -s sub link; cd link",
    ],
)
async def test_cd_lasts_however_the_command_ends(shell: ShellSession, command: str) -> None:
    await check_cd(shell, command, OPEN)


@pytest.mark.parametrize("command", ["set -e; cd sub; false", "cd sub; kill -9 $$"])
async def test_cd_lasts_within_walls_too(shell: ShellSession, walls: Walls, command: str) -> None:
    await check_cd(shell, command, walls)


async def check_cd(shell: ShellSession, command: str, walls: Walls) -> None:
    sub = shell.folder / "sub"
    sub.mkdir()
    result = await run(shell, command, walls=walls)
    assert shell.folder == sub
    assert result.folder_note == str(sub)
    assert (await run(shell, "pwd", walls=walls)).output == f"{sub}\n"


async def test_cd_in_a_subshell_stays_there(shell: ShellSession) -> None:
    before = shell.folder
    result = await run(shell, "(cd /; cd /usr); echo $(cd / && pwd); cd / | cat")
    assert (shell.folder, result.folder_note) == (before, "")


async def test_tracing_shows_the_command_and_not_our_wrapper(shell: ShellSession) -> None:
    assert "nanodeck" not in (await run(shell, "set -x; cd /; true")).output


async def test_plain_sh_does_where_there_is_no_bash(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "sub").mkdir()
    (tmp_path / "bin" / "sh").symlink_to("/bin/sh")
    shell = ShellSession(tmp_path, environment={"PATH": str(tmp_path / "bin")})
    result = await run(shell, "cd sub; echo here; echo there >&2; exit 4")
    await shell.close()
    assert (result.output, result.exit_code) == ("here\nthere\n", 4)
    assert shell.folder.samefile(tmp_path / "sub")


async def test_a_folder_that_vanished_is_named_and_nothing_runs_elsewhere(shell: ShellSession) -> None:
    home = shell.folder
    await run(shell, "mkdir gone; cd gone")
    os.rmdir(shell.folder)
    with pytest.raises(ToolError, match=rf"nothing was run: .*gone no longer exists.*now {home}"):
        await run(shell, "touch wrong-place")
    assert (await run(shell, "ls")) == ShellResult("", 0, False)


async def test_commands_see_no_secret_and_no_terminal(tmp_path: Path) -> None:
    environment = {**os.environ, "OPENAI_API_KEY": "sk-canary", "KEPT": "yes"}
    shell = ShellSession(tmp_path, environment=environment, hidden={"OPENAI_API_KEY"})
    result = await run(shell, "env; test -t 0 || test -t 1 || echo no terminal")
    await shell.close()
    assert "sk-canary" not in result.output
    assert "KEPT=yes" in result.output
    assert result.output.endswith("no terminal\n")


async def test_a_long_output_has_head_tail_and_the_whole_on_disk(shell: ShellSession) -> None:
    result = await run(shell, "seq 100000")
    assert result.output.startswith("1\n2\n")
    assert result.output.endswith("99999\n100000\n")
    assert len(result.output.encode()) <= OUTPUT_LIMIT
    path = Path(result.output.partition("the whole is in ")[2].partition(" …]")[0])
    check_private_file(path, "".join(f"{number}\n" for number in range(1, 100001)))


async def test_live_output_comes_while_the_command_runs(shell: ShellSession, walls: Walls) -> None:
    heard: list[str] = []
    goes_on = shell.folder / "go-on"

    def emit(text: str) -> None:
        heard.append(text)
        goes_on.touch()

    command = "printf '\\033[31mfirst\\033[0m\\n'; while [ ! -e go-on ]; do sleep 0.01; done; echo second"
    result = await shell.run(command, seconds=30, emit=emit, walls=walls)
    assert heard[0] == "first\n"
    assert "".join(heard) == result.output == "first\nsecond\n"


async def test_time_up_kills_the_whole_group(shell: ShellSession) -> None:
    command = "echo $$; sleep 300 & echo $!; trap '' TERM; sleep 300; echo never"
    for seconds in (0.2, 1, 5, 25):
        result = await run(shell, command, seconds)
        assert (result.exit_code, result.timed_out) == (None, True)
        # The busier the machine, the later both have begun.
        if len(pids := result.output.split()) == 2:
            break
    leader, child = map(int, pids)
    await until(lambda: not process_runs(leader) and not process_runs(child))


async def test_time_up_asks_first_and_then_kills_also_within_walls(shell: ShellSession, walls: Walls) -> None:
    """Asked to end a command may still say something; of one that does not heed that nothing is left."""
    name = f"3{secrets.randbelow(10**9)}"
    command = f"trap 'echo asked' TERM; echo begun; sleep {name} & wait; sleep {name}"
    for seconds in (0.2, 1, 5, 25):
        result = await run(shell, command, seconds, walls)
        assert result.timed_out
        if "begun" in result.output:
            break
    assert result.output.startswith("begun\nasked\n")
    await until(lambda: not running_with(name))


async def test_a_cancel_leaves_nothing_within_walls(shell: ShellSession, walls: Walls) -> None:
    begun = asyncio.Event()
    name = f"3{secrets.randbelow(10**9)}"
    command = f"trap '' TERM; setsid sleep {name} & echo begun; sleep {name}"
    running = shell.run(command, seconds=60, emit=lambda text: begun.set(), walls=walls)
    task = asyncio.create_task(running)
    await asyncio.wait_for(begun.wait(), 60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not running_with(name))


async def test_what_one_command_leaves_in_its_temporary_folder_the_next_one_finds(
    shell: ShellSession, bubblewrap: Walls
) -> None:
    name = f"left-{secrets.token_hex(8)}"
    await run(shell, f"echo kept > /tmp/{name}", walls=bubblewrap)
    assert (await run(shell, f"cat /tmp/{name}", walls=bubblewrap)).output == "kept\n"
    assert name not in os.listdir("/tmp")


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only /proc tells who left the group")
async def test_a_cancel_also_kills_those_that_left_the_group(shell: ShellSession) -> None:
    seen: list[str] = []
    ready = asyncio.Event()

    def emit(text: str) -> None:
        seen.append(text)
        if len("".join(seen).split()) == 2:
            ready.set()

    command = "trap '' TERM; setsid sh -c 'echo $$; exec sleep 300' & echo $$; sleep 300"
    task = asyncio.create_task(shell.run(command, seconds=60, emit=emit))
    await asyncio.wait_for(ready.wait(), 60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for pid in map(int, "".join(seen).split()):
        await until(lambda pid=pid: not process_runs(pid))  # type: ignore[misc]  # a default binds the pid


async def test_a_child_left_in_the_background_does_not_hold_the_call_and_ends_with_the_session(
    shell: ShellSession,
) -> None:
    result = await run(shell, "while true; do echo tick; sleep 0.02; done & echo started $!")
    assert result.exit_code == 0
    child = int(result.output.split("started ")[1].split()[0])
    assert (await run(shell, "echo next")).output == "next\n"
    assert process_runs(child)
    await shell.close()
    await until(lambda: not process_runs(child))


async def test_a_command_that_cannot_start_says_why(shell: ShellSession) -> None:
    with pytest.raises(ToolError, match="nothing was run: argument list too long"):
        await run(shell, "echo " + "x" * 4_000_000)
    with pytest.raises(ToolError, match=r"nothing was run: .*null byte"):
        await run(shell, "echo \0")


def test_it_works_in_a_loop_of_another_thread(tmp_path: Path) -> None:
    results: list[ShellResult] = []

    async def work() -> None:
        shell = ShellSession(tmp_path)
        results.append(await run(shell, "echo there; exit 5"))
        results.append(await run(shell, "sleep 300", 0.1))
        await shell.close()

    thread = threading.Thread(target=lambda: asyncio.run(work()))
    thread.start()
    thread.join()
    assert [(result.output, result.exit_code) for result in results] == [("there\n", 5), ("", None)]


async def test_variables_are_asked_for_anew_before_each_command(tmp_path: Path) -> None:
    asked: list[Path] = []

    async def refresh(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
        asked.append(folder)
        # What is hidden stays hidden, and what keeps a command from waiting for a person holds.
        return {"NUMBER": str(len(asked)), "TOKEN": "secret", "PAGER": "less"}

    shell = ShellSession(tmp_path, hidden={"TOKEN"}, refresh=refresh)
    results = [await run(shell, 'echo "$NUMBER $TOKEN $PAGER"; mkdir -p in; cd in') for _ in range(2)]
    await shell.close()
    assert [result.output for result in results] == ["1  cat\n", "2  cat\n"]
    assert asked == [tmp_path, tmp_path / "in"]
