"""A session's journal: the truth on disk, one append-only file with one event a line."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from nanodeck.contracts.errors import SessionError
from nanodeck.contracts.events import Envelope
from nanodeck.store.lines import UnknownEvent, decode_line, encode_line, is_whole, seal_of, whole_lines_in
from nanodeck.store.plain import open_plain
from nanodeck.store.private import FILE_MODE, make_folder, sync_folder

EVENTS_FILE = "events.jsonl"
LOCK_FILE = "lock"
_APPENDING = os.O_RDWR | os.O_APPEND
_LARGEST = 1 << 30
"""No session comes near it, and what is read of one is held in memory."""
_NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP}
_ADVICE = "free some space or check the disk: events wait in memory and are written as soon as it works"

_sync_data = getattr(os, "fdatasync", os.fsync)


class Journal:
    """The one writer of a session. Not thread-safe: one loop owns it."""

    def __init__(self, folder: Path, descriptor: int, lock: int) -> None:
        self.folder = folder
        self._descriptor = descriptor
        self._lock = lock
        self._size = os.fstat(descriptor).st_size
        self._synced = 0
        self._torn = self._size > 0 and os.pread(descriptor, 1, self._size - 1) != b"\n"
        self._waiting: deque[bytes] = deque()
        self._told = False
        self._named = False
        self._syncing: asyncio.Future[None] | None = None
        self._executor: ThreadPoolExecutor | None = None

    @classmethod
    def create(cls, folder: Path, begun: Iterable[Envelope]) -> Journal:
        """Start the journal of a new session in `folder` (made 0700) with what it has `begun` with.

        The file is there with all of that, or not at all. Raises SessionError.
        """
        try:
            make_folder(folder)
        except OSError as error:
            raise SessionError(f"cannot make the session's folder {folder}: {error.strerror}") from None
        lines = b"".join(map(encode_line, begun))
        return cls._open(folder, lambda path: _made(path, lines))

    @classmethod
    def resume(cls, folder: Path) -> Journal:
        """Go on writing an earlier session's journal. Raises SessionError, naming a process that has it."""
        if not (folder / EVENTS_FILE).is_file():
            raise SessionError(f"there is no session {folder.name}", "nanodeck -r lists the sessions")
        return cls._open(folder, lambda path: os.open(path, _APPENDING))

    @classmethod
    def _open(cls, folder: Path, opened: Callable[[Path], int]) -> Journal:
        lock = _take_lock(folder)
        try:
            return cls(folder, opened(folder / EVENTS_FILE), lock)
        except OSError as error:
            os.close(lock)
            raise SessionError(f"cannot write session {folder.name}: {error.strerror}", _ADVICE) from None

    def append(self, envelope: Envelope) -> None:
        """Write one event, unsynced. Raises SessionError once when the disk begins to refuse.

        A refused event waits in memory, in order, and is tried again with every later call.
        """
        self._waiting.append(encode_line(envelope))
        try:
            self._write_waiting()
        except OSError as error:
            if not self._told:
                self._told = True
                raise self._refused(error) from None

    async def sync(self) -> None:
        """Return once everything appended so far survives a power cut. Raises SessionError."""
        try:
            self._write_waiting()
            goal = self._size
            while self._synced < goal:
                if self._syncing is None:
                    self._syncing = asyncio.ensure_future(self._sync_once())
                await asyncio.shield(self._syncing)
        except OSError as error:
            raise self._refused(error) from None

    def close(self) -> None:
        """Write what waits, sync and let go of the session. Raises SessionError if events are lost."""
        if self._descriptor < 0:
            return
        if self._executor:
            self._executor.shutdown()
        try:
            self._write_waiting()
            _sync_data(self._descriptor)
        except OSError as error:
            raise self._refused(error) from None
        finally:
            os.close(self._descriptor)
            os.close(self._lock)
            # The numbers are given to other files from here on.
            self._descriptor = self._lock = -1

    def _write_waiting(self) -> None:
        while self._waiting:
            self._write(self._waiting[0])
            self._waiting.popleft()
        self._told = False

    def _write(self, line: bytes) -> None:
        if self._torn:
            line = b"\n" + line
        try:
            _write_whole(self._descriptor, line)
        except OSError:
            self._take_back()
            raise
        self._size += len(line)
        self._torn = False

    def _take_back(self) -> None:
        """Remove a half-written line, so that the next one is not glued to it."""
        try:
            os.ftruncate(self._descriptor, self._size)
        except OSError:
            size, torn = self._size, self._torn
            self._torn = True
            with suppress(OSError):
                self._size = os.fstat(self._descriptor).st_size
                self._torn = torn or self._size != size

    async def _sync_once(self) -> None:
        self._executor = self._executor or ThreadPoolExecutor(1, "nanodeck-journal")
        reached = self._size
        try:
            await asyncio.get_running_loop().run_in_executor(self._executor, self._sync_file)
            self._synced = reached
        finally:
            self._syncing = None

    def _sync_file(self) -> None:
        _sync_data(self._descriptor)
        if not self._named:
            sync_folder(self.folder)
            sync_folder(self.folder.parent)
            self._named = True

    def _refused(self, error: OSError) -> SessionError:
        return SessionError(f"session {self.folder.name} cannot be saved: {error.strerror}", _ADVICE)


def open_journal(folder: Path) -> BinaryIO:
    """The journal of `folder`, to be read. Raises OSError."""
    return open_plain(folder / EVENTS_FILE, _LARGEST)


class Reading(Struct, frozen=True):
    """What a journal holds. `damaged` lines could not be read, `unknown` ones come from a newer version."""

    envelopes: list[Envelope]
    damaged: int = 0
    unknown: int = 0


def read_journal(folder: Path) -> Reading:
    """Everything readable in the journal of `folder`, in order; the file is left as it is.

    Raises SessionError when it cannot be opened, never for what is in it.
    """
    try:
        with open_journal(folder) as file:
            data = file.read()
    except OSError as error:
        raise SessionError(f"cannot read session {folder.name}: {error.strerror}") from None
    envelopes: list[Envelope] = []
    damaged = unknown = 0
    seen: set[tuple[int, bytes]] = set()
    for line in data.split(b"\n"):
        if not line:
            continue
        whole = is_whole(line)
        damaged += not whole
        for candidate in (line,) if whole else whole_lines_in(line):
            try:
                envelope = decode_line(candidate)
            except UnknownEvent:
                unknown += 1
                continue
            mark = (envelope.n, seal_of(candidate))
            if mark not in seen:
                seen.add(mark)
                envelopes.append(envelope)
    envelopes.sort(key=lambda envelope: envelope.n)
    return Reading(envelopes, damaged, unknown)


def _made(path: Path, lines: bytes) -> int:
    """A new file that gets its name with `lines` in it, open for more. Raises OSError."""
    if path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, _APPENDING | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    try:
        _write_whole(descriptor, lines)
        os.rename(draft, path)
    except OSError:
        os.close(descriptor)
        with suppress(OSError):
            os.unlink(draft)
        raise
    return descriptor


def _write_whole(descriptor: int, data: bytes) -> None:
    """Write in one go. Raises OSError, also where only a part was written."""
    if os.write(descriptor, data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _take_lock(folder: Path) -> int:
    """Hold the folder for this process until the descriptor is closed. Raises SessionError."""
    try:
        lock = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, FILE_MODE)
    except OSError as error:
        raise SessionError(f"cannot write session {folder.name}: {error.strerror}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.pread(lock, 20, 0).decode("ascii", "replace").strip()
        os.close(lock)
        raise SessionError(
            f"session {folder.name} is open in another nanodeck (process {owner or 'unknown'})",
            "close it there, or start a new session",
        ) from None
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            os.close(lock)
            raise SessionError(f"cannot lock session {folder.name}: {error.strerror}") from None
    # Only for the words another process is refused with: a full disk is no reason to refuse this one.
    with suppress(OSError):
        os.ftruncate(lock, 0)
        os.pwrite(lock, b"%d\n" % os.getpid(), 0)
    return lock
