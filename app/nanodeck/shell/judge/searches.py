"""What a `find` comes upon: where it starts, or something below where it chooses."""

from __future__ import annotations

from collections.abc import Sequence

from nanodeck.shell.judge.names import names
from nanodeck.shell.judge.scope import UNKNOWN

_CHOOSES_NOTHING = names(
    """
    -delete -type -print -print0 -depth -d -H -L -P -mindepth -true -xdev -mount -o -or -a -and -not
    -exec -execdir -ok -okdir
    """
)


def searched(words: Sequence[str]) -> list[str]:
    """The paths that a `find` with these words may do something to."""
    starts, place = [], 1
    while place < len(words) and (words[place] in ("-H", "-L", "-P") or words[place][:1] not in "-(!"):
        if not words[place].startswith("-"):
            starts.append(words[place])
        place += 1
    chooses = [word for word in words[place:] if word.startswith("-") and word not in _CHOOSES_NOTHING]
    below = f"/{UNKNOWN}" if _before_deeds(words, chooses) else ""
    return [start.rstrip("/") + below or "/" for start in starts or ["."]]


def _before_deeds(words: Sequence[str], chooses: Sequence[str]) -> bool:
    """Whether one of the tests stands in the expression itself, not in what it starts."""
    inside = False
    for word in words:
        if word in ("-exec", "-execdir", "-ok", "-okdir"):
            inside = True
        elif word in (";", "+"):
            inside = False
        elif not inside and word in chooses:
            return True
    return False
