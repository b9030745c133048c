"""What the approval layer shows, how it is answered, what it leaves alone."""

from __future__ import annotations

import pytest
from textual import events

from nanodeck.contracts.requests import (
    CommandDetail,
    RepetitionDetail,
    Request,
    ReviewDetail,
    ToolDetail,
    Writes,
)
from nanodeck.contracts.rules import Why
from nanodeck_widgets.approval.layer import ApprovalLayer
from tests.widgets.approval_stage import LEFT_TO_APP, approval_stage, described, request


async def test_it_says_who_asks_what_runs_where_and_why() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1", "make all", "tests-1"), request("r2"))
        await pilot.pause()
        drawn = app.drawn()
        for words in (
            "Approve shell command, asked by main ▸ tests-1",
            "request 1 of 2",
            "$ make all",
            "folder  /home/me/api",
            "bash asks in normal mode  (rule: mode.normal)",
            "1 y  once",
            "2 s  this session (exactly this, here)",
            "4 n  deny",
            "tab  deny with a message",
            "e    edit the command first",
            "keys live in 0.4 s",
        ):
            assert words in drawn


async def test_an_unusual_reason_stands_out_before_everything_else() -> None:
    asked = request("r1", described("make", Writes(more="make")))
    asked = Request("r1", "main", "c", asked.detail, Why("ask", "outside the workspace: /x", "path.outside"))
    async with approval_stage() as (app, pilot):
        app.offer(asked)
        await pilot.pause()
        drawn = app.drawn()
        assert "why     ⚠ outside the workspace: /x  (rule: path.outside)" in drawn
        assert drawn.index("why  ") < drawn.index("writes  ")


async def test_an_edited_command_is_described_anew_and_never_by_what_was_known_of_the_other() -> None:
    async with approval_stage(120, 40) as (app, pilot):
        app.offer(request("r1", described("make all", Writes(more="make"))))
        await app.later(pilot, "e")
        assert "not known before it runs" not in app.drawn()
        await pilot.press("ctrl+u", *"rm x", "enter")
        wanted = [said for said in app.said if isinstance(said, ApprovalLayer.Rewritten)]
        assert [(said.request, said.command) for said in wanted] == [("r1", "rm x")]
        assert "folder  /home/me/api" in app.drawn()
        assert "not known before it runs" not in app.drawn()
        app.layer.describe(described("rm y", Writes((), ("y",))))
        await pilot.pause()
        assert "deletes" not in app.drawn()
        app.layer.describe(described("rm x", Writes((), ("x",))))
        await pilot.pause()
        assert "deletes x" in app.drawn()


async def test_keys_that_are_live_are_said_to_be_and_none_is_selected() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1"))
        await app.later(pilot, "down")
        assert "no key is pre-selected" in app.drawn()


async def test_keys_that_answer_nothing_do_not_look_as_if_they_did() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1"))
        await pilot.pause()
        dead = app.style_of("1 y")
        await app.later(pilot, "down")
        assert app.style_of("1 y") != dead
        app.area.prompt.focus()
        await pilot.pause()
        assert app.style_of("1 y") == dead


async def test_markup_and_control_characters_are_shown_as_they_are() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1", "echo '[bold]x[/]' \x1b[2K\u202egnp.exe\ttab"))
        await pilot.pause()
        assert "echo '[bold]x[/]' ␛[2K<202e>gnp.exe→   tab" in app.drawn()


@pytest.mark.parametrize(
    ("key", "choice"),
    [("1", "once"), ("y", "once"), ("2", "session"), ("s", "session"), ("4", "deny"), ("n", "deny")],
)
async def test_each_choice_has_a_digit_and_a_letter(key: str, choice: str) -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1"))
        await app.later(pilot, key)
        assert app.answers == [("r1", choice, "", "")]
        assert not app.layer.is_open
        assert app.focused is app.area.prompt


async def test_a_deny_with_a_message_is_sent_by_enter_and_only_with_a_message() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1"))
        await app.later(pilot, "tab", "enter")
        assert app.answers == []
        await pilot.press(*"not y1", "enter")
        assert app.answers == [("r1", "deny", "not y1", "")]


async def test_escape_leaves_the_message_and_keeps_it() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1"))
        await app.later(pilot, "tab")
        await pilot.press(*"use uv", "escape")
        assert app.answers == []
        await app.later(pilot, "tab")
        await pilot.press(*"!", "enter")
        assert app.answers == [("r1", "deny", "use uv!", "")]


async def test_a_message_being_written_survives_other_requests_coming_and_going() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1"), request("r2"))
        await app.later(pilot, "tab")
        await pilot.press(*"because")
        app.offer(request("r0"), request("r1"), request("r3"))
        await pilot.press(*" of me", "enter")
        assert app.answers == [("r1", "deny", "because of me", "")]


async def test_a_message_for_a_request_that_closed_comes_back() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1"))
        await app.later(pilot, "tab")
        await pilot.press(*"because")
        app.offer()
        await pilot.pause()
        returned = [said.text for said in app.said if isinstance(said, ApprovalLayer.DraftReturned)]
        notes = [said.note for said in app.said if isinstance(said, ApprovalLayer.Left)]
        assert returned == ["because"]
        assert "closed elsewhere" in notes[0]
        assert app.focused is app.area.prompt


async def test_an_edited_command_is_shown_once_more_and_then_runs_as_shown() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1", "make all"))
        await app.later(pilot, "e")
        await pilot.press("ctrl+w", *"test", "enter")
        assert app.answers == []
        drawn = app.drawn()
        assert "Approve the edited command" in drawn
        assert "$ make test" in drawn
        assert "was     $ make all" in drawn
        await app.later(pilot, "enter")
        assert app.answers == [("r1", "once", "", "make test")]


async def test_a_command_that_was_not_changed_runs_as_proposed() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1", "make \x1b all"))
        await app.later(pilot, "e", "enter", "y")
        assert app.answers == [("r1", "once", "", "")]


async def test_escape_from_an_edited_command_goes_back_to_the_proposed_one() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1", "make all"))
        await app.later(pilot, "e", "x", "enter", "escape", "y")
        assert app.answers == [("r1", "once", "", "")]


async def test_walking_shows_the_others_and_answering_one_loses_none() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1", "one"), request("r2", "two"), request("r3", "three"))
        await app.later(pilot, "right")
        assert "$ two" in app.drawn()
        assert "request 2 of 3" in app.drawn()
        await app.later(pilot, "y")
        assert "$ three" in app.drawn()
        app.offer(request("r1", "one"), request("r3", "three"))
        await app.later(pilot, "left", "n", "y")
        assert [answer[:2] for answer in app.answers] == [("r2", "once"), ("r1", "deny"), ("r3", "once")]
        assert not app.layer.is_open


async def test_an_answered_request_is_not_shown_again_while_the_engine_has_not_heard() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1"))
        await app.later(pilot, "y")
        app.offer(request("r1"))
        assert not app.layer.is_open
        app.offer(request("r1"), request("r2", "other"))
        await pilot.pause()
        assert "$ other" in app.drawn()


async def test_another_session_may_number_its_first_request_like_the_one_answered_last() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1"))
        await app.later(pilot, "y")
        app.offer()
        app.offer(request("r1", "other"))
        await pilot.pause()
        assert "$ other" in app.drawn()


async def test_a_request_closed_elsewhere_makes_room_for_the_next_and_says_so() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1", "one"), request("r2", "two"))
        app.offer(request("r2", "two"))
        await pilot.pause()
        assert "$ two" in app.drawn()
        assert "closed elsewhere" in app.drawn()


async def test_escape_leaves_the_request_pending_and_gives_the_keys_back() -> None:
    async with approval_stage() as (app, pilot):
        await pilot.press(*"draft")
        app.offer(request("r1"))
        assert app.focused is app.layer
        await app.later(pilot, "escape")
        assert app.answers == []
        assert [type(said) for said in app.said] == [ApprovalLayer.Left]
        await pilot.press(*" goes on")
        assert app.area.prompt.text == "draft goes on"
        app.offer(request("r1"))
        assert app.layer.is_open


async def test_keys_for_the_panes_above_pass() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1"))
        await app.later(pilot, *LEFT_TO_APP)
        assert app.arrived == list(LEFT_TO_APP)
        assert app.answers == []


async def test_while_the_focus_is_elsewhere_it_says_how_to_come_back() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1"))
        app.area.prompt.focus()
        await pilot.pause()
        assert "ctrl+x ! comes back" in app.drawn()
        await app.later(pilot, "y")
        assert app.answers == []
        assert app.area.prompt.text == "y"


async def test_a_paste_is_text_where_text_is_written_and_nothing_elsewhere() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1"))
        await pilot.pause()
        app.clock.now += 2
        app.layer.post_message(events.Paste("y"))
        await app.later(pilot, "tab")
        app.layer.post_message(events.Paste("two\nlines"))
        await pilot.press("enter")
        assert app.answers == [("r1", "deny", "two lines", "")]


async def test_a_tool_call_shows_its_arguments_whole() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1", ToolDetail("write", "path: /etc/x\n[b]text")))
        await pilot.pause()
        drawn = app.drawn()
        assert "Approve write" in drawn
        assert "path: /etc/x" in drawn
        assert "[b]text" in drawn
        assert "exactly this call" in drawn
        assert "edit the command" not in drawn


@pytest.mark.parametrize(
    ("keys", "answer"),
    [("y", ("once", "")), ("n", ("deny", "")), (("tab", "h", "enter"), ("deny", "h"))],
)
async def test_a_repetition_goes_on_stops_or_is_steered(
    keys: str | tuple[str, ...], answer: tuple[str, str]
) -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1", RepetitionDetail("read", '{"path": "a"}', 3)))
        await pilot.pause()
        assert "The same call 3 times: read" in app.drawn()
        await app.later(pilot, *keys)
        assert [given[1:3] for given in app.answers] == [answer]


REVIEW = request("r1", ReviewDetail("change-1", 2, 5), "tests-1")


async def test_a_review_is_come_by_on_the_walk_and_cannot_be_answered_here() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(REVIEW, request("r2", "make"))
        await pilot.pause()
        assert "$ make" in app.drawn()
        await app.later(pilot, "left")
        assert "5 hunks in 2 files: waits in the diff pane" in app.drawn()
        assert "asked by main ▸ tests-1" in app.drawn()
        await app.later(pilot, "y", "n", "1", "d")
        assert app.answers == []
        assert [
            (type(said), said.changeset)
            for said in app.said
            if isinstance(said, ApprovalLayer.ReviewShown | ApprovalLayer.ReviewWanted)
        ] == [(ApprovalLayer.ReviewShown, "change-1"), (ApprovalLayer.ReviewWanted, "change-1")]


async def test_reviews_alone_do_not_keep_the_layer_open() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(REVIEW)
        assert not app.layer.is_open
        app.offer(REVIEW, request("r2", "make"))
        await app.later(pilot, "y")
        assert app.answers == [("r2", "once", "", "")]
        assert not app.layer.is_open
        app.offer(REVIEW)
        assert not app.layer.is_open


async def test_a_background_command_is_told_from_one_in_front() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1", CommandDetail("npm run dev", "/x", background=True)))
        await pilot.pause()
        assert "Approve background command" in app.drawn()


async def test_the_lines_above_stay_readable_and_the_prompt_is_not_covered() -> None:
    async with approval_stage() as (app, pilot):
        await pilot.press(*"draft")
        app.offer(request("r1"))
        await pilot.pause()
        assert app.layer.region.y > 0
        assert app.layer.region.bottom == app.area.region.y
        assert "draft" in app.drawn()
