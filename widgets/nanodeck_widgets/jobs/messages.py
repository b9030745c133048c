"""What the jobs pane asks of the application around it."""

from __future__ import annotations

from textual.message import Message


class OpenWanted(Message):
    """The person wants to read a job's whole output."""

    def __init__(self, job: str) -> None:
        super().__init__()
        self.job = job


class StopWanted(Message):
    """The person wants a job stopped, and has said so twice."""

    def __init__(self, job: str) -> None:
        super().__init__()
        self.job = job
