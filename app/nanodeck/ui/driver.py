"""The driver under Textual: adopts the screen that is already ours and mends what its parser loses."""

from __future__ import annotations

import os
import re
import selectors
from codecs import getincrementaldecoder
from collections.abc import Iterable

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.keys import Keys
from textual.message import Message

from nanodeck.ui.bracketed import BracketedPastes, pasted_text
from nanodeck.ui.ground import ASK, GroundAnswers, answers
from nanodeck.ui.outlet import Outlet
from nanodeck.ui.terminal import KEEP_TITLE, OTHER_KEYS_OFF, OTHER_KEYS_ON, SCREEN, TERMINAL, TITLE_BACK

ALTERNATE_SCREEN = "\x1b[?1049h"
READ_SIZE = 4096
AT_REST, IN_SEQUENCE = 0.1, 0.01
HANGUP = 129


_OTHER_KEY = r"\x1b\[27;(\d+);(\d+)~"
_WITH_ALT = r"\x1b([^\x00-\x1f\x7f\[\]OPX^_])"
"""An escape and anything but what begins a sequence after it."""
_WRITING = frozenset({"1", "2"})
"""Modifiers, as terminals number them, with which a key still writes its character: none and shift."""

NEWLINES = frozenset({"\x1b\r", "\x1b\n", "\x1b[13;2u", "\x1b[13;3u", "\x1b[27;2;13~", "\x1b[27;3;13~"})
"""Shift+enter and alt+enter: without a keyboard protocol, with kitty's, with modifyOtherKeys."""


class DeckParser(XTermParser):
    """Shift+enter and alt+enter are a newline, never a send; what is in a paste never becomes a key."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pastes = BracketedPastes()
        self._ground = GroundAnswers()

    def feed(self, data: str) -> Iterable[Message]:
        """What `data` says, in order; none is the end."""
        disarmed = self._pastes.disarm(data)
        disarmed, told = self._ground.take(disarmed)
        if told is not None:
            yield told
        if data and not disarmed:
            return
        for message in super().feed(disarmed):
            if isinstance(message, events.Paste):
                message.text = pasted_text(message.text)
            yield message

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        if sequence in NEWLINES or (alt and sequence in ("\r", "\n")):
            return [events.Key("shift+enter", None)]
        if sequence not in ANSI_SEQUENCES_KEYS and (letter := re.fullmatch(_WITH_ALT, sequence)):
            # Nothing longer begins so: held down it would else be taken for its characters.
            sequence, alt = letter[1], True
        # One protocol's words for the other's, which is understood with all its modifiers.
        if (other := re.fullmatch(_OTHER_KEY, sequence)) and other[1] not in _WRITING:
            sequence = f"\x1b[{other[2]};{other[1]}u"
        try:
            keys = list(super()._sequence_to_key_events(sequence, alt))
        except (ValueError, OverflowError):  # numbers that are no key's: whoever reads must read on
            return [events.Key(Keys.Ignore, sequence)]
        return [_wordless(key) if alt and key.is_printable else key for key in keys]

    @property
    def in_sequence(self) -> bool:
        """Whether an escape has been read that may yet become a sequence."""
        return self._timeout_time is not None


def _wordless(key: events.Key) -> events.Key:
    """A key pressed with alt, which writes nothing and answers nothing."""
    return events.Key(f"alt+{key.key.removeprefix('alt+')}", None)


class DeckDriver(LinuxDriver):
    """Textual's Linux driver on a terminal that is already in its alternate screen."""

    _outlet: Outlet | None = None

    def write(self, data: str) -> None:
        """Write to the terminal while it is ours; the screen the skeleton stands on is not entered twice."""
        if data == ALTERNATE_SCREEN and TERMINAL.held and not TERMINAL.adopted:
            TERMINAL.adopted = True
            return
        if self._outlet is not None:
            self._outlet.write(data)

    def start_application_mode(self) -> None:
        """Take the terminal; what is restored later is how it was before the skeleton."""
        self._outlet = Outlet(SCREEN, self._file.encoding if self._file else "utf-8")
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual leaves it unannotated
        TERMINAL.held = True
        if TERMINAL.original is not None:
            self.attrs_before = TERMINAL.original
        self.write(KEEP_TITLE)
        if TERMINAL.in_tmux:
            # tmux does not speak the keyboard protocol Textual asks for; this brings shift+enter.
            self.write(OTHER_KEYS_ON)
        if answers(os.environ):
            self.write(ASK)
        self.flush()

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        self.write(TITLE_BACK)
        if TERMINAL.in_tmux:
            self.write(OTHER_KEYS_OFF)
        super().stop_application_mode()
        TERMINAL.held = False

    def close(self) -> None:
        """What was written is on the terminal when this returns."""
        super().close()
        if self._outlet is not None:
            self._outlet.close()
            self._outlet = None

    def take_mouse(self, take: bool) -> None:
        """Have the mouse reported to the deck, or leave it to the terminal's own selection.

        It stays so when the deck comes back from the shell.
        """
        if take == self._mouse:
            return
        if take:
            self._mouse = True
            self._enable_mouse_support()
            if self._mouse_pixels:
                # The last encoding asked for is the one that is used.
                self._enable_mouse_pixels()
        else:
            self._disable_mouse_support()
            self._mouse = False
        self.flush()

    def _sigcont_application(self, *_: object) -> None:
        # Not in the signal: it may come in the middle of a write.
        self._loop.call_soon_threadsafe(self._come_back)

    def _come_back(self) -> None:
        """Take the terminal again; without a stop of ours before it, two threads would read the keys."""
        if self._auto_restart:
            if TERMINAL.held:
                self.suspend_application_mode()
            self._must_signal_resume = True
            self.resume_application_mode()
            self._app.post_message(self.SignalResume())

    def run_input_thread(self) -> None:
        """Read keys; a lone Esc is decided on after ESCDELAY and not at the next poll."""
        parser = DeckParser(self._debug)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(IN_SEQUENCE if parser.in_sequence else AT_REST):
                    data = self._read()
                    if not data:
                        self._loop.call_soon_threadsafe(self._app.exit, None, HANGUP)
                        return
                    if text := decode(data):
                        self._process(parser.feed(text))
                self._process(parser.tick())

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, READ_SIZE)
        except OSError:
            return b""

    def _process(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)
