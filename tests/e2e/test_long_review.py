"""R8 in a real terminal: the end of a long change is reached, and what was not seen is counted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo terminals are POSIX", allow_module_level=True)

from tests.e2e.deck_in_pty import READY, DeckInPty
from tests.support.model_server import ModelServer, Reply

LONG = "".join(f"new {n}\n" for n in range(1, 2001))
KEYS = ("y accept", "n reject", "ENTER send review")
WRITE = Reply(calls=[("write", {"path": "long.py", "content": LONG})])


def test_r8_a_review_of_2000_lines_at_80x24_and_120x40(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    with (
        ModelServer(WRITE, Reply(["written"])) as server,
        DeckInPty(
            tmp_path, size=(80, 24), folder=project, OPENAI_BASE_URL=server.url, MODEL="scripted"
        ) as deck,
    ):
        deck.wait_for(READY)
        deck.ask("write it")
        deck.wait_for("approval")
        deck.send("\x18d")
        deck.wait_for("changed lines not seen yet")
        deck.wait_until(lambda: all(words in deck.text for words in KEYS), "the keys")
        deck.wait_for("+ new 1 ")
        deck.send("\x1b[6~")
        deck.wait_for("+ new 20")
        deck.resize(120, 40)
        deck.wait_for("1 Chat")
        deck.send("\x1b[F")
        deck.wait_for("+ new 2000")
        deck.wait_until(lambda: "not seen yet" in deck.text and "lines below" not in deck.text, "the end")
        deck.wait_until(lambda: all(words in deck.text for words in KEYS), "the keys")
        assert not (project / "long.py").exists()
