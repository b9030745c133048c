"""U8: what the full screen has dialogs for, asked in lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import (
    AddProvider,
    Command,
    Queue,
    SavePreference,
    Send,
    StopJob,
    SwitchModel,
)
from nanodeck.contracts.messages import ToolMessage
from nanodeck.contracts.preferences import Kept, Preferences
from nanodeck.contracts.queries import (
    FolderItem,
    Lines,
    ListFolder,
    ListModels,
    ModelList,
    ReadOutput,
    ReadText,
    TryProvider,
    TryRule,
)
from nanodeck.contracts.requests import Answer, CommandDetail, Request
from nanodeck.contracts.rules import RuleTrial, Why
from nanodeck.contracts.views import SessionView
from nanodeck.faces.plain.waiting import Waiting
from tests.flows.fake_engine import FakeEngine, reply, said
from tests.unit.faces.talking import talking

ASKED = ev.RequestOpened(
    Request("q1", "main", "c1", CommandDetail("make install", "/p"), Why(reason="it asks"))
)


async def test_copy_takes_replies_and_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "kept"
    program = tmp_path / "tmux"
    program.write_text(f"#!/bin/sh\ncat > {kept}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("TMUX", "/tmp/tmux,1,0")
    async with talking() as talk:
        talk.type("/copy")
        await talk.until("There is no reply to copy yet.")
        talk.engine.publish(*said("one"), *reply("first:\n```\nx = 1\n```"))
        await talk.until("Done: ")
        talk.type("/copy 2", "/copy soon", "/copy code")
        await talk.until("There are not 2 replies yet.")
        await talk.until("/copy takes a number or the word code.")
        await talk.until("Copied: 5 characters.")
        assert kept.read_text() == "x = 1"


async def test_where_there_is_no_clipboard_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMUX", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSH_TTY", "/dev/pts/1")
    monkeypatch.setenv("TERM", "dumb")
    async with talking() as talk:
        talk.engine.publish(*said("one"), *reply("first"))
        await talk.until("Done: ")
        talk.type("/copy")
        await talk.until("No clipboard can be reached from here")


async def test_files_are_explored_read_and_sent_along() -> None:
    folders = {
        "": (FolderItem("src/", 40), FolderItem("a b.py", 400)),
        "src/": (FolderItem("main.py", 4000),),
    }
    engine = FakeEngine()
    engine.answers[ListFolder] = lambda query: folders[query.folder]
    engine.answers[ReadText] = lambda query: Lines(0, 30, "import os\nprint()\n")
    async with talking(engine) as talk:
        talk.type("/explorer")
        await talk.until("  2: a b.py, about 100 tokens")
        talk.type("2", "+2", "1")
        await talk.until("a b.py, 30 lines:")
        await talk.until("  and 28 more lines")
        await talk.until("Picked: a b.py, about 100 tokens.")
        await talk.until("src/: 1 item")
        talk.type("+1", "7", "..")
        await talk.until("That is none of the choices.")
        await talk.until("The project: 2 items")
        talk.type("", "look at these")
        await talk.until("With your next message: a b.py, src/main.py")
        talk.type("and on")
        talk.type("/status")
        await talk.until("Session: ")
    assert engine.commands == [Send('@"a b.py" @src/main.py look at these'), Send("and on")]


async def test_settings_are_changed_by_number_and_said_to_be_the_full_screens() -> None:
    kept = Kept(Preferences(theme="nord"), problems=("deck.x: none",), settings_path="/home/settings.toml")
    async with talking(kept=kept) as talk:
        talk.type("/theme")
        await talk.until("The full screen's theme is nord:")
        talk.type("/settings")
        await talk.until("Wrong in the settings: deck.x: none")
        await talk.until("Kept in /home/settings.toml. Only the full screen follows these.")
        await talk.until("  2: Vim keys in the prompt and the panes: off")
        talk.type("2")
        await talk.until("Vim keys in the prompt and the panes: on")
        talk.type("8", "3", "1", "gruvbox")
        await talk.until("Signs: unicode, or ASCII alone: ascii")
        await talk.until("as the terminal: gruvbox")
        talk.type("99")
        await talk.until("Type a number from 1 to 8.")
    saved = [
        SavePreference("vim", True),
        SavePreference("signs", "ascii"),
        SavePreference("theme", "gruvbox"),
    ]
    assert talk.engine.commands == saved


async def test_the_tour_lets_a_change_and_a_command_be_practised() -> None:
    async with talking() as talk:
        talk.type("/tour")
        await talk.until("An empty line goes on")
        talk.type("")
        await talk.until("Hunk 1 of 2: greeting.py")
        talk.type("y", "u", "A", "y", "n not now")
        await talk.until("Every hunk is decided: 2 accepted, 0 rejected.")
        await talk.until("That is how it goes.")
        await talk.until("  $ make test")
        await talk.until("And the rest")
    assert talk.engine.commands == []


async def test_a_provider_is_added_once_its_server_answered() -> None:
    engine = FakeEngine()
    engine.answers[ListModels] = lambda query: (ModelList("demo", ("demo",)),)
    answers = {
        "http://localhost:1": ModelList("", (), "nobody answers"),
        "http://localhost:2": ModelList("", ("one", "two")),
    }
    engine.answers[TryProvider] = lambda query: answers[query.base_url]
    async with talking(engine) as talk:
        talk.type("/model")
        await talk.until("No model server answers and no key is set.")
        await talk.until("  2: add a provider")
        talk.type("2", "ftp://no", "localhost:1", "", "", "localhost:2", "sk-secret")
        await talk.until("That is no URL of a server.")
        await talk.until("It does not work: nobody answers")
        await talk.until("  2: two")
        talk.type("2", "/model")
        await talk.until("  1: demo/demo, a script at a real job")
        talk.type("1")
    added = AddProvider("localhost-2", "http://localhost:2", "two", "sk-secret")
    assert engine.commands == [added, SwitchModel("demo", "demo")]
    assert "sk-secret" not in "\n".join(talk.said)


async def test_what_was_printed_is_read_page_by_page() -> None:
    engine = FakeEngine()
    lines = [f"line {number}" for number in range(450)]
    engine.answers[ReadOutput] = lambda query: Lines(
        query.first, len(lines), "\n".join(lines[query.first : query.first + query.limit]) + "\n"
    )
    async with talking(engine) as talk:
        talk.type("/output", "/jobs job-1")
        await talk.until("There is no such output")
        await talk.until("There is no job job-1.")
        message = ToolMessage("c1", "bash", "line 0\nline 1")
        engine.publish(
            *said("go"),
            ev.ToolStarted("c1", "bash", "bash make"),
            ev.ToolEnded("c1", "bash", "bash make", message, "ok", "ok", 1.0),
            ev.JobStarted("job-1", "make serve", "/p", 0.0),
            *reply("done"),
        )
        await talk.until("Done")
        talk.type("/output 1", "")
        await talk.until("bash make, 450 lines:")
        await talk.until("  line 199")
        await talk.until("250 more lines: an empty line goes on")
        await talk.until("  line 399")
        talk.type("enough", "/jobs job-1", "stop", "/jobs stop job-1", "/exit", "y")
        await talk.until("job-1, 450 lines:")
        await talk.until("Still running: job-1")
    assert engine.commands == [StopJob("job-1")]


async def test_a_text_is_queued_and_what_waits_is_said() -> None:
    async with talking() as talk:
        talk.type("/queue and then the docs", "/queue", "and the tests")
        await talk.until("What is to be said once the turn is over?")
        talk.engine.publish(*said("go"), ev.QueueChanged((), ("and then the docs",)))
        await talk.until("Waits for the end of the turn: and then the docs")
        talk.engine.publish(ev.QueueChanged(("use tabs",), ("and then the docs",)))
        await talk.until("Steers the agent at its next step: use tabs")
        talk.engine.publish(*reply("done"))
    assert talk.engine.commands == [Queue("and then the docs"), Queue("and the tests")]


async def test_a_question_waits_until_a_dialog_is_over() -> None:
    engine = FakeEngine()
    engine.answers[ListModels] = lambda query: (ModelList("local", ("one",)),)
    async with talking(engine) as talk:
        talk.type("/model")
        await talk.until("Which model?")
        engine.publish(*said("go"), ASKED)
        await talk.until("The agent asks something: that comes after this.")
        talk.type("1")
        await talk.until("  $ make install")
        talk.type("n", "/status")
        await talk.until("Session: ")
        engine.publish(ev.RequestClosed("q1", Answer("deny")), *reply("done"))
        await talk.until("Done")
    assert [type(command).__name__ for command in engine.commands] == ["SwitchModel", "Decide"]


async def test_what_was_typed_before_a_question_decides_nothing() -> None:
    async with talking() as talk:
        talk.engine.publish(*said("go"), ASKED)
        talk.type("y", "use make check instead")
        await talk.until("That was typed before the question and decides nothing")
        talk.type("/status")
        await talk.until("Session: ")
        assert talk.engine.commands == [Send("use make check instead")]
        talk.engine.publish(ev.RequestClosed("q1"), *reply("done"))
        await talk.until("The question is withdrawn.")
        await talk.until("Done")


async def test_a_letter_without_a_question_does_not_steer_the_agent() -> None:
    async with talking() as talk:
        talk.engine.publish(*said("go"))
        talk.type("y", "1", "ok")
        await talk.until("No question is open: nothing was sent.")
        await talk.until("No question is open: nothing was sent.")
        talk.engine.publish(*reply("done"))
        await talk.until("Done")
        talk.type("y")
    assert talk.engine.commands == [Send("ok"), Send("y")]


async def test_an_answer_to_a_question_that_is_gone_is_not_said_to_the_agent() -> None:
    async with talking() as talk:
        talk.engine.publish(*said("go"), ASKED)
        await talk.until("5 or e")
        talk.type("y")
        talk.engine.publish(ev.RequestClosed("q1"), *reply("done"))
        await talk.until("That question is gone; nothing was decided.")
    assert talk.engine.commands == []


def test_a_question_takes_no_answer_before_it_can_have_been_read() -> None:
    now = 0.0
    waiting = Waiting(Mute(), 0.4, lambda: now)
    waiting.open(ASKED.request, SessionView())
    waiting.ask()
    assert waiting.stamp == 0
    now = 0.5
    assert waiting.stamp == 1


class Mute:
    """Says nothing and does nothing."""

    def say(self, *lines: str) -> None:
        """Nothing."""

    def send(self, command: Command) -> None:
        """Nothing."""

    def look_up(self, query: TryRule, told: Callable[[RuleTrial], None]) -> None:
        """Nothing."""
