"""Looking for damage in a store of checkpoints, without mending anything."""

from __future__ import annotations

from pathlib import Path

from nanodeck.contracts.errors import NanodeckError
from nanodeck.workspace.shadow.repository import Repository


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
    return (*found, *(line for line in lines if line.strip() and not line.startswith("notice:")))
