"""R10 and R15: five files are written or none, and what was written is taken back hunk by hunk."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from nanodeck.contracts.modes import Mode
from nanodeck.contracts.views import NoticeEntry
from nanodeck.workspace.writing import atomic
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
    await deck.review()
    await deck.press("A")
    assert "5/5 files, 10/10 hunks" in deck.text
    await deck.send_review()
    await deck.rests()


def notices(deck: LiveDeck) -> str:
    transcript = deck.state.agent("main").transcript
    return "\n".join(entry.text for entry in transcript if isinstance(entry, NoticeEntry))


async def test_r10_five_files_are_one_review_and_written_all_or_none(
    live: LiveStager, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R10: where one cannot be written all five are restored and the screen says so."""
    for name in NAMES:
        (project / name).write_text(OLD)
    move, faulty, moves = atomic.move, True, list[str]()

    def moved(folder: int, temporary: str, name: str) -> None:
        moves.append(name)
        if faulty and name == "m3.py":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        move(folder, temporary, name)

    monkeypatch.setattr(atomic, "move", moved)
    with ModelServer(READ, EDIT, Reply(["sorry"]), EDIT, Reply(["done"])) as server:
        async with live(server) as deck:
            await deck.say("edit five files")
            await accept_all(deck)
            await deck.sees("⚠ not written, and the model knows it: m3.py cannot be")
            await deck.sees("No space left on device; nothing was changed")
            assert contents(project) == {OLD}
            assert "m0.py" in moves[: moves.index("m3.py")]
            faulty = False
            await deck.press("escape")
            await deck.say("once more")
            await accept_all(deck)
            await deck.sees("written: /undo puts it back")
            assert contents(project) == {NEW}
    told = [str(message["content"]) for message in server.requests[2]["messages"][-5:]]
    assert all("No space left on device" in text for text in told)


async def test_r15_what_was_applied_without_asking_is_taken_back_hunk_by_hunk_and_that_is_undone(
    live: LiveStager, project: Path
) -> None:
    """R15: in auto-accept a hunk is taken back later, which the model is told and /undo undoes."""
    (project / "m0.py").write_text(OLD)
    edit = Reply(calls=[("edit", {"path": "m0.py", "edits": EDITS})])
    read = Reply(calls=[("read", {"path": "m0.py"})])
    with ModelServer(read, edit, Reply(["done"]), Reply(["I see"])) as server:
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
            await deck.say("go on")
            await deck.sees("I see")
            await deck.rests()
            told = json.dumps(server.requests[-1]["messages"][-2:])
            assert "The user took this change to m0.py back" in told
            assert "+LINE 3\\n" in told
            assert "LINE 30" not in told
            await deck.command("/undo")
            await deck.until(lambda: (project / "m0.py").read_text() == NEW, "the hunk again")
            (project / "m0.py").write_text(NEW.replace("LINE 3\n", "mine\n"))
            await deck.press("ctrl+x", "d")
            deck.clock.advance(5.0)
            await deck.press("n")
            deck.clock.advance(1.0)
            await deck.until(lambda: "not taken back from m0.py" in notices(deck), "why not")
            assert "mine\n" in (project / "m0.py").read_text()
