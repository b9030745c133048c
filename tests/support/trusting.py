"""Folders that a person trusted before: what a test is about is rarely the first start in one."""

from __future__ import annotations

from pathlib import Path

from nanodeck.engine.permissions.trust import Trust
from nanodeck.store.places import Places


def trust_before(folder: Path | str, places: Places | None = None) -> None:
    """Trust what is in `folder` later, and no file of it that steers as it is now."""
    trust = Trust(places or Places.from_environment(), Path(folder))
    if not trust.trusted:
        trust.accept((), lasting=True)
