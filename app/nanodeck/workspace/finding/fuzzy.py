"""Fuzzy search of paths: what a person means by a few letters, among many thousand files.

No step sorts or searches everything in one go: nothing else of this process would run meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import nsmallest
from time import sleep

MOST = 200
"""How many paths a search can give."""
_SLICE = 4096
_BREATH = 0.0005
"""Seconds between two slices: whoever waits for the interpreter gets it."""
_COMMON = "zqjxkvbwyfghpdmculnosirate"
"""Letters by how common they are: a rare one leaves the fewest paths to look at."""


class PathIndex:
    """Paths in search order: the costly part of a search is done once.

    Case counts only when a pattern has capitals. Better are: a name that is or starts with the
    pattern, one that holds it, a path that holds it, letters of the name, letters of the path; then
    what is shorter.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = paths
        self._folded = [path if path == (low := path.lower()) else low for path in paths]
        self._by_initial: dict[str, list[int]] = {}
        for place, path in enumerate(self._folded):
            self._by_initial.setdefault(_name_of(path)[:1], []).append(place)
        self._narrowed: tuple[str, list[int]] = ("", [])
        self._top = nsmallest(MOST, paths, key=lambda path: (path.count("/"), len(path), path))

    def find(self, pattern: str, limit: int, wanted: Callable[[], bool] = lambda: True) -> list[str]:
        """The best `limit` paths that hold the letters of `pattern` in order, best first.

        It gives up, with less, once it is no longer `wanted`.
        """
        letters = "".join(pattern.split())
        if not letters:
            return self._top[:limit]
        texts = self._folded if letters == letters.lower() else self.paths
        found = self._named(letters, texts, limit)
        # Each step costs more than the one before and finds only what ranks lower.
        if len(found) < limit:
            found += self._holding(letters, texts, limit - len(found), wanted)
        if len(found) < limit:
            found += self._scattered(letters, texts, limit - len(found), wanted)
        return [self.paths[place] for place in found]

    def _slices(self, letters: str, wanted: Callable[[], bool]) -> Iterator[Sequence[int]]:
        """Places of paths that may have the letters, some at a time, as long as the search is wanted."""
        known, places = self._narrowed
        # A pattern that goes on finds no path that the letters before did not find.
        goes_on = bool(known) and letters.startswith(known)
        rest: Sequence[int] = places if goes_on else range(len(self.paths))
        for first in range(0, len(rest), _SLICE):
            if not wanted():
                return
            yield rest[first : first + _SLICE]
            sleep(_BREATH)

    def _best(self, places: Iterable[int], texts: Sequence[str], limit: int) -> list[int]:
        """The best `limit` of `places` that are equally good but for their lengths."""
        ranked = ((len(_name_of(texts[place])), len(texts[place]), texts[place], place) for place in places)
        return [place for *_, place in nsmallest(limit, ranked)]

    def _named(self, letters: str, texts: Sequence[str], limit: int) -> list[int]:
        """Paths with a name that is the pattern, then those with a name that starts with it."""
        same: list[int] = []
        longer: list[int] = []
        for place in self._by_initial.get(letters[0].lower(), ()):
            name = _name_of(texts[place])
            if name.startswith(letters):
                (same if name in (letters, f"{letters}/") else longer).append(place)
        return (self._best(same, texts, limit) + self._best(longer, texts, limit))[:limit]

    def _holding(
        self, letters: str, texts: Sequence[str], limit: int, wanted: Callable[[], bool]
    ) -> list[int]:
        """Paths with a name that holds the pattern, then those that hold it elsewhere."""
        names: list[int] = []
        paths: list[int] = []
        for places in self._slices(letters, wanted):
            for place in [place for place in places if letters in texts[place]]:
                name = _name_of(texts[place])
                if not name.startswith(letters):
                    (names if letters in name else paths).append(place)
        found = self._best(names, texts, limit)
        return found if len(found) == limit else found + self._best(paths, texts, limit - len(found))

    def _scattered(
        self, letters: str, texts: Sequence[str], limit: int, wanted: Callable[[], bool]
    ) -> list[int]:
        """Paths that have the letters, but not one after the other; closer ones first."""
        rare_first = sorted(set(letters), key=_COMMON.find)
        # Each gap excludes the letter that ends it: nothing to go back to, however long the pattern.
        needed = re.compile("".join(f"[^{re.escape(letter)}]*{re.escape(letter)}" for letter in letters))
        ranked: list[tuple[bool, int, int, str, int]] = []
        held: list[int] = []
        for places in self._slices(letters, wanted):
            for letter in rare_first:
                places = [place for place in places if letter in texts[place]]
            for place in places:
                text = texts[place]
                if match := needed.match(text):
                    held.append(place)
                    name = _name_of(text)
                    within = needed.match(name)
                    end, part = (within.end(), name) if within else (match.end(), text)
                    if letters not in text:
                        span = end - part.find(letters[0])
                        ranked.append((within is None, span, len(text), text, place))
        if wanted():
            self._narrowed = (letters, held)
        return [place for *_, place in nsmallest(limit, ranked)]


def _name_of(path: str) -> str:
    """The last part of a path; the slash at the end of a folder belongs to its name."""
    return path[path.rfind("/", 0, -1) + 1 :]
