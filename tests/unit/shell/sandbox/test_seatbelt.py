"""The profile for macOS as text: no Linux can try it."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from nanodeck.shell.sandbox.confinement import Confinement
from nanodeck.shell.sandbox.seatbelt import profile


def test_only_the_workspace_and_the_private_folder_are_written(place: Confinement) -> None:
    text = profile(place)
    assert text.startswith("(version 1)\n(deny default)\n")
    assert f'(allow file-write* (subpath "{place.temp}") (subpath "{place.root}"))' in text
    assert "network" not in text
    assert "(allow network*)" in profile(replace(place, network=True))
    reading = profile(replace(place, access="read-only"))
    assert f'(allow file-write* (subpath "{place.temp}"))' in reading


def test_protected_paths_neither_change_nor_move(place: Confinement) -> None:
    (place.root / "sub/.git").mkdir(parents=True)
    text = profile(place)
    allowed = text.index("(allow file-write* (subpath")
    assert text.index(f'(deny file-write* (subpath "{place.root}/sub/.git"))') > allowed
    assert f'(deny file-write-unlink (literal "{place.root}") (literal "{place.root}/sub"))' in text


def test_secrets_are_not_read(place: Confinement) -> None:
    (place.home / ".ssh").mkdir()
    (place.root / ".env").touch()
    text = profile(place)
    hidden = f'(deny file-read* file-write* (subpath "{place.home}/.ssh") (subpath "{place.root}/.env"))'
    assert text.endswith(hidden + "\n")


def test_a_path_cannot_end_its_string(place: Confinement) -> None:
    odd = place.root / 'a") (allow default) ("\\'
    odd.mkdir()
    text = profile(replace(place, root=Path(odd)))
    assert '\\") (allow default) (\\"\\\\"' in text
