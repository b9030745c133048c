"""Lines of a diff as far as a model needs to see them."""

from __future__ import annotations

from collections.abc import Sequence

_LINES = 24
_CHARACTERS = 1_600


def cut(lines: Sequence[str]) -> list[str]:
    """The first of `lines`, and how many more there are."""
    text = "\n".join(lines)
    shown = text[:_CHARACTERS].split("\n")[:_LINES]
    left = len(lines) - len(shown)
    if left > 0:
        return [*shown, f"[... {left} more lines]"]
    return [*shown, "[... cut]"] if len(text) > _CHARACTERS else shown
