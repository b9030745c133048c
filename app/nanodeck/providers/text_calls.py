"""Tool calls that a model writes as text because its server does not parse them.

They count only where tools were offered, at the start of a line outside fenced code, and for names
of those tools; after that they go through the same checks and approvals as any other call.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from nanodeck.contracts.model import ToolSpec

_OPENINGS = ("<tool_call>", "<function=", "<function_calls>", "<invoke name=")
_FENCES = ("```", "~~~")
_START = re.compile(r"<tool_call>\s*(?=\{)|<function=([\w.-]+)>|<invoke name=\"([\w.-]+)\">")
_PARAMETER = re.compile(r"<parameter(?:=([\w.-]+)| name=\"([\w.-]+)\")>")
_AROUND = re.compile(r"</?(?:tool_call|function_calls)>")
_LOOK = 200
_JSON = json.JSONDecoder(strict=False)

TextCall = tuple[str, str]
"""A tool's name and its arguments as JSON text."""


class TextCallHolder:
    """Lets text through up to a line that starts like a call; that and the rest is `held`."""

    def __init__(self, tools: Sequence[ToolSpec]) -> None:
        self.held = ""
        self._tools = {tool.name: tool.parameters for tool in tools}
        self._holding = False
        self._fenced = False
        self._line_begins = True

    def feed(self, text: str) -> str:
        """What of the text so far can be shown."""
        if not self._tools:
            return text
        self.held += text
        if self._holding:
            return ""
        place = 0
        while place < len(self.held):
            if self._line_begins and not self._begin_line(self.held[place : place + _LOOK]):
                break
            end = self.held.find("\n", place) + 1
            self._line_begins = end > 0
            place = end or len(self.held)
        shown, self.held = self.held[:place], self.held[place:]
        return shown

    def end(self, *, trusted: bool) -> tuple[str, list[TextCall]]:
        """What is held, as text or, if it is `trusted` and sound, as text and calls."""
        held, self.held = self.held, ""
        found = _find_calls(held, self._tools) if self._holding and trusted else None
        return found or (held, [])

    def _begin_line(self, line: str) -> bool:
        """Whether the line starting here can be shown; False also while that is open."""
        start = line.lstrip(" \t")
        if not self._fenced and start.startswith(_OPENINGS):
            self._holding = True
            return False
        if len(line) < _LOOK and any(sign.startswith(start) for sign in (*_FENCES, *_OPENINGS)):
            return False
        self._fenced ^= start.startswith(_FENCES)
        self._line_begins = False
        return True


def _find_calls(text: str, tools: Mapping[str, Any]) -> tuple[str, list[TextCall]] | None:
    """The text around the calls in `text`, and the calls; None unless each is one of a known tool."""
    calls: list[TextCall] = []
    around, place = "", 0
    while match := _START.search(text, place):
        around += text[place : match.start()]
        name = match.group(1) or match.group(2)
        try:
            if name:
                closing = "</function>" if match.group(1) else "</invoke>"
                body, _, _ = text[match.end() :].partition(closing)
                place = min(len(text), match.end() + len(body) + len(closing))
                arguments = _tagged_arguments(body, tools.get(name, {}))
            else:
                given, place = _JSON.raw_decode(text, match.end())
                name, arguments = given["name"], given.get("arguments", given.get("parameters", {}))
                arguments = json.loads(arguments) if isinstance(arguments, str) else arguments
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        if name not in tools or not isinstance(arguments, dict):
            return None
        calls.append((name, json.dumps(arguments, ensure_ascii=False)))
    around = _AROUND.sub("", around + text[place:]).strip()
    return (around, calls) if calls else None


def _tagged_arguments(body: str, schema: Mapping[str, Any]) -> Any:
    """Arguments written as `<parameter>` tags, or as one JSON object."""
    if body.lstrip().startswith("{"):
        return _JSON.raw_decode(body.strip())[0]
    _, *rest = _PARAMETER.split(body)
    arguments: dict[str, Any] = {}
    for first, second, tail in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        value = tail.partition("</parameter>")[0].removeprefix("\n").removesuffix("\n")
        name = first or second
        arguments[name] = _typed(value, schema.get("properties", {}).get(name, {}))
    return arguments


def _typed(value: str, schema: Mapping[str, Any]) -> Any:
    """A tag's text as the type its schema asks for, where it is that."""
    if schema.get("type", "string") == "string":
        return value
    try:
        return _JSON.decode(value.strip())
    except (ValueError, RecursionError):
        return value
