"""The tools nanodeck comes with, in the order a model sees them."""

from __future__ import annotations

from nanodeck.tools.bash import bash
from nanodeck.tools.edit import edit
from nanodeck.tools.glob import glob
from nanodeck.tools.grep import grep
from nanodeck.tools.ls import ls
from nanodeck.tools.read import read
from nanodeck.tools.registry import Tool
from nanodeck.tools.task import task
from nanodeck.tools.write import write

BUILTIN_TOOLS: tuple[Tool, ...] = (read, edit, write, bash, grep, glob, ls, task)
