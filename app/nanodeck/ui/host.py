"""What screens may ask of the application around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from nanodeck.contracts.commands import Command
from nanodeck.contracts.preferences import Preferences
from nanodeck.contracts.queries import Query
from nanodeck.ui.door import Door
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

    @property
    def preferences(self) -> Preferences:
        """What the person set about the deck."""
        ...

    @property
    def settings_path(self) -> str:
        """The file in which preferences and keys are set."""
        ...

    @property
    def settings_problems(self) -> tuple[str, ...]:
        """What stands there and cannot hold."""
        ...

    @property
    def remembered(self) -> Mapping[str, Any]:
        """What was kept by `remember`."""
        ...

    def prefer(self, name: str, value: bool | str) -> None:
        """Set a preference: it holds at once and from now on."""
        ...

    def remember(self, name: str, value: Any) -> None:
        """Keep something that nobody set for later starts; None forgets it."""
        ...

    @property
    def has_mouse(self) -> bool:
        """Whether the mouse is the deck's; else it is the terminal's."""
        ...

    def switch_mouse(self) -> None:
        """Leave the mouse to the terminal, or take it back, until the deck is left."""
        ...

    @property
    def door(self) -> Door:
        """What is typed for something that is not on the screen yet."""
        ...

    async def open_door(self, token: int) -> None:
        """What was asked for is there: it gets what was typed for it."""
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
