"""A mention says which path is meant, whatever stands in its name."""

from __future__ import annotations

import pytest

from nanodeck.contracts.mentions import mention_of
from nanodeck.core.mentions import mentions_in


@pytest.mark.parametrize("path", ["a.py", "a b.py", "src/", "two words/", "end).", "dir/file_"])
def test_what_is_mentioned_is_what_is_found(path: str) -> None:
    (found,) = mentions_in(f"look at {mention_of(path)} and go on")
    assert (found.path, found.first) == (path, 0)
