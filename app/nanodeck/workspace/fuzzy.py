"""Fuzzy ranking of paths: what a person means by a few letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from heapq import nsmallest

Rank = tuple[int, int, int, str]


def rank(pattern: str, paths: Sequence[str], limit: int) -> list[str]:
    """The best `limit` of `paths` that hold the letters of `pattern` in order, best first.

    Case counts only when `pattern` has capitals. Better are: a name that is or starts with the
    pattern, one that holds it, a path that holds it, letters of the name, letters of the path; then
    what is shorter.
    """
    return [path for *_, path in _best(pattern, paths, limit)]


def _best(pattern: str, paths: Sequence[str], limit: int) -> list[Rank]:
    letters = "".join(pattern.split())
    if not letters:
        return nsmallest(limit, ((0, path.count("/"), len(path), path) for path in paths))
    exact = letters != letters.lower()
    # Each gap excludes the letter that ends it: nothing to go back to, however long the pattern.
    needed = re.compile("".join(f"[^{re.escape(letter)}]*{re.escape(letter)}" for letter in letters))
    return nsmallest(limit, _ranked(letters, needed, paths, exact))


def _ranked(letters: str, needed: re.Pattern[str], paths: Sequence[str], exact: bool) -> Iterable[Rank]:
    for path in paths:
        seen = path if exact else path.lower()
        # The literal test first: it is several times cheaper and settles the common cases.
        if letters not in seen and not needed.match(seen):
            continue
        slash = seen.rstrip("/").rfind("/")
        name = seen[slash + 1 :]
        cost = len(name)
        if name.startswith(letters):
            kind = 0 if name.rstrip("/") == letters else 1
        elif letters in name:
            kind = 2
        elif letters in seen:
            kind = 3
        elif needed.match(name):
            kind, cost = 4, _span(letters, needed, name)
        else:
            kind, cost = 5, _span(letters, needed, seen)
        yield kind, cost, len(path), path


def _span(letters: str, needed: re.Pattern[str], text: str) -> int:
    """How far apart the letters are."""
    match = needed.match(text)
    return match.end() - text.find(letters[0]) if match else len(text)
