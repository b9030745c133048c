from __future__ import annotations

from functools import reduce

from hypothesis import given, settings, strategies as st

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import AppliedFile, Changeset, FileDiff, Hunk, HunkMark
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.events import Envelope, Event
from nanodeck.contracts.messages import AssistantMessage, CallPart, TextPart, ToolMessage, UserMessage
from nanodeck.contracts.model import ModelRef, Usage
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import CommandDetail, Request, ReviewDetail
from nanodeck.contracts.sources import ReviewedFile, Source
from nanodeck.contracts.views import CHUNK, Log, ReplyEntry, SaidEntry, SessionView, TakenBack, ToolEntry
from nanodeck.core.fold import fold

CALL = CallPart("c1", "read", '{"path": "a"}')


def replay(*events: Event, state: SessionView | None = None) -> SessionView:
    started = ev.SessionStarted("0", "/p", ModelRef("p", "m"), Mode.NORMAL)
    everything = events if state else (started, *events)
    envelopes = [Envelope(n, 100.0 + n, "s", "main", event) for n, event in enumerate(everything, 1)]
    return reduce(fold, envelopes, state or SessionView())


def entries(state: SessionView) -> list[object]:
    return list(state.agent("main").transcript)


def reply(*parts: object, finish: str = "stop", name: str = "r1") -> ev.ReplyEnded:
    return ev.ReplyEnded(name, AssistantMessage(parts, finish), Usage(10, 5), 1.0)  # type: ignore[arg-type] # any mix


def test_a_prompt_gives_the_session_its_title_and_its_place_in_the_transcript() -> None:
    state = replay(ev.MessageSent("m1", UserMessage("fix  the\nbug")))
    assert state.title == "fix the bug"
    assert entries(state) == [SaidEntry("m1", "fix  the\nbug", "prompt")]


def test_context_is_not_shown() -> None:
    assert entries(replay(ev.MessageSent("m1", UserMessage("platform linux", "context")))) == []


def test_streamed_text_opens_a_reply_that_the_whole_reply_closes() -> None:
    streamed = replay(ev.ModelCallStarted("r1"), ev.TextStreamed("r1", "Hel"), ev.TextStreamed("r1", "lo"))
    agent = streamed.agent("main")
    assert agent.calling
    assert "".join(agent.streamed) == "Hello"
    assert entries(streamed) == [ReplyEntry("r1", "", open=True)]
    ended = replay(reply(TextPart("Hello")), state=streamed)
    (entry,) = entries(ended)
    assert isinstance(entry, ReplyEntry)
    assert (entry.text, entry.open, entry.cut) == ("Hello", False, False)
    assert not ended.agent("main").calling
    assert len(ended.agent("main").streamed) == 0


def test_a_call_runs_through_its_states() -> None:
    state = replay(ev.CallStreamed("r1", "c1", "read", "{"), reply(CALL, finish="calls"))
    states = [entries(state)[0].state]  # type: ignore[attr-defined] # the entry is a tool's
    state = replay(ev.ToolStarted("c1", "read", "read a"), state=state)
    states.append(entries(state)[0].state)  # type: ignore[attr-defined] # the entry is a tool's
    ended = ev.ToolEnded("c1", "read", "read a", ToolMessage("c1", "read", "text"), "ok", "1 line", 0.1)
    state = replay(ended, state=state)
    (entry,) = entries(state)
    assert isinstance(entry, ToolEntry)
    assert [*states, entry.state] == ["writing", "running", "ended"]
    assert (entry.output, entry.summary) == ("text", "1 line")
    assert state.agent("main").places == {}


def test_calls_of_a_cut_reply_are_marked_as_never_run() -> None:
    state = replay(ev.CallStreamed("r1", "c1", "bash", "{"), reply(TextPart("so"), finish="interrupted"))
    tool = next(entry for entry in entries(state) if isinstance(entry, ToolEntry))
    assert (tool.state, tool.outcome, tool.summary) == ("ended", "interrupted", "not run")


def test_a_review_collects_marks_and_ends_as_written() -> None:
    hunk = Hunk(0, 1, 1, 1, 1, "", "-a\n+b")
    changeset = Changeset("s1", ("c1",), (FileDiff("f", "modified", (hunk,), 1, 1),))
    request = Request("q1", "main", "c1", ReviewDetail("s1", 1, 1))
    state = replay(
        ev.ToolStarted("c1", "edit", "edit f"), ev.ChangesetProposed(changeset), ev.RequestOpened(request)
    )
    assert state.reviews[-1].state == "asking"
    assert entries(state)[0].state == "waiting"  # type: ignore[attr-defined] # the entry is a tool's
    mark = HunkMark("f", 0, "accepted")
    state = replay(ev.HunksMarked("s1", (HunkMark("f", 0, "rejected"),)), state=state)
    state = replay(ev.HunksMarked("s1", (mark,)), state=state)
    assert state.reviews[-1].marks == (mark,)
    applied = (AppliedFile("f", "modified", 1, 1),)
    state = replay(ev.RequestClosed("q1"), ev.ChangesetEnded("s1", applied), state=state)
    assert state.requests == ()
    assert (state.reviews[-1].state, state.reviews[-1].applied) == ("applied", applied)


def test_requests_queue_and_close_one_by_one() -> None:
    requests = [Request(f"q{n}", "main", f"c{n}", CommandDetail("ls", "/p")) for n in range(3)]
    state = replay(*(ev.RequestOpened(request) for request in requests), ev.RequestClosed("q1"))
    assert [request.id for request in state.requests] == ["q0", "q2"]


def test_live_output_is_kept_to_its_tail_and_dropped_at_the_end() -> None:
    state = replay(ev.ToolStarted("c1", "bash", "ls"), ev.OutputStreamed("c1", "x" * 9000 + "end"))
    assert state.agent("main").live["c1"].endswith("end")
    assert len(state.agent("main").live["c1"]) == 4000
    ended = ev.ToolEnded("c1", "bash", "ls", ToolMessage("c1", "bash", "all"), "ok", "", 0.1)
    assert replay(ended, state=state).agent("main").live == {}


def test_touched_positions_are_those_of_the_last_event() -> None:
    state = replay(ev.MessageSent("m1", UserMessage("a")), ev.MessageSent("m2", UserMessage("b")))
    assert state.agent("main").touched == (1,)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(), max_size=3 * CHUNK), st.data())
def test_a_log_is_a_list(items: list[int], data: st.DataObject) -> None:
    log: Log[int] = reduce(Log.append, items, Log())
    assert list(log) == items
    assert len(log) == len(items)
    if items:
        at = data.draw(st.integers(0, len(items) - 1))
        assert log[at] == items[at]
        changed = log.replace(at, -1)
        assert list(changed) == [*items[:at], -1, *items[at + 1 :]]
        assert list(log) == items


def test_a_comment_is_open_until_it_is_sent_or_dropped() -> None:
    def comment(name: str, text: str) -> Comment:
        return Comment(name, Source("session"), "a.py", None, (4, 4), "+x", text)

    first, second, third = comment("c1", "why?"), comment("c2", "no"), comment("c3", "good")
    state = replay(*(ev.CommentWritten(written) for written in (first, second, third)))
    assert state.comments == (first, second, third)
    changed = comment("c1", "why not?")
    state = replay(ev.CommentWritten(changed), ev.CommentDropped("c2"), state=state)
    assert state.comments == (changed, third)
    assert replay(ev.CommentsSent(("c1", "c3")), state=state).comments == ()


def test_a_file_is_reviewed_in_a_source_until_that_is_taken_back() -> None:
    turn, whole = Source("turn", "t1"), Source("session")
    first, mine = ReviewedFile(turn, "a.py", "d1"), ReviewedFile(turn, "a.py", "d2", "you")
    other, again = ReviewedFile(whole, "a.py", "d1"), ReviewedFile(turn, "a.py", "d3")
    state = replay(*(ev.FileMarked(file) for file in (first, mine, other, again)))
    assert set(state.reviewed) == {again, mine, other}
    state = replay(ev.FileMarked(again, reviewed=False), state=state)
    assert set(state.reviewed) == {mine, other}


def test_a_hunk_that_was_taken_back_is_known_by_the_review_that_wrote_it_until_that_is_undone() -> None:
    def hunk(id_: int, line: int, body: str) -> Hunk:
        return Hunk(id_, line, 1, line, 1, "", body)

    file = FileDiff("a.py", "modified", (hunk(4, 1, "-a\n+b"), hunk(5, 9, "-a\n+b")))
    state = replay(
        ev.ChangesetProposed(Changeset("c1", (), (file,))),
        ev.ChangesetEnded("c1", (AppliedFile("a.py", "modified", 2, 2),)),
    )
    again = hunk(1, 9, "-a\n+b")
    state = replay(ev.HunkTakenBack(Source("session"), "a.py", again, "c2"), state=state)
    assert state.reviews[0].taken == (TakenBack("a.py", 5, "c2"),)
    assert replay(ev.HunkTakenBack(Source("turn"), "b.py", again, "c3"), state=state).reviews == state.reviews
    state = replay(ev.ChangesUndone("c2", ("a.py",)), state=state)
    assert state.reviews[0].gone == frozenset()
    assert state.reviews[0].state == "applied"
    state = replay(ev.ChangesRedone("c2", ("a.py",)), state=state)
    assert state.reviews[0].gone == {("a.py", 5)}
