"""The clipboards of tmux, which drops what a program hands to its terminal, and of the desktop."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

SECONDS = 2.0

Command = tuple[str, ...]

# tmux before 3.2 does not know -w, which passes the text on to its terminal.
_TMUX: tuple[Command, ...] = (("tmux", "load-buffer", "-w", "-"), ("tmux", "load-buffer", "-"))
_WAYLAND: tuple[Command, ...] = (("wl-copy",),)
_X11: tuple[Command, ...] = (("xclip", "-selection", "clipboard", "-in"), ("xsel", "--clipboard", "--input"))
_WINDOWS: tuple[Command, ...] = (("clip.exe",),)
_MAC: tuple[Command, ...] = (("pbcopy",),)


def clipboards(environment: Mapping[str, str], platform: str = sys.platform) -> list[tuple[Command, ...]]:
    """The commands that fill each clipboard there is; of one clipboard's, the first that works is enough.

    Over ssh the desktop's is that of another machine, so only the terminal can reach the person's.
    """
    found = [_TMUX] if environment.get("TMUX") else []
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        return found
    if platform == "darwin":
        return [*found, _MAC]
    if environment.get("WSL_DISTRO_NAME"):
        return [*found, _WINDOWS]
    if environment.get("WAYLAND_DISPLAY"):
        return [*found, (*_WAYLAND, *_X11)]
    return [*found, _X11] if environment.get("DISPLAY") else found


def fill(clipboards: list[tuple[Command, ...]], text: str) -> int:
    """Put `text` into every clipboard; answers into how many it got. Blocks."""
    return sum(any(_run(command, text) for command in commands) for commands in clipboards)


def _run(command: Command, text: str) -> bool:
    # Windows takes what is not marked as UTF-16 for the code page of old.
    data = text.encode("utf-16") if command in _WINDOWS else text.encode(errors="replace")
    try:
        done = subprocess.run(
            command,
            input=data,
            # Some stay behind to serve the text, and would keep a pipe of ours open.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
