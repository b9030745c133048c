"""Where the style sheets are: in the installed package, or beside the sources."""

from __future__ import annotations

from pathlib import Path, PurePath

DECK = ("base.tcss", "deck.tcss")
"""What the first frame needs."""


def style_folder() -> Path:
    """The folder of the style sheets."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "styles"
    return installed if installed.is_dir() else package.parent.parent / "styles"


def deck_sheets() -> list[str | PurePath]:
    """The style sheets of the deck itself, `base.tcss` first."""
    folder = style_folder()
    return [folder / name for name in DECK]


def dialog_sheets() -> list[PurePath]:
    """All other style sheets, to be read after those of the deck."""
    return sorted(path for path in style_folder().glob("*.tcss") if path.name not in DECK)
