"""Themes: how many, and that everything can be read in all of them, in all colours and in 256."""

from __future__ import annotations

import pytest
from msgspec.structs import astuple
from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from nanodeck.contracts.preferences import Preferences
from nanodeck.ui.skeleton import GROUND
from nanodeck.ui.themes import AUTO, COLOURLESS, DEFAULT, HIGH_CONTRAST, find_theme, own_themes, theme_names
from nanodeck_widgets.colour import alike, contrast, of_256, same
from nanodeck_widgets.palette import FLOOR, TEXT_FLOOR, Palette, build_palette

THEMES = {theme.name: theme for theme in (*own_themes(), *BUILTIN_THEMES.values())}
COLOURED = sorted(name for name, theme in THEMES.items() if not theme.ansi)
GROUNDS = ("base", "code_block", "added", "removed", "cursor")
INKS = (
    *("text", "strong", "muted", "key", "accent", "primary", "success", "attention", "warning", "error"),
    *("keyword", "string", "number", "name", "comment", "code", "quote", "heading", "link"),
    *("title", "title_focused", "added_sign", "removed_sign"),
)
FILLED = (
    "added",
    "removed",
    "added_word",
    "removed_word",
    "selection",
    "find",
    "find_current",
    "badge",
    "code",
)
CALM = ("key", "accent", "code", "keyword", "number", "name", "link")
ROUNDING = 0.01


def variables_of(theme: Theme) -> dict[str, str]:
    """What a theme is to a style sheet."""
    return {**theme.to_color_system().generate(), **theme.variables}


def palette(name: str, *, deep: bool = True) -> Palette:
    """The palette of a theme."""
    theme = THEMES[name]
    return build_palette(variables_of(theme), dark=theme.dark, ansi=theme.ansi, deep=deep)


def ink(style: Style) -> Color:
    """The colour of a style's text."""
    assert style.color is not None
    return Color.from_rich_color(style.color)


def ground(style: Style) -> Color:
    """The colour behind a style's text."""
    assert style.bgcolor is not None
    return Color.from_rich_color(style.bgcolor)


def test_there_are_many_themes_of_every_family_and_no_name_twice() -> None:
    names = [one.name for one in theme_names()]
    assert len(set(names)) == len(names) == len(THEMES) + 1 >= 40
    assert set(BUILTIN_THEMES) <= set(names)
    assert names[:2] == [Preferences().theme, DEFAULT] == [AUTO, DEFAULT]
    families = [one.family for one in theme_names()]
    assert families.count("dark") >= 20
    assert families.count("light") >= 15
    assert families.count("high contrast") >= 2
    assert {True, False} == {THEMES[one.name].dark for one in theme_names() if one.family == "high contrast"}
    assert [one.name for one in theme_names() if one.family == "without colour"] == sorted(COLOURLESS)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nord", "nord"),
        ("Tokyo Night", "tokyo-night"),
        (" GITHUB-light ", "github-light"),
        ("no such", ""),
        ("", ""),
    ],
)
def test_a_theme_is_found_by_its_name(typed: str, found: str) -> None:
    assert find_theme(typed) == found


@pytest.mark.parametrize("deep", [True, False], ids=["all-colours", "256-colours"])
@pytest.mark.parametrize("name", COLOURED)
def test_everything_can_be_read_on_everything_it_may_stand_on(name: str, deep: bool) -> None:
    made, shown = palette(name, deep=deep), same if deep else of_256
    floor = HIGH_CONTRAST if FLOOR in THEMES[name].variables else TEXT_FLOOR
    pairs = [(each, under) for each in INKS for under in GROUNDS]
    unread = [
        (each, under)
        for each, under in pairs
        if contrast(shown(ink(getattr(made, each))), shown(ground(getattr(made, under)))) < floor - ROUNDING
    ]
    assert unread == []
    for each in FILLED:
        style = getattr(made, each)
        # No mark of 256 colours stands out from both its text and its ground by more.
        least = floor if deep else TEXT_FLOOR
        assert contrast(shown(ink(style)), shown(ground(style))) >= least - ROUNDING, each


@pytest.mark.parametrize("deep", [True, False], ids=["all-colours", "256-colours"])
@pytest.mark.parametrize("name", COLOURED)
def test_what_is_marked_never_looks_like_what_is_not(name: str, deep: bool) -> None:
    made, shown = palette(name, deep=deep), same if deep else of_256
    marks = ("base", "added", "removed", "added_word", "removed_word")
    assert len({shown(ground(getattr(made, mark))) for mark in marks}) == len(marks)


@pytest.mark.parametrize("name", COLOURED)
def test_nothing_but_what_waits_for_the_person_has_its_colour(name: str) -> None:
    made, call = palette(name), Color.parse(variables_of(THEMES[name])["warning"])
    assert [each for each in CALM if alike(ink(getattr(made, each)), call)] == []


@pytest.mark.parametrize("dark", [True, False])
def test_sixteen_colours_are_the_terminals_own_and_marks_differ_without_them(dark: bool) -> None:
    made = build_palette({}, dark=dark, ansi=True)
    colours = {style.color for style in astuple(made) if isinstance(style, Style) and style.color}
    assert all(colour.number is None or colour.number < 16 for colour in colours)
    assert all(colour.triplet is None for colour in colours)
    assert made.added != made.removed
    for mark in (made.selection, made.cursor, made.badge, made.added_word, made.removed_word):
        assert mark.reverse


def test_the_first_picture_has_the_colours_of_the_theme_that_nobody_chose() -> None:
    made = palette(DEFAULT)
    frame, behind = ink(made.frame).rgb, ground(made.base).rgb
    assert (*frame, *behind) == GROUND
