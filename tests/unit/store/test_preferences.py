"""The deck's preferences, keys and memory: read leniently, written without losing what else is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanodeck.contracts.errors import SettingsError
from nanodeck.contracts.preferences import CHOICES, TITLES, Kept, Preferences
from nanodeck.store.places import Places
from nanodeck.store.preferences import load_kept, remember, save_preference


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.under(tmp_path)


def test_without_files_the_defaults_hold(places: Places) -> None:
    assert load_kept(places) == Kept(settings_path=str(places.settings))


def test_every_preference_says_what_it_is() -> None:
    assert tuple(TITLES) == Preferences._fields
    assert set(CHOICES) <= set(Preferences._fields)


def test_preferences_and_keys_are_read(places: Places) -> None:
    places.settings.write_text(
        '[deck]\nvim = true\ntheme = "dracula"\n'
        '[keys]\n"diff.accept" = "k"\ndiff.reject = ["n", "x"]\nchat.open = ""\n'
    )
    kept = load_kept(places)
    assert kept.preferences == Preferences(vim=True, theme="dracula")
    assert kept.keys == {"diff.accept": ("k",), "diff.reject": ("n", "x"), "chat.open": ()}
    assert kept.problems == ()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('vim = "yes"', "deck.vim: expected true or false"),
        ("theme = 3", "deck.theme: expected text"),
        ('signs = "emoji"', "deck.signs: expected one of auto, unicode, ascii"),
        ('them = "x"', "deck.them: there is no such setting, did you mean theme?"),
    ],
)
def test_a_wrong_value_is_named_with_its_line_and_costs_itself_alone(
    places: Places, line: str, problem: str
) -> None:
    places.settings.write_text(f"[deck]\nbell = false\n{line}\n")
    kept = load_kept(places)
    assert kept.preferences == Preferences(bell=False)
    assert kept.problems == (f"{places.settings}:3: {problem}",)


def test_tables_that_are_none_are_said(places: Places) -> None:
    places.settings.write_text("deck = 1\nkeys = 2\n")
    assert len(load_kept(places).problems) == 2


def test_keys_must_be_text(places: Places) -> None:
    places.settings.write_text('[keys]\n"chat.open" = 5\n')
    assert "keys.chat.open: expected a key, or a list of keys" in load_kept(places).problems[0]


def test_saving_keeps_comments_and_everything_else(places: Places) -> None:
    places.settings.write_text('# mine\nmodel = "a/b"  # best\n\n[deck]\n# eyes\ntheme = "nord"\n')
    save_preference(places, "theme", "dracula")
    save_preference(places, "vim", True)
    text = places.settings.read_text()
    assert text.startswith('# mine\nmodel = "a/b"  # best\n\n[deck]\n# eyes\ntheme = "dracula"\n')
    assert load_kept(places).preferences == Preferences(theme="dracula", vim=True)


def test_what_cannot_be_saved_is_said_and_changes_nothing(places: Places) -> None:
    places.settings.write_text("deck = 1\n")
    with pytest.raises(SettingsError):
        save_preference(places, "vim", True)
    with pytest.raises(SettingsError):
        save_preference(places, "nothing", True)
    assert places.settings.read_text() == "deck = 1\n"


def test_what_is_remembered_comes_back_and_is_forgotten(places: Places) -> None:
    remember(places, "widths", {"chat": 40})
    remember(places, "tips", ["tour"])
    assert load_kept(places).remembered == {"widths": {"chat": 40}, "tips": ["tour"]}
    remember(places, "widths", None)
    assert load_kept(places).remembered == {"tips": ["tour"]}
    assert places.remembered.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b"\xff"])
def test_a_damaged_memory_is_an_empty_one(places: Places, damage: bytes) -> None:
    places.remembered.write_bytes(damage)
    assert load_kept(places).remembered == {}
    remember(places, "a", 1)
    assert load_kept(places).remembered == {"a": 1}
