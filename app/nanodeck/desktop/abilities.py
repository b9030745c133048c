"""What the terminal can do, as far as its environment tells; which keys arrive only pressing them shows."""

from __future__ import annotations

from collections.abc import Mapping

from nanodeck.contracts.checkup import Finding

_SMALLEST = (60, 20)


def terminal_abilities(environment: Mapping[str, str], size: tuple[int, int], colours: str) -> list[Finding]:
    """Findings on a terminal of `size` (columns, rows) that shows so many `colours`."""
    term = environment.get("TERM", "")
    if not term or term == "dumb":
        cure = "set TERM to what the terminal is, such as xterm-256color, or use nanodeck --plain"
        return [Finding("terminal", "fault", f"TERM is {term or 'not set'}: it draws nothing", "", cure)]
    found = [Finding("terminal", "good", f"{term}, {size[0]}x{size[1]}, {_COLOURS.get(colours, colours)}")]
    if size < _SMALLEST or size[1] < _SMALLEST[1]:
        found.append(Finding("terminal", "note", "smaller than 60x20", "", "make the window larger"))
    if environment.get("TMUX"):
        text = "inside tmux: shift+enter and copied text arrive only where tmux passes them on"
        cure = "in tmux.conf: set -s extended-keys on; set -s set-clipboard on"
        found.append(Finding("terminal", "note", text, "", cure))
    elif term.startswith("screen"):
        cure = "ctrl+j begins a new line; /copy writes a file where the clipboard is not reached"
        found.append(Finding("terminal", "note", "inside screen: shift+enter does not arrive", "", cure))
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        text = "over ssh: copied text goes through the terminal (OSC 52), which may have to allow it"
        found.append(Finding("terminal", "note", text))
    if "UTF-8" not in _encoding(environment).upper().replace("UTF8", "UTF-8"):
        cure = "set LANG to a UTF-8 locale, such as C.UTF-8, or NANODECK_ASCII=1"
        found.append(
            Finding("terminal", "note", "the locale is not UTF-8: signs may be drawn wrong", "", cure)
        )
    if environment.get("NO_COLOR"):
        found.append(Finding("terminal", "note", "NO_COLOR is set: everything is told by signs", "NO_COLOR"))
    return found


_COLOURS = {"truecolor": "all colours", "256": "256 colours", "standard": "16 colours"}


def _encoding(environment: Mapping[str, str]) -> str:
    return next((value for name in ("LC_ALL", "LC_CTYPE", "LANG") if (value := environment.get(name))), "")
