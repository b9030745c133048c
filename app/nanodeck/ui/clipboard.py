"""The clipboard of a terminal behind tmux, which as it comes drops what programs put there by themselves."""

from __future__ import annotations

import subprocess

SECONDS = 2.0


def copy_in_tmux(text: str) -> bool:
    """Make `text` tmux's newest buffer and, where tmux can, its terminal's clipboard. Blocks."""
    # tmux before 3.2 does not know -w.
    return _load(["-w", "-"], text) or _load(["-"], text)


def _load(arguments: list[str], text: str) -> bool:
    command = ["tmux", "load-buffer", *arguments]
    try:
        done = subprocess.run(
            command, input=text.encode(errors="replace"), capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
