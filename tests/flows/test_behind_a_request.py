"""R9: behind a request that is open everything goes on and can be scrolled."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from nanodeck.contracts.requests import CommandDetail
from tests.flows.conftest import LiveStager
from tests.support.agents import start_agent
from tests.support.model_server import ModelServer, Reply

if sys.platform == "win32":
    pytest.skip("named pipes are POSIX", allow_module_level=True)

from tests.support.pipes import tap

LONG = "\n\n".join(f"reply {number}." for number in range(60))
TASKS = [{"subject": f"step {number}"} for number in range(60)]
OPEN = "Approve shell command"


async def test_r9_chat_jobs_and_tasks_go_on_and_scroll_while_a_request_is_open(
    live: LiveStager, project: Path, tmp_path: Path
) -> None:
    """R9: with a request open the chat, a job and the tasks take in what is new, and each is scrolled."""
    replies = (
        Reply([LONG], calls=[("bash", {"command": f"cat {tmp_path}/job", "background": True})]),
        Reply(calls=[("bash", {"command": "env echo it ran"})]),
        Reply(calls=[("task", {"tasks": TASKS})]),
        Reply(["done"]),
    )
    with tap(tmp_path / "job") as job, tap(tmp_path / "chat") as chat, ModelServer(*replies) as server:
        async with live(server, (80, 24)) as deck:
            await deck.say("go")
            await deck.asked(CommandDetail)
            await deck.open_request()
            await deck.press("y")
            await deck.until(lambda: len(server.bodies) == 2 and bool(deck.state.requests), "the second one")
            await deck.say(f"!cat {tmp_path}/chat")
            os.write(chat, b"before it\n")
            await deck.sees("before it")
            await deck.press("ctrl+x", "!")
            await deck.sees(OPEN)
            os.write(chat, b"behind it\n")
            await deck.sees("behind it")
            start_agent(deck.app.link, "tests-1")
            await deck.until(lambda: len(deck.state.tasks) == len(TASKS), "the tasks")
            os.write(job, b"the job goes on\n")
            for keys, words in (
                (("ctrl+x", "j"), "the job goes on"),
                (("ctrl+x", "c", "home"), "reply 0."),
                (("ctrl+x", "c", "end"), "behind it"),
                (("ctrl+x", "t"), "step 0"),
                (("end",), "step 59"),
            ):
                await deck.press(*keys)
                await deck.sees(words)
                assert OPEN in deck.text
            await deck.press("ctrl+x", "!")
            deck.clock.advance(1.0)
            await deck.press("y")
            await deck.until(lambda: "it ran" in server.bodies[-1].decode(), "the answer")
