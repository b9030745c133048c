"""The terminal's window around the deck: its title, its bell, the notifications of its desktop."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nanodeck.ui.terminal import KEEP_TITLE, TITLE_BACK

NAME = "nanodeck"
BELL = "\a"
PRINTS_WHAT_IT_DOES_NOT_KNOW = ("linux", "vt100", "vt102", "vt220")
TITLED = ("VTE_VERSION", "KONSOLE_VERSION")
TITLED_TERMS = ("foot", "rxvt", "contour")


class Window:
    """Tells the terminal by `write`; words come cleaned, as they stand between control characters."""

    def __init__(self, write: Callable[[str], None], environment: Mapping[str, str]) -> None:
        self.write = write
        self._environment = environment
        self._title = ""

    def name(self, title: str) -> None:
        """Put `title` on the window; an empty one brings back what stood there before the deck."""
        if title != self._title:
            self._title = title
            self.write(f"\x1b]2;{title}\x1b\\" if title else TITLE_BACK + KEEP_TITLE)

    def name_again(self) -> None:
        """Put the title back that went while the shell had the terminal."""
        title, self._title = self._title, ""
        self.name(title)

    def ring(self) -> None:
        """Ring the bell."""
        self.write(BELL)

    def notify(self, words: str) -> None:
        """Have the desktop show `words`, in the one way this terminal knows."""
        if data := notification(words, self._environment):
            self.write(data)


def notification(words: str, environment: Mapping[str, str]) -> str:
    """What makes a terminal notify: OSC 777 where it is known for it, else OSC 9, never both.

    Nothing where it would be printed. tmux hands it on where `allow-passthrough` is on.
    """
    term = environment.get("TERM", "")
    if term.startswith(PRINTS_WHAT_IT_DOES_NOT_KNOW):
        return ""
    titled = any(map(environment.get, TITLED)) or term.startswith(TITLED_TERMS)
    data = f"\x1b]777;notify;{NAME};{words}\a" if titled else f"\x1b]9;{NAME}: {words}\a"
    if environment.get("TMUX"):
        return "\x1bPtmux;" + data.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    return data
