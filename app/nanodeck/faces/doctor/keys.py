"""What a terminal sends for the keys that are pressed. POSIX only: it reads the terminal unprocessed."""

from __future__ import annotations

import os
import sys
import termios
import tty

_ENDS = (b"\x03", b"\x04")
_ASK = "\x1b[>1u\x1b[>4;1m"
_ASK_NO_MORE = "\x1b[>4;0m\x1b[<u"
_KNOWN = {
    b"\r": "enter",
    b"\n": "ctrl+j",
    b"\t": "tab",
    b"\x1b": "escape",
    b"\x7f": "backspace",
    b"\x1b\r": "alt+enter (many terminals send it for shift+enter)",
    b"\x1b[13;2u": "shift+enter",
    b"\x1b[27;2;13~": "shift+enter",
    b"\x1b[13;5u": "ctrl+enter",
    b"\x1b[27;5;13~": "ctrl+enter",
    b"\x1b[Z": "shift+tab",
    b"\x1b[A": "up",
    b"\x1b[B": "down",
    b"\x1b[C": "right",
    b"\x1b[D": "left",
    b"\x1bOP": "f1",
    b"\x1bOQ": "f2",
    b"\x1b[17~": "f6",
    b"\x1b[18~": "f7",
    b"\x1b[1;5A": "ctrl+up",
    b"\x1b[1;5B": "ctrl+down",
    b"\x1b[1;5C": "ctrl+right",
    b"\x1b[1;5D": "ctrl+left",
    b"\x1b[5~": "pageup",
    b"\x1b[6~": "pagedown",
    b"\x1b[H": "home",
    b"\x1b[F": "end",
}


def key_words(data: bytes) -> str:
    """The bytes of one key in signs, and its name where it is known."""
    signs = (
        data.decode("utf-8", "backslashreplace").encode("unicode_escape").decode().replace("\\x1b", "ESC ")
    )
    name = _KNOWN.get(data, "")
    if not name and len(data) == 1 and data < b" ":
        name = f"ctrl+{chr(data[0] + 0x60)}"
    if not name and len(data) == 2 and data[:1] == b"\x1b":
        name = f"alt+{chr(data[1])}" if b" " < data[1:] < b"\x7f" else ""
    return f"{signs:<16} {name}".rstrip()


def show_keys() -> int:
    """Name each key as it arrives, until ctrl+c; the terminal is left as it was."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("nanodeck doctor --keys needs a terminal", file=sys.stderr)
        return 1
    print("Press keys to see what arrives: shift+enter, alt+enter, ctrl+arrows, f1.\nctrl+c ends.")
    before = termios.tcgetattr(0)
    sys.stdout.write(_ASK)
    sys.stdout.flush()
    try:
        tty.setraw(0)
        while (data := os.read(0, 64)) and data not in _ENDS and not data.startswith(b"\x1b[99;5u"):
            sys.stdout.write(f"  {key_words(data)}\r\n")
            sys.stdout.flush()
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)
        sys.stdout.write(_ASK_NO_MORE)
        sys.stdout.flush()
    return 0
