"""A review that outlives the deck (R6), and one whose file changes under it (R7)."""

from __future__ import annotations

from pathlib import Path

from tests.flows.conftest import LiveStager
from tests.flows.live_deck import LiveDeck
from tests.support.model_server import ModelServer, Reply

READ = Reply(calls=[("read", {"path": "a.py"})])
EDITS = [{"old_string": f"line {n}\n", "new_string": f"LINE {n}\n"} for n in (3, 15, 30)]
EDIT = Reply(calls=[("edit", {"path": "a.py", "edits": EDITS})])


async def reviewing(deck: LiveDeck) -> None:
    await deck.until(lambda: bool(deck.state.requests), "the review")
    await deck.press("ctrl+x", "d")
    deck.clock.advance(5.0)


async def send(deck: LiveDeck) -> None:
    await deck.press("enter", "enter")
    deck.clock.advance(1.0)


def lines(project: Path) -> list[str]:
    """What the file holds beside the lines that it had."""
    return [line for line in (project / "a.py").read_text().splitlines() if not line.startswith("line ")]


async def test_r6_what_was_decided_is_there_after_a_restart(live: LiveStager, project: Path) -> None:
    (project / "a.py").write_text("".join(f"line {n}\n" for n in range(1, 41)))
    with ModelServer(READ, EDIT, Reply(["done"])) as server:
        async with live(server) as deck:
            await deck.say("edit it")
            await reviewing(deck)
            await deck.press("y", "n")
            await deck.until(lambda: len(deck.state.reviews[-1].marks) == 2, "two decisions")
        async with live(server, resume="last") as deck:
            await reviewing(deck)
            assert [mark.mark for mark in deck.state.reviews[-1].marks] == ["accepted", "rejected"]
            await deck.sees("✔ accepted")
            await deck.press("u")
            await deck.until(lambda: len(deck.state.reviews[-1].marks) == 1, "the last step back")
            await deck.press("A")
            await deck.until(lambda: len(deck.state.reviews[-1].marks) == 3, "all accepted")
            await send(deck)
            await deck.sees("done")
            await deck.rests()
    assert lines(project) == ["LINE 3", "LINE 15", "LINE 30"]
    assert "applied 3 of 3 hunks" in str(server.requests[-1]["messages"])


async def test_r7_what_changes_under_a_review_is_stale_and_never_overwritten(
    live: LiveStager, project: Path
) -> None:
    file = project / "a.py"
    file.write_text("".join(f"line {n}\n" for n in range(1, 41)))
    with ModelServer(READ, EDIT, Reply(["done"])) as server:
        async with live(server) as deck:
            await deck.say("edit it")
            await reviewing(deck)
            await deck.press("A")
            await deck.until(lambda: len(deck.state.reviews[-1].marks) == 3, "all accepted")
            file.write_text(file.read_text().replace("line 15\n", "mine\n"))
            await deck.until(lambda: len(deck.state.reviews[-1].marks) == 2, "the stale hunk")
            await deck.sees("stale")
            await deck.press("j", "y")
            assert "this hunk is not written: the same lines" in deck.text
            await send(deck)
            await deck.sees("done")
            await deck.rests()
    assert lines(project) == ["LINE 3", "mine", "LINE 30"]
    assert "the same lines were changed meanwhile" in str(server.requests[-1]["messages"])
