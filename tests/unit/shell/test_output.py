"""Output as text: nothing is cut in two, progress settles, the whole is kept."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.text import clean
from nanodeck.shell.output import KeptText, LiveText, StreamText, settle
from nanodeck.shell.pages import Pages

LETTERS = ["a", "é", "漢", "🙂", "\n", "\r\n", "x y"]
ESCAPES = ["\x1b[31m", "\x1b]0;title\x07", "\x1b]8;;x\x1b\\", "\x1b[2K"]
TEXTS = st.lists(st.sampled_from(LETTERS + ESCAPES), max_size=30).map("".join)
PROGRESS = st.lists(st.sampled_from([*LETTERS, *ESCAPES, "\r"]), max_size=30).map("".join)


def fed(data: bytes, cuts: list[int]) -> list[str]:
    stream = StreamText()
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    parts = [stream.feed(data[start:end]) for start, end in pairwise(edges)]
    return [*parts, stream.feed(b"", final=True)]


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.lists(st.integers(0, 500), max_size=20))
def test_pieces_cleaned_one_by_one_are_the_whole_cleaned(text: str, cuts: list[int]) -> None:
    parts = fed(text.encode(), cuts)
    assert "".join(parts) == text
    assert "".join(map(clean, parts)) == clean(text)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.lists(st.integers(0, 60), max_size=10))
def test_any_bytes_become_text(data: bytes, cuts: list[int]) -> None:
    assert "".join(fed(data, cuts)) == data.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("10%\r50%\r100%\n", "100%\n"),
        ("\r10%\r50%", "50%"),
        ("50%\r\x1b[K", "50%"),
        ("one\r\ntwo\r\n", "one\ntwo\n"),
        ("one\r\r\ntwo", "one\ntwo"),
        ("\x1b[32mok\x1b[0m \x07", "ok ␇"),
        ("\r\r\n", "\n"),
    ],
)
def test_a_line_settles_in_its_last_state(text: str, settled: str) -> None:
    assert settle(text) == settled


@settings(max_examples=150, deadline=None)
@given(PROGRESS, st.lists(st.integers(0, 500), max_size=20), st.integers(0, 400))
def test_what_is_kept_does_not_depend_on_how_it_arrived(
    tmp_path_factory: pytest.TempPathFactory, text: str, cuts: list[int], limit: int
) -> None:
    kept = KeptText(tmp_path_factory.mktemp("kept") / "whole.txt", limit)
    for part in fed(text.encode(), cuts):
        kept.add(part)
    kept.finish()
    whole = settle(text)
    if len(whole.encode()) <= limit:
        assert kept.text() == whole
        assert not kept.path.exists()
    else:
        assert kept.path.read_text() == whole
        assert len(kept.text().encode()) <= limit


async def test_live_text_is_passed_on_a_frame_at_a_time() -> None:
    heard: list[str] = []
    live = LiveText(heard.append)
    for number in range(100):
        live.add(f"{number}\n")
    live.flush()
    assert heard == ["".join(f"{number}\n" for number in range(100))]


async def test_live_text_is_passed_on_without_being_asked() -> None:
    heard = asyncio.Queue[str]()
    LiveText(heard.put_nowait).add("waiting")
    assert await asyncio.wait_for(heard.get(), 60) == "waiting"


async def test_progress_is_passed_on_as_one_line_for_each_state_seen() -> None:
    heard: list[str] = []
    live = LiveText(heard.append)
    for piece in ("load", "ing 10%", "\rloading 20%\rloading 30%", "\rloading 40%\ndone", "\r\n"):
        live.add(piece)
        live.flush()
    assert "".join(heard) == "loading 10%\nloading 30%\nloading 40%\ndone\n"


async def test_of_a_flood_only_the_end_is_passed_on() -> None:
    heard: list[str] = []
    live = LiveText(heard.append)
    for number in range(100_000):
        live.add(f"line {number}\n")
    live.flush()
    assert len(heard) == 1
    assert len(heard[0]) < 100_000
    assert heard[0].startswith("…\n")
    assert heard[0].endswith("line 99999\n")


def test_the_tail_is_the_last_lines(tmp_path: Path) -> None:
    kept = KeptText(tmp_path / "whole.txt", 100, always=True)
    kept.add("".join(f"line {number}\n" for number in range(50)) + "unfinished")
    assert kept.tail(30) == "line 48\nline 49\nunfinished"
    assert kept.tail(5) == "ished"


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(alphabet="ab\né", max_size=30), max_size=6),
    st.integers(-40, 40),
    st.integers(1, 30),
)
def test_pages_of_a_growing_file_are_its_lines(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str], first: int, limit: int
) -> None:
    path = tmp_path_factory.mktemp("pages") / "grows.txt"
    path.touch()
    pages = Pages(path)
    text = ""
    for part in ("", *parts):
        text += part
        path.write_text(text, newline="")
        lines = text.removesuffix("\n").split("\n") if text else []
        page = pages.read(first, limit)
        start = max(0, len(lines) + first) if first < 0 else min(first, len(lines))
        assert (page.first, page.total) == (start, len(lines))
        assert page.text == "\n".join(lines[start : start + limit])


def test_pages_far_into_a_long_file_are_found_without_reading_it_again(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("".join(f"line {number}\n" for number in range(200_000)))
    pages = Pages(path)
    assert pages.read(-2, 10).text == "line 199998\nline 199999"
    assert pages.read(123_456, 2).text == "line 123456\nline 123457"
    assert pages.read(500_000, 2).text == ""
