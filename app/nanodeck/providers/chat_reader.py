"""Reads chat-completion chunks: what is shown as it comes, and the whole reply at a proper end."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from nanodeck.contracts.errors import ModelError
from nanodeck.contracts.messages import AssistantMessage, Finish, Origin, Part, ReasoningPart, TextPart
from nanodeck.contracts.model import ModelEvent, ReasoningDelta, Reply, TextDelta, ToolSpec, Usage
from nanodeck.contracts.text import one_line
from nanodeck.providers.calls import CallAssembler, make_call_id
from nanodeck.providers.scalars import ScalarStream
from nanodeck.providers.sse import SseEvent
from nanodeck.providers.text_calls import TextCallHolder
from nanodeck.providers.think import ThinkSplitter

_REASONING_FIELDS = ("reasoning_content", "reasoning", "thinking")
_FINISHES: dict[str, Finish] = {"length": "length", "max_tokens": "length", "content_filter": "filter"}
_BROKEN_FINISHES = ("error", "function_call_filter", "malformed_function_call", "network_error")


class ChatReader:
    """The state of one streamed reply.

    Feed it events; `finished` says that the server named an end, `done` that it said its last
    word. Only then is there a `reply()`; before, what there is is `partial()`, without its calls.
    """

    def __init__(
        self,
        origin: Origin,
        used_ids: Iterable[str] = (),
        redact: Callable[[str], str] = str,
        make_id: Callable[[], str] = make_call_id,
        tools: Sequence[ToolSpec] = (),
    ) -> None:
        self.finished = False
        self.done = False
        self._origin = origin
        self._redact = redact
        self._calls = CallAssembler(used_ids, make_id)
        self._think = ThinkSplitter()
        self._holder = TextCallHolder(tools)
        self._text = ScalarStream()
        self._thought = ScalarStream()
        self._said: list[tuple[str, list[str]]] = []
        self._finish = ""
        self._usage = Usage()

    def feed(self, event: SseEvent) -> list[ModelEvent]:
        """What an event shows. Raises ModelError for an error or for what is not the protocol."""
        if event.data.strip() == "[DONE]":
            self.done = True
            return []
        shown: list[ModelEvent] = []
        for chunk in self._chunks(event):
            shown += self._feed_chunk(chunk)
        return shown

    def end(self) -> list[ModelEvent]:
        """What was held back, now that nothing follows."""
        shown = self._speak(self._text.end())
        shown += self._take_pieces(self._think.end())
        shown += self._settle_text_calls()
        if late := self._thought.end():
            shown += self._think_aloud("reasoning_content", late)
        return [*shown, *self._calls.end()]

    def reply(self) -> Reply:
        """The whole reply; call `end()` first. Raises ModelError when there is nothing in it."""
        calls = self._calls.parts()
        message = AssistantMessage((*self._parts(), *calls), self._finish_of(bool(calls)), self._origin)
        if not self._finish and (calls or not message.parts):
            # Relays say [DONE] after a cut too: without a reason to stop no call can be trusted.
            raise ModelError(
                "protocol",
                "the server ended the reply without a reason",
                retryable=True,
                partial=self.partial(),
            )
        return Reply(message, self._usage)

    def partial(self) -> AssistantMessage | None:
        """What was shown of a reply that did not end properly; calls are dropped."""
        held = (TextPart(self._holder.held),) if self._holder.held else ()
        parts = (*self._parts(), *held)
        return AssistantMessage(parts, "error", self._origin) if parts else None

    def _chunks(self, event: SseEvent) -> Iterator[dict[str, Any]]:
        """The objects of an event: one, or one a line where a server leaves out blank lines."""
        whole = _parsed(event.data)
        if isinstance(whole, dict):
            yield _marked(whole, event)
            return
        for line in [event.data] if event.plain else event.data.split("\n"):
            chunk = _parsed(line)
            if isinstance(chunk, list) and chunk:
                chunk = chunk[0]
            if isinstance(chunk, dict):
                yield _marked(chunk, event)
            elif line.strip() == "[DONE]":
                self.done = True
            elif line.strip():
                self._refuse(line, event)

    def _refuse(self, line: str, event: SseEvent) -> None:
        """Raise for a line that is no object, unless it does not matter or is a cut one."""
        if event.name == "error" and not event.last:
            raise _failure(line, self._redact)
        page = event.plain and line.lstrip().startswith("<")
        if page or not (event.last or self.finished or event.name):
            what = "a web page" if page else "a line that is no chunk"
            raise ModelError("protocol", f"the server sent {what}: {one_line(self._redact(line), 120)}")

    def _feed_chunk(self, chunk: dict[str, Any]) -> list[ModelEvent]:
        if chunk.get("error"):
            raise _failure(chunk, self._redact)
        if chunk.get("object") == "error":
            raise _failure({"error": chunk}, self._redact)
        self._count(chunk)
        choices = chunk.get("choices")
        shown: list[ModelEvent] = []
        for choice in choices if isinstance(choices, list) else []:
            if isinstance(choice, dict) and choice.get("index") in (None, 0):
                shown += self._feed_choice(choice)
        return shown

    def _feed_choice(self, choice: dict[str, Any]) -> list[ModelEvent]:
        shown: list[ModelEvent] = []
        # A server that does not stream sends one whole message instead of deltas.
        delta = choice.get("delta") or choice.get("message")
        if isinstance(delta, dict):
            shown = self._feed_delta(delta)
        if choice.get("error"):
            raise _failure(choice["error"], self._redact)
        finish = choice.get("finish_reason")
        if isinstance(finish, str) and finish:
            if finish.lower().startswith(_BROKEN_FINISHES):
                said = one_line(self._redact(finish), 120)
                raise ModelError("protocol", f"the server broke off with finish {said!r}", retryable=True)
            self._finish, self.finished = finish.lower(), True
        return shown

    def _feed_delta(self, delta: dict[str, Any]) -> list[ModelEvent]:
        shown: list[ModelEvent] = []
        for field in _REASONING_FIELDS:
            text = delta.get(field)
            if isinstance(text, str) and text:
                shown += self._think_aloud(field, self._thought.feed(text))
                break
        else:
            for text in _detail_texts(delta.get("reasoning_details")):
                shown += self._think_aloud("reasoning", self._thought.feed(text))
        shown += self._feed_content(delta.get("content"))
        shown += self._feed_content(delta.get("refusal"))
        calls = delta.get("tool_calls")
        pieces = [piece for piece in calls if isinstance(piece, dict)] if isinstance(calls, list) else []
        legacy = delta.get("function_call")
        if isinstance(legacy, dict) and not pieces:
            pieces = [{"index": 0, "function": legacy}]
        return [*shown, *self._calls.feed(pieces)]

    def _feed_content(self, content: Any) -> list[ModelEvent]:
        if isinstance(content, str):
            return self._speak(self._text.feed(content))
        shown: list[ModelEvent] = []
        for item in content if isinstance(content, list) else []:
            if not isinstance(item, dict):
                continue
            if item.get("type") == "thinking":
                for text in _texts(item.get("thinking")):
                    shown += self._think_aloud("content", self._thought.feed(text))
            elif isinstance(item.get("text"), str):
                shown += self._speak(self._text.feed(item["text"]))
        return shown

    def _speak(self, text: str) -> list[ModelEvent]:
        return self._take_pieces(self._think.feed(text)) if text else []

    def _take_pieces(self, pieces: Iterable[tuple[str, str]]) -> list[ModelEvent]:
        shown: list[ModelEvent] = []
        for kind, text in pieces:
            if kind == "text":
                shown += self._show(self._holder.feed(text))
            elif kind == "reasoning":
                self._add("think", text)
                shown.append(ReasoningDelta(text))
            else:
                self._said = [("think" if field == "text" else field, said) for field, said in self._said]
        return shown

    def _show(self, text: str) -> list[ModelEvent]:
        if not text:
            return []
        self._add("text", text)
        return [TextDelta(text)]

    def _settle_text_calls(self) -> list[ModelEvent]:
        """Calls written as text, where the reply ended by itself and the server found none."""
        whole = self._finish_of(calls=False) == "stop"
        text, calls = self._holder.end(trusted=whole and not self._calls.parts())
        pieces = [{"function": {"name": name, "arguments": arguments}} for name, arguments in calls]
        return [*self._show(text), *self._calls.feed(pieces)]

    def _think_aloud(self, field: str, text: str) -> list[ModelEvent]:
        if not text:
            return []
        self._think.thought = True
        self._add(field, text)
        return [ReasoningDelta(text)]

    def _add(self, field: str, text: str) -> None:
        if self._said and self._said[-1][0] == field:
            self._said[-1][1].append(text)
        else:
            self._said.append((field, [text]))

    def _parts(self) -> tuple[Part, ...]:
        parts: list[Part] = []
        for field, texts in self._said:
            text = "".join(texts)
            parts.append(TextPart(text) if field == "text" else ReasoningPart(text, field))
        return tuple(parts)

    def _finish_of(self, calls: bool) -> Finish:
        for word, finish in _FINISHES.items():
            if word in self._finish:
                return finish
        return "calls" if calls else "stop"

    def _count(self, chunk: dict[str, Any]) -> None:
        extra = chunk.get("x_groq")
        given = chunk.get("usage") or (extra.get("usage") if isinstance(extra, dict) else None)
        if isinstance(given, dict):
            self._usage = _usage(given)


def _failure(error: Any, redact: Callable[[str], str]) -> ModelError:
    """The failure a stream tells of; most streams tell of none, so that its rules are loaded late."""
    from nanodeck.providers.failures import failure_in_stream

    return failure_in_stream(error, redact)


def _usage(given: dict[str, Any]) -> Usage:
    inside = given.get("prompt_tokens_details")
    outside = given.get("completion_tokens_details")
    cached = inside.get("cached_tokens") if isinstance(inside, dict) else None
    thought = outside.get("reasoning_tokens") if isinstance(outside, dict) else None
    return Usage(
        input=_tokens(given.get("prompt_tokens")),
        output=_tokens(given.get("completion_tokens")),
        cached=_tokens(cached or given.get("prompt_cache_hit_tokens")),
        reasoning=_tokens(thought),
    )


def _tokens(given: Any) -> int:
    usable = isinstance(given, (int, float)) and math.isfinite(given)
    return max(0, int(given)) if usable else 0


def _texts(given: Any) -> Iterator[str]:
    """The texts of a string or of a list of `{text}` items."""
    if isinstance(given, str):
        yield given
    for item in given if isinstance(given, list) else []:
        if isinstance(item, dict) and isinstance(item.get("text"), str):
            yield item["text"]


def _detail_texts(details: Any) -> Iterator[str]:
    for item in details if isinstance(details, list) else []:
        if isinstance(item, dict):
            text = item.get("text") or item.get("summary")
            if isinstance(text, str):
                yield text


def _marked(chunk: dict[str, Any], event: SseEvent) -> dict[str, Any]:
    """`chunk` as an error if the event's name says that it is one."""
    return {"error": chunk} if event.name == "error" and "error" not in chunk else chunk


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
