"""The tool registry: one decorator makes a function a tool.

class ReadArguments(Struct):
    path: Annotated[str, Meta(description="file or folder")]
    limit: int = 2000

@tool("read", "Read a file.", effect=Effect.READ, arguments={"file_path": "path"})
async def read(arguments: ReadArguments, context: ToolContext) -> ToolOutput: ...
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from functools import cached_property
from typing import Any, TypeVar, get_type_hints

import msgspec
from msgspec import Struct, field

from nanodeck.contracts.arguments import read_arguments
from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.model import ToolSpec
from nanodeck.shell.walls import Denied
from nanodeck.tools.context import ToolContext
from nanodeck.tools.schema import compact_schema


class Effect(Enum):
    """What a call can do, which decides how it is scheduled and who is asked."""

    READ = "read"
    """Changes nothing: neighbours run in parallel."""
    EDIT = "edit"
    """Stages file changes: neighbours form one changeset."""
    EXECUTE = "execute"
    """Runs something outside nanodeck's control."""
    STATE = "state"
    """Changes the session's own state only (tasks): never asks, runs in order."""


class ToolOutput(Struct, frozen=True, omit_defaults=True):
    """What a tool answers: `text` for the model, `summary` a few words for its row ("3 hits").

    `denied`: a person said no to what the call asked for. `walled` is what the sandbox kept it from.
    """

    text: str
    summary: str = ""
    ok: bool = True
    denied: bool = False
    walled: Denied | None = None


ArgumentsT = TypeVar("ArgumentsT", bound=Struct)
ToolFunction = Callable[[Any, ToolContext], Awaitable[ToolOutput]]


def _path_argument(arguments: Any) -> tuple[str, ...]:
    return (getattr(arguments, "path", "") or ".",)


class Tool(Struct, frozen=True, dict=True):
    """A registered tool; `names` and `arguments` map the names other agents use to ours.

    An argument mapped to the empty name is understood and not needed. `items` maps names inside the
    objects of a list argument, which may also come as JSON text, as one object alone, or as a text that
    `texts` reads (None for what is no such text). `implied` are the arguments that a name of other agents
    stands for. `places` are the paths a call that reads or edits is about, as spelled: permissions look
    where they lead. `lasting` says that the answer stays the same as long as nothing there changes.
    `effects` tells calls apart that do less than `effect`. `shown` writes what a person reads who is asked
    about a call; without it that is the arguments.
    """

    name: str
    description: str
    effect: Effect
    run: ToolFunction
    type: type[Struct]
    title: Callable[[Any], str]
    names: tuple[str, ...] = ()
    arguments: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    places: Callable[[Any], tuple[str, ...]] = _path_argument
    lasting: bool = False
    texts: Mapping[str, Callable[[str], list[Any] | None]] = field(default_factory=dict)
    implied: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    effects: Callable[[Any], Effect] | None = None
    shown: Callable[[Any, ToolContext], Awaitable[str]] | None = None

    @cached_property
    def spec(self) -> ToolSpec:
        """The tool as a model sees it; made once, for it goes with every model call."""
        return ToolSpec(self.name, self.description, compact_schema(self.type))

    def parse(self, text: str, called: str = "") -> Struct:
        """Arguments from the JSON text of a call, `called` so. Raises ToolError with what to correct."""
        return parse_arguments(self, text, called)

    def effect_of(self, arguments: Any) -> Effect:
        """What a call with `arguments` can do."""
        return self.effects(arguments) if self.effects else self.effect


_tools: dict[str, Tool] = {}


def tool(
    name: str,
    description: str,
    *,
    effect: Effect,
    title: Callable[[Any], str],
    names: tuple[str, ...] = (),
    arguments: Mapping[str, str] | None = None,
    items: Mapping[str, Mapping[str, str]] | None = None,
    places: Callable[[Any], tuple[str, ...]] = _path_argument,
    lasting: bool = False,
    texts: Mapping[str, Callable[[str], list[Any] | None]] | None = None,
    implied: Mapping[str, Mapping[str, Any]] | None = None,
    effects: Callable[[Any], Effect] | None = None,
    shown: Callable[[Any, ToolContext], Awaitable[str]] | None = None,
) -> Callable[[Callable[[ArgumentsT, ToolContext], Awaitable[ToolOutput]]], Tool]:
    """Register the decorated coroutine function; its first parameter's type gives the schema."""

    def register(run: Callable[[ArgumentsT, ToolContext], Awaitable[ToolOutput]]) -> Tool:
        hints = get_type_hints(run)
        arguments_type = next(iter(hints.values()))
        aliases, inner = dict(arguments or {}), dict(items or {})
        about = (
            names,
            aliases,
            inner,
            places,
            lasting,
            dict(texts or {}),
            dict(implied or {}),
            effects,
            shown,
        )
        made = Tool(name, description, effect, run, arguments_type, title, *about)
        _tools[name] = made
        return made

    return register


def find_tool(name: str) -> Tool | None:
    """The tool called `name`, by our name or one other agents use; case does not matter."""
    if name in _tools:
        return _tools[name]
    folded = name.lower()
    for made in _tools.values():
        if folded == made.name or folded in (other.lower() for other in made.names):
            return made
    return None


def parse_arguments(made: Tool, text: str, called: str = "") -> Struct:
    """The argument struct from the JSON text of a call by the name `called`. Raises ToolError."""
    given = _loaded(text, f"the arguments of {made.name} are") if text.strip() else {}
    if not isinstance(given, dict):
        raise ToolError(f"the arguments of {made.name} must be one JSON object")
    ours = {field.name for field in msgspec.structs.fields(made.type)}
    renamed = {**made.implied.get(called.lower(), {}), **_renamed(given, made.arguments)}
    if unknown := sorted(renamed.keys() - ours):
        known = ", ".join(compact_schema(made.type)["properties"])
        raise ToolError(f"{made.name} has no argument {', '.join(map(repr, unknown))}; it takes {known}")
    for name in made.items.keys() & renamed.keys():
        renamed[name] = _unpacked(made, name, renamed[name])
    try:
        arguments = msgspec.convert(renamed, made.type, strict=False)
        # What cannot be sent on and journalled must not get further than here.
        msgspec.json.encode(arguments)
    except UnicodeEncodeError:
        raise ToolError(f"the arguments of {made.name} hold half a character (a lone surrogate)") from None
    except (msgspec.ValidationError, OverflowError) as error:
        raise ToolError(f"wrong arguments for {made.name}: {error}") from None
    return arguments


def _loaded(text: str, what: str) -> Any:
    try:
        return read_arguments(text)
    except (ValueError, RecursionError) as error:
        raise ToolError(f"{what} not valid JSON: {error}") from None


def _renamed(given: Mapping[str, Any], aliases: Mapping[str, str]) -> dict[str, Any]:
    """`given` under our names, which win over aliases; a null is an argument left out."""
    present = {key: value for key, value in given.items() if value is not None and aliases.get(key) != ""}
    renamed = {aliases[key]: value for key, value in present.items() if key in aliases}
    return renamed | {key: value for key, value in present.items() if key not in aliases}


def _unpacked(made: Tool, name: str, value: Any) -> Any:
    if isinstance(value, str) and name in made.texts:
        read = made.texts[name](value)
        value = value if read is None else read
    if isinstance(value, str):
        value = _loaded(value, f"{name} of {made.name} is")
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        return value
    return [_renamed(item, made.items[name]) if isinstance(item, dict) else item for item in value]
