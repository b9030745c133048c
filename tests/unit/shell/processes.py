"""What the system says about processes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path


def process_runs(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][:1]
    except OSError:
        return Path("/proc").is_dir() is False and _signalable(pid)
    return state != "Z"


def _signalable(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - other processes raise no event
            await asyncio.sleep(0.01)
