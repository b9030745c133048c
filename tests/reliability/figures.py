"""Every figure there is; each comes from the module that says how it is tried."""

from __future__ import annotations

from tests.reliability import (
    edits,
    paths,
    restores,
)
from tests.reliability.figure import Figure

FIGURES: tuple[Figure, ...] = (
    edits.FIGURE,
    paths.FIGURE,
    restores.FIGURE,
)
