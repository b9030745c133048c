"""Rich styles for drawing panes, derived from the theme in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.style import Style
from textual.app import App
from textual.color import BLACK, WHITE, Color, ColorParseError


@dataclass(frozen=True, eq=False)
class Palette:
    """Styles by meaning. Only `base`, the diff backgrounds and the overlays carry a background:
    `Pane` lays every row over `base`. `background` is the colour line filters need.
    """

    background: Color
    dark: bool
    base: Style
    text: Style
    strong: Style
    muted: Style
    accent: Style
    primary: Style
    success: Style
    warning: Style
    error: Style
    added: Style
    removed: Style
    added_word: Style
    removed_word: Style
    added_sign: Style
    removed_sign: Style
    heading: Style
    link: Style
    code: Style
    code_block: Style
    quote: Style
    keyword: Style
    string: Style
    number: Style
    name: Style
    comment: Style
    cursor: Style
    selection: Style
    find: Style
    find_current: Style
    frame: Style
    frame_focused: Style
    title: Style
    title_focused: Style
    thumb: Style


def build_palette(variables: Mapping[str, str], *, dark: bool, ansi: bool) -> Palette:
    """The palette of a theme given its CSS variables."""
    return _ansi_palette(variables, dark) if ansi else _true_palette(variables, dark)


_built: dict[tuple[object, ...], Palette] = {}


def palette_of(app: App[object]) -> Palette:
    """The palette of the app's theme; made once per theme."""
    theme = app.current_theme
    ansi = app.native_ansi_color
    variables = app.theme_variables or app.get_css_variables()
    key = (theme.name, ansi, variables.get("background"), variables.get("primary"))
    palette = _built.get(key)
    if palette is None:
        palette = _built[key] = build_palette(variables, dark=theme.dark, ansi=ansi)
    return palette


def _fore(
    color: Color, *, bold: bool | None = None, italic: bool | None = None, underline: bool | None = None
) -> Style:
    return Style(color=color.rich_color, bold=bold, italic=italic, underline=underline)


def _luminance(color: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of the web's accessibility guidelines, 1 to 21."""
    dim, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def readable(color: Color, background: Color, least: float) -> Color:
    """`color` moved towards black or white until it stands out from `background` by `least`."""
    goal = WHITE if contrast(WHITE, background) >= contrast(BLACK, background) else BLACK
    for _ in range(12):
        if contrast(color, background) >= least:
            break
        color = color.blend(goal, 0.15, alpha=1.0)
    return color


class _Inks:
    """Colours of a true-colour theme, made readable on its background."""

    def __init__(self, variables: Mapping[str, str], dark: bool) -> None:
        self._variables = variables
        self.background = self.color("background", "#121212" if dark else "#f0f0f0")
        self.text = readable(self.color("foreground", "#e0e0e0" if dark else "#202020"), self.background, 7.0)

    def color(self, name: str, fallback: str = "#808080") -> Color:
        try:
            return Color(*Color.parse(self._variables.get(name, fallback)).rgb)
        except ColorParseError:
            return Color.parse(fallback)

    def ink(self, name: str, least: float = 4.5) -> Color:
        return readable(self.color(name), self.background, least)

    def blend(self, name: str, factor: float) -> Color:
        return self.background.blend(self.color(name), factor, alpha=1.0)

    def wash(self, name: str, factor: float, *, bold: bool | None = None) -> Style:
        ground = self.blend(name, factor)
        return Style(color=readable(self.text, ground, 4.5).rich_color, bgcolor=ground.rich_color, bold=bold)


def _true_palette(variables: Mapping[str, str], dark: bool) -> Palette:
    inks = _Inks(variables, dark)
    styles = {**_true_words(inks), **_true_marks(inks)}
    base = Style(color=inks.text.rich_color, bgcolor=inks.background.rich_color)
    return Palette(background=inks.background, dark=dark, base=base, **styles)


def _true_words(inks: _Inks) -> dict[str, Style]:
    muted = readable(inks.text.blend(inks.background, 0.45, alpha=1.0), inks.background, 3.6)
    ground = inks.background.blend(inks.text, 0.08, alpha=1.0)
    return {
        "text": _fore(inks.text),
        "strong": _fore(inks.text, bold=True),
        "muted": _fore(muted),
        "accent": _fore(inks.ink("accent")),
        "primary": _fore(inks.ink("primary")),
        "success": _fore(inks.ink("success")),
        "warning": _fore(inks.ink("warning")),
        "error": _fore(inks.ink("error")),
        "heading": _fore(inks.ink("primary"), bold=True),
        "link": _fore(inks.ink("accent"), underline=True),
        "code": Style(color=inks.ink("warning").rich_color, bgcolor=ground.rich_color),
        "code_block": Style(
            color=inks.text.rich_color, bgcolor=inks.background.blend(inks.text, 0.05, alpha=1.0).rich_color
        ),
        "quote": _fore(muted, italic=True),
        "keyword": _fore(inks.ink("primary"), bold=True),
        "string": _fore(inks.ink("success")),
        "number": _fore(inks.ink("warning")),
        "name": _fore(inks.ink("accent")),
        "comment": _fore(muted, italic=True),
        "title": _fore(muted, bold=True),
        "title_focused": _fore(inks.text, bold=True),
    }


def _true_marks(inks: _Inks) -> dict[str, Style]:
    faint = inks.text.blend(inks.background, 0.68, alpha=1.0)
    current = inks.color("warning")
    picked = inks.blend("primary", 0.45)
    return {
        "added": inks.wash("success", 0.16),
        "removed": inks.wash("error", 0.16),
        "added_word": inks.wash("success", 0.38, bold=True),
        "removed_word": inks.wash("error", 0.38, bold=True),
        "added_sign": _fore(inks.ink("success"), bold=True),
        "removed_sign": _fore(inks.ink("error"), bold=True),
        "cursor": Style(bgcolor=inks.blend("primary", 0.22).rich_color),
        "selection": Style(color=readable(inks.text, picked, 4.5).rich_color, bgcolor=picked.rich_color),
        "find": inks.wash("warning", 0.4),
        "find_current": Style(
            color=readable(current, current, 7.0).rich_color, bgcolor=current.rich_color, bold=True
        ),
        "frame": _fore(faint),
        "frame_focused": _fore(inks.ink("primary", 3.0)),
        "thumb": _fore(inks.blend("primary", 0.6)),
    }


def _ansi_palette(variables: Mapping[str, str], dark: bool) -> Palette:
    """Only the terminal's own colours: marks by the text's colour, bold, underline and reverse."""

    def named(name: str, fallback: str) -> Color:
        try:
            parsed = Color.parse(variables.get(name, fallback))
        except ColorParseError:
            return Color.parse(fallback)
        return parsed if parsed.ansi is not None else Color.parse(fallback)

    background = named("background", "ansi_default")
    base = Style(color=Color.parse("ansi_default").rich_color, bgcolor=background.rich_color)
    inks = {
        name: _fore(named(name, fallback))
        for name, fallback in (
            ("primary", "ansi_blue"),
            ("accent", "ansi_cyan"),
            ("success", "ansi_green"),
            ("warning", "ansi_yellow"),
            ("error", "ansi_red"),
        )
    }
    picked, ink = (named(f"screen-selection-{part}", "ansi_default") for part in ("background", "foreground"))
    # Reversed, so that it still shows when colours are filtered out.
    block = Style(color=picked.rich_color, bgcolor=ink.rich_color, reverse=True, dim=False)
    styles = {**_ansi_styles(inks), "selection": block, "cursor": block}
    return Palette(background=background, dark=dark, base=base, **inks, **styles)


def _ansi_styles(inks: Mapping[str, Style]) -> dict[str, Style]:
    plain, dim, bold = Style(), Style(dim=True), Style(bold=True)
    good, bad = inks["success"], inks["error"]
    return {
        "text": plain,
        "strong": bold,
        "muted": dim,
        "added": good,
        "removed": bad,
        "added_word": good + Style(bold=True, reverse=True),
        "removed_word": bad + Style(bold=True, reverse=True),
        "added_sign": good + bold,
        "removed_sign": bad + bold,
        "heading": inks["primary"] + bold,
        "link": inks["accent"] + Style(underline=True),
        "code": inks["warning"],
        "code_block": plain,
        "quote": Style(italic=True),
        "keyword": inks["primary"] + bold,
        "string": good,
        "number": inks["warning"],
        "name": inks["accent"],
        "comment": Style(dim=True, italic=True),
        "find": Style(underline=True, bold=True),
        "find_current": Style(reverse=True, bold=True, underline=True),
        "frame": dim,
        "frame_focused": inks["primary"] + bold,
        "title": dim,
        "title_focused": bold,
        "thumb": inks["primary"],
    }
