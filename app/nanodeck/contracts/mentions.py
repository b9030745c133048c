"""How a text mentions files and folders, so that they go along with it."""

from __future__ import annotations


def mention_of(path: str) -> str:
    """A mention of `path`; what a blank or a sentence's end would cut stands in quotes."""
    bare = " " not in path and (path.endswith("/") or path[-1:].isalnum())
    return f"@{path}" if bare else f'@"{path}"'
