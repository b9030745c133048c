"""Where things live."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from nanodeck.store.places import Places
from nanodeck.store.private import make_folder, write_private


def test_nanodeck_home_replaces_every_folder(tmp_path: Path) -> None:
    places = Places.from_environment({"NANODECK_HOME": str(tmp_path)})
    found = (places.settings, places.keys, places.sessions, places.cache, places.log)
    assert all(path.parent == tmp_path for path in found)
    assert places.config == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_a_home_given_with_a_tilde_is_the_persons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    assert Places.from_environment({"NANODECK_HOME": "~/deck"}).config == Path("/home/somebody/deck")


def test_otherwise_the_platform_decides() -> None:
    places = Places.from_environment({})
    assert "nanodeck" in str(places.settings)
    assert places.settings.is_absolute()


def test_nothing_slow_is_loaded_to_find_them() -> None:
    code = (
        "import sys; from nanodeck.store import places, settings, keys, sessions;"
        "from nanodeck.store import journal, log, settings_file;"
        "places.Places.from_environment({'NANODECK_HOME': '/x'});"
        "print([m for m in ('platformdirs', 'tomlkit', 'tomllib', 'logging.handlers') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_private_folders_and_files_are_for_the_owner_alone(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    write_private(tmp_path / "a" / "b" / "c", b"x")
    modes = [stat.S_IMODE((tmp_path / path).stat().st_mode) for path in ("a", "a/b", "a/b/c")]
    assert modes == [0o700, 0o700, 0o600]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_private(tmp_path / "f", b"old")

    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        write_private(tmp_path / "f", b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]
