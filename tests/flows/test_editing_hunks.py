"""A review with the real engine: hunks split, picked by lines, edited and rejected; the model is told."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import TextArea

from nanodeck.ui.screens.hunk import HunkScreen
from tests.flows.conftest import LiveStager
from tests.flows.live_deck import LiveDeck
from tests.support.model_server import ModelServer, Reply

READ = ("read", {"path": "a.py"})
EDITS = [{"old_string": f"line {n}\n", "new_string": f"LINE {n}\n"} for n in (3, 6, 30)]
EDIT = ("edit", {"path": "a.py", "edits": EDITS})


async def reviewing(deck: LiveDeck) -> None:
    await deck.say("edit it")
    await deck.until(lambda: bool(deck.state.requests), "the review")
    await deck.press("ctrl+x", "d")
    deck.clock.advance(5.0)


async def says_its_keys(deck: LiveDeck) -> None:
    """However long the hunk and small the terminal."""
    area = deck.app.screen.query_one(TextArea)
    proposed = area.text
    area.load_text("line\n" * 60)
    for size in ((80, 24), (60, 20), (120, 40)):
        await deck.resize(size)
        await deck.sees("esc leaves")
    area.load_text(proposed)


async def test_r1_to_r4_split_pick_edit_and_reject(live: LiveStager, project: Path) -> None:
    file = project / "a.py"
    file.write_text("".join(f"line {n}\n" for n in range(1, 41)))
    replies = Reply(calls=[READ]), Reply(calls=[EDIT]), Reply(["done"])
    with ModelServer(*replies) as server:
        async with live(server) as deck:
            await reviewing(deck)
            await deck.press("s")
            await deck.until(lambda: "hunk 1/3" in deck.text, "three hunks")
            await deck.press("e")
            await deck.until(lambda: isinstance(deck.app.screen, HunkScreen), "the editor")
            area = deck.app.screen.query_one(TextArea)
            area.load_text(area.text.replace("LINE 3", "mine"))
            await deck.press("ctrl+s")
            await deck.until(lambda: "✎ edited" in deck.text, "the edit")
            await deck.press("j", "v", "space", "y")
            await deck.until(lambda: "✔ 1 line" in deck.text, "the picked line")
            await deck.press("j")
            await deck.press("n")
            await deck.press("enter")
            deck.clock.advance(1.0)
            await deck.press("enter")
            deck.clock.advance(1.0)
            await deck.until(lambda: "done" in deck.text and not deck.state.requests, "the end")
    text = file.read_text()
    assert "mine\n" in text
    assert "line 30\n" in text
    assert "line 6\n" not in text
    assert "LINE" not in text
    told = str(server.requests[-1]["messages"][-1]["content"])
    assert "The person changed this" in told
    assert "The person took only a part of this" in told
    assert "Rejected by the person" in told


async def test_leaving_the_editor_changes_nothing(live: LiveStager, project: Path) -> None:
    (project / "a.py").write_text("".join(f"line {n}\n" for n in range(1, 41)))
    with ModelServer(Reply(calls=[READ]), Reply(calls=[EDIT]), Reply(["done"])) as server:
        async with live(server) as deck:
            await reviewing(deck)
            await deck.press("e")
            await deck.until(lambda: isinstance(deck.app.screen, HunkScreen), "the editor")
            await says_its_keys(deck)
            await deck.press("x", "escape")
            assert "esc again loses what you wrote" in deck.text
            await deck.press("y", "escape")
            assert "esc again loses what you wrote" in deck.text
            await deck.press("escape")
            await deck.until(lambda: not isinstance(deck.app.screen, HunkScreen), "the review")
            (review,) = deck.state.reviews
            assert review.marks == ()
