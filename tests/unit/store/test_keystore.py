"""Keys in the file or in a keyring: a keyring that fails is said, and the file still counts."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from nanodeck.contracts.errors import SettingsError
from nanodeck.store.keystore import keep_key, known_keys
from nanodeck.store.places import Places


class Ring(ModuleType):
    """A keyring in memory."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, key: str) -> None:
        self.kept[service, name] = key


class LockedRing(Ring):
    """A keyring that refuses."""

    def get_password(self, service: str, name: str) -> str | None:
        raise RuntimeError("locked, and the key was sk-told-by-mistake")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.under(tmp_path)


def test_a_key_is_kept_in_the_keyring_and_comes_before_the_file(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", Ring())
    keep_key(places, "file", "openai", "from-file-1")
    keep_key(places, "file", "mine", "from-file-2")
    keep_key(places, "keyring", "openai", "from-ring-1")
    known = known_keys(places, "keyring", ("openai", "mine"))
    assert known.keys == {"openai": "from-ring-1", "mine": "from-file-2"}
    assert known.origins == {"openai": "keyring", "mine": str(places.keys)}
    assert "from-ring-1" not in places.keys.read_text()
    assert "from" not in repr(known)
    assert known_keys(places, "file", ("openai",)).keys["openai"] == "from-file-1"


def test_a_keyring_that_refuses_is_said_without_its_words_and_the_file_counts(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", LockedRing())
    keep_key(places, "file", "openai", "from-file-1")
    known = known_keys(places, "keyring", ("openai",))
    assert known.keys == {"openai": "from-file-1"}
    (problem,) = known.problems
    assert "the keyring does not answer: RuntimeError" in problem
    assert "sk-told" not in problem


def test_without_the_package_it_is_said_how_to_get_it(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    (problem,) = known_keys(places, "keyring", ("openai",)).problems
    assert "nanodeck[keyring]" in problem
    with pytest.raises(SettingsError, match="not installed"):
        keep_key(places, "keyring", "openai", "a-key-12345")
