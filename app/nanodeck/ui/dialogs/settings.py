"""The deck's settings: each preference with its value, changed at once, and what is wrong in the files."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nanodeck.contracts.preferences import CHOICES, TITLES
from nanodeck.contracts.text import clean
from nanodeck.ui.host import Host
from nanodeck.ui.skeleton import shown_folder

VALUE_WIDTH = 20


class SettingsScreen(ModalScreen[str]):
    """Enter changes the value under the cursor; dismissed with a preference that has a list of its own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f2", "close", "close", priority=True),
        Binding("space,right", "change(1)", "next value", priority=True),
        Binding("left", "change(-1)", "value before", priority=True),
        Binding("pagedown", "read(1)", "read on", priority=True),
        Binding("pageup", "read(-1)", "read back", priority=True),
    ]
    LISTED: ClassVar[frozenset[str]] = frozenset({"theme"})
    """Preferences that are chosen from a list of their own."""

    def __init__(self, host: Host) -> None:
        super().__init__(classes="dialog picker settings")
        self._host = host

    def compose(self) -> ComposeResult:
        """The preferences, then where they are kept and what is wrong there."""
        with Vertical(id="box"):
            yield Static(Text("Settings", style="bold"), markup=False)
            yield OptionList(*(Option(self._row(name), id=name) for name in TITLES), markup=False)
            with VerticalScroll(id="foot", can_focus=False):
                yield Static(self._foot(), markup=False)

    def on_mount(self) -> None:
        """The first one is under the cursor."""
        self.query_one(OptionList).highlighted = 0

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self.action_change(1)

    def action_change(self, step: int) -> None:
        """Set the next value, or the one before."""
        options = self.query_one(OptionList)
        if (place := options.highlighted) is None:
            return
        name = tuple(TITLES)[place]
        if name in self.LISTED:
            self.dismiss(name)
            return
        value = getattr(self._host.preferences, name)
        if isinstance(value, bool):
            self._host.prefer(name, not value)
        else:
            choices = CHOICES[name]
            self._host.prefer(name, choices[(choices.index(value) + step) % len(choices)])
        options.replace_option_prompt_at_index(place, self._row(name))

    def action_read(self, pages: int) -> None:
        """Scroll what is said below the preferences."""
        foot = self.query_one("#foot", VerticalScroll)
        foot.scroll_relative(y=pages * foot.size.height, animate=False)

    def action_close(self) -> None:
        """Back to the deck."""
        self.dismiss("")

    def _row(self, name: str) -> Text:
        value = getattr(self._host.preferences, name)
        shown = ("on" if value else "off") if isinstance(value, bool) else clean(str(value))
        return Text.assemble((f"{shown:<{VALUE_WIDTH}.{VALUE_WIDTH}}", "bold"), TITLES[name])

    def _foot(self) -> Text:
        path = shown_folder(self._host.settings_path)
        problems = self._host.settings_problems
        more = ", pgdn reads on" if problems else ""
        foot = Text(f"enter changes, esc closes{more}; kept in {path}, where [keys] sets keys")
        for problem in problems:
            foot.append(f"\n{clean(problem)}", style="bold")
        return foot
