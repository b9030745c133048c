"""Questions a face asks the engine; answered to that face alone, never journalled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from msgspec import Struct

from nanodeck.contracts.checkpoints import CheckpointStore
from nanodeck.contracts.discreet import Discreet
from nanodeck.contracts.model import ServerFound
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import CommandDetail
from nanodeck.contracts.rewinding import RewindPlan, RewindTurn
from nanodeck.contracts.rules import CommandTrial, Proposed, Rule, RuleTrial
from nanodeck.contracts.sources import DiffPage, Source

AnswerT = TypeVar("AnswerT")


class Query(Struct, Generic[AnswerT], frozen=True):
    """Base of all queries; the parameter is the type of the answer."""


class Lines(Struct, frozen=True):
    """A page of text: `first` is the 0-based number of its first line, `total` counts all lines."""

    first: int
    total: int
    text: str


class SessionInfo(Struct, frozen=True):
    """One line of the list of sessions; `updated` is seconds since the epoch."""

    id: str
    title: str
    folder: str
    updated: float
    messages: int


class ModelList(Struct, frozen=True):
    """Models of one provider, or why they could not be fetched.

    `windows` has how many tokens a model takes at once, of those the server says it of.
    """

    provider: str
    models: tuple[str, ...]
    error: str = ""
    source: str = ""
    windows: Mapping[str, int] = {}


class ListFiles(Query[tuple[str, ...]], frozen=True):
    """Project files whose path matches `pattern` fuzzily, best first; folders end with '/'."""

    pattern: str
    limit: int = 50


class FolderItem(Struct, frozen=True):
    """Something in a folder: a folder's `name` ends with '/'; `size` is in bytes, as a mention sends it."""

    name: str
    size: int


class ListFolder(Query[tuple[FolderItem, ...]], frozen=True):
    """What is in a folder of the project and not ignored, folders first; the root is ''."""

    folder: str = ""


class ReadText(Query[Lines], frozen=True):
    """The first lines of a file of the project."""

    path: str
    limit: int = 2000


class ReadDiff(Query[DiffPage], frozen=True):
    """Some files of the diff of `source`; with `first` 0 it is made anew, and other pages are of that one."""

    source: Source
    first: int = 0
    limit: int = 200


class ReadOutput(Query[Lines], frozen=True):
    """Output of a job or of a tool call, whole on disk; negative `first` counts from the end."""

    source: str
    first: int = 0
    limit: int = 500


class ListModels(Query[tuple[ModelList, ...]], frozen=True):
    """Models of every configured provider and local server."""


class FindServers(Query[tuple[ServerFound, ...]], frozen=True):
    """Local model servers that answer, and known providers whose key is in the environment."""


class TryProvider(Discreet, Query[ModelList], frozen=True):
    """Test a base URL and key without storing anything."""

    base_url: str
    key: str = ""


class ListSessions(Query[tuple[SessionInfo, ...]], frozen=True):
    """Sessions of this folder, newest first."""

    limit: int = 50


class DescribeCommand(Query[CommandDetail], frozen=True):
    """What `command` would do, that a person wrote anew in place of the one that asks in `request`."""

    request: str
    command: str


class ListRules(Query[tuple[Rule, ...]], frozen=True):
    """Every rule that holds in this session: its own first, then the project's and the person's."""


class TryRule(Query[RuleTrial], frozen=True):
    """What allow rules, one a line, would do: for the command that asks in `request`, and for others."""

    rule: str
    request: str = ""


class TryCommand(Query[CommandTrial], frozen=True):
    """What would be decided on a shell command, in the mode that is on where none is named."""

    command: str
    mode: Mode | None = None


class ScanSessions(Query[tuple[Proposed, ...]], frozen=True):
    """Allow rules that the person's answers in past sessions of this folder speak for, best first."""


class ReadBranch(Query[str], frozen=True):
    """The branch that is checked out, empty outside of a git repository."""


class ReadCheckpointStore(Query[CheckpointStore], frozen=True):
    """How much is kept of this workspace, and where."""


class ExportSession(Query[str], frozen=True):
    """Write the conversation as Markdown to a new file; answers its path.

    Without a `path` the file is named after the session, in the shell's folder; a folder gets it inside.
    """

    path: str = ""


class ListTurns(Query[tuple[RewindTurn, ...]], frozen=True):
    """The turns one can go back to before, newest first."""


class PlanRewind(Query[RewindPlan], frozen=True):
    """What going back to before `turn` would do; the diff of it is that of `Source("rewind", turn)`."""

    turn: str


class RecallPrompts(Query[tuple[str, ...]], frozen=True):
    """What the person sent before in this folder, oldest first."""

    limit: int = 500
