"""Our chat protocol against llama.cpp's own HTTP server."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from nanodeck.contracts.errors import ModelError
from nanodeck.contracts.messages import AssistantMessage, Message, ToolMessage, UserMessage
from nanodeck.contracts.model import (
    CallDelta,
    ModelCall,
    ModelEvent,
    ModelRef,
    Reply,
    TextDelta,
    ToolSpec,
)
from nanodeck.providers.chat import ChatModel
from nanodeck.providers.discovery import list_models
from nanodeck.providers.endpoint import make_endpoint
from tests.peers.scripted_gguf import ANSWER, PATH_OF_CALL, SMALL_TALK, TEXT_BEFORE_CALL

REF = ModelRef("llamacpp", "scripted")
READ = ToolSpec(
    "read",
    "Read a file.",
    {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]},
)


@pytest.fixture
async def model(llama_url: str) -> AsyncIterator[ChatModel]:
    """A model on the real server."""
    made = ChatModel(REF, make_endpoint("llamacpp", llama_url), settings={"temperature": 0})
    yield made
    await made.close()


async def stream(
    model: ChatModel, *messages: Message, tools: tuple[ToolSpec, ...] = (READ,)
) -> list[ModelEvent]:
    call = ModelCall(REF, "You work on files.", tools, messages)
    return [event async for event in model.stream(call)]


def reply_of(events: list[ModelEvent]) -> Reply:
    assert isinstance(events[-1], Reply)
    return events[-1]


async def test_a_call_streams_and_its_result_brings_the_final_text(model: ChatModel) -> None:
    question = UserMessage("What does the README say?")
    events = await stream(model, question)
    first = reply_of(events)
    assert first.message.text.strip() == TEXT_BEFORE_CALL
    assert sum(isinstance(event, TextDelta) for event in events) > 1
    (call,) = first.message.calls
    assert (call.name, json.loads(call.arguments)) == ("read", {"path": PATH_OF_CALL})
    streamed = "".join(event.arguments for event in events if isinstance(event, CallDelta))
    assert streamed == call.arguments
    assert first.message.finish == "calls"
    assert first.usage.input > 0
    assert first.usage.output > 0

    last = reply_of(await stream(model, question, first.message, ToolMessage(call.id, "read", "hello")))
    assert last.message.text == ANSWER
    assert last.message.finish == "stop"
    assert last.message.calls == ()


async def test_without_tools_it_only_talks(model: ChatModel) -> None:
    assert reply_of(await stream(model, UserMessage("hi"), tools=())).message.text == SMALL_TALK


async def test_a_damaged_history_is_taken(model: ChatModel) -> None:
    broken = AssistantMessage(reply_of(await stream(model, UserMessage("hi"))).message.calls * 2)
    history = (UserMessage("hi \ud834"), broken, UserMessage("go on"), UserMessage("please"))
    assert reply_of(await stream(model, *history)).message.calls


async def test_a_conversation_that_is_too_long_is_an_overflow(model: ChatModel) -> None:
    with pytest.raises(ModelError) as caught:
        await stream(model, UserMessage("x" * 40_000))
    assert caught.value.kind == "context-overflow"


async def test_its_models_are_listed(llama_url: str) -> None:
    found = await list_models(make_endpoint("llamacpp", llama_url))
    assert found.error == ""
    assert len(found.models) == 1
