"""What became of each file that was written, from before the first write to after the last one."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.review.carrying import carry
from nanodeck.core.review.proposed import Found, ProposedFile
from nanodeck.workspace.blobs import Blobs, digest_of
from nanodeck.workspace.checkpoints import Written, WrittenFile
from nanodeck.workspace.encoding import encoding_of


class Trace(Struct, frozen=True):
    """One file by the digests of what it was at first and of what agents made of it (None = absent)."""

    path: str
    first: str | None
    last: str | None


class Traces:
    """Follows writes in their order.

    What a person changed between two writes is none of an agent's work: a later write is carried over to
    the file as it would be without that, as far as it can be.
    """

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._made: dict[str, bytes] = {}
        self._traces: dict[str, Trace] = {}

    @property
    def all(self) -> list[Trace]:
        """Every file that was written, by path."""
        return sorted(self._traces.values(), key=lambda trace: trace.path)

    def last(self, path: str) -> str | None:
        """What agents made of a file that was written."""
        return self._traces[path].last

    def read(self, digest: str | None) -> bytes | None:
        """The bytes of a version. Raises NanodeckError."""
        if digest is None:
            return None
        return self._made[digest] if digest in self._made else self._blobs.read(digest)

    def keep(self, data: bytes | None) -> str | None:
        """The digest of a version that is not kept on disk."""
        if data is None:
            return None
        digest = digest_of(data)
        self._made[digest] = data
        return digest

    def follow(self, written: Written) -> None:
        """Take a write into account; what a person took back counts where it is found."""
        for file in written.files:
            if trace := self._traces.get(file.path):
                last = self._carried(file, trace.last)
                if last is None and not written.back:
                    last = (file.new,)
                self._traces[file.path] = replace(trace, last=last[0]) if last else trace
            elif not written.back:
                self._traces[file.path] = Trace(file.path, file.old, file.new)

    def _carried(self, file: WrittenFile, last: str | None) -> tuple[str | None] | None:
        """What a write makes of the version `last`; None where it does not fit it."""
        if file.old == last:
            return (file.new,)
        old, now = self.read(file.old), self.read(last)
        encoding = encoding_of(old or now or b"")
        change = ProposedFile(file.path, old, self.read(file.new), encoding=encoding)
        try:
            targets = carry(change, Found(now, encoding))
        except NanodeckError:
            return None
        return (self.keep(targets[0].new) if targets else last,)
