"""Where the style sheets are: in the installed package, or beside the sources."""

from __future__ import annotations

from pathlib import Path, PurePath

ORDER = ("base.tcss", "deck.tcss")


def style_folder() -> Path:
    """The folder of the style sheets."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "styles"
    return installed if installed.is_dir() else package.parent.parent / "styles"


def style_sheets() -> list[str | PurePath]:
    """All style sheets, `base.tcss` first."""
    folder = style_folder()
    others = sorted(path.name for path in folder.glob("*.tcss") if path.name not in ORDER)
    return [folder / name for name in (*ORDER, *others)]
