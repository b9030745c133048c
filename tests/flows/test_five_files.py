"""A change of five files with the real engine: one review, one write, and all of it looked at afterwards."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from nanodeck.contracts.modes import Mode
from nanodeck.contracts.views import NoticeEntry
from nanodeck.workspace import atomic
from tests.flows.conftest import LiveStager
from tests.flows.live_deck import LiveDeck
from tests.support.model_server import ModelServer, Reply

NAMES = [f"m{n}.py" for n in range(5)]
OLD = "".join(f"line {n}\n" for n in range(1, 41))
NEW = OLD.replace("line 3\n", "LINE 3\n").replace("line 30\n", "LINE 30\n")
EDITS = [{"old_string": f"line {n}\n", "new_string": f"LINE {n}\n"} for n in (3, 30)]
READ = Reply(calls=[("read", {"path": name}) for name in NAMES])
EDIT = Reply(calls=[("edit", {"path": name, "edits": EDITS}) for name in NAMES])


def contents(project: Path) -> set[str]:
    return {(project / name).read_text() for name in NAMES}


async def accept_all(deck: LiveDeck) -> None:
    await deck.until(lambda: bool(deck.state.requests), "the review")
    await deck.press("ctrl+x", "d")
    deck.clock.advance(5.0)
    await deck.press("A")
    assert "5/5 files, 10/10 hunks" in deck.text
    await deck.press("enter")
    deck.clock.advance(1.0)
    await deck.press("enter")
    deck.clock.advance(1.0)
    await deck.rests()


def notices(deck: LiveDeck) -> str:
    transcript = deck.state.agent("main").transcript
    return "\n".join(entry.text for entry in transcript if isinstance(entry, NoticeEntry))


async def source(deck: LiveDeck, words: str) -> None:
    await deck.press("o")
    await deck.until(lambda: "Changes of" in deck.text, "the sources")
    await deck.type(words)
    await deck.press("enter")
    await deck.until(lambda: "Changes of" not in deck.text, "the deck")


async def test_r10_r11_r14_r15_five_files_are_written_or_none_and_reviewed_afterwards(
    live: LiveStager, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        (project / name).write_text(OLD)
    move, faulty = atomic.move, True

    def moved(folder: int, temporary: str, name: str) -> None:
        if faulty and name == "m3.py":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        move(folder, temporary, name)

    monkeypatch.setattr(atomic, "move", moved)
    with ModelServer(READ, EDIT, Reply(["sorry"]), EDIT, Reply(["done"]), Reply(["I see"])) as server:
        async with live(server) as deck:
            await deck.say("edit five files")
            await accept_all(deck)
            assert contents(project) == {OLD}
            assert "not written" in deck.text
            faulty = False
            await deck.press("escape")
            await deck.say("once more")
            await accept_all(deck)
            assert contents(project) == {NEW}
            await source(deck, "session")
            await deck.until(lambda: "0/5 files, 0/10 hunks" in deck.text, "the session's changes")
            await deck.press("m")
            await deck.until(lambda: "1/5 files, 2/10 hunks" in deck.text, "a reviewed file")
            deck.clock.advance(5.0)
            await deck.press("n")
            deck.clock.advance(1.0)
            await deck.until(lambda: "1/5 files, 2/9 hunks" in deck.text, "a hunk less")
            assert (project / "m1.py").read_text() == NEW.replace("LINE 3\n", "line 3\n")
            await source(deck, "turn")
            await deck.until(lambda: "this turn" in deck.text and "0/5 files" in deck.text, "the turn's")
            await source(deck, "HEAD")
            await deck.until(lambda: "git" in deck.rows[1] and "hunks" not in deck.rows[1], "git's word")
            await deck.press("escape")
            await deck.say("go on")
            await deck.sees("I see")
            await deck.rests()
    told = json.dumps(server.requests[-1]["messages"])
    assert "m1.py" in told.partition("go on")[0].rpartition("done")[2]


async def test_r15_what_was_applied_without_asking_is_taken_back_hunk_by_hunk_and_that_is_undone(
    live: LiveStager, project: Path
) -> None:
    (project / "m0.py").write_text(OLD)
    edit = Reply(calls=[("edit", {"path": "m0.py", "edits": EDITS})])
    read = Reply(calls=[("read", {"path": "m0.py"})])
    with ModelServer(read, edit, Reply(["done"])) as server:
        async with live(server, (80, 24), mode=Mode.AUTO_ACCEPT) as deck:
            await deck.say("edit it")
            await deck.until(lambda: (project / "m0.py").read_text() == NEW, "the edit")
            await deck.rests()
            await deck.press("ctrl+x", "d", "home", "k", "k")
            deck.clock.advance(5.0)
            await deck.press("n")
            deck.clock.advance(1.0)
            await deck.sees("taken back")
            assert (project / "m0.py").read_text() == NEW.replace("LINE 3\n", "line 3\n")
            await deck.press("n")
            deck.clock.advance(1.0)
            assert "there is nothing of it to take back" in deck.text
            await deck.press("escape")
            await deck.command("/undo")
            await deck.until(lambda: (project / "m0.py").read_text() == NEW, "the hunk again")
            (project / "m0.py").write_text(NEW.replace("LINE 3\n", "mine\n"))
            await deck.press("ctrl+x", "d")
            deck.clock.advance(5.0)
            await deck.press("n")
            deck.clock.advance(1.0)
            await deck.until(lambda: "not taken back from m0.py" in notices(deck), "why not")
            assert "mine\n" in (project / "m0.py").read_text()
