"""Which requests come up by themselves, and which never again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from nanodeck.contracts.requests import CommandDetail, Request, ReviewDetail
from nanodeck.ui.attention import Attention
from nanodeck.ui.gate import Gate, Situation


def request(number: int, agent: str = "main") -> Request:
    return Request(f"q{number}", agent, f"c{number}", CommandDetail("make", "/p"))


class FakeLayer:
    """Remembers what it was offered; open while it was offered something."""

    def __init__(self) -> None:
        self.offered: list[tuple[str, ...]] = []

    @property
    def is_open(self) -> bool:
        return bool(self.offered and self.offered[-1])

    def turn_to(self, request: str) -> None:
        self.offered.append((request,))

    def offer(self, requests: Sequence[Request], agent_titles: Mapping[str, str]) -> None:
        self.offered.append(tuple(one.id for one in requests))


class Desk:
    """An Attention with everything around it in the test's hands."""

    def __init__(self) -> None:
        self.now = 0.0
        self.situation = Situation("prompt")
        self.polling = False
        self.layer = FakeLayer()
        self.gate = Gate(lambda: self.now)
        self.attention = Attention(self.layer, self.gate, lambda: self.situation, self.poll)

    def poll(self, on: bool) -> None:
        self.polling = on


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_request_opens_at_once_in_a_quiet_deck(desk: Desk) -> None:
    desk.attention.update((request(1),))
    assert desk.layer.offered == [("q1",)]
    assert not desk.polling


def test_a_request_waits_for_the_last_key_to_be_a_second_old(desk: Desk) -> None:
    desk.gate.key()
    desk.attention.update((request(1),))
    assert desk.layer.offered == []
    assert desk.polling
    desk.now = 0.9
    desk.attention.consider()
    assert desk.layer.offered == []
    desk.now = 1.0
    desk.attention.consider()
    assert desk.layer.offered == [("q1",)]
    assert not desk.polling


def test_a_request_of_another_agent_does_not_come_up(desk: Desk) -> None:
    desk.attention.update((request(1, agent="tests-1"),))
    assert desk.layer.offered == []


def test_a_review_does_not_come_up_and_joins_the_walk_through_an_open_layer(desk: Desk) -> None:
    review = Request("q9", "main", "c9", ReviewDetail("s1", 1, 1))
    desk.attention.update((review,))
    assert desk.layer.offered == []
    desk.attention.update((review, request(1)))
    assert desk.layer.offered == [("q9", "q1")]


def test_further_requests_join_an_open_layer(desk: Desk) -> None:
    desk.attention.update((request(1),))
    desk.gate.key()
    desk.attention.update((request(1), request(2)))
    assert desk.layer.offered[-1] == ("q1", "q2")


def test_a_request_that_was_left_comes_up_only_when_asked_for(desk: Desk) -> None:
    desk.attention.update((request(1), request(2)))
    desk.layer.offered.append(())
    desk.attention.put_off()
    desk.now = 60.0
    desk.attention.consider()
    assert not desk.layer.is_open
    desk.attention.bring("q2")
    assert desk.layer.offered[-2:] == [("q1", "q2"), ("q2",)]


def test_an_answered_request_does_not_come_up_before_the_engine_has_closed_it(desk: Desk) -> None:
    desk.attention.update((request(1),))
    desk.attention.answered("q1")
    desk.layer.offered.append(())
    desk.attention.consider()
    assert desk.layer.offered[-1] == ()


def test_a_closed_request_empties_the_layer(desk: Desk) -> None:
    desk.attention.update((request(1),))
    desk.attention.update(())
    assert desk.layer.offered[-1] == ()
