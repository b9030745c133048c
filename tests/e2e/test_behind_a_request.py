"""R9: while a request is open everything behind it goes on, can be scrolled, and costs no more than usual."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo terminals are POSIX", allow_module_level=True)

from tests.e2e.deck_in_pty import READY, DeckInPty
from tests.support.model_server import ModelServer, Reply
from tests.support.pipes import tap

LINES = 60
SAMPLES = 3
LIVE = "no key is pre-selected"


def cheapest(deck: DeckInPty, pipe: int, name: str) -> int:
    """Bytes to the terminal for one more line of a running command: the least of a few (clocks draw too)."""
    costs = []
    for number in range(SAMPLES):
        deck.rest()
        before = len(deck.raw)
        os.write(pipe, f"{name} {number}\n".encode())
        deck.wait_for(f"{name} {number}")
        deck.rest()
        costs.append(len(deck.raw) - before)
    return min(costs)


def scripted(job: Path) -> tuple[Reply, ...]:
    """A long reply, tasks, a job and a command that asks."""
    calls: list[tuple[str, dict[str, object]]] = [
        ("task", {"tasks": [{"subject": f"step {number}"} for number in range(LINES)]}),
        ("bash", {"command": f"env cat {job}", "background": True}),
        ("bash", {"command": "env echo it ran"}),
    ]
    return Reply(["\n\n".join(f"reply {number}." for number in range(LINES))], calls=calls), Reply(["done"])


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_r9_everything_behind_an_open_request_goes_on_and_scrolls(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    with (
        tap(project / "job") as job,
        tap(tmp_path / "chat") as chat,
        ModelServer(*scripted(project / "job")) as server,
        DeckInPty(tmp_path, folder=project, size=size, OPENAI_BASE_URL=server.url, MODEL="scripted") as deck,
    ):
        deck.wait_for(READY)
        deck.ask("go")
        deck.wait_for("Approve background command")
        deck.wait_for(LIVE)
        deck.send("\x1b")
        deck.wait_until(lambda: "Approve background" not in deck.text, "the request is left")
        deck.ask(f"!cat {tmp_path}/chat")
        os.write(chat, b"first line\n")
        deck.wait_for("first line")
        usual = cheapest(deck, chat, "usual")
        deck.send("\x18!")
        deck.wait_for(LIVE)
        deck.send("y")
        deck.wait_for("Approve shell command")
        deck.wait_for(LIVE)
        assert cheapest(deck, chat, "behind") <= 2 * usual
        deck.send("\x18j")
        deck.wait_for("keys go elsewhere now")
        os.write(job, b"the job goes on\n")
        deck.wait_for("the job goes on")
        deck.send("\x18c\x1b[H")
        deck.wait_for("reply 0.")
        deck.send("\x18t\x1b[F")
        deck.wait_for(f"step {LINES - 1}")
        # A frame may come in several pieces.
        deck.wait_for("Approve shell command")
        deck.send("\x18!")
        deck.wait_for(LIVE)
        deck.send("y")
        deck.wait_until(lambda: len(server.requests) == 2, "the model was told")
        assert "it ran" in server.bodies[-1].decode()
