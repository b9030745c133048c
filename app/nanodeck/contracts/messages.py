"""The neutral transcript: what was said, independent of any provider's wire format."""

from __future__ import annotations

from typing import Literal, Union

from msgspec import Struct

from nanodeck.contracts.text import one_line


class Origin(Struct, frozen=True, omit_defaults=True):
    """Which model made a message, and over which protocol."""

    provider: str
    model: str
    api: str = "chat"


class TextPart(Struct, frozen=True, tag="text"):
    """Visible text."""

    text: str


class ReasoningPart(Struct, frozen=True, tag="reasoning", omit_defaults=True):
    """The model's thinking; `field` is the wire field it came in, so that it can be sent back."""

    text: str
    field: str = "reasoning_content"


class CallPart(Struct, frozen=True, tag="call"):
    """A tool call; `arguments` is the JSON text exactly as the model sent it."""

    id: str
    name: str
    arguments: str


Part = Union[TextPart, ReasoningPart, CallPart]

UserKind = Literal["prompt", "steer", "queued", "context"]
Finish = Literal["stop", "calls", "length", "filter", "interrupted", "error"]


class Attachment(Struct, frozen=True, omit_defaults=True):
    """A file or folder that goes with a message: `about` is a few words for people, `text` for the model.

    What could not be attached has a `problem` instead of both.
    """

    name: str
    about: str = ""
    text: str = ""
    problem: str = ""


def attached_words(attached: Attachment) -> str:
    """What is said in one line about something that was, or was not, attached."""
    name, problem = one_line(attached.name), attached.problem
    return (
        f"not attached: {name}: {one_line(problem, 500)}"
        if problem
        else f"attached {name}: {one_line(attached.about)}"
    )


class UserMessage(Struct, frozen=True, tag="user", omit_defaults=True):
    """Text from the person with what it mentions, or context that nanodeck puts in front of it."""

    text: str
    kind: UserKind = "prompt"
    attachments: tuple[Attachment, ...] = ()


class AssistantMessage(Struct, frozen=True, tag="assistant", omit_defaults=True):
    """One reply of a model: ordered parts and why it ended."""

    parts: tuple[Part, ...]
    finish: Finish = "stop"
    origin: Origin | None = None

    @property
    def text(self) -> str:
        """The visible text of all parts."""
        return "".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def reasoning(self) -> str:
        """The thinking of all parts."""
        return "".join(part.text for part in self.parts if isinstance(part, ReasoningPart))

    @property
    def calls(self) -> tuple[CallPart, ...]:
        """The tool calls in order."""
        return tuple(part for part in self.parts if isinstance(part, CallPart))


class ToolMessage(Struct, frozen=True, tag="tool", omit_defaults=True):
    """The result of one tool call, as the model reads it."""

    call_id: str
    name: str
    text: str
    ok: bool = True


Message = Union[UserMessage, AssistantMessage, ToolMessage]
