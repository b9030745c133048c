"""The neutral transcript as chat-completions messages, repaired so that no server refuses it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from nanodeck.contracts.arguments import read_arguments
from nanodeck.contracts.messages import (
    AssistantMessage,
    CallPart,
    Message,
    ReasoningPart,
    ToolMessage,
    UserMessage,
)
from nanodeck.contracts.model import ModelRef
from nanodeck.providers.scalars import scalar_text

NO_RESULT = "[no result: the call was interrupted]"
_FIELDS = ("reasoning_content", "reasoning")
_SHORT_ID = re.compile("[A-Za-z0-9]{9}")
_SAFE_ID = re.compile("[A-Za-z0-9_-]{1,40}")

WireMessage = dict[str, Any]


class WireStyle(msgspec.Struct, frozen=True):
    """What a provider insists on: call ids of nine letters and digits; thinking with every call."""

    short_ids: bool = False
    needs_reasoning: bool = False


PLAIN = WireStyle()


def style_of(provider: str, host: str) -> WireStyle:
    """The style for a provider, known by its name or its host."""
    named = f"{provider} {host}"
    return WireStyle(
        short_ids="mistral" in named,
        needs_reasoning="deepseek" in named or "moonshot" in named or "kimi" in named,
    )


def wire_messages(
    system: str, messages: Sequence[Message], model: ModelRef, style: WireStyle = PLAIN
) -> list[WireMessage]:
    """Chat messages for `messages`.

    Every call gets exactly one result behind its message, ids are unique, results without a call
    and empty messages are left out. What a message becomes depends on it and what came before
    alone, so that each request extends the last one.
    """
    out: list[WireMessage] = [{"role": "system", "content": scalar_text(system)}] if system else []
    writer = _Writer(model, style)
    for said, behind in _segments(messages):
        if said is not None:
            out += writer.reply(said, [item for item in behind if isinstance(item, ToolMessage)])
        for item in behind:
            if isinstance(item, UserMessage) and item.text:
                out.append({"role": "user", "content": scalar_text(item.text)})
    return out


def _segments(
    messages: Iterable[Message],
) -> list[tuple[AssistantMessage | None, list[UserMessage | ToolMessage]]]:
    """Each reply with what follows it up to the next one; the first has none."""
    segments: list[tuple[AssistantMessage | None, list[UserMessage | ToolMessage]]] = [(None, [])]
    for message in messages:
        if isinstance(message, AssistantMessage):
            segments.append((message, []))
        else:
            segments[-1][1].append(message)
    return segments


class _Writer:
    """Writes replies and their results; remembers the ids it gave out."""

    def __init__(self, model: ModelRef, style: WireStyle) -> None:
        self._model = model
        self._style = style
        self._ids: set[str] = set()

    def reply(self, message: AssistantMessage, results: list[ToolMessage]) -> list[WireMessage]:
        """A reply and one result for each of its calls, in call order."""
        calls, text = message.calls, scalar_text(message.text)
        if not calls and not text.strip():
            return []
        wire: WireMessage = {"role": "assistant", "content": text if text.strip() else None}
        if not calls:
            return [wire]
        self._add_reasoning(wire, message)
        out, left = [wire], list(results)
        wire["tool_calls"] = []
        for call in calls:
            call_id = self._call_id(call.id, self._ours(message))
            function = {"name": _name(call.name), "arguments": _arguments(call)}
            wire["tool_calls"].append({"id": call_id, "type": "function", "function": function})
            result = next((item for item in left if item.call_id == call.id), None)
            if result is not None:
                left.remove(result)
            content = scalar_text(result.text) or "(no output)" if result else NO_RESULT
            out.append({"role": "tool", "tool_call_id": call_id, "content": content})
        return out

    def _ours(self, message: AssistantMessage) -> bool:
        return message.origin is not None and message.origin.provider == self._model.provider

    def _add_reasoning(self, wire: WireMessage, message: AssistantMessage) -> None:
        """Thinking goes back to the model it came from, in the field it came in, with its calls alone."""
        origin = message.origin
        ours = origin is not None and (origin.provider, origin.model) == (
            self._model.provider,
            self._model.name,
        )
        parts = [part for part in message.parts if isinstance(part, ReasoningPart)] if ours else []
        for field in _FIELDS:
            if text := "".join(part.text for part in parts if part.field == field):
                wire[field] = scalar_text(text)
        if text := "".join(part.text for part in parts if part.field == "content"):
            thinking = {"type": "thinking", "thinking": [{"type": "text", "text": scalar_text(text)}]}
            said = [{"type": "text", "text": wire["content"]}] if wire["content"] else []
            wire["content"] = [thinking, *said]
        if self._style.needs_reasoning and not ours:
            # These refuse calls without thinking even where another model made them.
            wire["reasoning_content"] = " "

    def _call_id(self, given: str, ours: bool) -> str:
        """An id the server takes, unique in this request and the same in every later one."""
        fits = _SHORT_ID if self._style.short_ids else _SAFE_ID
        wire = scalar_text(given)
        keep = bool(wire) and ours and not self._style.short_ids
        salt = 0
        if not keep and not fits.fullmatch(wire):
            wire = _hashed(given, salt)
        while wire in self._ids:
            salt += 1
            wire = _hashed(given, salt)
        self._ids.add(wire)
        return wire


def _hashed(given: str, salt: int) -> str:
    return hashlib.sha256(f"{salt}:{given}".encode("utf-8", "surrogatepass")).hexdigest()[:9]


def _name(name: str) -> str:
    return re.sub("[^A-Za-z0-9_-]", "_", name)[:64] or "unknown"


def _arguments(call: CallPart) -> str:
    """The arguments as sent if any server can parse them, else repaired, else an empty object."""
    try:
        if isinstance(msgspec.json.decode(call.arguments), dict):
            return call.arguments
    except (ValueError, RecursionError):
        pass
    try:
        lenient = read_arguments(call.arguments)
        if isinstance(lenient, dict):
            text = json.dumps(lenient, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            return scalar_text(text)
    except (ValueError, RecursionError):
        pass
    return "{}"
