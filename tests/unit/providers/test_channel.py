"""One connection: answers however they are cut, what ends it, what keeps it for the next request."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from itertools import pairwise

import h11
import pytest
from hypothesis import given, strategies as st

from nanodeck.providers.channel import HEAD_LIMIT, HELD_LIMIT, Channel, Origin

ORIGIN = Origin("host", 80, None)
PIECES = (b"one", b"\r\n", b"x" * 500)
WHOLE = b"".join(PIECES)
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in PIECES)
    + b"0\r\n\r\n"
)
COUNTED = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(WHOLE), WHOLE)
UNTIL_CLOSED = b"HTTP/1.0 200 OK\r\n\r\n" + WHOLE


class Wire(asyncio.Transport):
    """The other side of a channel, by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.reading = True
        self.aborted = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep what is sent."""
        self.sent += bytes(data)

    def pause_reading(self) -> None:
        """Nothing more is wanted."""
        self.reading = False

    def resume_reading(self) -> None:
        """More is wanted."""
        self.reading = True

    def abort(self) -> None:
        """Hang up."""
        self.aborted = True


def connected() -> tuple[Channel, Wire]:
    channel, wire = Channel(ORIGIN), Wire()
    channel.connection_made(wire)
    return channel, wire


def hear(channel: Channel, *pieces: bytes, end: bool = False) -> None:
    """Let the channel hear `pieces` one after the other, each in a turn of the loop of its own."""

    def say(left: Sequence[bytes]) -> None:
        if left:
            channel.data_received(left[0])
            asyncio.get_running_loop().call_soon(say, left[1:])
        elif end:
            channel.connection_lost(None)

    asyncio.get_running_loop().call_soon(say, pieces)


async def answer_of(channel: Channel) -> tuple[int, bytes]:
    head = await channel.ask(b"POST", b"/v1/x", [(b"Host", b"host"), (b"Content-Length", b"4")], b"body")
    body = b""
    while data := await channel.body():
        body += data
    return head.status_code, body


def cut(data: bytes, places: Iterable[int]) -> list[bytes]:
    borders = [0, *sorted({place % len(data) for place in places} - {0}), len(data)]
    return [data[first:last] for first, last in pairwise(borders)]


@given(st.sampled_from([CHUNKED, COUNTED, UNTIL_CLOSED]), st.lists(st.integers(0, 2000), max_size=6))
async def test_an_answer_is_whole_however_it_is_cut(answer: bytes, places: list[int]) -> None:
    channel, _ = connected()
    hear(channel, *cut(answer, places), end=answer == UNTIL_CLOSED)
    assert await answer_of(channel) == (200, WHOLE)
    assert channel.rest() == (answer != UNTIL_CLOSED)


async def test_a_request_goes_out_whole_and_at_once() -> None:
    channel, wire = connected()
    hear(channel, COUNTED)
    await answer_of(channel)
    head, _, body = wire.sent.partition(b"\r\n\r\n")
    assert head.split(b"\r\n")[0] == b"POST /v1/x HTTP/1.1"
    assert body == b"body"


async def test_one_connection_carries_one_request_after_the_other() -> None:
    channel, _ = connected()
    for _ in range(3):
        hear(channel, CHUNKED)
        assert await answer_of(channel) == (200, WHOLE)
        assert channel.rest()
        assert channel.usable


async def test_what_comes_before_the_answer_itself_is_passed_over() -> None:
    channel, _ = connected()
    hear(channel, b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\n\r\n" + COUNTED)
    assert await answer_of(channel) == (200, WHOLE)


@pytest.mark.parametrize("spoken", [b"", b"HTTP/1.1 200 O"])
async def test_a_server_that_hangs_up_without_an_answer_is_a_broken_connection(spoken: bytes) -> None:
    channel, _ = connected()
    hear(channel, *filter(None, [spoken]), end=True)
    with pytest.raises(ConnectionResetError):
        await answer_of(channel)
    assert channel.heard == bool(spoken)
    assert not channel.rest()


@pytest.mark.parametrize("answer", [CHUNKED, COUNTED], ids=["chunked", "counted"])
async def test_a_body_that_is_cut_is_an_error(answer: bytes) -> None:
    channel, _ = connected()
    hear(channel, answer[:-100], end=True)
    with pytest.raises(h11.RemoteProtocolError):
        await answer_of(channel)
    assert not channel.rest()


async def test_what_came_before_a_break_is_given_first() -> None:
    channel, _ = connected()
    await_head = asyncio.create_task(channel.ask(b"GET", b"/", [(b"Host", b"host")], b""))
    hear(channel, CHUNKED[:-100])
    await await_head
    channel.connection_lost(OSError("cut"))
    assert await channel.body()
    with pytest.raises(OSError, match="cut"):
        await channel.body()


@pytest.mark.parametrize(
    "answer",
    [b"\x16\x03\x01nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"y" * HEAD_LIMIT],
    ids=["another protocol", "a head without end"],
)
async def test_what_is_no_http_is_an_error(answer: bytes) -> None:
    channel, _ = connected()
    hear(channel, answer)
    with pytest.raises(h11.RemoteProtocolError):
        await answer_of(channel)


async def test_a_silent_server_is_given_up() -> None:
    channel, _ = connected()
    channel.silence = 0
    with pytest.raises(TimeoutError):
        await answer_of(channel)


async def test_a_server_that_speaks_unasked_is_not_asked_again() -> None:
    channel, _ = connected()
    hear(channel, CHUNKED)
    await answer_of(channel)
    assert channel.rest()
    channel.data_received(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
    assert not channel.usable


async def test_an_answer_with_something_behind_it_is_the_last_of_its_connection() -> None:
    channel, _ = connected()
    hear(channel, COUNTED + b"HTTP/1.1 200")
    assert await answer_of(channel) == (200, WHOLE)
    assert not channel.rest()


async def test_a_flood_waits_with_the_server_until_it_is_taken() -> None:
    channel, wire = connected()
    size = HELD_LIMIT + 1
    hear(channel, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
    await channel.ask(b"GET", b"/", [(b"Host", b"host")], b"")
    channel.data_received(b"x" * size)
    assert not wire.reading
    assert len(await channel.body()) == size
    assert wire.reading


async def test_hanging_up_drops_what_is_still_to_be_sent() -> None:
    channel, wire = connected()
    channel.close()
    assert wire.aborted
