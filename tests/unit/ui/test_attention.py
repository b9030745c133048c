"""Which requests come up by themselves, and which never again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from nanodeck.contracts.requests import CommandDetail, Request, ReviewDetail, TrustDetail
from nanodeck.ui.attention import Attention
from nanodeck.ui.gate import Gate, Situation


def request(number: int, agent: str = "main") -> Request:
    return Request(f"q{number}", agent, f"c{number}", CommandDetail("make", "/p"))


class FakeLayer:
    """Remembers what it was offered; open while it was offered something."""

    def __init__(self) -> None:
        self.offered: list[tuple[str, ...]] = []
        self.is_beside = False

    @property
    def is_open(self) -> bool:
        return bool(self.offered and self.offered[-1])

    def turn_to(self, request: str) -> None:
        self.offered.append((request,))

    def offer(
        self, requests: Sequence[Request], agent_titles: Mapping[str, str], *, beside: bool = False
    ) -> None:
        self.offered.append(tuple(one.id for one in requests))
        self.is_beside = beside


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


def test_the_layer_hears_that_nothing_waits_any_more_when_it_is_closed_too(desk: Desk) -> None:
    desk.attention.update((request(1),))
    desk.attention.answered("q1")
    desk.layer.offered.clear()
    desk.attention.update(())
    assert desk.layer.offered == [()]


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
    desk.attention.put_off(("q1", "q2"))
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


TRUST = Request("q0", "main", "", TrustDetail("/p"))


def test_what_nothing_waits_for_comes_up_beside_and_makes_way_for_what_does(desk: Desk) -> None:
    desk.attention.update((TRUST,))
    assert (desk.layer.offered, desk.layer.is_beside) == ([("q0",)], True)
    desk.gate.key()
    desk.attention.update((request(1), TRUST))
    assert desk.layer.is_beside, "somebody types"
    assert desk.polling
    desk.now = 1.0
    desk.attention.consider()
    assert (desk.layer.offered[-2:], desk.layer.is_beside) == ([("q1", "q0"), ("q1",)], False)
    assert not desk.polling


def test_what_the_person_asked_to_be_asked_has_the_keys_at_once(desk: Desk) -> None:
    desk.attention.update((Request("q0", "main", "", TrustDetail("/p", trusted=True, wanted=True)),))
    assert (desk.layer.offered[0], desk.layer.is_beside) == (("q0",), False)


def test_what_nothing_waits_for_and_was_passed_over_follows_no_other_request(desk: Desk) -> None:
    desk.attention.update((TRUST,))
    desk.layer.offered.append(())
    desk.attention.put_off(("q0",))
    desk.attention.update((request(1), TRUST))
    assert desk.layer.offered[-1] == ("q1",)
    desk.attention.bring("q1")
    assert desk.layer.offered[-2] == ("q1",)
    desk.attention.bring("q0")
    assert desk.layer.offered[-2:] == [("q1", "q0"), ("q0",)]
