"""Answers kept for calls that only look: what has not changed is not read or searched again."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import Effect, Tool, ToolOutput
from nanodeck.workspace.sight import Sight, look

MOST = 64
LONGEST = 64 * 1024

_Question = tuple[str, Path, bytes]


class Answers:
    """The last answers of a session, each with the sight of the place it is about.

    A write calls `forget`, a command forgets by itself; what others change is seen by looking again.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._kept: OrderedDict[_Question, tuple[Sight, ToolOutput]] = OrderedDict()
        self._changes = 0

    async def give(self, tool: Tool, arguments: Struct, context: ToolContext) -> ToolOutput:
        """What `tool` answers. Raises what it raises."""
        place = _place(tool, arguments, context)
        if place is None:
            try:
                return await tool.run(arguments, context)
            finally:
                if tool.effect_of(arguments) is Effect.EXECUTE:
                    self.forget()
        question = (tool.name, context.folder, msgspec.json.encode(arguments))
        now, changes = self._clock(), self._changes
        sight = await asyncio.to_thread(look, place)
        kept = self._kept.get(question)
        if kept and kept[0] == sight:
            self._kept.move_to_end(question)
            return kept[1]
        output = await tool.run(arguments, context)
        lasts = sight is not None and sight.settled(now) and changes == self._changes
        if sight and lasts and output.ok and len(output.text) <= LONGEST:
            self._keep(question, sight, output)
        return output

    def forget(self) -> None:
        """Something was changed, or may have been."""
        self._kept.clear()
        self._changes += 1

    def _keep(self, question: _Question, sight: Sight, output: ToolOutput) -> None:
        self._kept[question] = sight, output
        self._kept.move_to_end(question)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)


def _place(tool: Tool, arguments: Struct, context: ToolContext) -> Path | None:
    """What the call looks at; None where nothing can be said about that."""
    if not tool.lasting:
        return None
    try:
        return context.workspace.locate(tool.places(arguments)[0], context.folder).path
    except ToolError:
        return None
