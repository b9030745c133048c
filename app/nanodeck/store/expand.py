"""`$NAME`, `${NAME}` and `${NAME:-default}` in settings; `$$` is a dollar sign."""

from __future__ import annotations

import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"\$(?:\$|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::-([^}]*))?\})")


def expand(text: str, environment: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """`text` with its variables put in, and the names of those that are not set (put in as empty)."""
    unset: list[str] = []

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name is None:
            return "$"
        found = environment.get(name)
        if match[3] is not None:
            return found or match[3]
        if found is None:
            unset.append(name)
        return found or ""

    return _VARIABLE.sub(value, text), tuple(unset)
