"""A workspace on which tests call the file tools as a model calls them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nanodeck.tools.registry import Tool, ToolOutput
from tests.unit.tools.contexts import call_tool, context_in


class Bench:
    """A workspace in `folder`, and what the tools made of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.context = context_in(folder)
        self.ledger = self.context.ledger
        self.staging = self.context.staging

    async def call(self, tool: Tool, **arguments: Any) -> ToolOutput:
        """What the tool answers. Raises ToolError."""
        return await call_tool(tool, self.context, arguments)

    def put(self, name: str, data: bytes, *, seen: bool = False) -> Path:
        """A file in the workspace, which the model may have seen."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if seen:
            self.ledger.saw(path, data)
        return path

    @property
    def staged(self) -> dict[str, bytes | None]:
        """What would be written."""
        return {file.shown: file.new for file in self.staging.files}
