"""Errors a person or a model is told about; each says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from nanodeck.contracts.messages import AssistantMessage

ModelErrorKind = Literal[
    "auth", "not-found", "overloaded", "rate-limited", "context-overflow", "network", "protocol", "refused"
]

ADVICE: dict[str, str] = {
    "auth": "check the key (/model shows where it comes from)",
    "not-found": "check the model's name and the base URL (/model lists what the server has)",
    "overloaded": "the server is busy: try again in a moment, or /model to switch",
    "rate-limited": "wait for the limit to pass, or /model to switch",
    "context-overflow": "the conversation is longer than the model's window: /new starts afresh",
    "network": "check that the server runs and is reachable, then send again",
    "protocol": "the server sent something that is not the protocol: see the log, or /model to switch",
    "refused": "the server refused the request: its message says why",
}


class NanodeckError(Exception):
    """Base of everything nanodeck raises on purpose; `advice` is one line on what to do."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class ModelError(NanodeckError):
    """A model call failed. `partial` is what had been shown; `retry_after` is in seconds."""

    def __init__(
        self,
        kind: ModelErrorKind,
        message: str,
        *,
        retry_after: float | None = None,
        retryable: bool = False,
        partial: AssistantMessage | None = None,
    ) -> None:
        super().__init__(message, ADVICE[kind])
        self.kind: ModelErrorKind = kind
        self.retry_after = retry_after
        self.retryable = retryable
        self.partial = partial


class ToolError(NanodeckError):
    """A tool call cannot be done; the message is the answer the model reads."""


class SettingsError(NanodeckError):
    """A setting is wrong; the message names file, line and key."""


class SessionError(NanodeckError):
    """A session cannot be opened, read or written."""


class UsageError(NanodeckError):
    """Wrong arguments on the command line: exit 64, nothing started."""
