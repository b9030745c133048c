"""Every figure there is; each comes from the module that says how it is tried."""

from __future__ import annotations

from tests.reliability import (
    agreement,
    canaries,
    edits,
    escaping,
    injection,
    journals,
    judging,
    killed,
    paths,
    refused,
    restores,
    soaked,
    trust,
)
from tests.reliability.figure import Figure

FIGURES: tuple[Figure, ...] = (
    canaries.FIGURE,
    edits.FIGURE,
    escaping.FIGURE,
    injection.FIGURE,
    journals.READ,
    journals.CHECKED,
    killed.FIGURE,
    paths.FIGURE,
    refused.FIGURE,
    restores.FIGURE,
    soaked.FIGURE,
    *judging.FIGURES,
    agreement.FIGURE,
    trust.FIGURE,
)
