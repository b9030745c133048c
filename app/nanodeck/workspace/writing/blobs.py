"""Bytes kept under a folder by their hash: each once, however often it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from nanodeck.contracts.errors import NanodeckError
from nanodeck.workspace.writing import atomic

Elsewhere = Callable[[Iterable[str]], dict[str, bytes]]


class Blobs:
    """A folder of files named by the hash of what they hold; `elsewhere` finds what is kept by others."""

    def __init__(self, folder: Path, elsewhere: Elsewhere = lambda digests: {}) -> None:
        self._folder = folder
        self._elsewhere = elsewhere

    def keep(self, data: bytes) -> str:
        """Keep `data`, on disk when this returns; answers its digest. Raises OSError."""
        digest = digest_of(data)
        path = self._path(digest)
        if not path.exists():
            atomic.make_private(path.parent)
            atomic.save(path, data)
        return digest

    def read(self, digest: str) -> bytes:
        """What was kept. Raises NanodeckError when it is gone or damaged."""
        return self.read_all((digest,))[digest]

    def read_all(self, digests: Iterable[str]) -> dict[str, bytes]:
        """All that was kept under `digests`. Raises NanodeckError when any of it is gone or damaged."""
        wanted = tuple(digests)
        found = self.find(wanted)
        if any(digest not in found or digest_of(found[digest]) != digest for digest in wanted):
            raise NanodeckError("the checkpoint's kept bytes are damaged; nothing was changed")
        return found

    def find(self, digests: Iterable[str]) -> dict[str, bytes]:
        """What is there of `digests`; what is not kept any more is not among it."""
        wanted = tuple(dict.fromkeys(digests))
        own = ((digest, atomic.read_file(self._path(digest), "the checkpoint")) for digest in wanted)
        found = {digest: data for digest, data in own if data is not None}
        return found | self._elsewhere([digest for digest in wanted if digest not in found])

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def digest_of(data: bytes) -> str:
    """What `data` is kept under: the name git has for it, in a repository of SHA-256."""
    return hashlib.sha256(b"blob %d\0" % len(data) + data).hexdigest()
