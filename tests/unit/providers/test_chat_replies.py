"""What servers send as a good reply, with all their deviations, however it is cut."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from nanodeck.contracts.messages import AssistantMessage, CallPart, Finish, Origin, ReasoningPart, TextPart
from nanodeck.contracts.model import Usage
from tests.unit.providers.streams import (
    DONE,
    Cut,
    call_delta,
    delta,
    event,
    every_cut,
    model_call,
    piece,
    read_pieces,
)

STOP = delta(finish="stop")
USAGE = {"prompt_tokens": 12, "completion_tokens": 5}


class Case(NamedTuple):
    """A body and what it says."""

    body: bytes
    text: str = ""
    reasoning: str = ""
    finish: Finish = "stop"
    usage: Usage = Usage()


CASES = {
    "text": Case(delta("", role="assistant") + delta("Hel") + delta("lo") + STOP + DONE, "Hello"),
    "null content first": Case(delta(role="assistant", content=None) + delta("Hi") + STOP + DONE, "Hi"),
    "no done": Case(delta("Hi") + STOP, "Hi"),
    "no blank line after done": Case(delta("Hi") + STOP + b"data: [DONE]", "Hi"),
    "done without a reason after text": Case(delta("Hi") + DONE, "Hi"),
    "reason with the last text": Case(delta("Hi", finish="stop") + DONE, "Hi"),
    "empty reason is none": Case(delta("H", finish="") + delta("i", finish="") + STOP + DONE, "Hi"),
    "length": Case(delta("Hi") + delta(finish="length") + DONE, "Hi", finish="length"),
    "filter": Case(delta("Hi") + delta(finish="content_filter") + DONE, "Hi", finish="filter"),
    "unknown reason": Case(delta("Hi") + delta(finish="eos") + DONE, "Hi"),
    "nothing at all": Case(STOP + DONE),
    "usage in a chunk of its own": Case(
        delta("Hi") + STOP + event({"choices": [], "usage": USAGE}) + DONE, "Hi", usage=Usage(12, 5)
    ),
    "usage on each chunk": Case(
        event(
            {
                "choices": [{"delta": {"content": "Hi"}}],
                "usage": {"prompt_tokens": 12, "completion_tokens": 1},
            }
        )
        + event({"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": USAGE}),
        "Hi",
        usage=Usage(12, 5),
    ),
    "usage null and odd": Case(
        event({"choices": [], "usage": None})
        + delta("Hi")
        + STOP
        + event({"usage": {"prompt_tokens": None, "completion_tokens": -1, "prompt_tokens_details": []}}),
        "Hi",
    ),
    "usage in detail": Case(
        delta("Hi")
        + STOP
        + event(
            {
                "choices": [],
                "usage": USAGE
                | {
                    "prompt_tokens_details": {"cached_tokens": 8},
                    "completion_tokens_details": {"reasoning_tokens": 3},
                },
            }
        ),
        "Hi",
        usage=Usage(12, 5, 8, 3),
    ),
    "usage with cache hits": Case(
        delta("Hi") + STOP + event({"usage": USAGE | {"prompt_cache_hit_tokens": 7}}),
        "Hi",
        usage=Usage(12, 5, 7),
    ),
    "choices empty, missing, null": Case(
        event({"choices": []}) + event({"id": "x"}) + event({"choices": None}) + delta("Hi") + STOP + DONE,
        "Hi",
    ),
    "prompt filter preamble": Case(
        event({"choices": [], "prompt_filter_results": [{"index": 0}]}) + delta("Hi") + STOP, "Hi"
    ),
    "other choices": Case(
        event({"choices": [{"index": 1, "delta": {"content": "no"}}]}) + delta("Hi") + STOP + DONE, "Hi"
    ),
    "null delta": Case(event({"choices": [{"index": 0, "delta": None}]}) + delta("Hi") + STOP, "Hi"),
    "pings": Case(
        b": OPENROUTER PROCESSING\n\nevent: ping\ndata: ping\n\nevent: ping\ndata: {}\n\n"
        + delta("Hi")
        + STOP,
        "Hi",
    ),
    "no blank lines": Case((delta("H") + delta("i") + STOP + DONE).replace(b"\n\n", b"\n"), "Hi"),
    "carriage returns": Case((delta("H") + delta("i") + STOP + DONE).replace(b"\n", b"\r"), "Hi"),
    "both line ends": Case((delta("H") + delta("i") + STOP + DONE).replace(b"\n", b"\r\n"), "Hi"),
    "byte order mark": Case(b"\xef\xbb\xbf" + delta("Hi") + STOP + DONE, "Hi"),
    "raw characters": Case(
        'data: {"choices":[{"delta":{"content":"né 日本 𝄞"},"finish_reason":"stop"}]}\n\n'.encode(),
        "né 日本 𝄞",
    ),
    "pair split over chunks": Case(delta("a\ud834") + delta("\udd1eb") + STOP, "a𝄞b"),
    "lone surrogates": Case(delta("a\udd1eb\ud834c") + delta("\ud834") + STOP, "a\ufffdb\ufffdc\ufffd"),
    "text after the end": Case(delta("Hi") + STOP + DONE + b"data: nonsense\n\n", "Hi"),
    "nonsense after the reason": Case(delta("Hi") + STOP + b"data: nonsense\n\n", "Hi"),
    "not streamed": Case(
        b'{\n  "choices": [{"message": {"content": "Hi"},\n "finish_reason": "stop"}]\n}',
        "Hi",
    ),
    "content as a list": Case(delta(content=[{"type": "text", "text": "Hi"}]) + STOP, "Hi"),
    "refusal": Case(delta(refusal="I will not") + STOP, "I will not"),
    "reasoning_content": Case(
        delta(reasoning_content="h") + delta(reasoning_content="m", content="") + delta("Hi") + STOP,
        "Hi",
        "hm",
    ),
    "reasoning": Case(delta(reasoning="hm") + delta("Hi") + STOP, "Hi", "hm"),
    "thinking": Case(delta(thinking="hm") + delta("Hi") + STOP, "Hi", "hm"),
    "reasoning twice in one delta": Case(
        delta(reasoning="hm", reasoning_content="hm", reasoning_details=[{"text": "hm"}])
        + delta("Hi")
        + STOP,
        "Hi",
        "hm",
    ),
    "reasoning details": Case(
        delta(
            reasoning_details=[
                {"type": "reasoning.text", "text": "h"},
                {"type": "reasoning.summary", "summary": "m"},
            ]
        )
        + delta("Hi")
        + STOP,
        "Hi",
        "hm",
    ),
    "thinking in a content list": Case(
        delta(content=[{"type": "thinking", "thinking": [{"type": "text", "text": "h"}]}])
        + delta(content=[{"type": "thinking", "thinking": "m"}])
        + delta("Hi")
        + STOP,
        "Hi",
        "hm",
    ),
    "think tags split": Case(
        delta("<th") + delta("ink>h") + delta("m</thi") + delta("nk>\n\nHi") + STOP, "Hi", "hm"
    ),
    "tag that never becomes one": Case(delta("a <thi") + STOP, "a <thi"),
}


@every_cut
@pytest.mark.parametrize("name", CASES)
async def test_a_reply_is_read(name: str, cut: Cut) -> None:
    case = CASES[name]
    outcome = await read_pieces(cut(case.body))
    assert outcome.reply is not None, outcome.error
    message = outcome.reply.message
    assert (message.text, message.reasoning) == (case.text, case.reasoning)
    assert (outcome.text, outcome.reasoning) == (case.text, case.reasoning)
    assert (message.finish, outcome.reply.usage, message.calls) == (case.finish, case.usage, ())


async def test_parts_keep_their_order_and_their_field() -> None:
    body = (
        delta(reasoning="first")
        + delta("<think>second</think>Hi")
        + call_delta(piece(0, "a", "read", "{}"))
        + STOP
    )
    outcome = await read_pieces([body])
    assert outcome.reply is not None
    assert outcome.reply.message == AssistantMessage(
        (
            ReasoningPart("first", "reasoning"),
            ReasoningPart("second", "think"),
            TextPart("Hi"),
            CallPart("a", "read", "{}"),
        ),
        "calls",
        Origin("there", "model-1"),
    )


@every_cut
async def test_text_before_an_orphan_closing_tag_becomes_thinking_in_the_reply(cut: Cut) -> None:
    outcome = await read_pieces(cut(delta("hm, ") + delta("well\n</thi") + delta("nk>\nHi") + STOP))
    assert outcome.reply is not None
    assert (outcome.reply.message.reasoning, outcome.reply.message.text) == ("hm, well\n", "Hi")


async def test_text_is_shown_as_it_comes() -> None:
    outcome = await read_pieces([delta("one "), delta("two "), delta("three"), STOP, DONE])
    assert [item.text for item in outcome.events if hasattr(item, "text")] == ["one ", "two ", "three"]


async def test_a_call_may_carry_no_tools() -> None:
    outcome = await read_pieces([delta("Hi") + STOP], model_call(tools=()))
    assert outcome.text == "Hi"
