"""The tools nanodeck comes with, in the order a model sees them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from nanodeck.tools.apply_patch import apply_patch
from nanodeck.tools.bash import bash
from nanodeck.tools.edit import edit
from nanodeck.tools.git import git
from nanodeck.tools.glob import glob
from nanodeck.tools.grep import grep
from nanodeck.tools.ls import ls
from nanodeck.tools.plan import plan
from nanodeck.tools.pull_request import pull_request
from nanodeck.tools.read import read
from nanodeck.tools.registry import Tool
from nanodeck.tools.task import task
from nanodeck.tools.write import write
from nanodeck.workspace.git.folders import repository_of

BUILTIN_TOOLS: tuple[Tool, ...] = (
    read, edit, apply_patch, write, bash, grep, glob, ls, task, plan, git, pull_request,
)  # fmt: skip


def usable_tools(folder: Path) -> tuple[Tool, ...]:
    """The tools that can do something in `folder`: those for git want a repository and their program."""
    here = repository_of(folder) is not None and shutil.which("git") is not None
    missing = [] if here else [git, pull_request]
    if shutil.which("gh") is None:
        missing.append(pull_request)
    return tuple(tool for tool in BUILTIN_TOOLS if tool not in missing)


def offered_tools(tools: Sequence[Tool], edit_tool: str) -> tuple[Tool, ...]:
    """What of `tools` a model is offered that edits with `edit_tool`."""
    if edit not in tools or apply_patch not in tools:
        return tuple(tools)
    other = apply_patch if edit_tool == edit.name else edit
    return tuple(tool for tool in tools if tool is not other)
