"""Looking over the sessions on disk: every line of a journal that is not as it was written."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from nanodeck.contracts.events import Envelope, ReplyEnded, ToolEnded, TurnEnded, TurnStarted
from nanodeck.contracts.text import counted
from nanodeck.store.journal import EVENTS_FILE, open_journal
from nanodeck.store.lines import UnknownEvent, decode_line, is_whole, seal_of, whole_lines_in

SKIPPED = "what is damaged is skipped when the session is read; nothing else of it is lost"
NEWER = "a newer nanodeck reads it"


class Damage(Struct, frozen=True):
    """What is wrong with a file, at which line (from 1; 0: with the file as a whole), and what to do."""

    path: Path
    line: int
    what: str
    cure: str = SKIPPED

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}" if self.line else f"{self.path}: {self.what}"


def check_journal(folder: Path) -> tuple[Damage, ...]:
    """Every damage of the journal in a session's folder; the file is only read."""
    path = folder / EVENTS_FILE
    try:
        with open_journal(folder) as file:
            data = file.read()
    except OSError as error:
        return (Damage(path, 0, f"cannot be read: {error.strerror}", "check the disk and the file's rights"),)
    return tuple(_Check(path).lines(data))


def check_privacy(folder: Path) -> tuple[Damage, ...]:
    """What in a folder of ours others than its owner can get at."""
    found = []
    for path in (folder, *folder.rglob("*")):
        try:
            mode = path.lstat().st_mode
        except OSError:
            continue
        if not stat.S_ISLNK(mode) and mode & 0o077:
            whole = "0700" if stat.S_ISDIR(mode) else "0600"
            what = f"others can get at it (mode {stat.S_IMODE(mode):04o})"
            found.append(Damage(path, 0, what, f"chmod {whole} {path}"))
            if len(found) >= _MOST_OPEN:
                break
    return tuple(found)


_MOST_OPEN = 20


class _Check:
    """Goes through one journal from its beginning."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last = 0
        self._excused = 0
        self._seals: dict[int, bytes] = {}
        self._open: dict[str, int] = {}

    def lines(self, data: bytes) -> Iterator[Damage]:
        """What is wrong with each line."""
        lines = data.split(b"\n")
        torn = lines.pop()
        if not data:
            yield self._damage(0, "it is empty")
        for number, line in enumerate(lines, 1):
            yield from self._line(number, line)
        if torn:
            yield from self._line(len(lines) + 1, torn, torn=True)

    def _line(self, number: int, line: bytes, *, torn: bool = False) -> Iterator[Damage]:
        if not line:
            yield self._damage(number, "an empty line")
        elif is_whole(line):
            if torn:
                yield self._damage(number, "the last line has no end")
            yield from self._event(number, line)
        else:
            hidden = tuple(whole_lines_in(line))
            lost = "cut short, as by a crash" if torn else "damaged"
            saved = f", {len(hidden)} of its events can still be read" if hidden else ""
            yield self._damage(number, f"{lost}{saved}")
            # What it was is not known: so many numbers may be missing after it.
            self._excused += max(1, line.count(b'{"v":'))
            for inner in hidden:
                yield from self._event(number, inner)

    def _event(self, number: int, line: bytes) -> Iterator[Damage]:
        try:
            envelope = decode_line(line)
        except UnknownEvent:
            self._excused += 1
            yield Damage(self._path, number, "an event that this nanodeck does not know", NEWER)
            return
        yield from self._order(number, envelope.n, seal_of(line))
        yield from self._pairing(number, envelope)

    def _order(self, number: int, n: int, seal: bytes) -> Iterator[Damage]:
        if self._seals.get(n) == seal:
            yield self._damage(number, f"event {n} is there twice")
            return
        if n <= self._last and n in self._seals:
            yield self._damage(number, f"two events have the number {n}")
        elif n < self._last:
            yield self._damage(number, f"event {n} comes after event {self._last}")
        elif (missing := n - self._last - 1) > self._excused:
            yield self._damage(number, f"missing before event {n}: {counted(missing, 'event')}")
        if n > self._last:
            self._excused = 0
        self._seals[n] = seal
        self._last = max(self._last, n)

    def _pairing(self, number: int, envelope: Envelope) -> Iterator[Damage]:
        match envelope.event:
            case ReplyEnded(message=message):
                self._open |= {f"{envelope.agent} {call.id}": number for call in message.calls}
            case ToolEnded(call=call):
                self._open.pop(f"{envelope.agent} {call}", None)
            case TurnStarted():
                # A process that was killed left them open: they count as interrupted.
                for call in self._left_open(envelope.agent):
                    del self._open[call]
            case TurnEnded():
                for call in self._left_open(envelope.agent):
                    yield self._damage(
                        self._open.pop(call), f"the call {call.split(' ', 1)[1]} has no result"
                    )

    def _left_open(self, agent: str) -> list[str]:
        return [call for call in self._open if call.startswith(f"{agent} ")]

    def _damage(self, number: int, what: str) -> Damage:
        return Damage(self._path, number, what)
