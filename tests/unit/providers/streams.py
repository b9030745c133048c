"""Bodies of streamed replies, ways to cut them, and a model that reads them without a network."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from nanodeck.contracts.errors import ModelError
from nanodeck.contracts.messages import Message, UserMessage
from nanodeck.contracts.model import (
    CallDelta,
    ModelCall,
    ModelEvent,
    ModelRef,
    ReasoningDelta,
    Reply,
    RetryPlanned,
    TextDelta,
    ToolSpec,
)
from nanodeck.providers.chat import ChatModel
from nanodeck.providers.endpoint import Endpoint, make_endpoint
from nanodeck.providers.retry import RetryPolicy

Cut = Callable[[bytes], list[bytes]]

REF = ModelRef("there", "model-1")
ENDPOINT = make_endpoint("there", "http://127.0.0.1:1/v1", "sk-very-secret-key")
READ = ToolSpec("read", "Read a file.", {"type": "object", "properties": {"path": {"type": "string"}}})
DONE = b"data: [DONE]\n\n"
NO_RETRY = RetryPolicy(retries=0)


def event(data: Any) -> bytes:
    """An event with `data` as JSON."""
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def delta(content: Any = None, *, finish: str | None = None, **fields: Any) -> bytes:
    """A chunk whose only choice holds these fields."""
    given = ({} if content is None else {"content": content}) | fields
    choice = {"index": 0, "delta": given, "finish_reason": finish}
    return event({"object": "chat.completion.chunk", "choices": [choice]})


def call_delta(*pieces: dict[str, Any], finish: str | None = None) -> bytes:
    """A chunk with `tool_calls`."""
    return delta(finish=finish, tool_calls=list(pieces))


def piece(index: Any = 0, id: Any = None, name: Any = None, arguments: Any = None) -> dict[str, Any]:  # noqa: A002
    """One entry of `tool_calls`; what is None is left out."""
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    places = {key: value for key, value in (("index", index), ("id", id)) if value is not None}
    return {**places, "function": function}


def model_call(*messages: Message, tools: Sequence[ToolSpec] = (READ,)) -> ModelCall:
    """A call with these messages, or one short prompt."""
    return ModelCall(REF, "be brief", tuple(tools), messages or (UserMessage("hi"),))


class FedConnection:
    """A transport that gives prepared pieces, then ends or breaks off with `failure`."""

    def __init__(self, pieces: Sequence[bytes], failure: ModelError | None = None) -> None:
        self._pieces = pieces
        self._failure = failure

    @asynccontextmanager
    async def post(self, path: str, body: bytes) -> AsyncIterator[AsyncIterator[bytes]]:
        """Ignore the request and answer."""
        yield self._answer()

    async def _answer(self) -> AsyncGenerator[bytes, None]:
        for given in self._pieces:
            yield given
        if self._failure is not None:
            raise self._failure

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class Outcome:
    """What came of a model call: its events and its reply or error."""

    events: list[ModelEvent] = field(default_factory=list)
    reply: Reply | None = None
    error: ModelError | None = None

    @property
    def text(self) -> str:
        """The visible text that was streamed."""
        return "".join(item.text for item in self.events if isinstance(item, TextDelta))

    @property
    def reasoning(self) -> str:
        """The thinking that was streamed."""
        return "".join(item.text for item in self.events if isinstance(item, ReasoningDelta))

    @property
    def retries(self) -> list[RetryPlanned]:
        """The waits that were announced."""
        return [item for item in self.events if isinstance(item, RetryPlanned)]

    @property
    def streamed_calls(self) -> dict[str, tuple[str, str]]:
        """Name and arguments of each streamed call by id."""
        calls: dict[str, tuple[str, str]] = {}
        for item in self.events:
            if isinstance(item, CallDelta):
                calls[item.id] = (item.name, calls.get(item.id, ("", ""))[1] + item.arguments)
        return calls

    @property
    def calls(self) -> list[tuple[str, str]]:
        """Name and arguments of the reply's calls."""
        assert self.reply is not None, self.error
        return [(call.name, call.arguments) for call in self.reply.message.calls]


async def run_model(model: ChatModel, call: ModelCall | None = None) -> Outcome:
    """Everything a model call gives, its error included."""
    outcome = Outcome()
    try:
        async for item in model.stream(call or model_call()):
            assert outcome.reply is None, "nothing may follow the reply"
            if isinstance(item, Reply):
                outcome.reply = item
            else:
                outcome.events.append(item)
    except ModelError as error:
        outcome.error = error
    return outcome


async def read_pieces(
    pieces: Sequence[bytes], call: ModelCall | None = None, *, failure: ModelError | None = None
) -> Outcome:
    """What a body in these pieces comes to, without retries."""
    model = ChatModel(REF, ENDPOINT, policy=NO_RETRY, connection=FedConnection(pieces, failure))
    return await run_model(model, call)


def whole(body: bytes) -> list[bytes]:
    """The body in one piece."""
    return [body]


def bytewise(body: bytes) -> list[bytes]:
    """The body byte by byte."""
    return [body[number : number + 1] for number in range(len(body))]


def scattered(body: bytes) -> list[bytes]:
    """The body in pieces of random but always the same sizes, some of them empty."""
    return list(_scatter(body, Random(len(body))))


def _scatter(body: bytes, chance: Random) -> Iterator[bytes]:
    start = 0
    while start < len(body):
        size = chance.choice((0, 1, 2, 3, 7, 40))
        yield body[start : start + size]
        start += size


every_cut = pytest.mark.parametrize(
    "cut", [whole, bytewise, scattered], ids=["whole", "bytewise", "scattered"]
)


def plain_endpoint(port: int, key: str = "") -> Endpoint:
    """An endpoint on loopback."""
    return make_endpoint("there", f"http://127.0.0.1:{port}/v1", key)
