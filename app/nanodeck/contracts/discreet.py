"""Keys stay out of what is printed, logged and shown."""

from __future__ import annotations

import re
from typing import Any, ClassVar

HIDDEN = "[key]"
_LOOKS_SECRET = (
    r"(?i)(\bbearer\s+|\b(?:x-)?api[-_]?key\b[\"']?\s*[:=]\s*[\"']?)[^\s\"',;&}]+"
    r"|\b(?:sk|gsk|xai|ghp|glpat|hf)[-_][A-Za-z0-9_-]{16,}"
)


def hide_keys(text: str) -> str:
    """`text` without what looks like a key."""
    return re.sub(_LOOKS_SECRET, lambda match: f"{match.group(1) or ''}{HIDDEN}", text)


class Discreet:
    """Comes before Struct in the bases; the fields named in `hidden` are in no text made of it."""

    __slots__ = ()
    __struct_fields__: ClassVar[tuple[str, ...]]
    hidden: ClassVar[frozenset[str]] = frozenset({"key"})

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """What may be seen."""
        return [(name, getattr(self, name)) for name in self.__struct_fields__ if name not in self.hidden]

    def __repr__(self) -> str:
        seen = ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({seen})"
