"""The README's table of keys is the registry's."""

from __future__ import annotations

from screenshots.keys import README, with_keys


def test_the_table_of_keys_is_as_the_registry_makes_it() -> None:
    text = README.read_text(encoding="utf-8")
    assert with_keys(text) == text, "run: python -m screenshots.keys"
