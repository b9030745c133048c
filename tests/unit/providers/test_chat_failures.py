"""Streams that fail: never a reply, never a call, what was shown is kept."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.errors import ModelError
from tests.unit.providers.streams import (
    DONE,
    Cut,
    call_delta,
    delta,
    event,
    every_cut,
    piece,
    read_pieces,
)

CALL = call_delta(piece(0, "x", "bash", '{"command":"make"}'))
FAILURES: dict[str, tuple[bytes, str]] = {
    "closed at once": (b"", "network"),
    "closed after comments": (b": hello\n\n", "network"),
    "closed after text": (delta("Hi"), "network"),
    "closed in thinking": (delta(reasoning="hm"), "network"),
    "closed after a call": (delta("Hi") + CALL, "network"),
    "closed after usage": (delta("Hi") + event({"choices": [], "usage": {"prompt_tokens": 1}}), "network"),
    "only an end": (DONE, "protocol"),
    "a call and an end without a reason": (CALL + DONE, "protocol"),
    "error object": (delta("Hi") + event({"error": {"message": "boom", "type": "server_error"}}), "refused"),
    "error object with a code": (
        delta("Hi") + event({"error": {"message": "no", "code": 503}}),
        "overloaded",
    ),
    "error as text": (delta("Hi") + event({"error": "upstream died"}), "refused"),
    "overloaded": (
        event({"type": "error", "error": {"type": "overloaded_error", "message": "x"}}),
        "overloaded",
    ),
    "error event": (b'event: error\ndata: {"message":"Overloaded"}\n\n', "overloaded"),
    "error event in words": (b"event: error\ndata: rate limit reached\n\n", "rate-limited"),
    "error in the choice": (
        event({"choices": [{"delta": {"content": ""}, "finish_reason": "error", "error": {"code": 502}}]}),
        "overloaded",
    ),
    "finish error": (delta("Hi") + delta(finish="error") + DONE, "protocol"),
    "malformed call": (delta(finish="function_call_filter: MALFORMED_FUNCTION_CALL") + DONE, "protocol"),
    "overflow": (event({"error": {"message": "maximum context length is 8192 tokens"}}), "context-overflow"),
    "object error": (event({"object": "error", "message": "bad key", "code": 401}), "auth"),
    "plain error body": (b'{"error": {"message": "no such key", "code": "401"}}', "auth"),
    "plain error list": (b'[{"error": {"message": "slow down", "code": 429}}]', "rate-limited"),
    "plain error, pretty": (
        b'{\n  "error": {\n    "message": "Loading model",\n "code": 503\n}\n}\n',
        "overloaded",
    ),
    "web page": (b"<!doctype html>\n<html><title>Sign in</title></html>", "protocol"),
    "words": (delta("Hi") + b"data: sorry!\n\n", "protocol"),
    "number": (b"data: 17\n\n", "protocol"),
    "deep nesting": (b"data: " + b"[" * 5_000 + b"\n\n", "protocol"),
    "whole body cut": (b'{"choices": [{"message": {"content": "Hi"}', "network"),
    "error after a call": (CALL + event({"error": {"message": "boom"}}), "refused"),
}


@every_cut
@pytest.mark.parametrize("name", FAILURES)
async def test_a_failed_stream_is_an_error_and_never_a_reply(name: str, cut: Cut) -> None:
    body, kind = FAILURES[name]
    outcome = await read_pieces(cut(body))
    assert outcome.reply is None
    assert outcome.error is not None
    assert outcome.error.kind == kind, outcome.error.message


@pytest.mark.parametrize(
    "body", [delta("Hel") + delta("lo") + CALL, delta("Hello") + event({"error": "boom"})]
)
async def test_what_was_shown_is_kept_without_calls(body: bytes) -> None:
    outcome = await read_pieces([body])
    assert outcome.error is not None
    assert outcome.error.partial is not None
    partial = outcome.error.partial
    assert (partial.text, partial.calls, partial.finish) == ("Hello", (), "error")


async def test_a_stream_that_shows_nothing_has_no_partial_reply() -> None:
    outcome = await read_pieces([b": hello\n\n"])
    assert outcome.error is not None
    assert outcome.error.partial is None


async def test_a_break_after_the_end_was_named_is_a_full_reply() -> None:
    broken = ModelError("network", "the connection broke")
    outcome = await read_pieces([CALL + delta(finish="tool_calls")], failure=broken)
    assert outcome.calls == [("bash", '{"command":"make"}')]


async def test_a_break_before_is_told_with_what_was_shown() -> None:
    broken = ModelError("network", "the connection broke", retryable=True)
    outcome = await read_pieces([delta("Hi") + CALL], failure=broken)
    assert outcome.error is broken
    assert broken.partial is not None
    assert broken.partial.text == "Hi"


async def test_an_error_never_shows_the_key() -> None:
    body = event({"error": {"message": "key sk-very-secret-key is wrong", "code": 401}})
    outcome = await read_pieces([body])
    assert outcome.error is not None
    assert "secret" not in outcome.error.message
    assert "wrong" in outcome.error.message


async def test_an_error_is_one_clean_short_line() -> None:
    outcome = await read_pieces([event({"error": {"message": "a\n\x1b[31mb" + "c" * 5000}})])
    assert outcome.error is not None
    message = outcome.error.message
    assert "\x1b" not in message
    assert "\n" not in message
    assert len(message) < 400


FULL = (
    b": hello\r\n\r\n"
    + delta(role="assistant", content=None)
    + delta(reasoning_content="hm 日本")
    + delta("I will ")
    + delta("look <b")
    + call_delta(piece(0, "x", "bash", '{"comm'))
    + call_delta(piece(0, arguments='and":"make"}'))
    + delta(finish="tool_calls")
    + event({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4}})
    + DONE
)


async def test_a_stream_cut_at_any_byte_is_a_full_reply_or_an_error() -> None:
    replies = 0
    for end in range(len(FULL)):
        outcome = await read_pieces([FULL[:end]])
        if outcome.reply is None:
            assert outcome.error is not None
            assert outcome.error.kind == "network"
            assert outcome.error.partial is None or not outcome.error.partial.calls
        else:
            replies += 1
            assert outcome.calls == [("bash", '{"command":"make"}')]
            assert outcome.reply.message.text == "I will look <b"
    assert 0 < replies < len(FULL) // 3


@given(st.binary(max_size=300), st.integers(0, len(FULL)))
@settings(max_examples=60, deadline=None)
async def test_noise_in_a_stream_is_never_another_exception(noise: bytes, place: int) -> None:
    outcome = await read_pieces([FULL[:place] + noise + FULL[place:]])
    assert (outcome.reply is None) != (outcome.error is None)


_KEYS = tuple(
    "choices delta content index tool_calls function name arguments id usage error message "  # noqa: SIM905
    "reasoning finish_reason prompt_tokens thinking type text reasoning_details code".split()
)
_LEAVES = st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text(max_size=5)
_JSON = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(_JSON, max_size=4))
@settings(max_examples=80, deadline=None)
async def test_any_json_is_never_another_exception(chunks: list[object]) -> None:
    outcome = await read_pieces([event(chunk) for chunk in chunks])
    assert (outcome.reply is None) != (outcome.error is None)
