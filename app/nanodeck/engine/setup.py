"""What a session is set up with: made once by the composition root, shared by the sessions of a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from nanodeck.contracts.events import Noticed
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.sandbox import Access
from nanodeck.engine.models import Models
from nanodeck.engine.permissions.rulebook import KeptRules
from nanodeck.engine.permissions.trust import Trust
from nanodeck.store.places import Places
from nanodeck.tools.registry import Tool
from nanodeck.workspace.paths import Workspace


class Setup(Struct, frozen=True):
    """Everything that does not change while a session runs.

    `trust` says which of the project's own files count.
    `secret_variables` are names of environment variables that no command may see; `shell_seconds`
    is the default timeout of a command; `mode` is what a new session starts in; `model_chosen` says
    that the person named the model for this start, `mode_chosen` the mode; `stop_on_denial`: a denied call
    ends the turn;
    `rules` are those of settings files; `access` and `network` are what commands may do at first, `writable`
    further folders they write in, `variables` further ones they see; `asks`: there is somebody to be asked;
    `problems` are what is wrong in settings and does not count.
    """

    places: Places
    trust: Trust
    workspace: Workspace
    models: Models
    model_chosen: bool
    tools: tuple[Tool, ...]
    system_prompt: str
    context_files: bool
    max_calls: int | None
    mode: Mode
    mode_chosen: bool
    shell_seconds: float
    stop_on_denial: bool
    secret_variables: frozenset[str]
    rules: KeptRules
    access: Access = "workspace-write"
    network: bool = False
    writable: tuple[Path, ...] = ()
    variables: frozenset[str] = frozenset()
    asks: bool = True
    problems: tuple[str, ...] = ()

    @property
    def notices(self) -> Iterator[Noticed]:
        """What the person is told about the settings."""
        return (
            Noticed("warning", problem, "it is left out, everything else counts") for problem in self.problems
        )

    @property
    def runs_what_lies_here(self) -> bool:
        """Whether programs of the project may run unasked: it is trusted, or nobody could be asked to."""
        return self.trust.trusted or (self.mode_chosen and not self.asks)

    @property
    def folder(self) -> Path:
        """The workspace's root."""
        return self.workspace.root
