"""The tools nanodeck comes with, in the order a model sees them."""

from __future__ import annotations

from collections.abc import Sequence

from nanodeck.tools.apply_patch import apply_patch
from nanodeck.tools.bash import bash
from nanodeck.tools.edit import edit
from nanodeck.tools.glob import glob
from nanodeck.tools.grep import grep
from nanodeck.tools.ls import ls
from nanodeck.tools.plan import plan
from nanodeck.tools.read import read
from nanodeck.tools.registry import Tool
from nanodeck.tools.task import task
from nanodeck.tools.write import write

BUILTIN_TOOLS: tuple[Tool, ...] = (read, edit, apply_patch, write, bash, grep, glob, ls, task, plan)


def offered_tools(tools: Sequence[Tool], edit_tool: str) -> tuple[Tool, ...]:
    """What of `tools` a model is offered that edits with `edit_tool`."""
    if edit not in tools or apply_patch not in tools:
        return tuple(tools)
    other = apply_patch if edit_tool == edit.name else edit
    return tuple(tool for tool in tools if tool is not other)
