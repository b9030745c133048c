"""The project's files as completion offers them: an index that is searched while a newer one is made."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from pathlib import Path

from nanodeck.workspace.finding.fuzzy import PathIndex
from nanodeck.workspace.finding.listing import FILES_LIMIT, folders_of, gather_files

FRESH_WAIT = 0.3
"""Seconds a search waits for a newer listing; where the last one took longer it does not wait at all."""

REST = 10
"""A listing that takes so long rests for so many times as long: it costs everything else."""

_log = logging.getLogger(__name__)


class ProjectFiles:
    """Searches one folder's files and folders; lives on the engine's loop."""

    def __init__(self, root: Path, limit: int = FILES_LIMIT) -> None:
        self._root = root
        self._limit = limit
        self._index: PathIndex | None = None
        self._refreshing: asyncio.Task[None] | None = None
        self._took = self._listed = 0.0
        self._asked = ""
        self._number = 0
        self._searching = asyncio.Lock()

    async def find(self, pattern: str, limit: int) -> tuple[str, ...]:
        """What matches `pattern` best; while letters come and go, no newer files are looked for.

        Only the last question is answered in full: who asks again needs no more answer to the one before.
        """
        self._number += 1
        number, index = self._number, self._index
        # The first question about a word has no letters yet, or not those of the last one.
        typing = bool(pattern) and (pattern.startswith(self._asked) or self._asked.startswith(pattern))
        self._asked = pattern
        if index is None or not typing:
            await self._fresh(waits=index is None)
        if (index := self._index) is None:
            return ()
        async with self._searching:
            search = partial(index.find, pattern, limit, lambda: number == self._number)
            return tuple(await asyncio.to_thread(search))

    async def _fresh(self, *, waits: bool) -> None:
        """Look for newer files; where that takes long, seldom and without waiting for them."""
        slow = self._took > FRESH_WAIT
        if waits or not slow or asyncio.get_running_loop().time() > self._listed + REST * self._took:
            await asyncio.wait([self.refresh()], timeout=None if waits else 0.0 if slow else FRESH_WAIT)

    def refresh(self) -> asyncio.Task[None]:
        """List the files again, unless that is under way; done when they can be found."""
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._list(), name="file-index")
        return self._refreshing

    async def close(self) -> None:
        """Stop looking."""
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.wait([self._refreshing])

    async def _list(self) -> None:
        started = asyncio.get_running_loop().time()
        try:
            files = await gather_files(self._root, limit=self._limit)
            self._index = await asyncio.to_thread(_indexed, files)
            self._listed = asyncio.get_running_loop().time()
            self._took = self._listed - started
        except Exception:
            # Completion offers what it knew: nobody asked for a listing.
            _log.exception("listing files")


def _indexed(files: list[str]) -> PathIndex:
    return PathIndex([*files, *folders_of(files)])
