"""Git repositories for tests."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

_SETTINGS = ("user.name=n", "user.email=n@example.org", "core.autocrlf=false", "init.defaultBranch=trunk")


def git(folder: Path, *args: str) -> None:
    """Run git in `folder`. Raises CalledProcessError."""
    settings = (part for setting in _SETTINGS for part in ("-c", setting))
    subprocess.run(["git", "-C", str(folder), *settings, *args], check=True, capture_output=True)


def commit(root: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` and commit everything."""
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "first")
