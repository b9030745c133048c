from __future__ import annotations

from functools import reduce

from hypothesis import given, strategies as st

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import AppliedFile, Changeset, FileDiff, Hunk
from nanodeck.contracts.events import Envelope, Event
from nanodeck.contracts.messages import AssistantMessage, TextPart, UserMessage
from nanodeck.contracts.model import ModelRef, Usage
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.tasks import Task
from nanodeck.contracts.views import Log, NoticeEntry, ReplyEntry, SaidEntry, SessionView
from nanodeck.core.fold import fold

FILE = AppliedFile("a.py", "modified", 1, 1)


def replay(events: list[Event], state: SessionView | None = None) -> SessionView:
    first = 1 if state is None else 1_000
    started = [ev.SessionStarted("0", "/p", ModelRef("p", "m"), Mode.NORMAL)] if state is None else []
    envelopes = [Envelope(n, 100.0 + n, "s", "main", one) for n, one in enumerate([*started, *events], first)]
    return reduce(fold, envelopes, state or SessionView())


def turn(name: str, text: str, *meanwhile: Event) -> list[Event]:
    reply = AssistantMessage((TextPart(f"done: {text}"),))
    return [
        ev.TurnStarted(name),
        ev.MessageSent(f"message-{name}", UserMessage(text)),
        *meanwhile,
        ev.ReplyEnded(f"reply-{name}", reply, Usage(10 * len(text), 1), 1.0),
        ev.TurnEnded(name, "done", Usage(), 1.0),
    ]


def said(state: SessionView) -> list[str]:
    return [entry.text for entry in state.agent("main").transcript if isinstance(entry, SaidEntry)]


TWO = [*turn("t1", "first"), *turn("t2", "second", ev.TasksChanged((Task("1", "a task"),)))]


def test_the_conversation_goes_back_to_before_a_turn() -> None:
    before, whole = replay(turn("t1", "first")), replay(TWO)
    state = replay([ev.Rewound("t2", "conversation", messages=2, prompt="second")], whole)
    agent = state.agent("main")
    assert said(state) == ["first"]
    assert [mark.turn for mark in agent.turns] == ["t1"]
    assert (agent.context, state.tasks) == (before.agent("main").context, ())
    assert agent.usage == whole.agent("main").usage
    (*rest, notice) = agent.transcript
    assert rest == list(before.agent("main").transcript)
    assert isinstance(notice, NoticeEntry)
    assert notice.text == "Back to before “second”: 2 messages taken off the conversation"


def test_files_go_back_without_the_conversation() -> None:
    state = replay([ev.Rewound("t1", "files", (FILE,), ("b.py",), "c9", prompt="first")], replay(TWO))
    assert said(state) == ["first", "second"]
    *_, notice = state.agent("main").transcript
    assert isinstance(notice, NoticeEntry)
    assert notice.text == "Back to before “first”: 1 file put back: a.py; 1 file left alone: b.py"
    assert "/undo" in notice.advice


def test_a_summary_stands_in_the_place_of_what_it_sums_up() -> None:
    event = ev.Rewound("t1", "summary", messages=4, summary="It was about a and b.", prompt="first")
    state = replay([event], replay(TWO))
    notice, reply = state.agent("main").transcript
    assert isinstance(notice, NoticeEntry)
    assert isinstance(reply, ReplyEntry)
    assert (notice.text, reply.text) == (
        "Back to before “first”: 4 messages summarised",
        "It was about a and b.",
    )


def test_an_undone_rewind_brings_the_conversation_back_until_a_turn_begins() -> None:
    whole = replay(TWO)
    back = ev.Rewound("t2", "conversation", changeset="c9", messages=2, prompt="second")
    rewound = replay([back], whole)
    state = replay([ev.ChangesUndone("c9", ())], rewound)
    agent = state.agent("main")
    assert said(state) == ["first", "second"]
    assert (agent.turns, agent.context, state.tasks) == (
        whole.agent("main").turns,
        whole.agent("main").context,
        whole.tasks,
    )
    *_, notice = agent.transcript
    assert isinstance(notice, NoticeEntry)
    assert notice.text == "Undone: the conversation"
    again = replay([ev.ChangesRedone("c9", ())], state)
    assert said(again) == ["first"]
    assert said(replay([ev.ChangesUndone("c9", ())], again)) == ["first", "second"]
    later = replay([*turn("t3", "third"), ev.ChangesUndone("c9", ("a.py",))], rewound)
    assert said(later) == ["first", "third"]


def test_a_rewind_of_nothing_says_nothing() -> None:
    state = replay([ev.Rewound("t2", "conversation")], replay(TWO))
    assert all(not isinstance(entry, NoticeEntry) for entry in state.agent("main").transcript)


def test_what_a_rewind_took_back_is_there_again_once_the_rewind_is_undone() -> None:
    written: list[Event] = [
        ev.ChangesetProposed(Changeset("c1", (), (FileDiff("a.py", "modified", ()),))),
        ev.ChangesetEnded("c1", (FILE,)),
    ]
    state = replay([*turn("t1", "first", *written)])
    states = []
    for event in (
        ev.Rewound("t1", "both", (FILE,), (), "c2", ("c1",)),
        ev.ChangesUndone("c2", ("a.py",)),
        ev.ChangesRedone("c2", ("a.py",)),
        ev.ChangesUndone("c2", ("a.py",)),
        ev.ChangesUndone("c1", ("a.py",)),
        ev.ChangesRedone("c1", ("a.py",)),
    ):
        state = replay([event], state)
        states.append(state.reviews[0].state)
    assert states == ["undone", "applied", "undone", "applied", "undone", "applied"]


def test_a_file_that_a_rewind_left_alone_is_not_called_undone() -> None:
    hunk = Hunk(0, 1, 1, 1, 1, "", "-a\n+b")
    files = tuple(FileDiff(path, "modified", (hunk,), 1, 1) for path in ("a.py", "b.py"))
    written: list[Event] = [
        ev.ChangesetProposed(Changeset("c1", (), files)),
        ev.ChangesetEnded("c1", (FILE,)),
    ]
    back = ev.Rewound("t1", "files", (FILE,), ("b.py",), "c2", ("c1",))
    whole = replay([*turn("t1", "change it", *written), back])
    (review,) = whole.reviews
    assert (review.state, review.gone) == ("applied", frozenset({("a.py", 0)}))
    (review,) = replay([ev.ChangesUndone("c2", ("a.py",))], whole).reviews
    assert (review.state, review.gone) == ("applied", frozenset())
    (review,) = replay([ev.ChangesUndone("c2", ("a.py",)), ev.ChangesRedone("c2", ("a.py",))], whole).reviews
    assert review.gone == {("a.py", 0)}


@given(st.lists(st.integers(0, 6), max_size=8), st.integers(0, 200))
def test_any_rewinds_leave_the_turns_before_them(backs: list[int], length: int) -> None:
    state, turns = replay([]), list[str]()
    for number, back in enumerate(backs):
        name = f"t{number}"
        state, turns = replay(turn(name, f"text {number}"), state), [*turns, name]
        if back < len(turns):
            state = replay([ev.Rewound(turns[back], "conversation", messages=1)], state)
            turns = turns[:back]
        assert said(state) == [f"text {name[1:]}" for name in turns]
        agent = state.agent("main")
        assert [agent.transcript[mark.position].id for mark in agent.turns] == [f"message-{n}" for n in turns]
    log = reduce(lambda log, item: log.append(item), range(length), Log[int]())
    for cut in {0, length // 2, length, length + 1}:
        assert list(log.cut(cut)) == list(range(min(cut, length)))
        assert list(log.cut(cut).append(-1)) == [*range(min(cut, length)), -1]
