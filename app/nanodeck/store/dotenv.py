"""What the `.env` files of a project hold that nobody is to see; nothing else of them is taken."""

from __future__ import annotations

from pathlib import Path

from nanodeck.core.secrets import secrets_in
from nanodeck.store.plain import open_plain

_MOST_FILES, _MOST_BYTES = 10, 1 << 16


def project_secrets(folder: Path) -> tuple[str, ...]:
    """The secret values in the `.env` files right in `folder`; what cannot be read at once holds none."""
    found: list[str] = []
    for path in sorted(folder.glob(".env*"))[:_MOST_FILES]:
        try:
            # Keepers of passwords put pipes there, which ask the person and let readers wait.
            with open_plain(path) as file:
                found += secrets_in(file.read(_MOST_BYTES).decode("utf-8", "replace"))
        except OSError:
            continue
    return tuple(found)
