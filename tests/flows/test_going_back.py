"""Going back to before a turn, by keys: the list, what becomes of each file, what goes back."""

from __future__ import annotations

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import AppliedFile, FileDiff, Hunk
from nanodeck.contracts.checkup import CheckUp, Finding
from nanodeck.contracts.commands import Cancel, Redo, Rewind, Undo
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import ListTurns, PlanRewind, ReadDiff
from nanodeck.contracts.rewinding import RewindFile, RewindPlan, RewindTurn
from nanodeck.contracts.sources import DiffPage, Source
from nanodeck.ui.dialogs.rewind import RewindScreen
from nanodeck.ui.dialogs.turns import TurnsScreen
from tests.flows.conftest import Stage, Stager
from tests.flows.fake_engine import reply, said

TURNS = (
    RewindTurn("t2", "make it blue", 60.0, 2, (AppliedFile("a.py", "modified", 3, 1),)),
    RewindTurn("t1", "make it red", 30.0, 4),
)
FILES = (
    RewindFile("a.py", "modified", 1, 3, "restore"),
    RewindFile("b.py", "modified", 2, 2, "merge"),
    RewindFile("c.py", "modified", 0, 0, "clash", "you changed the same lines"),
    RewindFile("new.py", "deleted", 0, 9, "restore"),
)


async def two_turns(stage: Stage) -> None:
    stage.engine.answers[ListTurns] = lambda query: TURNS
    stage.engine.answers[PlanRewind] = lambda query: RewindPlan(query.turn, FILES, 2)
    await stage.publish(*said("make it red", 1), *reply("done", 1), *said("make it blue", 2), *reply("ok", 2))
    stage.clock.advance(1.0)


def rewinds(stage: Stage) -> list[object]:
    return [command for command in stage.engine.commands if isinstance(command, Rewind)]


async def listed(stage: Stage) -> None:
    await stage.until(lambda: isinstance(stage.app.screen, TurnsScreen) and "blue" in stage.text, "the turns")


async def asked(stage: Stage) -> None:
    await stage.until(
        lambda: isinstance(stage.app.screen, RewindScreen) and "would go back" in stage.text, "the question"
    )


async def test_c2_the_turns_then_their_files_then_what_goes_back(stage: Stager) -> None:
    """C2: files, conversation or both, the list of files first; a file can be left alone."""
    async with stage() as deck:
        await two_turns(deck)
        await deck.press("escape")
        assert "esc again goes back to before a turn" in deck.text
        await deck.press("escape")
        await listed(deck)
        assert "make it blue" in deck.text
        assert "2 messages since, it changed 1 file +3 -1: a.py" in deck.text
        assert "4 messages since, it changed no file" in deck.text
        await deck.press("enter")
        await asked(deck)
        assert "Back to before “make it blue”" in deck.text
        assert "new.py  +0 -9  goes" in deck.text
        assert "put back, and what you changed since stays" in deck.text
        assert "left alone: you changed the same lines" in deck.text
        assert "2 messages and 3 files would go back" in deck.text
        await deck.press("j", "space")
        assert "left alone, as you wish" in deck.text
        assert "2 messages and 2 files would go back" in deck.text
        assert rewinds(deck) == []
        await deck.press("b")
        await deck.until(lambda: deck.app.screen is deck.deck, "the deck")
        assert rewinds(deck) == [Rewind("t2", "both", ("b.py",))]
        back = ev.Rewound("t2", "both", (), ("b.py",), "changeset-9", messages=2, prompt="make it blue")
        await deck.publish(back)
        assert deck.deck.area.prompt.text == "make it blue"
        assert "2 messages taken off the conversation" in deck.text
        assert "ok" not in [row.strip() for row in deck.rows]


async def test_c2_its_diff_is_looked_at_in_the_viewer_and_decided_on_from_there(stage: Stager) -> None:
    hunk = Hunk(1, 1, 1, 1, 1, "", "-blue\n+red")
    async with stage(size=(120, 40)) as deck:
        await two_turns(deck)
        page = DiffPage(Source("rewind", "t1"), (FileDiff("a.py", "modified", (hunk,), 1, 1),), 1)
        deck.engine.answers[ReadDiff] = lambda query: page
        await deck.type("/rollback")
        await deck.press("enter")
        await listed(deck)
        await deck.press("down", "enter")
        await asked(deck)
        await deck.press("d")
        await deck.until(lambda: "+ red" in deck.text or "+red" in deck.text, "the diff")
        assert "Diff · going back" in deck.text
        await deck.press("enter")
        await asked(deck)
        await deck.press("escape", "escape")
        assert "Diff · going back" in deck.text
        await deck.type("/rewind")
        await deck.press("enter")
        await listed(deck)
        await deck.press("enter")
        await asked(deck)
        await deck.press("f")
        await deck.until(lambda: bool(rewinds(deck)), "the decision")
        assert rewinds(deck) == [Rewind("t2", "files")]
        await deck.settle()
        assert "Diff · going back" not in deck.text


async def test_escape_means_the_stop_for_a_while_and_the_text_in_the_prompt(stage: Stager) -> None:
    async with stage() as deck:
        await two_turns(deck)
        await deck.publish(*said("and green", 3))
        await deck.press("escape")
        assert isinstance(deck.engine.commands[-1], Cancel)
        await deck.publish(*reply("ok", 3))
        await deck.press("escape", "escape", "escape")
        assert deck.app.screen is deck.deck
        deck.clock.advance(1.0)
        await deck.type("x")
        await deck.press("escape", "escape")
        assert deck.deck.area.prompt.text == ""
        assert deck.app.screen is deck.deck
        await deck.press("escape", "escape")
        await listed(deck)
        await deck.press("escape")
        await deck.until(lambda: deck.app.screen is deck.deck, "the deck")
        assert rewinds(deck) == []


async def test_however_many_files_the_keys_stay_on_a_small_screen(stage: Stager) -> None:
    many = tuple(RewindFile(f"f{n}.py", "modified", 0, 0, "restore") for n in range(40))
    async with stage(size=(80, 24)) as deck:
        await two_turns(deck)
        deck.engine.answers[PlanRewind] = lambda query: RewindPlan(query.turn, many, 2)
        deck.engine.answers[CheckUp] = lambda query: (Finding("git", "good", "is there"),) * 60
        await deck.type("/rewind")
        await deck.press("enter")
        await listed(deck)
        await deck.press("enter")
        await asked(deck)
        assert "closes" in deck.text
        assert "f0.py  put back" in deck.text
        await deck.press("escape")
        await deck.type("/doctor")
        await deck.press("escape", "enter")
        await deck.until(lambda: "nothing is wrong" in deck.text, "the findings")
        assert "any other key is named here   esc closes" in deck.text


@pytest.mark.parametrize("files", [(), FILES[2:3]])
async def test_without_files_that_can_go_only_the_conversation_goes(
    files: tuple[RewindFile, ...], stage: Stager
) -> None:
    async with stage() as deck:
        await two_turns(deck)
        deck.engine.answers[PlanRewind] = lambda query: RewindPlan(query.turn, files, 2, "git is missing")
        await deck.type("/rewind")
        await deck.press("enter")
        await listed(deck)
        await deck.press("enter")
        await asked(deck)
        assert "git is missing" in deck.text
        await deck.press("b", "f")
        assert "there is no file that could be put back" in deck.text
        await deck.press("s")
        await deck.until(lambda: bool(rewinds(deck)), "the decision")
        assert rewinds(deck) == [Rewind("t2", "summary")]


async def test_nothing_said_yet_a_failed_look_and_a_turn_that_runs(stage: Stager) -> None:
    async def failing(query: object) -> object:
        raise NanodeckError("the disk is gone", "look for it")

    async with stage() as deck:
        await deck.press("escape", "escape")
        assert deck.app.screen is deck.deck
        deck.engine.answers[ListTurns] = lambda query: ()
        await deck.type("/rewind")
        await deck.press("enter")
        await deck.until(lambda: "nothing was said yet" in deck.text, "the empty list")
        await deck.press("escape")
        await two_turns(deck)
        deck.engine.answers[PlanRewind] = failing
        await deck.type("/rewind")
        await deck.press("enter")
        await listed(deck)
        await deck.press("enter")
        await deck.until(lambda: "the disk is gone (look for it)" in deck.text, "the failure")
        await deck.press("b", "c", "d", "space", "escape")
        await deck.until(lambda: deck.app.screen is deck.deck, "the deck")
        assert rewinds(deck) == []
        await deck.publish(*said("on", 3))
        await deck.type("/rewind")
        await deck.press("enter")
        await deck.until(lambda: "a turn is running" in deck.text, "the word")
        for line in ("/undo", "/redo"):
            await deck.type(line)
            await deck.press("enter")
        assert deck.engine.commands[-2:] == [Undo(), Redo()]
