"""Looking over what a session keeps of files: manifests that can be read, bytes that are what they were."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from nanodeck.workspace.writing import atomic
from nanodeck.workspace.writing.blobs import digest_of
from nanodeck.workspace.writing.written import decoded


def check_kept(folder: Path) -> tuple[str, ...]:
    """What is damaged in the folder of a Checkpointer, which is only read."""
    return (*_manifests(folder / "changesets"), *_blobs(folder / "blobs"))


def _manifests(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.json")):
        try:
            decoded(atomic.load(path))
        except (OSError, msgspec.MsgspecError) as error:
            yield f"{path}: what a change wrote cannot be read: {error}"


def _blobs(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("??/*")):
        try:
            sound = digest_of(atomic.load(path)) == path.name
        except OSError as error:
            yield f"{path}: kept bytes cannot be read: {error.strerror}"
            continue
        if not sound:
            yield f"{path}: kept bytes are not what they were"
