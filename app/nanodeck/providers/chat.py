"""OpenAI-compatible chat completions, streamed: one model call in, model events out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any

import msgspec

from nanodeck.contracts.errors import ModelError
from nanodeck.contracts.messages import AssistantMessage, Origin
from nanodeck.contracts.model import ModelCall, ModelEvent, ModelRef, ToolSpec
from nanodeck.providers.chat_reader import ChatReader
from nanodeck.providers.endpoint import Endpoint
from nanodeck.providers.http import Connection, HttpConnection
from nanodeck.providers.merging import merged
from nanodeck.providers.retry import RetryPolicy, Sleep, retried
from nanodeck.providers.scalars import scalar_text
from nanodeck.providers.sse import SseEvent, SseReader
from nanodeck.providers.wire_messages import PLAIN, WireStyle, style_of, wire_messages

PATH = "chat/completions"
LINGER_SECONDS = 5.0
"""How long a server that named the reply's end may keep quiet before it is taken as ended."""
DRAIN_SECONDS = 0.2
"""How long the body's last bytes are waited for, so that the connection can be used again."""

_OWN_FIELDS = {"model", "stream", "stream_options", "tools", "messages"}


class ChatModel:
    """A provider reached over chat completions; `ref` is the model it was opened for."""

    def __init__(
        self,
        ref: ModelRef,
        endpoint: Endpoint,
        *,
        settings: Mapping[str, Any] | None = None,
        policy: RetryPolicy | None = None,
        sleep: Sleep = asyncio.sleep,
        connection: Connection | None = None,
    ) -> None:
        self.ref = ref
        self.endpoint = endpoint
        self._settings = dict(settings or {})
        self._policy = policy or RetryPolicy()
        self._sleep = sleep
        self._http = connection or HttpConnection(endpoint)
        self._style = style_of(endpoint.provider, endpoint.host)

    def stream(self, call: ModelCall) -> AsyncGenerator[ModelEvent, None]:
        """Answer one call; ends with `Reply` or raises `ModelError`. Cancelling closes the connection."""
        body = request_body(call, self._settings, self._style)
        return retried(lambda: self._attempt(call, body), self._policy, self._sleep)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def _attempt(self, call: ModelCall, body: bytes) -> AsyncGenerator[ModelEvent, None]:
        """One HTTP request and its reply."""
        origin = Origin(call.model.provider, call.model.name)
        reader = ChatReader(origin, _used_ids(call), self.endpoint.redact, tools=call.tools)
        try:
            async with self._http.post(PATH, body) as chunks, aclosing(_events(chunks, reader)) as arrivals:
                async for events in arrivals:
                    told, failure = _told(events, reader)
                    for shown in merged(told):
                        yield shown
                    if failure:
                        raise failure
        except ModelError as error:
            if not reader.finished or error.kind != "network":
                error.partial = reader.partial()
                raise
        if not (reader.finished or reader.done):
            message = "the connection closed before the reply was complete"
            raise ModelError("network", message, retryable=True, partial=reader.partial())
        for shown in reader.end():
            yield shown
        yield reader.reply()


def _told(events: list[SseEvent], reader: ChatReader) -> tuple[list[ModelEvent], ModelError | None]:
    """What `events` show, as far as they can be read, and why not further."""
    told: list[ModelEvent] = []
    try:
        for event in events:
            told += reader.feed(event)
    except ModelError as error:
        return told, error
    return told, None


async def _events(chunks: AsyncIterator[bytes], reader: ChatReader) -> AsyncGenerator[list[SseEvent], None]:
    """The events of a body as they arrive together, until its end or until the reader needs no more."""
    sse = SseReader()
    try:
        while not reader.done:
            async with asyncio.timeout(LINGER_SECONDS if reader.finished else None):
                chunk = await anext(chunks, None)
            if chunk is None:
                break
            yield sse.feed(chunk)
        async with asyncio.timeout(DRAIN_SECONDS):
            while await anext(chunks, None) is not None:
                pass
    except TimeoutError:
        pass
    yield sse.end()


def request_body(call: ModelCall, settings: Mapping[str, Any], style: WireStyle = PLAIN) -> bytes:
    """The request as JSON with `messages` last, so that a longer conversation extends a shorter one."""
    body: dict[str, Any] = {
        "model": scalar_text(call.model.name),
        "stream": True,
        "stream_options": {"include_usage": True},
        **{name: settings[name] for name in sorted(settings.keys() - _OWN_FIELDS)},
    }
    if call.tools:
        body["tools"] = [_wire_tool(tool) for tool in call.tools]
    body["messages"] = wire_messages(call.system, call.messages, call.model, style)
    return msgspec.json.encode(body)


def _wire_tool(tool: ToolSpec) -> dict[str, Any]:
    function = {
        "name": tool.name,
        "description": scalar_text(tool.description),
        "parameters": tool.parameters,
    }
    return {"type": "function", "function": function}


def _used_ids(call: ModelCall) -> set[str]:
    replies = (message for message in call.messages if isinstance(message, AssistantMessage))
    return {part.id for reply in replies for part in reply.calls}
