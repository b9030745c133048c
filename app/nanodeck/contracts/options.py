"""What the command line asks for, as the faces and the engine take it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from nanodeck.contracts.modes import Mode

OutputFormat = Literal["text", "json", "stream-json"]


class Options(Struct, frozen=True, omit_defaults=True):
    """One start of nanodeck. None means: as the settings say.

    `resume` is a session id, or 'last' for `-c`; `pick_session` shows the list first (`-r`).
    """

    folder: str
    prompt: str = ""
    headless: bool = False
    model: str | None = None
    mode: Mode | None = None
    output_format: OutputFormat = "text"
    tools: tuple[str, ...] | None = None
    system_prompt: str | None = None
    append_system_prompt: str | None = None
    context_files: bool = True
    max_turns: int | None = None
    resume: str = ""
    pick_session: bool = False
    quiet: bool = False
    verbose: bool = False
