"""R6 and R7: a review that outlives the deck, and one whose file changes under it."""

from __future__ import annotations

from pathlib import Path

from tests.flows.conftest import LiveStager
from tests.support.model_server import ModelServer, Reply

READ = Reply(calls=[("read", {"path": "a.py"})])
EDITS = [{"old_string": f"line {n}\n", "new_string": f"LINE {n}\n"} for n in (3, 15, 30)]
EDIT = Reply(calls=[("edit", {"path": "a.py", "edits": EDITS})])


def lines(project: Path) -> list[str]:
    """What the file holds beside the lines that it had."""
    return [line for line in (project / "a.py").read_text().splitlines() if not line.startswith("line ")]


async def test_r6_choices_and_comments_are_there_after_leaving_the_review_and_the_deck(
    live: LiveStager, project: Path
) -> None:
    """R6: what was decided and remarked is there when the review is opened again, and after a restart."""
    (project / "a.py").write_text("".join(f"line {n}\n" for n in range(1, 41)))
    with ModelServer(READ, EDIT, Reply(["done"])) as server:
        async with live(server) as deck:
            await deck.say("edit it")
            await deck.review()
            await deck.press("y", "n")
            await deck.comment("no capitals")
            await deck.press("escape")
            assert deck.at("prompt")
            await deck.review()
            await deck.sees("1✔ 2✘ 0?")
            await deck.press("end")
            await deck.sees("❝ you, lines 27-33: no capitals")
        async with live(server, resume="last") as deck:
            await deck.review()
            await deck.sees("1✔ 2✘ 0?")
            assert [mark.mark for mark in deck.state.reviews[-1].marks] == ["accepted", "rejected"]
            await deck.press("end")
            await deck.sees("❝ you, lines 27-33: no capitals")
            await deck.press("u")
            await deck.until(lambda: len(deck.state.reviews[-1].marks) == 1, "the last step back")
            await deck.press("U")
            await deck.until(lambda: len(deck.state.reviews[-1].marks) == 2, "that step again")
            assert (project / "a.py").read_text().count("LINE") == 0
            await deck.send_review()
            await deck.sees("done")
            await deck.rests()
            assert not deck.state.comments
    assert lines(project) == ["LINE 3"]
    told = str(server.requests[-1]["messages"][-1]["content"])
    assert told.startswith("a.py: applied 1 of 3 hunks")
    assert "a.py, old lines 27-33, new lines 27-33:" in told
    assert "+LINE 30\n" in told
    assert "no capitals" in told


async def test_r7_what_changes_under_a_review_is_stale_and_never_overwritten(
    live: LiveStager, project: Path
) -> None:
    """R7: a hunk whose lines somebody else changed is marked stale and not written; the others move along."""
    file = project / "a.py"
    file.write_text("".join(f"line {n}\n" for n in range(1, 41)))
    with ModelServer(READ, EDIT, Reply(["done"])) as server:
        async with live(server) as deck:
            await deck.say("edit it")
            await deck.review()
            await deck.press("A")
            await deck.until(lambda: len(deck.state.reviews[-1].marks) == 3, "all accepted")
            file.write_text("above\n" + file.read_text().replace("line 15\n", "mine\n"))
            await deck.until(lambda: len(deck.state.reviews[-1].marks) == 2, "the stale hunk")
            await deck.sees("stale")
            await deck.press("j", "y")
            assert "this hunk is not written: the same lines" in deck.text
            await deck.send_review()
            await deck.sees("done")
            await deck.rests()
    assert lines(project) == ["above", "LINE 3", "mine", "LINE 30"]
    assert "the same lines were changed meanwhile" in str(server.requests[-1]["messages"])
