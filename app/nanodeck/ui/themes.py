"""The themes: nanodeck's own and well-known families as tables of colours, beside Textual's."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal, NamedTuple

from rich.color import Color as RichColor
from textual.app import App
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from nanodeck.desktop.depth import COLOURS_256, TRUE_COLOUR
from nanodeck.ui.terminal import TERMINAL
from nanodeck_widgets.palette import FLOOR, Palette

Family = Literal[
    "as the terminal", "dark", "light", "high contrast", "without colour", "the terminal's own colours"
]

DEFAULT, DEFAULT_LIGHT = "nanodeck", "nanodeck-light"
AUTO = "auto"
"""The name for one of these two: as light or as dark as the terminal says that it is."""
NATIVE = {True: "ansi-dark", False: "ansi-light"}
COLOURLESS = ("mono-dark", "mono-light")
HIGH_CONTRAST = 7.0

# name, background, foreground, primary, secondary, accent, success, warning, error
_DARK = """
nanodeck           11141a d7dce5 6cb6ff 8bd5ca c49bf5 7fd88f ffb454 f47067
andromeda          23262e d5ced9 7cb7ff 00e8c6 c74ded 96e072 ffe66d ee5d43
ayu-dark           0b0e14 bfbdb6 39bae6 95e6cb d2a6ff aad94c ffb454 d95757
ayu-mirage         1f2430 cccac2 73d0ff 95e6cb dfbfff d5ff80 ffcc66 ff6666
carbon             161616 f2f4f8 78a9ff 3ddbd9 be95ff 42be65 f1c21b ff7eb6
cobalt             193549 ffffff 4db2ff 80fcff fb94ff 3ad900 ffc600 ff628c
everforest         2d353b d3c6aa 7fbbb3 83c092 d699b6 a7c080 dbbc7f e67e80
github-dark        0d1117 e6edf3 58a6ff 39c5cf bc8cff 3fb950 d29922 f85149
github-dimmed      22272e adbac7 539bf5 39c5cf b083f0 57ab5a c69026 e5534b
horizon            1c1e26 d5d8da 26bbd9 59e1e3 b877db 29d398 fab795 e95678
iceberg            161821 c6c8d1 84a0c6 89b8c2 a093c7 b4be82 e2a478 e27878
kanagawa           1f1f28 dcd7ba 7e9cd8 7aa89f 957fb8 98bb6c ff9e3b e46876
kanagawa-dragon    181616 c5c9c5 8ba4b0 8ea4a2 a292a3 8a9a7b c4b28a c4746e
material-ocean     0f111a a6accd 82aaff 89ddff c792ea c3e88d ffcb6b f07178
melange            292522 ece1d7 a3a9ce 89b3b6 cf9bc2 85b695 ebc06d d47766
monokai-pro        2d2a2e fcfcfa 78dce8 fc9867 ab9df2 a9dc76 ffd866 ff6188
moonlight          222436 c8d3f5 82aaff 86e1fc c099ff c3e88d ffc777 ff757f
nightfox           192330 cdcecf 719cd6 63cdcf 9d79d6 81b29a dbc074 c94f6d
night-owl          011627 d6deeb 82aaff 7fdbca c792ea addb67 ffcb8b ef5350
oceanic-next       1b2b34 d8dee9 6699cc 5fb3b3 c594c5 99c794 fac863 ec5f67
palenight          292d3e a6accd 82aaff 89ddff c792ea c3e88d ffcb6b f07178
papercolor-dark    1c1c1c d0d0d0 5fafd7 00afaf af87d7 5faf00 ffaf00 ff5faf
poimandres         1b1e28 e4f0fb 89ddff add7ff f087bd 5de4c7 fffac2 d0679d
snazzy             282a36 eff0eb 57c7ff 9aedfe ff6ac1 5af78e f3f99d ff5c57
synthwave          262335 f0eff1 36f9f6 b893ce ff7edb 72f1b8 fede5d fe4450
tokyo-night-storm  24283b c0caf5 7aa2f7 7dcfff bb9af7 9ece6a e0af68 f7768e
tomorrow-night     1d1f21 c5c8c6 81a2be 8abeb7 b294bb b5bd68 f0c674 cc6666
zenburn            3f3f3f dcdccc 8cd0d3 93e0e3 dc8cc3 9fc59f f0dfaf cc9393
high-contrast-dark 000000 ffffff 6fb7ff 4fe3e3 e0a0ff 3fe07a ffd400 ff7b72
modus-vivendi      000000 ffffff 79a8ff 00d3d0 feacd0 44bc44 d0bc00 ff5f59
mono-dark          121212 e4e4e4 c6c6c6 b2b2b2 d0d0d0 dadada ffffff 9e9e9e
"""
_LIGHT = """
nanodeck-light      fafaf8 24292f 0b62c4 0f766e 7c3aed 1a7f37 9a5b00 c0262d
ayu-light           fcfcfc 5c6166 399ee6 4cbf99 a37acc 86b300 f2ae49 e65050
dayfox              f6f2ee 3d2b5a 2848a9 287980 6e33ce 396847 ac5402 a5222f
everforest-light    fdf6e3 5c6a72 3a94c5 35a77c df69ba 8da101 dfa000 f85552
github-light        ffffff 1f2328 0969da 1b7c83 8250df 1a7f37 9a6700 cf222e
gruvbox-light       fbf1c7 3c3836 076678 427b58 8f3f71 79740e b57614 9d0006
iceberg-light       e8e9ec 33374c 2d539e 3f83a6 7759b4 668e3d c57339 cc517a
kanagawa-lotus      f2ecbc 545464 4d699b 597b75 624c83 6f894e cc6d00 c84053
light-owl           fbfbfb 403f53 288ed7 2aa298 994cc3 08916a e0af02 de3d3b
nord-light          eceff4 2e3440 5e81ac 3f7e8c b48ead 6f8f57 d08770 bf616a
papercolor-light    eeeeee 444444 005faf 005f87 8700af 008700 d75f00 af0000
tokyo-night-day     e1e2e7 3760bf 2e7de9 007197 9854f1 587539 8c6c3e f52a65
tomorrow            ffffff 4d4d4c 4271ae 3e999f 8959a8 718c00 eab700 c82829
high-contrast-light ffffff 000000 0040a8 005a5a 6a00a8 005a1e 7a4100 a30010
modus-operandi      ffffff 000000 0031a9 005e8b 721045 006800 6f5500 a60000
mono-light          f4f4f4 1c1c1c 3a3a3a 4e4e4e 303030 262626 000000 626262
"""
_CONTRASTY = ("high-contrast-dark", "modus-vivendi", "high-contrast-light", "modus-operandi")


class ThemeName(NamedTuple):
    """A theme to choose from."""

    name: str
    family: Family
    dark: bool

    def fits(self, words: Sequence[str]) -> bool:
        """Whether its name, its family or whether it is dark has every word."""
        text = f"{self.name} {self.family} {'dark' if self.dark else 'light'}"
        return all(word in text for word in words)


@cache
def own_themes() -> tuple[Theme, ...]:
    """Every theme that Textual does not have."""
    return tuple(_theme(name) for name in _rows())


@cache
def theme_names() -> tuple[ThemeName, ...]:
    """All themes, family by family, nanodeck's own first."""
    themes = (*own_themes(), *BUILTIN_THEMES.values())
    found = [ThemeName(theme.name, _family(theme), theme.dark) for theme in themes]
    found.append(ThemeName(AUTO, "as the terminal", dark=True))
    families: tuple[Family, ...] = Family.__args__  # type: ignore[attr-defined]  # a Literal has its values
    return tuple(sorted(found, key=lambda one: (families.index(one.family), not _is_own(one.name), one.name)))


def find_theme(name: str) -> str:
    """The theme called `name`, empty for none; blanks and capitals do not matter."""
    wanted = "-".join(name.lower().split())
    return wanted if wanted == AUTO or wanted in BUILTIN_THEMES or wanted in _rows() else ""


def no_theme(name: str) -> str:
    """What is said about a theme that does not exist."""
    return f"there is no theme {name}: /theme shows all"


def show_theme(app: App[None], name: str) -> None:
    """Show the theme called `name`, nanodeck's own for none; a terminal may not have its colours."""
    wanted = find_theme(name) or DEFAULT
    if wanted == AUTO:
        wanted = DEFAULT_LIGHT if TERMINAL.light else DEFAULT
    app.theme = _kept_to(app, wanted, dark=_registered(app, wanted).dark)


def sheet_colours(palette: Palette) -> dict[str, str]:
    """The variables of style sheets that are drawn as in the panes."""
    muted, text, row = _hex(palette.muted.color), _hex(palette.text.color), _hex(palette.cursor.bgcolor)
    frame, focused = _hex(palette.frame.color), _hex(palette.frame_focused.color)
    thumb, behind = _hex(palette.thumb.color), _hex(palette.base.bgcolor)
    return {
        **dict.fromkeys(("text-muted", "text-disabled", "foreground-muted"), muted),
        **dict.fromkeys(("foreground", "block-cursor-foreground", "block-cursor-blurred-foreground"), text),
        **dict.fromkeys(("block-cursor-background", "block-cursor-blurred-background"), row),
        **dict.fromkeys(("block-cursor-text-style", "block-cursor-blurred-text-style"), "none"),
        **dict.fromkeys(("scrollbar", "scrollbar-hover", "scrollbar-active"), thumb),
        **dict.fromkeys(("scrollbar-background", "scrollbar-background-hover"), behind),
        "scrollbar-background-active": behind,
        "boost": _hex(palette.code_block.bgcolor),
        "border": focused,
        "border-blurred": frame,
        "text-primary": _hex(palette.primary.color),
        "text-success": _hex(palette.success.color),
        "text-warning": _hex(palette.warning.color),
        "text-error": _hex(palette.error.color),
    }


def _hex(color: RichColor | None) -> str:
    return Color.from_rich_color(color).hex


def _kept_to(app: App[None], name: str, *, dark: bool) -> str:
    """What of `name` this terminal can show."""
    few = app.no_color or app.console.color_system not in (TRUE_COLOUR, COLOURS_256)
    return NATIVE[dark] if few else name


def _registered(app: App[None], name: str) -> Theme:
    theme = app.get_theme(name)
    if theme is None:
        theme = _theme(name)
        app.register_theme(theme)
    return theme


def _is_own(name: str) -> bool:
    return name in (DEFAULT, DEFAULT_LIGHT)


def _family(theme: Theme) -> Family:
    if theme.ansi:
        return "the terminal's own colours"
    if theme.name in COLOURLESS:
        return "without colour"
    if FLOOR in theme.variables:
        return "high contrast"
    return "dark" if theme.dark else "light"


@cache
def _rows() -> dict[str, tuple[str, bool]]:
    """By name, a theme's row of its table and whether it is dark."""
    tables = ((_DARK, True), (_LIGHT, False))
    return {row.split(" ", 1)[0]: (row, dark) for table, dark in tables for row in table.strip().splitlines()}


@cache
def _theme(name: str) -> Theme:
    """A theme of the tables; only those that are looked at are made."""
    row, dark = _rows()[name]
    background, foreground, primary, secondary, accent, success, warning, error = (
        f"#{colour}" for colour in row.split()[1:]
    )
    ground, ink = Color.parse(background), Color.parse(foreground)
    return Theme(
        name,
        primary,
        secondary,
        warning,
        error,
        success,
        accent,
        foreground,
        background,
        surface=ground.blend(ink, 0.05, alpha=1.0).hex,
        panel=ground.blend(ink, 0.1, alpha=1.0).hex,
        dark=dark,
        variables={FLOOR: str(HIGH_CONTRAST)} if name in _CONTRASTY else {},
    )
