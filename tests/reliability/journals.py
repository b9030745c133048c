"""F3 and F23: journals damaged in every way are read but for what was hit, and every damage is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from nanodeck.contracts import events as ev
from nanodeck.contracts.events import Envelope, Event
from nanodeck.contracts.messages import AssistantMessage, CallPart, TextPart, ToolMessage, UserMessage
from nanodeck.contracts.model import Usage
from nanodeck.store.fsck import check_journal
from nanodeck.store.journal import EVENTS_FILE, read_journal
from nanodeck.store.lines import encode_line
from tests.reliability.figure import Figure, Score

_WORDS = ("words", "é 漢 \u202e", "[red]", "\\n", '{"v":1,"n":9', "x" * 300)


def _turn(dice: Random, number: int) -> list[Event]:
    """A turn with a reply, a call and its result."""
    call = CallPart(f"call-{number}", "read", '{"path": "a.py"}')
    reply = AssistantMessage((TextPart(dice.choice(_WORDS)), call), finish="calls")
    result = ToolMessage(call.id, "read", dice.choice(_WORDS), True)
    return [
        ev.TurnStarted(f"turn-{number}"),
        ev.MessageSent(f"message-{number}", UserMessage(dice.choice(_WORDS))),
        ev.ReplyEnded(f"reply-{number}", reply, Usage(), 1.0),
        ev.ToolStarted(call.id, "read", "read a.py"),
        ev.ToolEnded(call.id, "read", "read a.py", result, "ok", "1 line", 0.1),
        ev.TurnEnded(f"turn-{number}", "done", Usage(), 2.0),
    ]


def _good(dice: Random) -> list[bytes]:
    """The lines of a session as it was written."""
    events = [event for number in range(dice.randint(1, 6)) for event in _turn(dice, number)]
    return [encode_line(Envelope(n, 1.0, "s", "main", event)) for n, event in enumerate(events, 1)]


def _flipped(dice: Random, lines: list[bytes]) -> bytes:
    data = bytearray(b"".join(lines))
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(data)


def _dropped(dice: Random, lines: list[bytes]) -> bytes:
    at = dice.randrange(len(lines) - 1)
    return b"".join(lines[:at] + lines[at + 1 :])


def _repeated(dice: Random, lines: list[bytes]) -> bytes:
    at = dice.randrange(len(lines))
    return b"".join(lines[: at + 1] + lines[at:])


def _swapped(dice: Random, lines: list[bytes]) -> bytes:
    at = dice.randrange(len(lines) - 1)
    return b"".join([*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]])


def _zeroed(dice: Random, lines: list[bytes]) -> bytes:
    data = bytearray(b"".join(lines))
    start = dice.randrange(len(data))
    length = min(dice.randint(1, 4096), len(data) - start)
    data[start : start + length] = bytes(length)
    return bytes(data)


def _marked(dice: Random, lines: list[bytes]) -> bytes:
    return b"\xef\xbb\xbf" + b"".join(lines)


def _cut(dice: Random, lines: list[bytes]) -> bytes:
    """Cut anywhere but between two lines, which is how a journal looks that was simply left there."""
    data = b"".join(lines)
    at = dice.randrange(max(1, len(data) - 4096), len(data))
    return data[: at - 1] if data[at - 1 : at] == b"\n" else data[:at]


def _newer(dice: Random, lines: list[bytes]) -> bytes:
    from zlib import crc32

    at = dice.randrange(len(lines))
    body = lines[at].replace(b'{"v":1,', b'{"v":2,', 1)[: -len(b',"crc":"01234567"}\n')]
    return b"".join([*lines[:at], b'%b,"crc":"%08x"}\n' % (body, crc32(body)), *lines[at + 1 :]])


_DAMAGES: tuple[Callable[[Random, list[bytes]], bytes], ...] = (
    _flipped,
    _dropped,
    _repeated,
    _swapped,
    _zeroed,
    _marked,
    _cut,
    _newer,
)


def _lost(dice: Random, trials: int) -> Score:
    """Whether what was hit is all that is lost."""
    score = Score()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(trials):
            lines = _good(dice)
            damage = _DAMAGES[number % len(_DAMAGES)]
            data = damage(dice, lines)
            (folder / EVENTS_FILE).write_bytes(data)
            read = [envelope.n for envelope in read_journal(folder).envelopes]
            kept = [n for n, line in enumerate(lines, 1) if line.rstrip(b"\n") in data]
            lost = set(kept) - set(read)
            wrong = lost or read != sorted(set(read))
            score.add(f"{damage.__name__}: {sorted(lost)} lost of {len(lines)}, read {read}" if wrong else "")
    return score


def _found(dice: Random, trials: int) -> Score:
    """Whether every damage is found, and none where there is none."""
    score = Score()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(trials):
            lines = _good(dice)
            (folder / EVENTS_FILE).write_bytes(b"".join(lines))
            alarms = check_journal(folder)
            score.add(f"false alarm: {alarms[0]}" if alarms else "")
            damage = _DAMAGES[number % len(_DAMAGES)]
            (folder / EVENTS_FILE).write_bytes(damage(dice, lines))
            score.add("" if check_journal(folder) else f"{damage.__name__} was not found")
    return score


READ = Figure("F3", "a damaged journal loses the lines that were hit and no other", _lost, 160, 5_000)
CHECKED = Figure("F23", "every damage of a journal is found, none where there is none", _found, 160, 5_000)
