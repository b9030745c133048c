"""U8: the deck in lines, as a process: said once, answered by number, nothing drawn."""

from __future__ import annotations

import asyncio
import errno
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nanodeck.contracts.options import Options
from nanodeck.contracts.slash import COMMANDS
from nanodeck.faces.plain import slash
from nanodeck.faces.plain.run import PlainFace
from nanodeck.store.places import Places
from tests.flows.fake_engine import FakeEngine
from tests.support.model_server import ModelServer, Reply
from tests.support.trusting import trust_before

PATIENCE = 60.0
FULL_SCREEN: set[str] = set()
"""Commands that are nothing without a screen."""
NUMBERED = "".join(f"line {number}\n" for number in range(60))
WRITE = ("write", {"path": "b.txt", "content": "goodbye\n"})
BASH = ("bash", {"command": "env echo ran"})


class Lines:
    """The process: what it says, line by line, and what is typed to it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        self._more = threading.Condition()
        self._seen = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._more:
                self.said.append(line.rstrip("\n"))
                self._more.notify()

    def until(self, words: str) -> None:
        """Wait for a line with `words` after the last one waited for."""
        with self._more:
            found = self._more.wait_for(lambda: self._find(words), PATIENCE)
        assert found, f"never came: {words}; it said:\n" + "\n".join(self.said)

    def _find(self, words: str) -> bool:
        place = next((at for at in range(self._seen, len(self.said)) if words in self.said[at]), None)
        if place is None:
            return False
        self._seen = place + 1
        return True

    def type(self, line: str) -> None:
        """Type a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def end(self) -> int:
        """Type nothing more; the exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code


@contextmanager
def in_lines(server: ModelServer, folder: Path, *arguments: str, first: bool = False) -> Iterator[Lines]:
    """A process in `folder`, which was trusted before, unless this is its `first` start."""
    folder.mkdir(exist_ok=True)
    if not first:
        trust_before(folder, Places.under(folder.parent / "home"))
    command = [sys.executable, "-m", "nanodeck", "--plain", "--cwd", str(folder), *arguments]
    environment = {**os.environ, **server.environment(folder.parent / "home"), "TERM": "dumb"}
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Lines(process)
    finally:
        process.kill()
        process.wait()


def test_u8_a_job_in_lines(tmp_path: Path) -> None:
    replies = (
        Reply(["I change\nthe greeting."], calls=[WRITE]),
        Reply(calls=[BASH]),
        Reply(["It says \x1b[31mgoodbye\x1b[0m now."]),
    )
    with ModelServer(*replies) as server, in_lines(server, tmp_path / "project") as deck:
        deck.until("/help lists the commands")
        deck.type("say goodbye \\")
        deck.type("instead")
        deck.until("the greeting.")
        deck.until("Hunk 1 of 1: b.txt")
        deck.until("7 or u")
        assert not (tmp_path / "project/b.txt").exists()
        deck.type("perhaps")
        deck.until("none of the choices")
        deck.type("/mode")
        deck.until("Mode: normal")
        deck.type("1")
        deck.until("1 accepted, 0 rejected")
        deck.until("7 or u")
        deck.type("y")
        deck.until("Written: b.txt")
        deck.until("  $ env echo ran")
        deck.until("5 or e")
        deck.type("n not needed")
        deck.until("denied by the user: not needed")
        deck.until("It says goodbye now.")
        deck.until("Done: ")
        deck.type("!cat b.txt")
        deck.until("  goodbye")
        deck.type("/status")
        deck.until("Tokens: 300 in")
        deck.type("/exit")
        assert deck.end() == 0
    assert server.requests[0]["messages"][-1]["content"].endswith("say goodbye \ninstead")
    assert not any("\x1b" in line for line in deck.said)


def test_u8_a_plan_in_lines(tmp_path: Path) -> None:
    first, second = ("# Plan\n\n1. look\n", "# Plan\n\n1. look here\n2. write\n")
    replies = [Reply(calls=[("plan", {"text": text})]) for text in (first, second)]
    with ModelServer(*replies, Reply(["Now."])) as server, in_lines(server, tmp_path / "project") as deck:
        deck.until("/help lists the commands")
        deck.type("/plan tidy up")
        deck.until("A plan of 3 lines waits")
        deck.until("  3 1. look")
        deck.until("7 or u")
        deck.type("e 3 1. look here")
        deck.until("The plan has 3 lines now.")
        deck.until("y or a approve")
        deck.type("c 3 and then?")
        deck.until("Commented.")
        deck.type("/plan status")
        deck.until("Plan mode is on; the plan (3 lines) waits for your approval")
        deck.type("n too short")
        deck.until("A plan of 4 lines waits")
        deck.until("7 or u")
        deck.type("y")
        deck.until("Mode: normal")
        deck.until("Now.")
        deck.type("/exit")
        assert deck.end() == 0
    told = str(server.requests[1]["messages"][-1]["content"])
    assert "-1. look\n+1. look here" in told
    assert "and then?" in told
    assert "The person says: too short" in told


def test_u8_a_change_is_shaped_remarked_on_and_taken_back_in_lines(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "b.txt").write_text(NUMBERED)
    edits = [{"oldText": f"line {number}\n", "newText": f"new {number}\n"} for number in (3, 7, 30)]
    replies = (
        Reply(calls=[("read", {"path": "b.txt"})]),
        Reply(calls=[("edit", {"path": "b.txt", "edits": edits})]),
        Reply(["I see."]),
        Reply(["All right."]),
    )
    with ModelServer(*replies) as server, in_lines(server, project, "change it") as deck:
        for line, said in (
            ("s", "Hunk 1 of 2: b.txt"),
            ("n three stays", "Hunk 1 of 3"),
            ("y", "Hunk 2 of 3"),
            ("e", "Hunk 3 of 3"),
            ("thirty\n.", "Type the lines"),
            ("y", "would stand there"),
            ("y", "1 accepted, 1 edited, 1 rejected"),
        ):
            deck.until(said)
            deck.type(line)
        deck.until("I see.")
        deck.until("Done: ")
        told = str(server.requests[-1]["messages"][-1]["content"])
        assert "three stays" in told
        assert "thirty" in told
        assert (project / "b.txt").read_text().split("\n")[3:8] == [
            "line 3",
            "line 4",
            "line 5",
            "line 6",
            "new 7",
        ]
        deck.type("/diff session")
        deck.until("An empty line ends it.")
        deck.type("1")
        deck.until("  +new 7")
        deck.type("n 1")
        deck.until("Taken back: b.txt")
        deck.type("")
        deck.type("go on")
        deck.until("All right.")
        assert "line 7\n" in (project / "b.txt").read_text()
        assert "took this change" in str(server.requests[-1]["messages"])
        deck.type("/exit")
        assert deck.end() == 0


def test_a_turn_is_stopped_and_the_face_left_with_ctrl_c(tmp_path: Path) -> None:
    held = threading.Event()
    with (
        ModelServer(Reply(["thinking\n"], before_end=held.wait)) as server,
        in_lines(server, tmp_path / "project", "do it") as deck,
    ):
        deck.until("thinking")
        deck.process.send_signal(signal.SIGINT)
        deck.until("Stopped: ")
        deck.process.send_signal(signal.SIGINT)
        deck.until("ctrl+c again")
        deck.process.send_signal(signal.SIGINT)
        assert deck.process.wait(PATIENCE) == 130
        held.set()


def test_a_piped_command_comes_to_its_end(tmp_path: Path) -> None:
    with ModelServer() as server, in_lines(server, tmp_path / "project") as deck:
        deck.type("!echo $((40 + 2))")
        assert deck.end() == 0
    assert "  42" in deck.said


def test_a_typed_command_is_named_before_leaving_and_stopped_with_ctrl_c(tmp_path: Path) -> None:
    with ModelServer() as server, in_lines(server, tmp_path / "project") as deck:
        deck.until("/help lists the commands")
        os.mkfifo(tmp_path / "begun")
        with open(tmp_path / "begun", "r+b", buffering=0) as begun:
            deck.type("!echo it runs > ../begun; exec sleep 600")
            assert select.select([begun], [], [], PATIENCE)[0]
        deck.type("/exit")
        deck.until("Still running: ")
        deck.type("n")
        deck.until("Staying.")
        deck.process.send_signal(signal.SIGINT)
        deck.until("stopped")
        deck.type("/exit")
        assert deck.end() == 0


async def test_where_nothing_can_be_said_it_ends_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def say(line: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    face = PlainFace(Options(folder=str(tmp_path)), FakeEngine(), lambda hear: None, say)
    assert await asyncio.wait_for(face.run(), PATIENCE) == 1
    assert capsys.readouterr().err == "nanodeck: nothing more can be said: No space left on device\n"


@pytest.mark.parametrize(("replies", "code"), [((Reply(["fine"]),), 0), ((Reply(calls=[BASH]),), 2)])
def test_piped_lines_are_worked_through(tmp_path: Path, replies: tuple[Reply, ...], code: int) -> None:
    with ModelServer(*replies) as server, in_lines(server, tmp_path / "project") as deck:
        deck.type("do it")
        assert deck.end() == code


def test_every_slash_command_works_in_lines_or_is_said_to_need_the_screen() -> None:
    assert {command.name for command in COMMANDS} - set(slash.RUNS) == FULL_SCREEN
