"""How the words of a part are shown: each begins and ends where it is seen to."""

from __future__ import annotations

import re
import shlex

from nanodeck.shell.judge.scope import UNKNOWN, UNSET

_BARE = re.compile(rf"[\w@%+=:,./{{}}^{UNKNOWN}{UNSET}-]+", re.ASCII)


def spelled(word: str) -> str:
    """`word` in quotes, unless it is one without."""
    return word if _BARE.fullmatch(word) else shlex.quote(word)
