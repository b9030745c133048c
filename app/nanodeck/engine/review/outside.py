"""Files that change on disk by other hands than ours: reviews move along, faces are told."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache
from pathlib import Path

from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.events import FilesChanged
from nanodeck.engine.session import Session
from nanodeck.store.plain import open_plain
from nanodeck.workspace.finding.ignores import Ignores
from nanodeck.workspace.finding.listing import folders_of, gather_files
from nanodeck.workspace.watching import Watch
from nanodeck.workspace.writing.atomic import LARGEST, TEMPORARY
from nanodeck.workspace.writing.blobs import digest_of

FOLDERS = 5_000
"""With more folders a project is not watched: files are looked at again before anything is written."""

_log = logging.getLogger(__name__)

_Batch = frozenset[Path] | OSError


class Outside:
    """Watches the project's folders once it is started; lives on the engine's loop."""

    def __init__(self, session: Session, look: Callable[[Iterable[Path] | None], Awaitable[None]]) -> None:
        self._session = session
        self._look = look
        self._task: asyncio.Task[None] | None = None
        self._known: dict[Path, str | None] = {}

    def start(self) -> None:
        """Watch from now on; where the system cannot, that is said in the log."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="outside")

    async def close(self) -> None:
        """Watch no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            folders: frozenset[Path] = frozenset()
            came: frozenset[Path] = frozenset()
            while True:
                # An empty folder is in no list of files.
                found = await self._folders() | came
                if len(found) > FOLDERS:
                    _log.warning("changes made outside are not watched for: %s folders", len(found))
                    return
                # What is in folders that came since has not been told.
                new = await asyncio.to_thread(_files_in, found - folders) if folders else frozenset()
                folders = found
                came = await self._follow(folders, new)
        except OSError as error:
            _log.warning("changes made outside are not watched for: %s", error)
        except Exception:
            _log.exception("watching")

    async def _folders(self) -> frozenset[Path]:
        root = self._session.workspace.root
        files = await gather_files(root)
        named = (root / folder for folder in folders_of(files))
        return await asyncio.to_thread(lambda: frozenset(path for path in (root, *named) if path.is_dir()))

    async def _follow(self, folders: frozenset[Path], new: frozenset[Path]) -> frozenset[Path]:
        """Tell what changes in `folders` until there are others; answers those.

        Raises OSError where they cannot be watched.
        """
        loop = asyncio.get_running_loop()
        batches: asyncio.Queue[_Batch] = asyncio.Queue()

        def changed(batch: _Batch) -> None:
            loop.call_soon_threadsafe(batches.put_nowait, batch)

        watch = Watch(sorted(folders), changed)
        try:
            if isinstance(first := await batches.get(), OSError):
                raise first
            # What changed before there was a watch is seen now.
            await self._look(None)
            await self._tell(new)
            while True:
                if isinstance(batch := await batches.get(), OSError):
                    raise batch
                await self._tell(batch)
                if came := await asyncio.to_thread(_folders_among, batch - folders):
                    return came
        finally:
            await asyncio.to_thread(watch.close)

    async def _tell(self, paths: frozenset[Path]) -> None:
        theirs = await asyncio.to_thread(self._theirs, paths)
        if not theirs:
            return
        await self._look(theirs)
        session = self._session
        # While a command of the agent runs nobody can tell whose a change is: it is not called the person's.
        shown = () if session.commanding else tuple(session.workspace.show(path) for path in theirs)
        session.publish(MAIN_AGENT, FilesChanged(shown))

    def _theirs(self, paths: frozenset[Path]) -> list[Path]:
        """The files among `paths` that are neither ignored nor as nanodeck wrote them."""
        rules = lru_cache(_rules_in)
        changed = []
        for path in sorted(paths):
            if path.name.startswith(TEMPORARY) or ".git" in path.parts or path.is_dir():
                continue
            if rules(path.parent).leave_out(str(path), False):
                continue
            digest = _digest(path)
            known = self._known.get(path, "")
            if self._session.checkpointer.wrote(path, digest) or digest == known:
                self._known[path] = digest
            else:
                self._known[path] = digest
                changed.append(path)
        return changed


def _rules_in(folder: Path) -> Ignores:
    return Ignores.around(folder).within(str(folder))


def _digest(path: Path) -> str | None:
    """What tells a file's content from another; for a very large one its size and age."""
    try:
        status = path.stat()
        if status.st_size > LARGEST:
            return f"{status.st_size} {status.st_mtime_ns}"
        with open_plain(path) as file:
            return digest_of(file.read())
    except OSError:
        return None


def _files_in(folders: frozenset[Path]) -> frozenset[Path]:
    found: set[Path] = set()
    for folder in folders:
        try:
            found.update(path for path in folder.iterdir() if path.is_file())
        except OSError:
            continue
    return frozenset(found)


def _folders_among(paths: frozenset[Path]) -> frozenset[Path]:
    """The folders among `paths` and below them that are not ignored."""
    found: set[Path] = set()
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            for folder, below, _ in os.walk(path):
                rules = _rules_in(Path(folder).parent)
                if Path(folder).name == ".git" or rules.leave_out(folder, True) or len(found) > FOLDERS:
                    below.clear()
                else:
                    found.add(Path(folder))
    return frozenset(found)
