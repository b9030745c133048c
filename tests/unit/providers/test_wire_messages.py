"""The transcript on the wire: repaired so that no server refuses it, and never changed afterwards."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.messages import (
    AssistantMessage,
    CallPart,
    Message,
    Origin,
    Part,
    ReasoningPart,
    TextPart,
    ToolMessage,
    UserMessage,
)
from nanodeck.contracts.model import ModelCall, ModelRef, ToolSpec
from nanodeck.providers.chat import request_body
from nanodeck.providers.wire_messages import NO_RESULT, WireStyle, style_of, wire_messages

REF = ModelRef("there", "model-1")
HERE = Origin("there", "model-1")


def reply(*parts: Part, origin: Origin = HERE) -> AssistantMessage:
    return AssistantMessage(parts, origin=origin)


def call(name: str = "a", arguments: str = "{}") -> CallPart:
    return CallPart(name, "read", arguments)


def wire(*messages: Message, model: ModelRef = REF, style: WireStyle | None = None) -> list[dict[str, Any]]:
    return wire_messages("", messages, model, style or WireStyle())


def ids(messages: list[dict[str, Any]]) -> list[str]:
    return [made["id"] for message in messages for made in message.get("tool_calls", ())]


def answered(messages: list[dict[str, Any]]) -> list[str]:
    return [message["tool_call_id"] for message in messages if message["role"] == "tool"]


def test_a_conversation_keeps_its_shape() -> None:
    said = wire_messages(
        "be brief",
        [
            UserMessage("hi"),
            reply(TextPart("I look."), call("a", '{"path":"x"}')),
            ToolMessage("a", "read", "text"),
            reply(TextPart("Done.")),
        ],
        REF,
    )
    function = {"name": "read", "arguments": '{"path":"x"}'}
    assert said == [
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": "hi"},
        {
            "role": "assistant",
            "content": "I look.",
            "tool_calls": [{"id": "a", "type": "function", "function": function}],
        },
        {"role": "tool", "tool_call_id": "a", "content": "text"},
        {"role": "assistant", "content": "Done."},
    ]


def test_content_is_null_when_a_reply_has_only_calls() -> None:
    assert wire(reply(call()), ToolMessage("a", "read", "x"))[0]["content"] is None
    assert wire(reply(TextPart("\n\n"), call()), ToolMessage("a", "read", "x"))[0]["content"] is None


def test_a_call_without_result_gets_one() -> None:
    said = wire(reply(call("a"), call("b")), ToolMessage("b", "read", "text"), UserMessage("go on"))
    assert [(message["role"], message.get("content")) for message in said[1:]] == [
        ("tool", NO_RESULT),
        ("tool", "text"),
        ("user", "go on"),
    ]


def test_results_follow_their_message_in_call_order() -> None:
    said = wire(
        reply(call("a"), call("b")),
        UserMessage("wait"),
        ToolMessage("b", "read", "2"),
        ToolMessage("a", "read", "1"),
    )
    assert [message.get("content") for message in said] == [None, "1", "2", "wait"]


def test_results_without_a_call_are_left_out() -> None:
    said = wire(
        ToolMessage("z", "read", "x"),
        reply(call("a")),
        ToolMessage("a", "read", "1"),
        ToolMessage("a", "read", "2"),
    )
    assert [message.get("content") for message in said] == [None, "1"]


def test_ids_are_unique_and_results_keep_to_their_call() -> None:
    said = wire(
        reply(call("a"), call("a")),
        ToolMessage("a", "read", "1"),
        ToolMessage("a", "read", "2"),
        reply(call("a")),
        ToolMessage("a", "read", "3"),
    )
    assert len(set(ids(said))) == 3
    assert answered(said) == ids(said)
    assert [message["content"] for message in said if message["role"] == "tool"] == ["1", "2", "3"]


def test_empty_messages_are_left_out() -> None:
    assert wire(UserMessage(""), reply(), reply(TextPart(" \n")), reply(ReasoningPart("hm"))) == []


def test_consecutive_user_messages_stay_apart() -> None:
    assert [message["content"] for message in wire(UserMessage("a"), UserMessage("b"))] == ["a", "b"]


def test_an_empty_result_is_said() -> None:
    assert wire(reply(call()), ToolMessage("a", "bash", ""))[1]["content"] == "(no output)"


@pytest.mark.parametrize(
    ("given_text", "sent"),
    [
        ('{"path": "x"}', '{"path": "x"}'),
        ("", "{}"),
        ("{", "{}"),
        ("[1]", "{}"),
        ('"x"', "{}"),
        ("[object Object]", "{}"),
        ('{"a":1}{"b":2}', "{}"),
        ('{"a":NaN}', "{}"),
        ("[" * 5000, "{}"),
        ('{"text":"one\ntwo"}', '{"text":"one\\ntwo"}'),
        ('{"text":"\\ud834"}', '{"text":"\ufffd"}'),
    ],
)
def test_arguments_are_sent_as_an_object_any_server_can_parse(given_text: str, sent: str) -> None:
    assert wire(reply(call("a", given_text)))[0]["tool_calls"][0]["function"]["arguments"] == sent


def test_names_are_made_acceptable() -> None:
    names = [
        message["tool_calls"][0]["function"]["name"]
        for message in wire(*(reply(CallPart(name, name, "{}")) for name in ("read", "a b.c", "", "x" * 90)))
        if "tool_calls" in message
    ]
    assert names == ["read", "a_b_c", "unknown", "x" * 64]


def test_lone_surrogates_never_go_out() -> None:
    messages: list[Message] = [
        UserMessage("a\ud834"),
        reply(TextPart("b\udd1e"), call("\ud834")),
        ToolMessage("\ud834", "read", "\ud834"),
    ]
    made = request_body(ModelCall(REF, "s\ud834", (), tuple(messages)), {})
    assert json.loads(made)["messages"][1]["content"] == "a\ufffd"


def test_thinking_goes_back_in_its_field_to_its_own_model_with_calls_alone() -> None:
    thought = ReasoningPart("hm", "reasoning")
    own, result = reply(thought, call()), ToolMessage("a", "read", "x")
    assert wire(own, result)[0]["reasoning"] == "hm"
    assert "reasoning" not in wire(own, result, model=ModelRef("there", "model-2"))[0]
    assert "reasoning" not in wire(own, result, model=ModelRef("other", "model-1"))[0]
    assert wire(reply(thought, TextPart("Hi"))) == [{"role": "assistant", "content": "Hi"}]
    assert "hm" not in json.dumps(wire(reply(ReasoningPart("hm", "think"), call()), result))


def test_thinking_from_a_content_list_goes_back_as_one() -> None:
    said = wire(reply(ReasoningPart("hm", "content"), TextPart("Hi"), call()), ToolMessage("a", "read", "x"))
    assert said[0]["content"] == [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
        {"type": "text", "text": "Hi"},
    ]


def test_a_model_that_insists_on_thinking_gets_a_filler_for_foreign_calls() -> None:
    style = style_of("deepseek", "api.deepseek.com")
    foreign = reply(call(), origin=Origin("other", "m"))
    assert wire(foreign, style=style)[0]["reasoning_content"] == " "
    assert "reasoning_content" not in wire(reply(call()), style=style)[0]
    assert "reasoning_content" not in wire(foreign)[0]


@pytest.mark.parametrize("name", ["functions.read:0", "call/1", "", "x" * 80])
def test_a_foreign_id_is_made_acceptable_and_an_own_one_kept(name: str) -> None:
    (foreign,) = ids(wire(reply(call(name), origin=Origin("other", "m"))))
    assert foreign != name
    assert foreign.isascii()
    assert foreign.isalnum()
    assert ids(wire(reply(call(name)))) == ([name] if name else ids(wire(reply(call(name)))))


def test_the_strict_style_has_nine_letters_and_digits() -> None:
    style = style_of("any", "api.mistral.ai")
    made = ids(wire(reply(call("call_1"), call("abcdefgh9")), style=style))
    assert made[1] == "abcdefgh9"
    assert len(made[0]) == 9
    assert made[0].isalnum()


_TEXT = st.text(max_size=6)
_ID = st.sampled_from(["a", "b", "functions.x:0", "", "\ud834"])
_PART = st.builds(TextPart, _TEXT) | st.builds(ReasoningPart, _TEXT) | st.builds(CallPart, _ID, _TEXT, _TEXT)
_MESSAGE = (
    st.builds(UserMessage, _TEXT)
    | st.builds(ToolMessage, _ID, st.just("read"), _TEXT)
    | st.builds(
        AssistantMessage,
        st.lists(_PART, max_size=4).map(tuple),
        st.just("stop"),
        st.sampled_from([None, HERE]),
    )
)


@given(st.lists(_MESSAGE, max_size=12))
@settings(max_examples=200, deadline=None)
def test_any_history_is_paired_on_the_wire(messages: list[Message]) -> None:
    said = wire(*messages)
    assert len(set(ids(said))) == len(ids(said))
    open_ids: list[str] = []
    for message in said:
        if message["role"] == "tool":
            assert message["tool_call_id"] == open_ids.pop(0)
        else:
            assert not open_ids
            open_ids = [made["id"] for made in message.get("tool_calls", ())]
    assert not open_ids
    msgspec.json.encode(said)


def _turns() -> list[tuple[Message, ...]]:
    """A job turn by turn: each adds what happened since the last model call."""
    return [
        (UserMessage("folder: /x", "context"), UserMessage("fix it")),
        (reply(ReasoningPart("hm"), TextPart("I look."), call("a"), call("b", "{")), *_results("a", "b")),
        (reply(call("a")), *_results("a"), UserMessage("use tabs", "steer")),
        (reply(TextPart("Done.")), UserMessage("thanks")),
        (AssistantMessage((TextPart("It is"),), "interrupted", HERE), UserMessage("again")),
        (reply(CallPart("x.y:0", "no such tool", ""), origin=Origin("other", "m")), *_results("x.y:0")),
    ]


def _results(*names: str) -> tuple[ToolMessage, ...]:
    return tuple(ToolMessage(name, "read", f"text {name}") for name in names)


def test_each_request_extends_the_last_one_byte_for_byte() -> None:
    tools = (ToolSpec("read", "Read.", {"type": "object"}), ToolSpec("ls", "List.", {"type": "object"}))
    history: tuple[Message, ...] = ()
    last = b""
    for turn in _turns():
        history += turn
        body = request_body(ModelCall(REF, "be brief", tools, history), {"temperature": 0, "seed": 1})
        assert body.endswith(b"]}")
        assert body.startswith(last)
        last = body.removesuffix(b"]}")


def test_settings_and_tools_come_before_the_messages_and_cannot_replace_them() -> None:
    tools = (ToolSpec("read", "Read.", {"type": "object"}),)
    made = request_body(
        ModelCall(REF, "", tools, (UserMessage("hi"),)),
        {"temperature": 0, "messages": [], "model": "x", "stream": False},
    )
    assert list(json.loads(made)) == ["model", "stream", "stream_options", "temperature", "tools", "messages"]
    assert json.loads(made)["model"] == "model-1"
    assert json.loads(made)["stream_options"] == {"include_usage": True}


def test_no_tools_means_no_field_for_them() -> None:
    assert "tools" not in json.loads(request_body(ModelCall(REF, "", (), (UserMessage("hi"),)), {}))
