"""What the command line asks for, as the faces and the engine take it."""

from __future__ import annotations

from typing import Literal, NamedTuple

from nanodeck.contracts.modes import Mode

OutputFormat = Literal["text", "json", "stream-json"]


class Options(NamedTuple):
    """One start of nanodeck. None means: as the settings say.

    A tuple, because the deck's first frame does not wait for msgspec to load.
    `resume` is a session id, or 'last' for `-c`; `pick_session` shows the list first (`-r`). `trust`: the
    folder's own settings count for this start.
    """

    folder: str
    prompt: str = ""
    headless: bool = False
    plain: bool = False
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
    trust: bool = False
    quiet: bool = False
    verbose: bool = False
