"""Rich styles for drawing panes, derived from the theme in use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from rich.style import Style
from textual.app import App
from textual.color import Color, ColorParseError

from nanodeck_widgets.colour import Shown, alike, of_256, readable, same

TEXT_FLOOR = 4.5
"""The contrast of everything that is read, dim text included."""
FLOOR = "contrast-floor"
"""The variable by which a theme asks for more of it."""


class Palette(Struct, frozen=True, eq=False):
    """Styles by meaning. Only `base`, grounds, the diff's lines and the overlays carry a background:
    `Pane` lays every row over `base`. `background` is the colour line filters need.

    `attention` is for what waits for the person and for nothing else; `warning` for what went
    otherwise than meant.
    """

    background: Color
    dark: bool
    base: Style
    text: Style
    strong: Style
    muted: Style
    key: Style
    accent: Style
    primary: Style
    success: Style
    attention: Style
    badge: Style
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


def build_palette(variables: Mapping[str, str], *, dark: bool, ansi: bool, deep: bool = True) -> Palette:
    """The palette of a theme by its CSS variables, for a terminal of all colours or, if not `deep`, 256."""
    return _ansi_palette(dark) if ansi else _true_palette(_Inks(variables, dark, deep))


_built: dict[tuple[object, ...], Palette] = {}


def palette_of(app: App[Any]) -> Palette:
    """The palette of the app's theme; made once per theme."""
    theme = app.current_theme
    ansi, deep = app.native_ansi_color, app.console.color_system == "truecolor"
    variables = app.theme_variables or app.get_css_variables()
    key = (theme.name, ansi, deep, variables.get("background"), variables.get("primary"))
    palette = _built.get(key)
    if palette is None:
        palette = _built[key] = build_palette(variables, dark=theme.dark, ansi=ansi, deep=deep)
    return palette


def _fore(color: Color, *, bold: bool | None = None, italic: bool | None = None) -> Style:
    return Style(color=color.rich_color, bold=bold, italic=italic)


class _Inks:
    """Colours of a true-colour theme, made readable on every ground they may stand on."""

    def __init__(self, variables: Mapping[str, str], dark: bool, deep: bool) -> None:
        self._variables = variables
        self._shown: Shown = same if deep else of_256
        self.dark = dark
        self.least = max(TEXT_FLOOR, float(variables.get(FLOOR, TEXT_FLOOR)))
        self.background = self.color("background", "#121212" if dark else "#f0f0f0")
        foreground = self.color("foreground", "#e0e0e0" if dark else "#202020")
        self.text = self._readable(foreground, max(7.0, self.least), self.background)
        self.block = self._tint(self.text, 0.06)
        self.added = self.tinted("success", 0.16)
        self.removed = self.tinted("error", 0.16, self.added)
        self.row = self.tinted("primary", 0.2)
        surface = self.color("surface", self.block.hex)
        self.grounds = (self.background, surface, self.block, self.added, self.removed, self.row)
        self.text = self._readable(self.text, self.least, *self.grounds)

    def color(self, name: str, fallback: str = "#808080") -> Color:
        try:
            return Color(*Color.parse(self._variables.get(name, fallback)).rgb)
        except ColorParseError:
            return Color.parse(fallback)

    def ink(self, name: str) -> Color:
        return self._readable(self.color(name), self.least, *self.grounds)

    def quiet(self, *names: str) -> Color:
        """The ink of the first of `names` that nobody could take for a call for attention."""
        loud = self.color("warning")
        calm = [name for name in names if not alike(self.color(name), loud)]
        return self.ink(calm[0] if calm else names[-1])

    def faded(self, share: float, least: float) -> Color:
        """The text's colour, paler by `share` of the background."""
        return self._readable(self.text.blend(self.background, share, alpha=1.0), least, *self.grounds)

    def edge(self, share: float, least: float) -> Color:
        """A line's colour: only the background is behind it."""
        color = self.text.blend(self.background, share, alpha=1.0)
        return self._readable(color, max(least, self.least - 2.5), self.background)

    def line(self, name: str) -> Color:
        """A line in the colour `name`."""
        return self._readable(self.color(name), max(3.0, self.least - 2.5), self.background)

    def tinted(self, name: str, factor: float, *apart: Color) -> Color:
        """The background with a tint of the colour `name`, that looks unlike the colours `apart`."""
        # What is read on a tint must stand out from it as well.
        return self._tint(self.color(name), factor * TEXT_FLOOR / self.least, *apart)

    def label(self, name: str) -> Style:
        """A label filled with the colour `name`."""
        ground = self._readable(self.color(name), self.least, self.background)
        return Style(color=self.background.rich_color, bgcolor=ground.rich_color, bold=True)

    def wash(self, ground: Color, *, bold: bool | None = None) -> Style:
        text = self._readable(self.text, self.least, ground)
        return Style(color=text.rich_color, bgcolor=ground.rich_color, bold=bold)

    def _tint(self, color: Color, factor: float, *apart: Color) -> Color:
        # With 256 colours a faint tint may come out as the background, or as the tint beside it.
        others = {self._shown(other) for other in (self.background, *apart)}
        while factor < 1.0:
            tinted = self.background.blend(color, factor, alpha=1.0)
            if self._shown(tinted) not in others:
                return tinted
            factor += 0.04
        return color

    def _readable(self, color: Color, least: float, *grounds: Color) -> Color:
        return readable(color, least, *grounds, shown=self._shown)


def _true_palette(inks: _Inks) -> Palette:
    base = Style(color=inks.text.rich_color, bgcolor=inks.background.rich_color)
    styles = {**_true_words(inks), **_true_code(inks), **_true_marks(inks)}
    return Palette(background=inks.background, dark=inks.dark, base=base, **styles)


def _true_words(inks: _Inks) -> dict[str, Style]:
    muted, called = inks.faded(0.42, inks.least), inks.ink("warning")
    return {
        "text": _fore(inks.text),
        "strong": _fore(inks.text, bold=True),
        "muted": _fore(muted),
        "key": _fore(inks.quiet("primary", "secondary", "accent", "foreground")),
        "accent": _fore(inks.quiet("accent", "primary", "secondary")),
        "primary": _fore(inks.ink("primary")),
        "success": _fore(inks.ink("success")),
        "attention": _fore(called, bold=True),
        "badge": inks.label("warning"),
        "warning": _fore(called),
        "error": _fore(inks.ink("error")),
        "heading": _fore(inks.ink("primary"), bold=True),
        "link": _fore(inks.quiet("accent", "primary", "secondary")) + Style(underline=True),
        "quote": _fore(muted, italic=True),
        "title": _fore(muted),
        "title_focused": _fore(inks.text, bold=True),
    }


def _true_code(inks: _Inks) -> dict[str, Style]:
    muted = inks.faded(0.42, inks.least)
    inline = inks.quiet("secondary", "accent", "primary", "foreground")
    return {
        "code": Style(color=inline.rich_color, bgcolor=inks.block.rich_color),
        "code_block": Style(color=inks.text.rich_color, bgcolor=inks.block.rich_color),
        "keyword": _fore(inks.quiet("accent", "primary", "secondary")),
        "string": _fore(inks.ink("success")),
        "number": _fore(inks.quiet("secondary", "accent", "primary")),
        "name": _fore(inks.quiet("primary", "secondary", "accent")),
        "comment": _fore(muted, italic=True),
    }


def _true_marks(inks: _Inks) -> dict[str, Style]:
    picked, found = inks.tinted("primary", 0.45), inks.tinted("secondary", 0.5)
    changed = (inks.added, inks.removed)
    more = inks.tinted("success", 0.36, *changed)
    less = inks.tinted("error", 0.36, *changed, more)
    return {
        "added": inks.wash(inks.added),
        "removed": inks.wash(inks.removed),
        "added_word": inks.wash(more, bold=True),
        "removed_word": inks.wash(less, bold=True),
        "added_sign": _fore(inks.ink("success"), bold=True),
        "removed_sign": _fore(inks.ink("error"), bold=True),
        "cursor": Style(bgcolor=inks.row.rich_color),
        "selection": inks.wash(picked),
        "find": inks.wash(found),
        "find_current": inks.label("secondary"),
        "frame": _fore(inks.edge(0.72, 1.5)),
        "frame_focused": _fore(inks.line("primary")),
        "thumb": _fore(inks.edge(0.55, 2.0)),
    }


def _ansi_palette(dark: bool) -> Palette:
    """Only the terminal's own colours: marks by the text's colour, bold, underline and reverse."""
    ground = Color.parse("ansi_default")
    base = Style(color=ground.rich_color, bgcolor=ground.rich_color)
    # Blue on black and yellow on white are the two that nobody can read.
    names = {
        "primary": "ansi_bright_blue" if dark else "ansi_blue",
        "accent": "ansi_cyan",
        "success": "ansi_green",
        "warning": "ansi_yellow" if dark else "ansi_magenta",
        "error": "ansi_red",
    }
    inks = {role: _fore(Color.parse(name)) for role, name in names.items()}
    # Reversed, so that it still shows when colours are filtered out.
    block = Style(color=ground.rich_color, bgcolor=ground.rich_color, reverse=True, dim=False)
    styles = {**_ansi_styles(inks, dark), "selection": block, "cursor": block}
    return Palette(background=ground, dark=dark, base=base, **inks, **styles)


def _ansi_styles(inks: Mapping[str, Style], dark: bool) -> dict[str, Style]:
    plain, dim, bold = Style(), Style(dim=True), Style(bold=True)
    good, bad = inks["success"], inks["error"]
    return {
        "text": plain,
        "strong": bold,
        "muted": dim,
        "key": bold,
        "attention": inks["warning"] + bold,
        "badge": inks["warning"] + Style(bold=True, reverse=True),
        "added": good,
        "removed": bad,
        "added_word": good + Style(bold=True, reverse=True),
        "removed_word": bad + Style(bold=True, reverse=True),
        "added_sign": good + bold,
        "removed_sign": bad + bold,
        "heading": inks["primary"] + bold,
        "link": inks["accent"] + Style(underline=True),
        "code": inks["accent"],
        "code_block": plain,
        "quote": Style(italic=True),
        "keyword": Style.parse("magenta") if dark else inks["primary"] + bold,
        "string": good,
        "number": inks["accent"],
        "name": inks["primary"],
        "comment": Style(dim=True, italic=True),
        "find": Style(underline=True, bold=True),
        "find_current": Style(reverse=True, bold=True, underline=True),
        "frame": dim,
        "frame_focused": inks["primary"] + bold,
        "title": dim,
        "title_focused": bold,
        "thumb": dim,
    }
