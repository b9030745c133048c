"""Tool calls put together from the pieces of a stream, whatever the server does to index and id."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct, field

from nanodeck.contracts.messages import CallPart
from nanodeck.contracts.model import CallDelta
from nanodeck.providers.scalars import ScalarStream, scalar_text

_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def make_call_id() -> str:
    """A fresh id in the narrowest form any server takes: nine letters and digits."""
    return "".join(random.choices(_ALPHABET, k=9))


class _OpenCall(Struct):
    id: str
    given: str
    index: int | None
    name: str = ""
    pieces: list[str] = field(default_factory=list)
    size: int = 0
    told: int = 0
    scalars: ScalarStream = field(default_factory=ScalarStream)

    @property
    def arguments(self) -> str:
        """The arguments so far."""
        return "".join(self.pieces)

    @property
    def whole(self) -> bool:
        """Whether the arguments so far are one JSON object, so that nothing can follow."""
        last = self.pieces[-1].rstrip() if self.pieces else ""
        # Servers that repeat the name have this asked with every piece: most settle it by their end.
        return self.size > 1 and last[-1:] in ("}", "") and isinstance(_parsed(self.arguments), dict)

    def add(self, text: str) -> None:
        """Append to the arguments."""
        if text:
            self.pieces.append(text)
            self.size += len(text)

    def repeats(self, text: str) -> bool:
        """Whether `text` is all of the finished arguments once more."""
        return len(text) == self.size and text == self.arguments and self.whole


class CallAssembler:
    """Collects `tool_calls` deltas into calls.

    A piece belongs to the call with its index; a new id, or a name after whole arguments, opens
    another call. Ids already `used` in the session are replaced.
    """

    def __init__(self, used: Iterable[str], make_id: Callable[[], str] = make_call_id) -> None:
        self._used = set(used)
        self._make_id = make_id
        self._calls: list[_OpenCall] = []

    def feed(self, pieces: Iterable[dict[str, Any]]) -> list[CallDelta]:
        """Take a delta's `tool_calls`; what can be told of the calls so far."""
        told: list[CallDelta] = []
        named: set[str] = set()
        for piece in pieces:
            function = piece.get("function")
            function = function if isinstance(function, dict) else piece
            name = scalar_text(function["name"]) if isinstance(function.get("name"), str) else ""
            arguments = _arguments_text(function.get("arguments"))
            given = piece["id"] if isinstance(piece.get("id"), str) else ""
            index = _index(piece.get("index"))
            if not (name or arguments or given):
                continue
            # Two names of one delta without index or id can only be two calls.
            apart = bool(name and named and not given and index is None)
            call = None if apart else self._find(given, index, name, arguments)
            call = call or self._open(given, index)
            named.add(name)
            told += self._take(call, given, name, arguments)
        return told

    def end(self) -> list[CallDelta]:
        """What was not told yet, once the stream ended properly."""
        for call in self._calls:
            call.add(call.scalars.end())
        self._calls = [call for call in self._calls if call.name or call.arguments.strip()]
        for call in self._calls:
            call.name = call.name or "unknown"
        return [delta for call in self._calls for delta in _tell(call)]

    def parts(self) -> tuple[CallPart, ...]:
        """The calls in the order they were opened."""
        return tuple(CallPart(call.id, call.name, call.arguments) for call in self._calls)

    def _find(self, given: str, index: int | None, name: str, arguments: str) -> _OpenCall | None:
        """The open call that a piece continues."""
        places = [call for call in self._calls if index is None or call.index == index]
        if not places:
            return None
        same = [call for call in places if given and call.given == given]
        last = same[-1] if same else places[-1]
        if given and last.given and not same and (name or last.whole):
            # Some servers make up an id for every piece, so an id alone does not start a call.
            return None
        another = name and arguments.strip() and last.whole and not last.repeats(arguments)
        return None if another else last

    def _open(self, given: str, index: int | None) -> _OpenCall:
        name = scalar_text(given)
        while not name or name in self._used:
            name = self._make_id()
        self._used.add(name)
        call = _OpenCall(name, given, index)
        self._calls.append(call)
        return call

    def _take(self, call: _OpenCall, given: str, name: str, arguments: str) -> list[CallDelta]:
        call.given = call.given or given
        _add_name(call, name)
        arguments = call.scalars.feed(arguments)
        if not call.repeats(arguments):
            call.add(arguments)
        return _tell(call) if call.name and call.size else []


def _tell(call: _OpenCall) -> list[CallDelta]:
    """The pieces nobody was told of; a call without arguments is told once."""
    news = "".join(call.pieces[call.told :])
    if not news and call.told:
        return []
    call.told = max(1, len(call.pieces))
    return [CallDelta(call.id, call.name, news)]


def _add_name(call: _OpenCall, name: str) -> None:
    if name.startswith(call.name):
        call.name = name
    elif name and not call.name.endswith(name):
        call.name += name


def _arguments_text(given: Any) -> str:
    if given is None or isinstance(given, str):
        return given or ""
    return json.dumps(given, ensure_ascii=False, separators=(",", ":"))


def _index(given: Any) -> int | None:
    if isinstance(given, str) and given.isascii() and given.isdigit():
        return int(given[:9])
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
