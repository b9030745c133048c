"""The base of dialogs with words to filter by above a list to pick from."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList

PickT = TypeVar("PickT")


class FilteredScreen(ModalScreen[PickT | None], Generic[PickT]):
    """Dismissed with what was picked, or None. Subclasses compose an `Input` and an `OptionList`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "close", priority=True),
        Binding("down", "move(1)", "next", priority=True),
        Binding("up", "move(-1)", "previous", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__(classes="dialog picker")

    @property
    def words(self) -> str:
        """What was typed."""
        return self.query_one(Input).value.strip()

    @abstractmethod
    def fill(self) -> None:
        """Fill the list with what fits `words`."""

    @abstractmethod
    def picked(self, place: int) -> PickT | None:
        """What the row at `place` stands for."""

    @on(Input.Changed)
    def _typed(self) -> None:
        self.fill()

    @on(Input.Submitted)
    def _entered(self) -> None:
        place = self.query_one(OptionList).highlighted
        if place is None:
            self.nothing_taken()
        else:
            self.dismiss(self.picked(place))

    def nothing_taken(self) -> None:
        """Enter was pressed where there is nothing to take."""

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.picked(event.option_index))

    def action_cancel(self) -> None:
        """Nothing picked."""
        self.dismiss(None)

    def action_move(self, step: int) -> None:
        """Move in the list while words are typed."""
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()
