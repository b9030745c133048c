"""What holds for every sequence of events, also for ones no engine would publish."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from hypothesis import example, given, settings, strategies as st

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import Changeset, FileDiff, Hunk, HunkMark
from nanodeck.contracts.events import Envelope, Event
from nanodeck.contracts.messages import (
    AssistantMessage,
    CallPart,
    Part,
    TextPart,
    ToolMessage,
    UserMessage,
)
from nanodeck.contracts.model import ModelRef, Usage
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import CommandDetail, Request, RequestDetail, ReviewDetail
from nanodeck.contracts.tasks import Task
from nanodeck.contracts.views import SessionView
from nanodeck.core.fold import fold

CALLS = st.sampled_from(["c1", "c2", "c3"])
REPLIES = st.sampled_from(["r1", "r2"])
CHANGESETS = st.sampled_from(["s1", "s2", "draft:c1"])
REQUESTS = st.sampled_from(["q1", "q2"])
WORDS = st.sampled_from(["", "a", "two words", "\ud800[red]\x1b[31m"])
HUNK = Hunk(1, 1, 1, 1, 1, "", "-a\n+b")


def changeset(name: str) -> Changeset:
    return Changeset(name, ("c1", "c2"), (FileDiff("f", "modified", (HUNK,), 1, 1),))


TURNS = st.sampled_from(["t", "t2"])


def details(name: str) -> list[RequestDetail]:
    return [CommandDetail("ls", "/p"), ReviewDetail(name, 1, 1)]


def reply(name: str, text: str, calls: Sequence[str], cut: bool) -> ev.ReplyEnded:
    parts: tuple[Part, ...] = (TextPart(text), *(CallPart(call, "bash", "{}") for call in calls))
    return ev.ReplyEnded(name, AssistantMessage(parts, "interrupted" if cut else "stop"), Usage(1, 1), 0.1)


EVENTS: st.SearchStrategy[Event] = st.one_of(
    TURNS.map(ev.TurnStarted),
    st.builds(
        ev.Rewound,
        TURNS,
        st.sampled_from(["files", "conversation", "summary"]),
        messages=st.just(1),
        summary=st.sampled_from(["", "in short"]),
        taken=CHANGESETS.map(lambda name: (name,)),
        changeset=CHANGESETS,
    ),
    st.builds(ev.MessageSent, WORDS, st.builds(UserMessage, WORDS)),
    st.builds(ev.ModelCallStarted, REPLIES),
    st.builds(ev.TextStreamed, REPLIES, WORDS),
    st.builds(ev.ReasoningStreamed, REPLIES, WORDS),
    st.builds(ev.CallStreamed, REPLIES, CALLS, WORDS, WORDS),
    st.builds(reply, REPLIES, WORDS, st.lists(CALLS, unique=True, max_size=3), st.booleans()),
    st.builds(ev.ToolPrepared, CALLS, WORDS, WORDS),
    st.builds(ev.ToolStarted, CALLS, WORDS, WORDS),
    st.builds(ev.OutputStreamed, st.one_of(CALLS, st.just("job-1")), WORDS),
    CALLS.map(lambda call: ev.ToolEnded(call, "bash", "t", ToolMessage(call, "bash", "x"), "ok", "", 0.1)),
    st.builds(ev.ChangesetProposed, CHANGESETS.map(changeset)),
    st.builds(ev.DraftChanged, CALLS, st.just(changeset("draft:c1"))),
    st.builds(ev.HunksMarked, CHANGESETS, st.just((HunkMark("f", 1, "accepted"),))),
    st.builds(ev.ChangesetEnded, CHANGESETS, st.just(())),
    st.builds(ev.ChangesUndone, CHANGESETS, st.just(("f",))),
    st.builds(ev.ChangesRedone, CHANGESETS, st.just(("f",))),
    st.builds(
        lambda name, call, detail: ev.RequestOpened(Request(name, "main", call, detail)),
        REQUESTS,
        CALLS,
        CHANGESETS.flatmap(lambda name: st.sampled_from(details(name))),
    ),
    st.builds(ev.RequestClosed, REQUESTS),
    st.just(ev.TasksChanged((Task("1", "one"),))),
    st.just(ev.JobStarted("job-1", "npm", "/p", 1.0)),
    st.just(ev.JobEnded("job-1", "done", 0, 1.0, "tail")),
    st.builds(ev.QueueChanged, st.just(("a",)), st.just(())),
    st.builds(ev.Noticed, st.just("error"), WORDS),
    st.just(ev.RetryScheduled(1, 2.0, "busy")),
    st.just(ev.TurnEnded("t", "done", Usage(), 1.0)),
    st.just(ev.ModeSwitched(Mode.PLAN)),
    st.just(ev.ModelSwitched(ModelRef("p", "m"))),
)


def envelopes(events: Sequence[Event]) -> list[Envelope]:
    return [Envelope(n, 100.0 + n, "s", "main", event) for n, event in enumerate(events, 1)]


@settings(max_examples=200, deadline=None)
@given(st.lists(EVENTS, max_size=25))
@example(
    [
        ev.CallStreamed("r1", "c1", "bash", "{}"),
        ev.OutputStreamed("c1", "text"),
        ev.ReplyEnded("r1", AssistantMessage((TextPart("x"),)), Usage(), 0.5),
    ]
)
def test_the_state_stays_consistent_whatever_happens(events: list[Event]) -> None:
    state, length = SessionView(), 0
    for envelope in envelopes(events):
        state = fold(state, envelope)
        agent = state.agent("main")
        # Going back takes entries away, and so does going back again.
        goes_back = isinstance(envelope.event, ev.Rewound | ev.ChangesRedone)
        assert goes_back or len(agent.transcript) >= length
        length = len(agent.transcript)
        assert all(0 <= position < length for position in agent.touched)
        assert all(agent.transcript[at].id == name for name, at in agent.places.items())
        assert set(agent.live) <= set(agent.places)
        assert all(review.changeset.id for review in state.reviews)


@settings(max_examples=100, deadline=None)
@given(st.lists(EVENTS, max_size=20), st.integers(0, 20))
def test_a_snapshot_and_the_rest_add_up_to_the_whole(events: list[Event], at: int) -> None:
    everything = envelopes(events)
    whole, first = SessionView(), SessionView()
    for envelope in everything:
        whole = fold(whole, envelope)
    for envelope in everything[:at]:
        first = fold(first, envelope)
    before = msgspec.structs.asdict(first)
    rest = first
    for envelope in everything[at:]:
        rest = fold(rest, envelope)
    assert rest == whole
    assert msgspec.structs.asdict(first) == before
