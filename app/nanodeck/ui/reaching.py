"""An application that reaches past its own screen: mouse, clipboards, browser, the terminal's window."""

from __future__ import annotations

import os
from functools import partial

from nanodeck.contracts.preferences import Preferences
from nanodeck.contracts.text import clean
from nanodeck.desktop.browser import has_browser
from nanodeck.ui.gate import Gate
from nanodeck.ui.keyed import KeyedApp
from nanodeck.ui.window import Window


class ReachingApp(KeyedApp, inherit_bindings=False):
    """Does there what `preferences` allow."""

    def __init__(self, gate: Gate, preferences: Preferences, *, ansi_color: bool | None = None) -> None:
        super().__init__(gate, ansi_color=ansi_color)
        self.preferences = preferences
        self.window = Window(self._write, os.environ)
        self._title = ""
        self._mouse_switched = False

    def reach_anew(self) -> None:
        """Do as `preferences` say now."""
        self._give_mouse()
        self.name_terminal(self._title)

    def name_terminal(self, title: str) -> None:
        """Put `title`, cleaned already, on the terminal's window."""
        self._title = title
        self.window.name(title if self.preferences.title else "")

    def call_person(self, words: str) -> None:
        """Tell a person who looks elsewhere."""
        if self.preferences.bell:
            self.window.ring()
        if self.preferences.notify:
            self.window.notify(words)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy `text`, cleaned, by the terminal's means, past a tmux and into the desktop's clipboard.

        What a shell gets pasted must not end the paste and go on as keys.
        """
        text = clean(text)
        super().copy_to_clipboard(text)
        if self._draws:
            from nanodeck.desktop.clipboard import clipboards, fill

            if found := clipboards(os.environ):
                self.run_worker(partial(fill, found, text), group="clipboard", thread=True)

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Open a web page without waiting for its browser; where none could open, copy the address."""
        if has_browser(os.environ):
            self.run_worker(partial(self._browse, url), group="browser", thread=True)
        else:
            self.copy_to_clipboard(url)
            self.notify("copied: there is no browser here", timeout=3)

    def _browse(self, url: str) -> None:
        try:
            super().open_url(url)
        except Exception as error:  # a $BROWSER that cannot be
            self.notify(f"{clean(url)} was not opened: {error}", severity="error", markup=False)

    @property
    def has_mouse(self) -> bool:
        """Whether the mouse is the deck's; else it is the terminal's."""
        return self.preferences.mouse is not self._mouse_switched

    def switch_mouse(self) -> None:
        """Leave the mouse to the terminal, or take it back, until the deck is left."""
        self._mouse_switched = not self._mouse_switched
        self.capture_mouse(None)
        self._give_mouse()

    def _give_mouse(self) -> None:
        take = getattr(self._driver, "take_mouse", None)
        if take is not None:
            take(self.has_mouse)

    @property
    def _draws(self) -> bool:
        """Whether there is a terminal."""
        return self._driver is not None and not self._driver.is_headless

    def _write(self, data: str) -> None:
        if self._draws and self._driver is not None:
            self._driver.write(data)
