"""How the calls of one model message are grouped: reads side by side, edits together, the rest in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

BatchKind = Literal["read", "edit", "single"]
CallT = TypeVar("CallT")


def batches(
    calls: Sequence[CallT], kind_of: Callable[[CallT], BatchKind]
) -> list[tuple[BatchKind, list[CallT]]]:
    """Neighbouring reads share a batch, neighbouring edits share a batch, anything else stands alone."""
    grouped: list[tuple[BatchKind, list[CallT]]] = []
    for call in calls:
        kind = kind_of(call)
        if grouped and kind != "single" and grouped[-1][0] == kind:
            grouped[-1][1].append(call)
        else:
            grouped.append((kind, [call]))
    return grouped
