"""The colours of the first picture."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from platformdirs.macos import MacOS

from nanodeck.store.ground import NAME, last_ground, remembered_file
from nanodeck.store.places import Places
from nanodeck.store.preferences import remember


@pytest.mark.parametrize(
    "variables",
    [
        {"NANODECK_HOME": "/x/deck"},
        {"NANODECK_HOME": "~/deck"},
        {"XDG_STATE_HOME": "/x"},
        {"XDG_STATE_HOME": "x"},
        {},
    ],
)
def test_they_are_looked_for_where_the_deck_remembers_things(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NANODECK_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert remembered_file() == str(Places.from_environment().remembered)
    if "NANODECK_HOME" not in variables:
        monkeypatch.setattr(sys, "platform", "darwin")
        assert Path(remembered_file()).parent == MacOS("nanodeck", appauthor=False).user_state_path


def test_what_the_deck_remembered_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NANODECK_HOME", str(tmp_path))
    assert last_ground() == ()
    places = Places.from_environment()
    remember(places, "before", {"ground": "x"})
    remember(places, NAME, "1 2 3 10 200 255")
    assert last_ground() == (1, 2, 3, 10, 200, 255)
    remember(places, NAME, None)
    assert last_ground() == ()


@pytest.mark.parametrize(
    "wrong", ["", "1 2 3", "1 2 3 4 5 x", "1 2 3 4 5 -6", "\x1b[2J", "1 2 3 4 5 6 7", "²" * 6]
)
def test_what_are_no_colours_is_none(wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NANODECK_HOME", str(tmp_path))
    remember(Places.from_environment(), NAME, wrong)
    assert last_ground() == ()
