"""When a model call is tried again, and how long is waited."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.errors import ModelError
from nanodeck.contracts.messages import AssistantMessage
from nanodeck.contracts.model import (
    CallDelta,
    ModelEvent,
    ReasoningDelta,
    Reply,
    RetryPlanned,
    TextDelta,
    Usage,
)
from nanodeck.providers.retry import RetryPolicy, Start, retried
from nanodeck.providers.retry_after import wait_asked

NOW = 1_700_000_000.0
REPLY = Reply(AssistantMessage(()), Usage())


def busy(retry_after: float | None = None) -> ModelError:
    return ModelError("overloaded", "busy", retryable=True, retry_after=retry_after)


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({}, None, None),
        ({"retry-after": "7"}, None, 7),
        ({"retry-after": "1.5"}, None, 1.5),
        ({"retry-after": " 7 "}, None, 7),
        ({"retry-after": "-3"}, None, 0),
        ({"retry-after": "nan"}, None, None),
        ({"retry-after": "inf"}, None, None),
        ({"retry-after": "soon"}, None, None),
        ({"retry-after": ""}, None, None),
        ({"retry-after": "2m30s"}, None, 150),
        ({"retry-after": "Tue, 14 Nov 2023 22:13:50 GMT"}, None, 30),
        ({"retry-after": "Tue, 14 Nov 2023 22:00:00 GMT"}, None, 0),
        ({"retry-after": "Tue, 99 Nov 2023 22:00:00 GMT"}, None, None),
        ({"retry-after-ms": "1500"}, None, 1.5),
        ({"retry-after-ms": "1500", "retry-after": "2"}, None, 1.5),
        ({"retry-after-ms": "x", "retry-after": "2"}, None, 2),
        ({"retry-after": "7"}, {"error": {"retry_after": 3}}, 7),
        ({}, {"error": {"retry_after": 3}}, 3),
        ({}, {"error": {"retryAfter": "3"}}, 3),
        ({}, {"error": {"retry_after_ms": 2500}}, 2.5),
        ({}, {"error": {"metadata": {"headers": {"Retry-After": "9"}}}}, 9),
        ({}, {"error": {"details": [{"@type": "RetryInfo", "retryDelay": "34.07s"}]}}, 34.07),
        ({}, {"error": {"message": "Rate limit reached. Please try again in 1.898s. See the docs"}}, 1.898),
        ({}, {"error": {"message": "Please try again in 20ms."}}, 0.02),
        ({}, {"error": {"message": "try again in 6m0s"}}, 360),
        ({}, {"error": {"message": "Please retry after 12 seconds."}}, 12),
        ({}, {"error": {"message": "You have 3 retries; limit is 20 seconds"}}, None),
        ({}, {"message": "Please wait 1 minute 5 seconds"}, 65),
        ({}, {"error": "try again in 5 moons"}, None),
        ({}, [1, "x", None], None),
    ],
)
def test_the_wait_asked_for_is_read_in_every_form(
    headers: dict[str, str], body: object, seconds: float | None
) -> None:
    found = wait_asked(headers, body, NOW)
    assert found == (None if seconds is None else pytest.approx(seconds))


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_header_gives_a_finite_wait_or_none(text: str) -> None:
    found = wait_asked({"retry-after": text, "retry-after-ms": text}, {"error": {"message": text}}, NOW)
    assert found is None or 0 <= found < float("inf")


def test_waits_grow_to_a_cap_and_vary_by_a_quarter() -> None:
    low, high = RetryPolicy(retries=9, chance=lambda: 0.0), RetryPolicy(retries=9, chance=lambda: 1.0)
    assert [low.wait(attempt, busy()) for attempt in (1, 2, 3, 4, 9)] == [0.75, 1.5, 3, 6, 15]
    assert [high.wait(attempt, busy()) for attempt in (1, 2, 3, 4, 9)] == [1.25, 2.5, 5, 10, 25]


def test_what_the_server_asks_is_waited_and_never_less() -> None:
    assert RetryPolicy().wait(1, busy(7.01)) == 7.1
    assert RetryPolicy().wait(4, busy(7.0)) == 7.0


def test_a_date_in_the_past_means_the_usual_wait() -> None:
    assert RetryPolicy(chance=lambda: 0.5).wait(1, busy(0.0)) == 1.0


def test_a_long_wait_fails_at_once_and_says_so() -> None:
    for asked, span in ((60.5, "2 minutes"), (3600, "60 minutes")):
        with pytest.raises(ModelError) as caught:
            RetryPolicy().wait(1, busy(asked))
        assert span in caught.value.message
        assert caught.value.kind == "overloaded"
        assert not caught.value.retryable
    assert RetryPolicy().wait(1, busy(60)) == 60


def test_what_cannot_help_is_not_tried() -> None:
    refused = ModelError("auth", "no")
    with pytest.raises(ModelError) as caught:
        RetryPolicy().wait(1, refused)
    assert caught.value is refused
    with pytest.raises(ModelError):
        RetryPolicy(retries=2).wait(3, busy())


class Attempts:
    """Streams that fail as planned: each attempt is the events it shows and the error it ends with."""

    def __init__(self, *plans: tuple[list[ModelEvent], ModelError | None]) -> None:
        self.plans = list(plans)
        self.closed = 0
        self.waits: list[float] = []

    @property
    def start(self) -> Start:
        """What starts the next attempt."""
        return self._run

    async def _run(self) -> AsyncGenerator[ModelEvent, None]:
        shown, error = self.plans.pop(0)
        try:
            for item in shown:
                yield item
            if error is not None:
                raise error
        finally:
            self.closed += 1

    async def sleep(self, seconds: float) -> None:
        """Note the wait."""
        self.waits.append(seconds)

    async def run(self, policy: RetryPolicy) -> list[ModelEvent]:
        """Every event of the whole call."""
        return [item async for item in retried(self.start, policy, self.sleep)]


async def test_a_failure_before_anything_was_shown_is_tried_again_with_a_word() -> None:
    attempts = Attempts(([], busy()), ([], busy(3)), ([TextDelta("Hi"), REPLY], None))
    assert await attempts.run(RetryPolicy(chance=lambda: 0.5)) == [
        RetryPlanned(1, 1.0, "busy"),
        RetryPlanned(2, 3.0, "busy"),
        TextDelta("Hi"),
        REPLY,
    ]
    assert attempts.waits == [1.0, 3.0]
    assert attempts.closed == 3


@pytest.mark.parametrize("shown", [TextDelta("H"), ReasoningDelta("h"), CallDelta("a", "read", "{")])
async def test_nothing_is_tried_again_after_a_delta(shown: ModelEvent) -> None:
    attempts = Attempts(([shown], busy()), ([REPLY], None))
    with pytest.raises(ModelError):
        await attempts.run(RetryPolicy())
    assert attempts.waits == []


async def test_the_last_failure_is_raised() -> None:
    attempts = Attempts(*[([], busy())] * 3)
    with pytest.raises(ModelError):
        await attempts.run(RetryPolicy(retries=2))
    assert len(attempts.waits) == 2


async def test_cancelling_ends_the_wait() -> None:
    waiting = asyncio.Event()

    async def sleep(seconds: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    async def run() -> None:
        async for _ in retried(Attempts(([], busy())).start, RetryPolicy(), sleep):
            pass

    task = asyncio.create_task(run())
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_leaving_early_closes_the_attempt() -> None:
    attempts = Attempts(([TextDelta("a"), TextDelta("b")], None))
    stream = retried(attempts.start, RetryPolicy(), attempts.sleep)
    assert await anext(stream) == TextDelta("a")
    await stream.aclose()
    assert attempts.closed == 1
