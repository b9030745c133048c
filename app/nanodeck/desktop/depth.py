"""How many colours the terminal shows, told by its environment before Textual is loaded."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

TRUE_COLOUR, COLOURS_256, COLOURS_16 = "truecolor", "256", "standard"
"""The names that Rich has for them."""
_TRUE_TERMS = (
    "alacritty",
    "contour",
    "foot",
    "ghostty",
    "kitty",
    "rio",
    "wezterm",
    "xterm-ghostty",
    "xterm-kitty",
)
_TRUE_PROGRAMS = ("ghostty", "hyper", "iterm.app", "rio", "tabby", "vscode", "warpterminal", "wezterm", "zed")


def colours_of(environment: Mapping[str, str]) -> str:
    """What to draw with: a terminal that says nothing of itself has 16 colours."""
    term = environment.get("TERM", "").lower()
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return TRUE_COLOUR
    if term.endswith("-direct") or term.startswith(_TRUE_TERMS) or environment.get("WT_SESSION"):
        return TRUE_COLOUR
    # Inside tmux or screen this names the terminal around it.
    inside = term.startswith(("tmux", "screen"))
    if environment.get("TERM_PROGRAM", "").lower() in _TRUE_PROGRAMS and not inside:
        return TRUE_COLOUR
    return COLOURS_256 if "256" in term else COLOURS_16
