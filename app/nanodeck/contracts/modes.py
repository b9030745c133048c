"""The modes a session can be in: who decides about a tool call."""

from __future__ import annotations

from enum import Enum


class Mode(str, Enum):
    """How tool calls are decided on; the value is the name people type."""

    NORMAL = "normal"
    AUTO_ACCEPT = "auto-accept"
    YOLO = "yolo"
    PLAN = "plan"
    MANUAL = "manual"


MODE_CYCLE: tuple[Mode, ...] = (Mode.NORMAL, Mode.AUTO_ACCEPT, Mode.PLAN)
"""What Shift+Tab walks through; yolo and manual are only ever named."""

MODE_ALIASES: dict[str, Mode] = {"auto": Mode.NORMAL, "accept-all": Mode.YOLO}
"""Names other tools use for the same modes."""


def next_mode(mode: Mode) -> Mode:
    """The mode that follows in the cycle; a mode outside it goes to normal."""
    if mode not in MODE_CYCLE:
        return Mode.NORMAL
    return MODE_CYCLE[(MODE_CYCLE.index(mode) + 1) % len(MODE_CYCLE)]


def parse_mode(name: str) -> Mode:
    """The mode called `name`, aliases included. Raises ValueError."""
    folded = name.strip().lower()
    return MODE_ALIASES.get(folded) or Mode(folded)
