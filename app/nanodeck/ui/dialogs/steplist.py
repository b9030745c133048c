"""A list that is walked with the keys of panes."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList


class StepList(OptionList):
    """Goes up and down as panes do."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "next"),
        Binding("k", "cursor_up", "previous"),
    ]
