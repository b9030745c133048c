"""Requests over a working deck: never under somebody's fingers, never lost."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import Changeset, FileDiff, Hunk, HunkMark
from nanodeck.contracts.commands import Cancel, Decide, MarkHunks, Send
from nanodeck.contracts.events import Event
from nanodeck.contracts.requests import Answer, CommandDetail, RepetitionDetail, Request, ReviewDetail
from nanodeck.contracts.rules import Why
from nanodeck.contracts.tasks import Task
from tests.flows.conftest import SIZES, Stage, Stager
from tests.flows.fake_engine import reply, said

SHELL = Request("q1", "main", "c1", CommandDetail("make install", "/p"), Why(reason="shell asks"))
HUNK = Hunk(1, 1, 1, 1, 1, "def login", "-old line\n+new line")
CHANGES = Changeset("s1", ("c2",), (FileDiff("api/handler.py", "modified", (HUNK,), 1, 1),))
REVIEW = Request("q2", "main", "c2", ReviewDetail("s1", 1, 1), Why("ask", "edits ask", "effect.edit"))


def review() -> list[Event]:
    return [ev.ChangesetProposed(CHANGES), ev.RequestOpened(REVIEW)]


async def quiet(deck: Stage) -> None:
    """A second without a key, and a look whether something may open."""
    deck.clock.now += 1.0
    deck.deck.attention.consider()
    await deck.settle()


@pytest.mark.parametrize("size", SIZES)
async def test_a_request_opens_in_a_quiet_deck_with_prompt_and_state_in_sight(
    stage: Stager, size: tuple[int, int]
) -> None:
    async with stage(size=size) as deck:
        await deck.publish(*said("work"), ev.RequestOpened(SHELL))
        assert deck.at("approval")
        assert "make install" in deck.text
        assert "❯" in deck.text
        assert "1 approval" in deck.rows[-2]
        assert "⚠ 1" in deck.rows[0]


async def test_a_request_of_another_session_is_shown_though_one_with_its_number_was_answered(
    stage: Stager,
) -> None:
    async with stage() as deck:
        await deck.publish(*said("work"), ev.RequestOpened(SHELL))
        await quiet(deck)
        await deck.press("y")
        assert len(deck.commands(Decide)) == 1
        # The next session begins before its engine could say that the old request is closed.
        asks = Request("q1", "main", "c9", CommandDetail("make clean", "/p"), Why(reason="shell asks"))
        deck.engine.snapshot(replace(deck.engine.state, session="another", requests=(asks,)))
        await deck.settle()
        await quiet(deck)
        assert "make clean" in deck.text


@pytest.mark.parametrize("key", ["y", "n", "1", "enter"])
@pytest.mark.parametrize("place", ["prompt", "chat"])
async def test_keys_pressed_while_a_request_arrives_answer_nothing(
    stage: Stager, key: str, place: str
) -> None:
    async with stage() as deck:
        await deck.publish(*said("work"))
        if place == "chat":
            await deck.press("ctrl+x", "c")
        for _ in range(3):
            await deck.press(key)
            deck.clock.now += 0.9
        await deck.publish(ev.RequestOpened(SHELL))
        for _ in range(6):
            await deck.press(key)
            deck.clock.now += 0.9
            deck.deck.attention.consider()
            await deck.settle()
        assert deck.commands(Decide) == []
        assert not deck.deck.approval.is_open


async def test_a_draft_keeps_requests_away_until_the_person_asks_for_them(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("work"))
        await deck.type("half a sentence")
        await deck.publish(ev.RequestOpened(SHELL))
        await quiet(deck)
        assert not deck.deck.approval.is_open
        assert "⚠ 1" in deck.rows[0]
        await deck.press("ctrl+x", "!")
        assert deck.at("approval")
        await deck.press("escape")
        assert deck.deck.area.prompt.text == "half a sentence"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_r9_behind_an_open_request_everything_is_brought_up_to_date_and_the_chat_scrolls(
    stage: Stager, size: tuple[int, int]
) -> None:
    async with stage(size=size) as deck:
        await deck.fill()
        await deck.publish(ev.RequestOpened(SHELL))
        assert deck.at("approval")
        await deck.publish(
            *reply("\n\n".join(f"more {number}." for number in range(80)), 2, ends=False),
            ev.TasksChanged((Task("T1", "read"), Task("T2", "written behind"))),
            ev.OutputStreamed("job-1", "printed behind\n"),
        )
        assert "more 79." in deck.text
        assert deck.at("approval")
        await deck.press("pageup", "pageup")
        assert "more 79." not in deck.text
        assert deck.at("approval")
        await deck.press("pagedown", "pagedown")
        assert "more 79." in deck.text
        for pane, words in (("t", "written behind"), ("j", "printed behind")):
            await deck.press("ctrl+x", pane)
            assert words in deck.text
            assert "make install" in deck.text
        await deck.press("ctrl+x", "!")
        assert deck.at("approval")
        assert deck.commands(Decide) == []


async def test_page_keys_in_the_prompt_scroll_the_chat_unless_the_prompt_needs_them(stage: Stager) -> None:
    async with stage(size=(80, 24)) as deck:
        await deck.fill()
        assert "line 39," in deck.text
        await deck.press("pageup")
        assert "line 39," not in deck.text
        assert deck.at("prompt")
        await deck.press("pagedown")
        assert "line 39," in deck.text
        deck.deck.area.prompt.replace_text("\n".join(map(str, range(30))))
        await deck.settle()
        await deck.press("pageup")
        assert "line 39," in deck.text
        assert deck.deck.area.prompt.cursor_location[0] < 29


async def test_a_request_that_was_left_does_not_come_back_by_itself(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("work"), ev.RequestOpened(SHELL))
        deck.deck.approval._docket.guard._live_at = 0.0
        await deck.press("escape")
        assert deck.at("prompt")
        assert deck.commands(Cancel) == []
        await quiet(deck)
        assert not deck.deck.approval.is_open


async def test_an_answer_given_elsewhere_closes_the_layer(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("work"), ev.RequestOpened(SHELL))
        assert deck.deck.approval.is_open
        await deck.publish(ev.RequestClosed("q1"))
        assert not deck.deck.approval.is_open
        assert deck.at("prompt")


@pytest.mark.parametrize("size", SIZES)
async def test_a_review_lights_the_diff_and_never_moves_the_focus(
    stage: Stager, size: tuple[int, int]
) -> None:
    async with stage(size=size) as deck:
        await deck.publish(*said("work"), *review())
        await quiet(deck)
        assert deck.at("prompt")
        assert "Diff" in deck.text
        assert "⚠ 1" in deck.rows[0]
        await deck.type("y")
        assert deck.commands(MarkHunks) == []
        assert deck.deck.area.prompt.text == "y"


async def test_a_narrow_deck_says_how_to_open_what_waits(stage: Stager) -> None:
    async with stage(size=(80, 24)) as deck:
        await deck.publish(*said("work"), *review())
        assert "ctrl+x ! review" in deck.rows[-1]
        await deck.press("ctrl+x")
        assert "! open the oldest request" in deck.text
        await deck.press("!")
        assert deck.at("diff")
        assert "ctrl+x !" not in deck.text
        await deck.press("escape")
        await deck.publish(ev.RequestClosed("q2", Answer("once")), ev.RequestOpened(SHELL))
        assert deck.at("prompt")
        assert "ctrl+x ! answer" in deck.rows[-1]


async def test_the_hints_are_those_of_the_request_and_of_what_is_being_written(stage: Stager) -> None:
    circle = Request("q3", "main", "c3", RepetitionDetail("ls", "{}", 3), Why(reason="the same again"))
    async with stage() as deck:
        await deck.publish(*said("work"), ev.RequestOpened(circle))
        assert "y go on  n stop  tab message" in deck.rows[-1]
        deck.clock.now += 1.0
        await deck.press("tab")
        assert deck.rows[-1].strip() == "enter send  esc back"


async def test_on_a_small_screen_the_prompt_names_its_keys_only_while_it_has_them(stage: Stager) -> None:
    async with stage(size=(80, 24)) as deck:
        await deck.publish(*said("work"))
        assert "enter steer" in deck.text
        await deck.publish(ev.RequestOpened(SHELL))
        assert deck.at("approval")
        assert "enter steer" not in deck.text
        deck.clock.now += 1.0
        await deck.press("escape")
        assert "enter steer" in deck.text


async def test_while_the_review_has_the_focus_a_request_is_only_a_badge(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("work"), *review())
        await deck.press("ctrl+x", "d")
        assert deck.at("diff")
        await deck.publish(ev.RequestOpened(SHELL))
        await quiet(deck)
        assert not deck.deck.approval.is_open
        assert "⚠ 2" in deck.rows[0]


async def test_the_oldest_request_is_a_review_when_the_review_came_first(stage: Stager) -> None:
    async with stage() as deck:
        await deck.type("draft")
        await deck.publish(*said("work"), *review(), ev.RequestOpened(SHELL))
        await deck.press("ctrl+x", "!")
        assert deck.at("diff")


async def test_marks_of_the_review_become_commands(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("work"), *review())
        await deck.press("ctrl+x", "d")
        mark = HunkMark("api/handler.py", 1, "accepted")
        deck.deck.diff.post_message(deck.deck.diff.Marked("s1", (mark,)))
        await deck.settle()
        assert deck.commands(MarkHunks) == [MarkHunks("s1", (mark,))]


async def test_escape_in_the_review_goes_back_and_does_not_stop_the_turn(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("work"), *review())
        await deck.press("ctrl+x", "d", "escape")
        assert deck.at("prompt")
        assert deck.commands(Cancel) == []
        await deck.press("escape")
        assert deck.commands(Cancel) == [Cancel()]


async def test_text_after_escape_is_text_even_when_it_comes_at_once(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("work"), *review())
        await deck.press("ctrl+x", "d")
        for key in ("escape", "y", "n", "enter"):
            deck.app.simulate_key(key)
        await deck.settle()
        assert deck.commands(MarkHunks) == []
        assert deck.commands(Send) == [Send("yn")]
