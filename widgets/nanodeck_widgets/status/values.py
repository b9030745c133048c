"""What the status lines are told, as plain values."""

from __future__ import annotations

from msgspec import Struct


class Tab(Struct, frozen=True):
    """A pane's name in the title line; `lit` when something in it waits for the person."""

    name: str
    title: str
    badge: str = ""
    lit: bool = False


class TitleFacts(Struct, frozen=True):
    """`waiting` counts what needs a person; `tabs` is empty unless the panes are tabs."""

    folder: str
    branch: str = ""
    session: str = ""
    waiting: int = 0
    tabs: tuple[Tab, ...] = ()
    active: str = ""


class StateFacts(Struct, frozen=True):
    """What the session does now. `since` and `retry_at` are seconds since the epoch, 0 for never.

    `context` and the model's `window` are in tokens, 0 for unknown; `work` is empty at rest, `doing` says
    more about it, `checkpoint` is the last one's number. `sandbox` is its level in a word or two, where room
    is with `sandbox_access`; not `sandboxed`: nothing confines commands.
    """

    mode: str = "normal"
    model: str = ""
    scripted: bool = False
    context: int = 0
    window: int = 0
    work: str = ""
    doing: str = ""
    since: float = 0.0
    retry_at: float = 0.0
    retry_reason: str = ""
    steer: int = 0
    queued: int = 0
    jobs: int = 0
    tasks_done: int = 0
    tasks: int = 0
    checkpoint: int = 0
    waiting: int = 0
    trouble: str = ""
    sandbox: str = ""
    sandbox_access: str = ""
    sandboxed: bool = True
