"""Model calls over a real connection: answers, refusals, retries, cancelling, secrets."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest

from nanodeck.contracts.errors import ModelError
from nanodeck.providers.chat import ChatModel
from nanodeck.providers.endpoint import make_endpoint
from nanodeck.providers.retry import RetryPolicy
from tests.unit.providers.loopback import Answer, LoopbackServer
from tests.unit.providers.streams import (
    DONE,
    REF,
    Outcome,
    call_delta,
    delta,
    model_call,
    piece,
    plain_endpoint,
    run_model,
)

KEY = "sk-very-secret-key"
GOOD = Answer((delta("Hel"), delta("lo") + delta(finish="stop") + DONE))


async def ask(server: LoopbackServer, *answers: Answer, retries: int = 0) -> Outcome:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    server.answers.extend(answers)
    policy = RetryPolicy(retries=retries, chance=lambda: 0.5)
    model = ChatModel(REF, plain_endpoint(server.port, KEY), policy=policy, sleep=sleep)
    outcome = await run_model(model)
    await model.close()
    assert waits == [planned.seconds for planned in outcome.retries]
    return outcome


async def test_a_call_is_posted_and_its_reply_streams(server: LoopbackServer) -> None:
    outcome = await ask(server, GOOD)
    assert outcome.text == "Hello"
    (seen,) = server.requests
    assert seen.line == "POST /v1/chat/completions HTTP/1.1"
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert seen.headers["content-type"] == "application/json"
    assert json.loads(seen.body)["model"] == "model-1"


async def test_without_a_key_no_authorization_is_sent(server: LoopbackServer) -> None:
    server.answers.append(GOOD)
    model = ChatModel(REF, plain_endpoint(server.port))
    await run_model(model)
    await model.close()
    assert "authorization" not in server.requests[0].headers


async def test_calls_share_one_connection(server: LoopbackServer) -> None:
    server.answers.extend([GOOD] * 3)
    model = ChatModel(REF, plain_endpoint(server.port))
    for _ in range(3):
        assert (await run_model(model)).text == "Hello"
    await model.close()
    assert server.connections == 1


async def test_a_proxy_of_the_environment_is_not_used_for_loopback(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert (await ask(server, GOOD)).text == "Hello"


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "nonsense://x", "http://[::1"])
async def test_an_unusable_proxy_of_the_environment_is_a_network_error(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    model = ChatModel(REF, make_endpoint("there", "http://192.0.2.1/v1", KEY))
    outcome = await run_model(model)
    await model.close()
    assert outcome.error is not None
    assert (outcome.error.kind, outcome.retries) == ("network", [])


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, "auth"),
        (403, "auth"),
        (404, "not-found"),
        (400, "refused"),
        (503, "overloaded"),
        (529, "overloaded"),
    ],
)
async def test_a_refusal_is_a_typed_error(server: LoopbackServer, status: int, kind: str) -> None:
    body = json.dumps({"error": {"message": "so it is"}}).encode()
    outcome = await ask(server, Answer((body,), status))
    assert outcome.error is not None
    assert outcome.error.kind == kind
    assert outcome.error.advice
    assert outcome.error.message == f"HTTP {status}: so it is"


async def test_a_busy_server_is_asked_again(server: LoopbackServer) -> None:
    limited = Answer((b"slow down",), 429, {"Retry-After": "7"})
    outcome = await ask(server, limited, Answer(status=503), GOOD, retries=4)
    assert outcome.text == "Hello"
    assert [(planned.attempt, planned.seconds) for planned in outcome.retries] == [(1, 7.0), (2, 2.0)]
    assert outcome.retries[0].reason == "HTTP 429: slow down"
    assert server.requests[0].body == server.requests[2].body


async def test_a_long_wait_is_an_error_at_once(server: LoopbackServer) -> None:
    outcome = await ask(server, Answer(status=429, headers={"retry-after": "900"}), GOOD, retries=4)
    assert outcome.error is not None
    assert outcome.error.kind == "rate-limited"
    assert "15 minutes" in outcome.error.message
    assert outcome.retries == []


async def test_a_connection_that_breaks_before_anything_is_shown_is_tried_again(
    server: LoopbackServer,
) -> None:
    outcome = await ask(server, Answer((b": hello\n\n",), broken=True), GOOD, retries=1)
    assert outcome.text == "Hello"
    assert len(outcome.retries) == 1


async def test_a_connection_that_breaks_later_is_not(server: LoopbackServer) -> None:
    said = delta("Hel") + call_delta(piece(0, "x", "bash", "{}"))
    outcome = await ask(server, Answer((said,), broken=True), GOOD, retries=4)
    assert outcome.error is not None
    assert outcome.error.kind == "network"
    assert outcome.error.partial is not None
    assert (outcome.error.partial.text, outcome.error.partial.calls) == ("Hel", ())
    assert len(server.requests) == 1


async def test_a_server_that_keeps_the_connection_open_after_the_end_is_not_waited_for(
    server: LoopbackServer,
) -> None:
    outcome = await ask(server, Answer((delta("Hi") + delta(finish="stop") + DONE,), hold=True))
    assert outcome.text == "Hi"
    await server.left.wait()


async def test_a_server_that_is_not_there_is_a_network_error_at_once() -> None:
    closed = LoopbackServer()
    await closed.start()
    port = closed.port
    await closed.stop()
    model = ChatModel(REF, plain_endpoint(port))
    outcome = await run_model(model)
    await model.close()
    assert outcome.error is not None
    assert (outcome.error.kind, outcome.retries) == ("network", [])
    assert str(port) in outcome.error.message
    assert "(connection refused)" in outcome.error.message


async def test_cancelling_closes_the_connection(server: LoopbackServer) -> None:
    server.answers.append(Answer((delta("Hel"),), hold=True))
    model = ChatModel(REF, plain_endpoint(server.port))
    task = asyncio.create_task(run_model(model))
    await server.held.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await server.left.wait()
    await model.close()


async def test_leaving_a_stream_closes_the_connection(server: LoopbackServer) -> None:
    server.answers.append(Answer((delta("Hel"),), hold=True))
    model = ChatModel(REF, plain_endpoint(server.port))
    stream = model.stream(model_call())
    await anext(stream)
    await stream.aclose()
    await server.left.wait()
    await model.close()


async def test_the_key_is_in_no_error_and_no_log(
    server: LoopbackServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = f"Incorrect API key provided: {KEY}".encode()
    outcome = await ask(server, Answer((body,), 401, {"X-Echo": KEY}))
    assert isinstance(outcome.error, ModelError)
    seen = [repr(outcome.error), str(outcome.error), repr(outcome.error.__cause__), caplog.text]
    assert all("very-secret" not in text for text in seen)
    assert "Incorrect API key provided: [key]" in outcome.error.message


async def test_a_huge_error_body_is_cut(server: LoopbackServer) -> None:
    outcome = await ask(server, Answer(tuple([b"x" * 65536] * 40), 400))
    assert outcome.error is not None
    assert len(outcome.error.message) < 400


async def test_a_redirect_is_told_and_not_followed(server: LoopbackServer) -> None:
    outcome = await ask(
        server, Answer(status=307, headers={"Location": "https://elsewhere.example/v1"}), GOOD
    )
    assert outcome.error is not None
    assert "https://elsewhere.example/v1" in outcome.error.message
    assert len(server.requests) == 1


async def test_a_connection_the_server_has_closed_meanwhile_is_replaced_unseen(
    server: LoopbackServer,
) -> None:
    server.answers.extend([GOOD, Answer(unanswered=True), GOOD])
    model = ChatModel(REF, plain_endpoint(server.port), policy=RetryPolicy(retries=0))
    outcomes = [await run_model(model) for _ in range(2)]
    await model.close()
    assert [(outcome.text, outcome.error, outcome.retries) for outcome in outcomes] == [
        ("Hello", None, [])
    ] * 2
    assert server.connections == 2


async def test_a_new_connection_closed_without_an_answer_is_an_error(
    server: LoopbackServer,
) -> None:
    outcome = await ask(server, Answer(unanswered=True))
    assert outcome.error is not None
    assert (outcome.error.kind, len(server.requests)) == ("network", 1)


async def test_a_quick_stream_of_many_pieces_arrives_whole(server: LoopbackServer) -> None:
    said = [delta(f"{number} ") for number in range(300)]
    outcome = await ask(server, Answer((*said, delta(finish="stop") + DONE)))
    assert outcome.text == "".join(f"{number} " for number in range(300))
