"""What the lines around the panes say of a session."""

from __future__ import annotations

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import Changeset, FileDiff, Hunk, HunkMark
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.events import Envelope, Event
from nanodeck.contracts.model import ModelRef, Usage
from nanodeck.contracts.requests import CommandDetail, Request, ReviewDetail
from nanodeck.contracts.sandbox import SandboxState
from nanodeck.contracts.sources import Source
from nanodeck.contracts.tasks import Task
from nanodeck.contracts.views import JobView, ReviewView, SessionView
from nanodeck.core.fold import fold
from nanodeck.ui.facts import (
    panes_with_content,
    review_in_view,
    state_facts,
    tabs,
    title_facts,
    window_title,
)
from tests.flows.fake_engine import reply, said

HUNKS = tuple(Hunk(number, number, 1, number, 1, "", "-a\n+b") for number in (1, 2, 3))
CHANGES = Changeset("c1", (), (FileDiff("a.py", "modified", HUNKS),))
SHELL = Request("q1", "main", "c", CommandDetail("make", "/p"))
REVIEW = Request("q2", "main", "c", ReviewDetail("c1", 1, 3))


def after(*events: Event) -> SessionView:
    state = SessionView(session="s", folder="/p", model=ModelRef("local", "m"))
    for number, event in enumerate(events, 1):
        state = fold(state, Envelope(number, 5.0, "s", "main", event))
    return state


def test_an_idle_session_is_neither_busy_nor_in_trouble() -> None:
    facts = state_facts(after(*said("x"), *reply("y")), started=True)
    assert (facts.work, facts.trouble, facts.since) == ("", "", 0.0)
    assert facts.context == 1280


def test_a_running_turn_is_busy_and_a_request_makes_it_ask() -> None:
    assert state_facts(after(*said("x")), started=True).work == "busy"
    asking = after(*said("x"), ev.RequestOpened(SHELL))
    facts = state_facts(asking, started=True)
    assert (facts.work, facts.waiting) == ("asking", 1)


def test_before_the_engine_is_there_it_says_so() -> None:
    assert state_facts(SessionView(), started=False).work == "starting"


def test_what_confines_commands_is_a_fact_as_soon_as_it_was_tried() -> None:
    assert state_facts(after(), started=True).sandbox == ""
    held = SandboxState(2, "bubblewrap", network=True)
    facts = state_facts(after(ev.SandboxProbed(held)), started=True)
    assert (facts.sandbox, facts.sandbox_access, facts.sandboxed) == (
        "sandbox 2",
        "workspace-write+net",
        True,
    )
    free = state_facts(after(ev.SandboxProbed(SandboxState(2, "bubblewrap", "full"))), started=True)
    assert (free.sandbox, free.sandbox_access, free.sandboxed) == ("no sandbox", "", False)
    weak = SandboxState(1, "landlock", reduced="hooks in .git can be changed")
    assert not state_facts(after(ev.SandboxProbed(weak)), started=True).sandboxed


def test_the_demo_model_is_always_called_scripted() -> None:
    facts = state_facts(SessionView(model=ModelRef("demo", "demo")), started=True)
    assert facts.scripted


def test_a_planned_retry_carries_its_moment_and_reason() -> None:
    facts = state_facts(after(*said("x"), ev.RetryScheduled(1, 8.0, "server busy")), started=True)
    assert (facts.retry_at, facts.retry_reason) == (13.0, "server busy")


def test_a_turn_that_failed_stays_in_view_until_the_next_one() -> None:
    failed = after(*said("x"), ev.TurnEnded("t1", "error", Usage(), 1.0, "connection refused"))
    assert state_facts(failed, started=True).trouble == "connection refused"
    state = fold(failed, Envelope(9, 6.0, "s", "main", ev.TurnStarted("t2")))
    assert state_facts(state, started=True).trouble == ""


def test_panes_with_nothing_to_show_are_left_out() -> None:
    assert panes_with_content(SessionView()) == {"chat"}
    full = SessionView(tasks=(Task("T1", "x"),), jobs=(JobView("j", "x", "/p", 0.0),))
    assert panes_with_content(full) == {"chat", "tasks", "jobs"}


def test_tabs_count_what_is_open_and_light_a_review_that_asks() -> None:
    review = ReviewView(CHANGES, "asking", "main", "q2", (HunkMark("a.py", 1, "accepted"),))
    tasks = (Task("T1", "x", status="completed"), Task("T2", "y"))
    state = SessionView(reviews=(review,), tasks=tasks, jobs=(JobView("j", "x", "/p", 0.0),))
    shown = {tab.name: tab for tab in tabs(state, panes_with_content(state))}
    assert shown["diff"].badge == "·2"
    assert shown["diff"].lit
    assert shown["tasks"].badge == "1/2"
    assert shown["jobs"].badge.startswith("1")


def test_tabs_are_for_narrow_decks_alone() -> None:
    state, present = SessionView(requests=(SHELL, REVIEW)), frozenset({"chat"})
    assert title_facts(state, folder="/p", narrow=False, active="chat", present=present).tabs == ()
    assert title_facts(state, folder="/p", narrow=True, active="chat", present=present).tabs
    assert title_facts(state, folder="/p", narrow=True, active="chat", present=present).waiting == 2


def test_the_review_that_asks_is_in_view_before_newer_ones() -> None:
    asking = ReviewView(CHANGES, "asking", "main", "q2")
    newer = ReviewView(Changeset("c2", (), ()), "draft", "main")
    assert review_in_view(SessionView(reviews=(asking, newer))) is asking
    assert review_in_view(SessionView(reviews=(newer,))) is newer
    other = ReviewView(Changeset("c3", (), ()), "asking", "tests-1", "q3")
    assert review_in_view(SessionView(reviews=(asking, other)), "c3") is other
    assert review_in_view(SessionView(reviews=(asking, newer)), "c2") is asking
    assert review_in_view(SessionView()) is None


def test_the_window_is_named_after_the_project_and_what_waits() -> None:
    assert window_title(SessionView(), "~/src/api") == "api - nanodeck"
    assert window_title(SessionView(requests=(SHELL,)), "~/src/api") == "⚠ 1 api - nanodeck"
    assert window_title(SessionView(), "~") == "~ - nanodeck"
    assert "\x1b" not in window_title(SessionView(), "/tmp/a\x1b]0;b\x07")


def test_a_hunk_with_a_comment_needs_no_other_decision() -> None:
    comment = Comment("c", Source("call", "c1"), "a.py", (1, 1), None, "-a", "why?", "c1", 1)
    asking = after(*said("x"), ev.ChangesetProposed(CHANGES), ev.RequestOpened(REVIEW))
    for event, left in ((ev.CommentWritten(comment), "·2"), (ev.CommentDropped("c"), "·3")):
        asking = fold(asking, Envelope(9, 5.0, "s", "main", event))
        assert (
            next(tab for tab in tabs(asking, panes_with_content(asking)) if tab.name == "diff").badge == left
        )
