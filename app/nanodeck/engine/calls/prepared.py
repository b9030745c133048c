"""A tool call on its way to being run: found, parsed, and what is known about its effect."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.messages import CallPart
from nanodeck.contracts.text import one_line, show_controls
from nanodeck.core.batches import BatchKind
from nanodeck.tools.registry import Effect, Tool, find_tool

_BATCH_OF: dict[Effect, BatchKind] = {Effect.READ: "read", Effect.EDIT: "edit"}


class ReadyCall(Struct, frozen=True):
    """A call whose tool is known and whose arguments fit it."""

    id: str
    tool: Tool
    arguments: Struct
    title: str

    @property
    def batch(self) -> BatchKind:
        """How it may be grouped with its neighbours."""
        return _BATCH_OF.get(self.effect, "single")

    @property
    def effect(self) -> Effect:
        """What it can do."""
        return self.tool.effect_of(self.arguments)

    @property
    def command(self) -> str:
        """The shell command it runs; empty for every other call."""
        value = getattr(self.arguments, "command", "")
        return value if isinstance(value, str) and self.effect is Effect.EXECUTE else ""

    @property
    def readable_arguments(self) -> str:
        """The arguments as a person reads them, whole."""
        return show_controls(msgspec.json.format(msgspec.json.encode(self.arguments), indent=2).decode())

    def with_command(self, command: str) -> ReadyCall:
        """The same call with another command."""
        arguments = msgspec.structs.replace(self.arguments, command=command)
        return replace(self, arguments=arguments, title=one_line(self.tool.title(arguments)))


class WrongCall(Struct, frozen=True):
    """A call that cannot run; `problem` is what the model is told."""

    id: str
    name: str
    problem: str

    @property
    def batch(self) -> BatchKind:
        """It has no effect, so it may stand among reads."""
        return "read"


PreparedCall = ReadyCall | WrongCall


def prepare(call: CallPart, offered: Callable[[Tool], bool], names: tuple[str, ...]) -> PreparedCall:
    """Find the tool of `call` and fit its arguments to it, before anybody is asked."""
    tool = find_tool(call.name)
    if tool is None or not offered(tool):
        shown = one_line(call.name, 60)
        return WrongCall(call.id, shown, f"there is no tool {shown!r}; the tools are: {', '.join(names)}")
    try:
        arguments = tool.parse(call.arguments, call.name)
    except ToolError as error:
        return WrongCall(call.id, tool.name, error.message)
    return ReadyCall(call.id, tool, arguments, one_line(tool.title(arguments)))
