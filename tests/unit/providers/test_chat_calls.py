"""Tool calls under every deviation of index, id, name and arguments, however the stream is cut."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.messages import AssistantMessage, CallPart, ToolMessage, UserMessage
from nanodeck.providers.calls import CallAssembler, make_call_id
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

A, B = '{"path":"a"}', '{"path":"b"}'
END = delta(finish="tool_calls") + DONE

CASES: dict[str, tuple[bytes, list[tuple[str, str]]]] = {
    "pieces by index": (
        call_delta(piece(0, "x", "read", ""))
        + call_delta(piece(0, arguments='{"pa'))
        + call_delta(piece(0, arguments='th":"a"}'))
        + call_delta(piece(1, "y", "read", ""))
        + call_delta(piece(1, arguments=B)),
        [("read", A), ("read", B)],
    ),
    "interleaved by index": (
        call_delta(piece(0, "x", "read"), piece(1, "y", "ls"))
        + call_delta(piece(0, arguments='{"path"'), piece(1, arguments='{"path"'))
        + call_delta(piece(1, arguments=':"b"}'), piece(0, arguments=':"a"}')),
        [("read", A), ("ls", B)],
    ),
    "whole in one delta": (call_delta(piece(0, "x", "read", A)), [("read", A)]),
    "two whole in one delta": (
        call_delta(piece(0, "x", "read", A), piece(1, "y", "read", B)),
        [("read", A), ("read", B)],
    ),
    "index missing, ids tell": (
        call_delta(piece(None, "x", "read", '{"path"'))
        + call_delta(piece(None, arguments=':"a"}'))
        + call_delta(piece(None, "y", "read", B)),
        [("read", A), ("read", B)],
    ),
    "index null": (
        event({"choices": [{"delta": {"tool_calls": [{"index": None, **piece(None, "x", "read", A)}]}}]}),
        [("read", A)],
    ),
    "index always 0, ids tell": (
        call_delta(piece(0, "x", "read", A)) + call_delta(piece(0, "y", "read", B)),
        [("read", A), ("read", B)],
    ),
    "index always 0, pieces without id go to the last": (
        call_delta(piece(0, "x", "read", ""))
        + call_delta(piece(0, arguments=A))
        + call_delta(piece(0, "y", "ls", ""))
        + call_delta(piece(0, arguments=B)),
        [("read", A), ("ls", B)],
    ),
    "no index, no id, several deltas": (
        call_delta(piece(None, None, "read", A)) + call_delta(piece(None, None, "read", B)),
        [("read", A), ("read", B)],
    ),
    "no index, no id, one delta": (
        call_delta(piece(None, None, "ls", ""), piece(None, None, "glob", "")),
        [("ls", ""), ("glob", "")],
    ),
    "index as text": (
        call_delta(piece("0", "x", "read", '{"path"')) + call_delta(piece("0", arguments=':"a"}')),
        [("read", A)],
    ),
    "empty ids": (
        call_delta(piece(0, "", "read", '{"path"')) + call_delta(piece(0, "", arguments=':"a"}')),
        [("read", A)],
    ),
    "continuation with an empty id": (
        call_delta(piece(0, "x", "read", '{"path"')) + call_delta(piece(0, "", arguments=':"a"}')),
        [("read", A)],
    ),
    "id in every piece": (
        call_delta(piece(0, "x", "read", '{"path"')) + call_delta(piece(0, "x", arguments=':"a"}')),
        [("read", A)],
    ),
    "id and name in every piece": (
        call_delta(piece(0, "x", "read", '{"path"')) + call_delta(piece(0, "x", "read", ':"a"}')),
        [("read", A)],
    ),
    "a new id for every piece": (
        call_delta(piece(0, "x1", "read", '{"path"')) + call_delta(piece(0, "x2", arguments=':"a"}')),
        [("read", A)],
    ),
    "one id for two calls": (
        call_delta(piece(0, "x", "read", A)) + call_delta(piece(1, "x", "read", B)),
        [("read", A), ("read", B)],
    ),
    "one id for two calls without index": (
        call_delta(piece(None, "x", "read", A)) + call_delta(piece(None, "x", "read", B)),
        [("read", A), ("read", B)],
    ),
    "all said again at the end": (
        call_delta(piece(0, "x", "read", ""))
        + call_delta(piece(0, arguments=A))
        + call_delta(piece(0, "x", "read", A)),
        [("read", A)],
    ),
    "name after the arguments": (
        call_delta(piece(0, "x", None, A)) + call_delta(piece(0, name="read")),
        [("read", A)],
    ),
    "name in pieces": (
        call_delta(piece(0, "x", "re")) + call_delta(piece(0, name="ad")) + call_delta(piece(0, arguments=A)),
        [("read", A)],
    ),
    "id after the name": (
        call_delta(piece(0, None, "read")) + call_delta(piece(0, "x")) + call_delta(piece(0, arguments=A)),
        [("read", A)],
    ),
    "arguments an object": (call_delta(piece(0, "x", "read", {"path": "a"})), [("read", A)]),
    "arguments null": (
        call_delta({"index": 0, "id": "x", "function": {"name": "ls", "arguments": None}}),
        [("ls", "")],
    ),
    "no arguments": (call_delta(piece(0, "x", "ls", "")), [("ls", "")]),
    "object said as text": (
        call_delta(piece(0, "x", "read", "[object Object]")),
        [("read", "[object Object]")],
    ),
    "type missing or given": (call_delta({"type": "function", **piece(0, "x", "read", A)}), [("read", A)]),
    "flat": (call_delta({"index": 0, "id": "x", "name": "read", "arguments": A}), [("read", A)]),
    "no name at all": (call_delta(piece(0, "x", None, A)), [("unknown", A)]),
    "placeholders": (
        call_delta({}, {"index": 0}, {"index": 0, "function": {}}) + call_delta(piece(0, "x", "read", A)),
        [("read", A)],
    ),
    "not even objects": (delta(tool_calls=[None, 3, piece(0, "x", "read", A)]), [("read", A)]),
    "calls are no list": (delta("Hi", tool_calls={"a": 1}), []),
    "the old field": (
        delta(function_call={"name": "read", "arguments": '{"path"'})
        + delta(function_call={"arguments": ':"a"}'}),
        [("read", A)],
    ),
    "pair of surrogates split": (
        call_delta(piece(0, "x", "read", '{"path":"\ud834')) + call_delta(piece(0, arguments='\udd1e"}')),
        [("read", '{"path":"𝄞"}')],
    ),
}


@every_cut
@pytest.mark.parametrize("name", CASES)
async def test_calls_are_put_together(name: str, cut: Cut) -> None:
    body, expected = CASES[name]
    outcome = await read_pieces(cut(body + END))
    assert outcome.calls == expected
    assert list(outcome.streamed_calls.values()) == expected
    assert outcome.reply is not None
    ids = [call.id for call in outcome.reply.message.calls]
    assert list(outcome.streamed_calls) == ids
    assert len(set(ids)) == len(ids)
    assert all(ids)
    assert outcome.reply.message.finish == ("calls" if expected else "stop")


@pytest.mark.parametrize("finish", ["stop", "function_call", "tool_calls", "STOP"])
async def test_calls_count_whatever_reason_is_named(finish: str) -> None:
    outcome = await read_pieces([call_delta(piece(0, "x", "read", A)) + delta(finish=finish)])
    assert outcome.reply is not None
    assert (outcome.calls, outcome.reply.message.finish) == ([("read", A)], "calls")


async def test_a_call_and_its_end_may_come_in_one_chunk() -> None:
    outcome = await read_pieces([call_delta(piece(0, "x", "read", A), finish="stop") + DONE])
    assert outcome.calls == [("read", A)]


async def test_an_id_used_before_in_the_session_is_replaced() -> None:
    before = AssistantMessage((CallPart("call_0", "read", A),))
    history = (UserMessage("hi"), before, ToolMessage("call_0", "read", "text"))
    outcome = await read_pieces([call_delta(piece(0, "call_0", "read", B)) + END], model_call(*history))
    assert outcome.reply is not None
    (call,) = outcome.reply.message.calls
    assert call.id != "call_0"
    assert list(outcome.streamed_calls) == [call.id]


async def test_a_call_is_told_with_its_name_once_that_is_known() -> None:
    outcome = await read_pieces(
        [
            call_delta(piece(0, "x", None, '{"path"')),
            call_delta(piece(0, name="read")),
            call_delta(piece(0, arguments=':"a"}')),
            END,
        ]
    )
    assert outcome.streamed_calls == {"x": ("read", A)}
    assert len(outcome.events) == 2


def test_made_up_ids_suit_the_strictest_server() -> None:
    made = {make_call_id() for _ in range(50)}
    assert len(made) == 50
    assert all(len(name) == 9 and name.isascii() and name.isalnum() for name in made)


_ARGUMENTS = st.dictionaries(
    st.sampled_from(["path", "limit"]), st.integers() | st.text(max_size=8), max_size=2
)


@given(
    st.lists(st.tuples(st.sampled_from(["read", "ls"]), _ARGUMENTS), min_size=1, max_size=4),
    st.integers(1, 6),
    st.randoms(use_true_random=False),
)
@settings(max_examples=150, deadline=None)
def test_calls_by_index_come_out_as_they_went_in(
    calls: list[tuple[str, dict[str, Any]]], size: int, order: Any
) -> None:
    queues = []
    for index, (name, arguments) in enumerate(calls):
        text = json.dumps(arguments, ensure_ascii=False)
        cuts = [text[start : start + size] for start in range(0, len(text), size)]
        queues.append([piece(index, f"id{index}", name, ""), *(piece(index, arguments=cut) for cut in cuts)])
    assembler = CallAssembler((), iter(map(str, itertools.count())).__next__)
    for queue in queues:
        assembler.feed([queue.pop(0)])
    while queues := [queue for queue in queues if queue]:
        assembler.feed([order.choice(queues).pop(0)])
    assembler.end()
    found = [(part.name, json.loads(part.arguments)) for part in assembler.parts()]
    assert found == calls
