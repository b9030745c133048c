"""Plans by keys: a plan is read as a document, commented, edited, sent back, approved into a mode."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import TextArea

from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import PlanDetail
from nanodeck.ui.dialogs.comment import CommentScreen
from nanodeck.ui.dialogs.hunk import HunkScreen
from tests.flows.conftest import LiveStager
from tests.flows.live_deck import LiveDeck
from tests.support.model_server import ModelServer, Reply

FIRST = "# Tidy up\n\n1. look at a.py\n2. write it\n"
SECOND = "# Tidy up\n\n1. look at a.py, all of it\n2. write it\n3. run the tests\n"
FORBIDDEN = [
    ("write", {"path": "b.py", "content": "b\n"}),
    ("bash", {"command": "echo b > b.py"}),
]


def plan(text: str) -> Reply:
    return Reply(calls=[("plan", {"text": text})])


def mode(deck: LiveDeck) -> Mode:
    return deck.state.mode


async def commented(deck: LiveDeck) -> None:
    """Remark on the third line."""
    await deck.press("j", "j", "j", "c")
    await deck.until(lambda: isinstance(deck.app.screen, CommentScreen), "the comment box")
    await deck.type("and the tests?")
    await deck.press("enter")
    await deck.until(lambda: bool(deck.state.comments), "the comment")


async def edited(deck: LiveDeck) -> None:
    """Write that line anew."""
    await deck.press("e")
    await deck.until(lambda: isinstance(deck.app.screen, HunkScreen), "the editor")
    area = deck.app.screen.query_one(TextArea)
    assert area.cursor_location == (2, 0)
    area.load_text(area.text.replace("look at a.py", "look at a.py, all of it"))
    await deck.press("ctrl+s")
    await deck.sees("+ 1. look at a.py, all of it")


async def sent(deck: LiveDeck) -> None:
    await deck.press("enter")
    deck.clock.advance(1.0)
    await deck.press("enter")
    deck.clock.advance(1.0)


async def test_a6_a7_a_plan_is_commented_edited_sent_back_and_approved_into_auto_accept(
    live: LiveStager, project: Path
) -> None:
    """A7: a plan is a document: remarks and edits go back, approved it is carried out; A6 meanwhile."""
    replies = (
        Reply(["First I look."], calls=FORBIDDEN),
        plan(FIRST),
        plan(SECOND),
        Reply(["I begin."], calls=FORBIDDEN[:1]),
        Reply(["All done."]),
    )
    with ModelServer(*replies) as server:
        async with live(server) as deck:
            await deck.say("/plan tidy up")
            await deck.asked(PlanDetail)
            assert not (project / "b.py").exists()
            await deck.press("ctrl+x", "!")
            await deck.until(lambda: deck.at("diff"), "the plan")
            assert "Plan  4 lines" in deck.text
            assert "3   1. look at a.py" in deck.text
            deck.clock.advance(5.0)
            await commented(deck)
            await edited(deck)
            await deck.press("enter")
            assert "send it back, with your changes, 1 comment" in deck.text
            deck.clock.advance(1.0)
            await deck.press("enter")
            deck.clock.advance(1.0)
            await deck.sees("+ 3. run the tests")
            assert mode(deck) is Mode.PLAN
            assert not deck.state.comments
            deck.clock.advance(5.0)
            await deck.press("A")
            await sent(deck)
            await deck.sees("All done.")
            assert mode(deck) is Mode.AUTO_ACCEPT
    assert (project / "b.py").read_text() == "b\n"
    said = [str(message["content"]) for message in server.requests[-1]["messages"]]
    told = "\n".join(said)
    assert told.count("refused: plan mode") == 2
    assert "-1. look at a.py\n+1. look at a.py, all of it" in told
    assert "plan.md, old line 3, new line 3" in told
    assert "and the tests?" in told
    assert "approved: carry it out now. Plan mode is over, the mode is auto-accept" in told


async def test_a_plan_fits_the_small_deck_and_plan_done_approves_it(live: LiveStager, project: Path) -> None:
    """A7: at 80x24 every line is reached, and `/plan done` approves into normal mode."""
    with ModelServer(plan("\n".join(f"{n}. step" for n in range(1, 61))), Reply(["Begun."])) as server:
        async with live(server, mode=Mode.PLAN, size=(80, 24)) as deck:
            await deck.say("go")
            await deck.asked(PlanDetail)
            await deck.press("ctrl+x", "!")
            await deck.sees("Plan  60 lines")
            assert "y approve" in deck.text
            await deck.press("end")
            await deck.sees("60   60. step")
            await deck.press("escape")
            await deck.say("/plan status")
            await deck.sees("plan mode is on")
            await deck.say("/plan done")
            await deck.sees("Begun.")
            assert mode(deck) is Mode.NORMAL
            await deck.say("/plan done")
            await deck.sees("plan mode is off")
