"""Waiting for work that must not be left half done."""

from __future__ import annotations

import asyncio


async def finished(work: asyncio.Future[None]) -> bool:
    """Wait for the end of `work` whatever is cancelled meanwhile; whether something was.

    What `work` raised is left for its `result()`.
    """
    stopped = False
    while not work.done():
        try:
            await asyncio.wait([work])
        except asyncio.CancelledError:
            stopped = True
    return stopped
