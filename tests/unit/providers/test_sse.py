"""The SSE reader: any bytes, cut anywhere."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.errors import ModelError
from nanodeck.providers.sse import SseEvent, SseReader
from tests.unit.providers.streams import Cut, bytewise, every_cut, whole

BODIES = {
    "plain": (b"data: one\n\ndata: two\n\n", ["one", "two"]),
    "crlf": (b"data: one\r\n\r\ndata: two\r\n\r\n", ["one", "two"]),
    "cr": (b"data: one\r\rdata: two\r\r", ["one", "two"]),
    "mixed ends": (b"data: one\r\n\ndata: two\n\r\n", ["one", "two"]),
    "no blank after colon": (b"data:one\n\ndata:  two\n\n", ["one", " two"]),
    "comments": (b": hello\n\n: keep-alive\ndata: one\n: more\n\n", ["one"]),
    "comment and blank after id": (b"id: 7\n: x\n\ndata: one\n\n", ["one"]),
    "empty data": (b"data:\n\ndata: \n\ndata: one\n\n", ["one"]),
    "field without colon": (b"data\n\nretry\ndata: one\n\n", ["one"]),
    "many data lines": (b"data: one\ndata: two\n\n", ["one\ntwo"]),
    "byte order mark": (b"\xef\xbb\xbfdata: one\n\n", ["one"]),
    "no blank line at the end": (b"data: one\n\ndata: two\n", ["one", "two"]),
    "no line end at the end": (b"data: one\n\ndata: two", ["one", "two"]),
    "characters of several bytes": ("data: né 𝄞 日本\n\n".encode(), ["né 𝄞 日本"]),
    "other line separators are text": (
        "data: a\u2028b\x0bc\x0cd\x85e\n\n".encode(),
        ["a\u2028b\x0bc\x0cd\x85e"],
    ),
    "wrong bytes": (b"data: a\xff\xc3\n\n", ["a\ufffd\ufffd"]),
    "blank lines first": (b"\n\r\n\rdata: one\n\n", ["one"]),
}


def read(pieces: list[bytes]) -> list[SseEvent]:
    reader = SseReader()
    return [event for piece in pieces for event in reader.feed(piece)] + reader.end()


@every_cut
@pytest.mark.parametrize("name", BODIES)
def test_events_are_read_however_they_are_cut(name: str, cut: Cut) -> None:
    body, expected = BODIES[name]
    assert [event.data for event in read(cut(body))] == expected


def test_an_event_has_its_name_and_the_next_one_has_none() -> None:
    events = read([b"event: error\ndata: one\n\ndata: two\n\n"])
    assert [(event.name, event.data) for event in events] == [("error", "one"), ("", "two")]


def test_only_what_the_end_completed_is_marked_as_last() -> None:
    assert [event.last for event in read([b"data: one\n\ndata: two\n"])] == [False, True]


@pytest.mark.parametrize("body", [b'{"error": {\n"message": "no"}}\n', b"  <html>\n\nhi</html>", b"\n[1]"])
def test_a_body_that_is_no_stream_comes_as_one_plain_event(body: bytes) -> None:
    for pieces in (whole(body), bytewise(body)):
        (event,) = read(pieces)
        assert event.plain
        assert event.data.split() == body.decode().split()


def test_an_event_above_the_limit_is_a_protocol_error() -> None:
    reader = SseReader(limit=1000)
    reader.feed(b"data: " + b"x" * 20 + b"\n")
    with pytest.raises(ModelError) as caught:
        reader.feed((b"data: " + b"x" * 20 + b"\n") * 40)
    assert caught.value.kind == "protocol"


def test_a_line_that_never_ends_is_a_protocol_error() -> None:
    reader = SseReader(limit=1000)
    for _ in range(100):
        reader.feed(b"data: 1234")
    with pytest.raises(ModelError):
        reader.feed(b"5")


def test_comments_may_go_on_for_ever() -> None:
    reader = SseReader(limit=1000)
    for _ in range(200):
        assert reader.feed(b": still here\n") == []
    assert [event.data for event in reader.feed(b"data: one\n\n")] == ["one"]


def _cut(body: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(body) + 1) for place in places), len(body)]
    return [body[start:end] for start, end in itertools.pairwise(edges)]


_PIECES = st.sampled_from(
    [
        b"data: x",
        b"data:",
        b"event: e",
        b"\n",
        b"\r",
        b"\r\n",
        b": c",
        b"\xef\xbb\xbf",
        b"\xff",
        b"{",
        b"<",
        b"id",
        b"\xc3",
    ]
)


@given(st.lists(_PIECES, max_size=30).map(b"".join), st.lists(st.integers(0, 200), max_size=6))
@settings(max_examples=200, deadline=None)
def test_what_is_read_does_not_depend_on_the_cuts(body: bytes, places: list[int]) -> None:
    assert read(_cut(body, places)) == read([body])


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=6))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_without_an_exception(body: bytes, places: list[int]) -> None:
    assert read(_cut(body, places)) == read([body])
