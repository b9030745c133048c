"""What became of each file that was written, from before the first write to after the last one."""

from __future__ import annotations

from msgspec import Struct

from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.review.carrying import carry
from nanodeck.core.review.proposed import Found
from nanodeck.engine.review.proposals import between
from nanodeck.workspace.modes import told
from nanodeck.workspace.writing.blobs import Blobs, digest_of
from nanodeck.workspace.writing.written import Written, WrittenFile


class Trace(Struct, frozen=True):
    """One file by the digests of what it was at first and of what agents made of it (None = absent).

    `origin` is the path it had at first, where it was moved since; `modes` are those at first and in the
    end, 0 where nobody knows.
    """

    path: str
    first: str | None
    last: str | None
    origin: str = ""
    modes: tuple[int, int] = (0, 0)

    @property
    def changed(self) -> bool:
        """Whether the file is not what it was, or not where."""
        return self.first != self.last or bool(self.origin) or told(*self.modes) != (None, "")


class Step(Struct, frozen=True):
    """What a write makes of one file; `source` is where it was, modes are 0 where nobody knows."""

    path: str
    source: str
    old: str | None
    new: str | None
    old_mode: int = 0
    new_mode: int = 0


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

    def find(self, path: str) -> Trace | None:
        """A file that was written, where it is now."""
        return self._traces.get(path)

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
        for step in steps_of(written):
            if trace := self._traces.pop(step.source, None):
                now = self._next(trace, step, written.back)
                self._traces[now.path] = now
            elif not written.back:
                origin = step.source if step.source != step.path else ""
                modes = step.old_mode, step.new_mode
                self._traces[step.path] = Trace(step.path, step.old, step.new, origin, modes)

    def _next(self, trace: Trace, step: Step, back: bool) -> Trace:
        try:
            last = self._carried(step, trace.last)
        except NanodeckError:
            if back:
                return trace
            last = step.new
        origin = trace.origin or trace.path
        first_mode = 0 if trace.first is None else trace.modes[0] or step.old_mode
        modes = first_mode, step.new_mode or trace.modes[1]
        return Trace(step.path, trace.first, last, origin if origin != step.path else "", modes)

    def _carried(self, step: Step, last: str | None) -> str | None:
        """What a step makes of the version `last`. Raises NanodeckError where it does not fit it."""
        if step.old == last:
            return step.new
        change = between(step.path, self.read(step.old), self.read(step.new))
        targets = carry(change, Found(self.read(last), change.encoding))
        return self.keep(targets[0].new) if targets else last


def steps_of(written: Written) -> list[Step]:
    """What a write does file by file: one that is moved leaves its old path and comes to the new one."""
    gone = {file.path: file for file in written.files if file.new is None}
    moves: dict[str, str] = {}
    for file in written.files:
        if file.origin in gone:
            moves.setdefault(file.origin, file.path)
    came = {path: gone[origin] for origin, path in moves.items()}
    return [_step(file, came.get(file.path)) for file in written.files if file.path not in moves]


def _step(file: WrittenFile, moved: WrittenFile | None) -> Step:
    """What a write does to `file`, which was `moved` before if it comes from another path."""
    before = moved or file
    return Step(file.path, before.path, before.old, file.new, before.mode or 0, file.new_mode or 0)
