"""Tool calls that a model writes as text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.model import ToolSpec
from nanodeck.providers.text_calls import TextCallHolder
from tests.unit.providers.streams import (
    DONE,
    Cut,
    call_delta,
    delta,
    every_cut,
    model_call,
    piece,
    read_pieces,
)

TYPES = {"path": {"type": "string"}, "limit": {"type": "integer"}, "edits": {"type": "array"}}
READ = ToolSpec("read", "Read.", {"type": "object", "properties": TYPES})
STOP = delta(finish="stop") + DONE
HERMES = '<tool_call>\n{"name": "read", "arguments": {"path": "a"}}\n</tool_call>'

XML = (
    "<tool_call>\n<function=read>\n<parameter=path>\n a<b\n</parameter>\n"
    "<parameter=limit>\n5\n</parameter>\n</function>\n</tool_call>"
)
INVOKE = '<invoke name="read">\n<parameter name="path">a</parameter>\n</invoke>'

FORMS = {
    "hermes": (HERMES, [{"path": "a"}]),
    "hermes, not closed": (HERMES.removesuffix("\n</tool_call>"), [{"path": "a"}]),
    "hermes, two": (f"{HERMES}\n{HERMES}", [{"path": "a"}, {"path": "a"}]),
    "hermes, parameters": (HERMES.replace("arguments", "parameters"), [{"path": "a"}]),
    "hermes, arguments as text": (
        '<tool_call>{"name":"read","arguments":"{\\"path\\":\\"a\\"}"}',
        [{"path": "a"}],
    ),
    "hermes, raw newline": ('<tool_call>{"name":"read","arguments":{"path":"a\nb"}}', [{"path": "a\nb"}]),
    "xml": (XML, [{"path": " a<b", "limit": 5}]),
    "xml, naked": ("<function=read>\n<parameter=path>a</parameter>\n</function>", [{"path": "a"}]),
    "xml, no parameters": ("<function=read></function>", [{}]),
    "xml, with json": ('<function=read>{"path": "a"}</function>', [{"path": "a"}]),
    "xml, structured value": (
        '<function=read><parameter=edits>[{"a": 1}]</parameter></function>',
        [{"edits": [{"a": 1}]}],
    ),
    "xml, wrong type stays": (
        "<function=read><parameter=limit>many</parameter></function>",
        [{"limit": "many"}],
    ),
    "invoke": (f"<function_calls>\n{INVOKE}\n</function_calls>", [{"path": "a"}]),
    "invoke, naked, two": (f"{INVOKE}\n{INVOKE}", [{"path": "a"}, {"path": "a"}]),
    "indented": (f"  {HERMES}", [{"path": "a"}]),
}


@every_cut
@pytest.mark.parametrize("name", FORMS)
async def test_a_call_in_text_is_a_call(name: str, cut: Cut) -> None:
    text, expected = FORMS[name]
    outcome = await read_pieces(cut(delta(f"I look.\n{text}") + STOP), model_call(tools=(READ,)))
    assert [json.loads(arguments) for _, arguments in outcome.calls] == expected
    assert outcome.text.strip() == "I look."
    assert outcome.reply is not None
    assert outcome.reply.message.text.strip() == "I look."
    assert outcome.reply.message.finish == "calls"
    ids = [call.id for call in outcome.reply.message.calls]
    assert list(outcome.streamed_calls) == ids
    assert len(set(ids)) == len(expected)


PLAIN = {
    "in a fence": f"So:\n```xml\n{HERMES}\n```\nok",
    "in a sentence": "Write <tool_call> and <function=read> like this",
    "unknown name": HERMES.replace("read", "launch"),
    "one of two unknown": f"{HERMES}\n{HERMES.replace('read', 'launch')}",
    "broken": '<tool_call>\n{"name": "read", "argu',
    "no object": '<tool_call>{"name": "read", "arguments": [1]}',
    "no name": '<tool_call>{"arguments": {}}',
    "nothing in it": "<tool_call>\nhm\n</tool_call>",
    "only the start": "<tool_c",
    "many blanks": " " * 500 + "x",
}


@every_cut
@pytest.mark.parametrize("name", PLAIN)
async def test_what_is_no_sound_call_stays_text(name: str, cut: Cut) -> None:
    outcome = await read_pieces(cut(delta(PLAIN[name]) + STOP), model_call(tools=(READ,)))
    assert outcome.calls == []
    assert outcome.text == PLAIN[name]


async def test_without_tools_a_call_is_text() -> None:
    outcome = await read_pieces([delta(HERMES) + STOP], model_call(tools=()))
    assert (outcome.calls, outcome.text) == ([], HERMES)


@pytest.mark.parametrize("finish", ["length", "content_filter"])
async def test_a_reply_that_was_cut_short_has_no_calls_in_its_text(finish: str) -> None:
    outcome = await read_pieces([delta(HERMES, finish=finish) + DONE], model_call(tools=(READ,)))
    assert (outcome.calls, outcome.text) == ([], HERMES)


async def test_beside_real_calls_text_is_text() -> None:
    body = delta(f"{HERMES}\n") + call_delta(piece(0, "x", "read", "{}")) + STOP
    outcome = await read_pieces([body], model_call(tools=(READ,)))
    assert outcome.calls == [("read", "{}")]
    assert outcome.text == f"{HERMES}\n"


async def test_a_cut_stream_keeps_the_text_and_has_no_call() -> None:
    outcome = await read_pieces([delta(f"I look.\n{HERMES}")], model_call(tools=(READ,)))
    assert outcome.error is not None
    assert outcome.error.partial is not None
    assert outcome.error.partial.text == f"I look.\n{HERMES}"
    assert outcome.error.partial.calls == ()


_BITS = st.sampled_from(
    ["<tool_call>", "</tool_call>", "<function=read>", "<", "`", "```", "\n", " ", "a", '{"name":"read"}']
)


@given(st.lists(_BITS, max_size=25).map("".join), st.integers(1, 7))
@settings(max_examples=200, deadline=None)
def test_what_is_shown_does_not_depend_on_the_cuts_and_nothing_is_lost(text: str, size: int) -> None:
    cut, once = TextCallHolder([READ]), TextCallHolder([READ])
    shown = "".join(cut.feed(text[start : start + size]) for start in range(0, len(text), size))
    assert shown == once.feed(text)
    assert shown + cut.held == text
    assert cut.end(trusted=True) == once.end(trusted=True)
