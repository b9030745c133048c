"""What was said, looked at from the end."""

from __future__ import annotations

from nanodeck.contracts.events import Envelope, Event
from nanodeck.contracts.views import SessionView
from nanodeck.core.fold import fold
from nanodeck.core.replies import last_exchange, replies
from tests.flows.fake_engine import reply, said


def after(*events: Event) -> SessionView:
    state = SessionView(session="s")
    for number, event in enumerate(events, 1):
        state = fold(state, Envelope(number, 5.0, "s", "main", event))
    return state


def test_the_last_exchange_is_the_last_prompt_and_the_reply_to_it() -> None:
    state = after(*said("one", 1), *reply("first", 1), *said("two", 2), *reply("second", 2))
    assert last_exchange(state) == ("two", "second")
    assert list(replies(state)) == ["second", "first"]


def test_without_an_answer_the_exchange_has_the_prompt_and_copy_the_reply_before() -> None:
    state = after(*said("one", 1), *reply("first", 1), *said("two", 2))
    assert last_exchange(state) == ("two", "")
    assert list(replies(state)) == ["first"]
    assert last_exchange(SessionView()) == ("", "")
