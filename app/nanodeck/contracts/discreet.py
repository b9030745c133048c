"""Structs that carry a key: printed, logged and shown without it."""

from __future__ import annotations

from typing import Any, ClassVar


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
