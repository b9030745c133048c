"""Themes to choose from: the deck behind the list shows each as it is looked at."""

from __future__ import annotations

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nanodeck.desktop.depth import COLOURS_256, TRUE_COLOUR
from nanodeck.ui.dialogs.filtered import FilteredScreen
from nanodeck.ui.themes import ThemeName, find_theme, show_theme, theme_names
from nanodeck_widgets.glyphs import glyphs, in_signs

LOOK_AFTER = 0.06
"""Seconds on a row before its theme is shown: a held key runs past many."""


class ThemeScreen(FilteredScreen[str]):
    """Dismissed with the theme's name, or None: then the deck looks as before."""

    def __init__(self, current: str) -> None:
        super().__init__()
        self.add_class("themes")
        self._current = find_theme(current)
        self._rows: list[ThemeName | None] = []

    def compose(self) -> ComposeResult:
        """Heading, filter, list, what this terminal can show."""
        with Vertical(id="box"):
            yield Static(Text("Theme", style="bold"), markup=False)
            yield Input(placeholder="type to filter", compact=True)
            yield OptionList(markup=False)
            yield Static(self._limits(), id="said", markup=False)
            yield Static(in_signs("enter keeps it · esc as before"), id="keys", markup=False)

    def on_mount(self, event: events.Mount) -> None:
        """All of them, the one in use first in view."""
        self.query_one("#said").display = bool(self._limits())
        self.fill()

    def picked(self, place: int) -> str | None:
        """The theme's name."""
        row = self._rows[place]
        return row.name if row is not None else None

    def fill(self) -> None:
        """Show the themes whose name or family has every word, under their families."""
        words = self.words.lower().split()
        fitting = [one for one in theme_names() if one.fits(words)]
        self._rows, labels = [], list[Option]()
        for number, one in enumerate(fitting):
            if number == 0 or fitting[number - 1].family != one.family:
                self._rows.append(None)
                labels.append(Option(Text(one.family), disabled=True))
            self._rows.append(one)
            sign = glyphs().done if one.name == self._current else " "
            labels.append(Option(Text(f"{sign} {one.name}")))
        if not fitting:
            self._rows, labels = [None], [Option(Text("no theme has these words"), disabled=True)]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(labels)
        names = [one.name if one is not None else "" for one in self._rows]
        first = next((place for place, name in enumerate(names) if name), None)
        options.highlighted = names.index(self._current) if self._current in names else first

    def action_cancel(self) -> None:
        """Nothing picked: the deck looks as it did."""
        show_theme(self.app, self._current)
        super().action_cancel()

    @on(OptionList.OptionHighlighted)
    def _looked_at(self, event: OptionList.OptionHighlighted) -> None:
        row = self._rows[event.option_index]
        if row is not None:
            self.set_timer(LOOK_AFTER, lambda: self._look(row.name))

    def _look(self, name: str) -> None:
        place = self.query_one(OptionList).highlighted
        if self.is_current and place is not None and self.picked(place) == name:
            show_theme(self.app, name)

    def _limits(self) -> str:
        if self.app.no_color:
            return "NO_COLOR is set: a theme only says dark or light."
        if self.app.console.color_system not in (TRUE_COLOUR, COLOURS_256):
            return "This terminal has 16 colours: they are its own, and a theme only says dark or light."
        return ""
