"""Looking for damage in a store of checkpoints, without mending anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from nanodeck.contracts.errors import NanodeckError
from nanodeck.workspace.shadow.repository import Repository

_OBJECT = re.compile(r"\b[0-9a-f]{64}\b")
_LOOSE = re.compile(r"objects/([0-9a-f]{2})/([0-9a-f]{62})")


def check(folder: Path) -> tuple[str, ...]:
    """What is wrong in the store `folder`, a line each; nothing where it is sound or empty."""
    if not (folder / "HEAD").exists():
        return ()
    found = [f"a restore was cut short: {path.name}" for path in (folder / "restoring").glob("*.journal")]
    try:
        said = Repository(folder, folder).git("fsck", "--full", "--no-dangling", "--no-progress", errors=True)
    except NanodeckError as error:
        return (*found, error.message)
    lines = said.decode("utf-8", "replace").splitlines()
    told = [line for line in lines if line.strip() and not line.startswith("notice:")]
    return (*found, *(tuple(_each_object_once(told)) or told))


def _each_object_once(lines: Iterable[str]) -> Iterator[str]:
    """Of the lines on one object the first: git repeats itself, and says what it unpacked of no name."""
    told: set[str] = set()
    for line in lines:
        about = set(_OBJECT.findall(_LOOSE.sub(r"\1\2", line)))
        if about - told or not (about or line.startswith("error: inflate:")):
            yield line
        told |= about
