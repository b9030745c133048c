"""What a model is asked and what comes back: the seam between the engine and the providers."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any, Literal, Protocol, Union

from msgspec import Struct

from nanodeck.contracts.messages import AssistantMessage, Message


class ModelRef(Struct, frozen=True):
    """A model by provider and name, written `provider/name`."""

    provider: str
    name: str

    def __str__(self) -> str:
        return f"{self.provider}/{self.name}"


class ToolSpec(Struct, frozen=True):
    """A tool as a model sees it; `parameters` is a JSON schema."""

    name: str
    description: str
    parameters: dict[str, Any]


class ModelCall(Struct, frozen=True):
    """One request to a model: everything that goes over the wire, still neutral."""

    model: ModelRef
    system: str
    tools: tuple[ToolSpec, ...]
    messages: tuple[Message, ...]


class Usage(Struct, frozen=True, omit_defaults=True):
    """Tokens of one or several model calls; `input` includes `cached`, `output` includes `reasoning`."""

    input: int = 0
    output: int = 0
    cached: int = 0
    reasoning: int = 0

    def plus(self, other: Usage) -> Usage:
        """The sum of both."""
        return Usage(
            self.input + other.input,
            self.output + other.output,
            self.cached + other.cached,
            self.reasoning + other.reasoning,
        )


class TextDelta(Struct, frozen=True):
    """More visible text."""

    text: str


class ReasoningDelta(Struct, frozen=True):
    """More thinking."""

    text: str


class CallDelta(Struct, frozen=True):
    """More of a tool call: `id` names the call, `arguments` is a further piece of its JSON text."""

    id: str
    name: str
    arguments: str


class RetryPlanned(Struct, frozen=True):
    """The call failed before anything was shown and is tried again in `seconds`."""

    attempt: int
    seconds: float
    reason: str


class Reply(Struct, frozen=True):
    """The whole reply, always last: a stream without it did not end properly."""

    message: AssistantMessage
    usage: Usage


ModelEvent = Union[TextDelta, ReasoningDelta, CallDelta, RetryPlanned, Reply]


class ModelPort(Protocol):
    """A provider able to answer model calls."""

    def stream(self, call: ModelCall) -> AsyncGenerator[ModelEvent, None]:
        """Answer one call; ends with `Reply` or raises `ModelError`. Cancelling closes the connection."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class ServerFound(Struct, frozen=True):
    """A model server that answered, or a known one whose key is in the environment."""

    provider: str
    title: str
    base_url: str
    models: tuple[str, ...]
    key_variable: str = ""
    kind: Literal["local", "key", "configured"] = "local"
