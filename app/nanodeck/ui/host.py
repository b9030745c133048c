"""What screens may ask of the application around them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from nanodeck.contracts.commands import Command
from nanodeck.contracts.queries import Query
from nanodeck.ui.gate import Gate

AnswerT = TypeVar("AnswerT")


class Host(Protocol):
    """The application, as its screens see it."""

    @property
    def gate(self) -> Gate:
        """When the last key was pressed."""
        ...

    @property
    def now(self) -> Callable[[], float]:
        """The wall clock of everything that is shown, in seconds since the epoch."""
        ...

    @property
    def log_path(self) -> Callable[[], str] | None:
        """Where the log is, if there is one."""
        ...

    def name_terminal(self, title: str) -> None:
        """Put `title`, cleaned already, on the terminal's window."""
        ...

    def send(self, command: Command) -> None:
        """Ask the engine for something; before it is there, the command waits."""
        ...

    async def ask(self, query: Query[AnswerT]) -> AnswerT:
        """Answer a query, waiting for the engine if need be. Raises NanodeckError."""
        ...
