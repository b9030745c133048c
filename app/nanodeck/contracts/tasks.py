"""Tasks and their dependencies as values."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

TaskStatus = Literal["pending", "in_progress", "completed"]


class Task(Struct, frozen=True, omit_defaults=True):
    """One task; `blocked_by` names the tasks that must be completed first."""

    id: str
    subject: str
    description: str = ""
    status: TaskStatus = "pending"
    active_form: str = ""
    owner: str = ""
    blocked_by: tuple[str, ...] = ()
    metadata: dict[str, Any] = {}
