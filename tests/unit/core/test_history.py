from __future__ import annotations

from hypothesis import given, settings, strategies as st

from nanodeck.contracts import events as ev
from nanodeck.contracts.messages import (
    AssistantMessage,
    CallPart,
    Message,
    TextPart,
    ToolMessage,
    UserMessage,
)
from nanodeck.core.history import UNKNOWN_OUTCOME, History, paired


def asks(*ids: str) -> AssistantMessage:
    return AssistantMessage(tuple(CallPart(name, "read", "{}") for name in ids), "calls")


def answer(name: str, text: str = "ok") -> ToolMessage:
    return ToolMessage(name, "read", text)


def test_results_come_in_the_order_of_the_calls() -> None:
    messages = paired([asks("a", "b"), answer("b"), answer("a")])
    assert [m.call_id for m in messages if isinstance(m, ToolMessage)] == ["a", "b"]


def test_a_call_without_a_result_is_answered() -> None:
    messages = paired([asks("a"), UserMessage("next")])
    assert messages[1:] == [ToolMessage("a", "read", UNKNOWN_OUTCOME, ok=False), UserMessage("next")]


def test_what_was_said_between_call_and_result_follows_the_result() -> None:
    messages = paired([asks("a"), UserMessage("steer", "steer"), answer("a")])
    assert messages[1:] == [answer("a"), UserMessage("steer", "steer")]


def test_results_without_a_call_or_given_twice_are_left_out() -> None:
    assert paired([answer("x"), asks("a"), answer("a"), answer("a", "again")]) == [asks("a"), answer("a")]


def test_context_joins_the_prompt_that_follows_it() -> None:
    history = History()
    history.add(UserMessage("where", "context"))
    history.add(UserMessage("do it"))
    assert history.messages() == (UserMessage("where\n\ndo it"),)


def test_context_that_no_prompt_follows_goes_in_before_the_reply() -> None:
    live, replayed = History(), History()
    for history in (live, replayed):
        history.add(UserMessage("do it"))
        history.add(UserMessage("a job ended", "context"))
    live.settle_context()
    before = live.messages()
    for history in (live, replayed):
        history.add(AssistantMessage((TextPart("fine"),)))
    assert before == (UserMessage("do it"), UserMessage("a job ended", "context"))
    assert live.messages() == replayed.messages()


def test_an_empty_reply_leaves_no_trace() -> None:
    history = History()
    history.add(AssistantMessage((), "interrupted"))
    assert history.messages() == ()


IDS = st.sampled_from("abc")
MESSAGES: st.SearchStrategy[Message] = st.one_of(
    st.builds(UserMessage, st.text(max_size=3)),
    st.lists(IDS, max_size=3, unique=True).map(lambda ids: asks(*ids)),
    st.builds(answer, IDS),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(MESSAGES, max_size=12))
def test_whatever_happened_every_call_is_answered_once_right_after_its_reply(messages: list[Message]) -> None:
    out = paired(messages)
    at = 0
    while at < len(out):
        message = out[at]
        at += 1
        if isinstance(message, AssistantMessage):
            results = out[at : at + len(message.calls)]
            assert [getattr(result, "call_id", None) for result in results] == [
                call.id for call in message.calls
            ]
            at += len(message.calls)
        else:
            assert not isinstance(message, ToolMessage)
    said = [message for message in messages if isinstance(message, UserMessage)]
    assert [message for message in out if isinstance(message, UserMessage)] == said


def test_a_rewind_leaves_what_was_said_before_the_turn_and_the_notes_that_waited_for_it() -> None:
    history = History()
    history.follow(ev.TurnStarted("t1"))
    history.add(UserMessage("one"))
    history.add(AssistantMessage((TextPart("done"),)))
    before = history.messages()
    history.add(UserMessage("a job ended", "context"))
    history.follow(ev.TurnStarted("t2"))
    history.add(UserMessage("the mode is another", "context"))
    history.add(UserMessage("two"))
    history.follow(ev.TurnStarted("t3"))
    history.add(UserMessage("three"))
    whole = history.messages()
    history.follow(ev.Rewound("t2", "conversation", changeset="c1"))
    assert history.messages() == before
    history.add(UserMessage("files went back", "context"))
    history.follow(ev.ChangesUndone("c1", ()))
    assert history.messages() == whole
    history.follow(ev.ChangesRedone("c1", ()))
    history.follow(ev.Rewound("t3", "both"))
    history.add(UserMessage("two again"))
    assert history.messages() == (*before, UserMessage("a job ended\n\ntwo again"))


def test_what_was_taken_off_does_not_come_back_once_something_else_was_said() -> None:
    history = History()
    history.follow(ev.TurnStarted("t1"))
    history.add(UserMessage("one"))
    history.follow(ev.Rewound("t1", "conversation", changeset="c1"))
    history.follow(ev.TurnStarted("t2"))
    history.add(UserMessage("two"))
    history.follow(ev.ChangesUndone("c1", ("a.py",)))
    assert history.messages() == (UserMessage("two"),)
