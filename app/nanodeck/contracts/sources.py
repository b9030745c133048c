"""Where a diff comes from."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

SourceKind = Literal["call", "turn", "session", "checkpoint", "head", "staged"]


class Source(Struct, frozen=True, omit_defaults=True):
    """What was changed by one call, turn or session, since a checkpoint, or against git HEAD or its index.

    `name` is the call's, turn's or checkpoint's id.
    """

    kind: SourceKind
    name: str = ""
