"""A workspace on which tests call the file tools as a model calls them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import Tool, ToolOutput
from nanodeck.workspace.ledger import ReadLedger
from nanodeck.workspace.paths import Workspace
from nanodeck.workspace.staging import Staging


@dataclass
class Bench:
    """A workspace on which the file tools are called as a model calls them."""

    folder: Path
    ledger: ReadLedger = field(default_factory=ReadLedger)
    cwd: Path | None = None

    def __post_init__(self) -> None:
        self.staging = Staging(self.ledger)

    async def call(self, tool: Tool, **arguments: Any) -> ToolOutput:
        """What the tool answers. Raises ToolError."""
        shell = SimpleNamespace(folder=self.cwd or self.folder)
        unused = cast(Any, None)
        context = ToolContext(
            "call",
            Workspace(self.folder),
            self.ledger,
            self.staging,
            cast(Any, shell),
            unused,
            unused,
            lambda text: None,
        )
        return await tool.run(tool.parse(json.dumps(arguments)), context)

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
