"""Keys stay in one private file and out of every text."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from nanodeck.contracts.errors import SettingsError
from nanodeck.store.keys import Redactor, read_keys, redact, store_key
from nanodeck.store.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.under(tmp_path / "home")


def test_a_stored_key_is_found_again_in_a_private_file(places: Places) -> None:
    store_key(places, "openai", "canary-1")
    store_key(places, "my.box", "canary-2")
    assert read_keys(places).keys == {"openai": "canary-1", "my.box": "canary-2"}
    assert stat.S_IMODE(places.keys.stat().st_mode) == 0o600
    assert stat.S_IMODE(places.keys.parent.stat().st_mode) == 0o700


def test_no_file_means_no_key(places: Places) -> None:
    assert read_keys(places).keys.get("openai", "") == ""


def test_comments_and_other_keys_stay(places: Places) -> None:
    store_key(places, "a", "one")
    places.keys.write_text("# work\n" + places.keys.read_text())
    store_key(places, "b", "two")
    assert places.keys.read_text().startswith("# work\n")
    assert read_keys(places).keys == {"a": "one", "b": "two"}


def test_a_file_others_can_read_is_made_private_and_that_is_said(places: Places) -> None:
    store_key(places, "a", "canary-1")
    places.keys.chmod(0o644)
    found = read_keys(places)
    assert found.keys == {"a": "canary-1"}
    assert "0644" in found.problems[0]
    assert stat.S_IMODE(places.keys.stat().st_mode) == 0o600
    assert read_keys(places).problems == ()


@pytest.mark.parametrize("text", ['a = "canary-1\n', "a = canary-1\n", 'a = "canary-1"\na = "canary-1"\n'])
def test_a_broken_file_is_told_without_its_content_and_kept(places: Places, text: str) -> None:
    places.keys.parent.mkdir()
    places.keys.write_text(text)
    found = read_keys(places)
    assert found.keys == {}
    assert "keys.toml:" in found.problems[0]
    assert "canary" not in found.problems[0]
    with pytest.raises(SettingsError) as raised:
        store_key(places, "b", "canary-2")
    assert "canary" not in str(raised.value)
    assert places.keys.read_text() == text


def test_keys_are_not_in_what_is_printed_of_them(places: Places) -> None:
    store_key(places, "a", "canary-1")
    assert "canary" not in repr(read_keys(places))


def test_redaction_takes_longer_secrets_first_and_leaves_short_words() -> None:
    secrets = ["canary-1", "canary-1-long", "none"]
    assert redact("x canary-1-long y canary-1 none", secrets) == "x [key] y [key] none"


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abc.def-ghi",
        'api_key = "abc.def-ghi"',
        "x-api-key: abc.def-ghi",
        "https://host/v1?api-key=abc.def-ghi&x=1",
        "used sk-abc_def-ghi0123456789 here",
    ],
)
def test_what_looks_like_a_key_is_hidden_too(text: str) -> None:
    hidden = redact(text, ())
    assert "abc" not in hidden
    assert "[key]" in hidden


def test_a_redactor_learns_keys_while_it_runs() -> None:
    redactor = Redactor()
    assert redactor.redact("canary-9") == "canary-9"
    redactor.add("canary-9")
    redactor.add("")
    assert redactor.redact("a canary-9 b") == "a [key] b"
