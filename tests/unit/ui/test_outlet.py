"""What is written reaches the terminal whole and in order; one that is slow or gone is no error."""

from __future__ import annotations

import os
import pty
import threading
import tty
from collections.abc import Iterator

import pytest

from nanodeck.ui.outlet import MOST_WAITING, Outlet


class Line:
    """A pseudo-terminal: `ours` is the end the deck writes to."""

    def __init__(self) -> None:
        self.theirs, self.ours = pty.openpty()
        tty.setraw(self.ours)

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes of what was written."""
        data = b""
        while len(data) < size:
            data += os.read(self.theirs, size - len(data))
        return data

    def hang_up(self) -> None:
        """Nobody reads any more."""
        os.close(self.theirs)
        self.theirs = -1


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    for end in (made.theirs, made.ours):
        if end >= 0:
            os.close(end)


def test_a_terminal_that_reads_gets_it_without_a_thread(line: Line) -> None:
    outlet = Outlet(line.ours)
    before = threading.active_count()
    outlet.write("héllo")
    outlet.write(" and more")
    assert line.read(15).decode() == "héllo and more"
    assert threading.active_count() == before
    outlet.close()


def test_a_slow_terminal_gets_everything_in_order_and_nobody_waits_for_it(line: Line) -> None:
    outlet = Outlet(line.ours)
    frames = [f"{number:06d}" * 2_000 for number in range(MOST_WAITING - 1)]
    for frame in frames:
        outlet.write(frame)
    assert line.read(sum(map(len, frames))).decode() == "".join(frames)
    outlet.write("after")
    assert line.read(5) == b"after"
    outlet.close()


def test_closing_writes_what_waits(line: Line) -> None:
    outlet = Outlet(line.ours)
    text = "x" * 300_000
    got: list[bytes] = []
    outlet.write(text)
    reader = threading.Thread(target=lambda: got.append(line.read(len(text))))
    reader.start()
    outlet.close()
    reader.join()
    assert got == [text.encode()]


def test_a_terminal_that_is_gone_takes_everything(line: Line) -> None:
    outlet = Outlet(line.ours)
    outlet.write("y" * 300_000)
    line.hang_up()
    for _ in range(3 * MOST_WAITING):
        outlet.write("more")
    outlet.close()


def test_a_stopped_terminal_fills_no_memory(line: Line) -> None:
    outlet = Outlet(line.ours)
    text, count = "z" * 50_000, MOST_WAITING + 5
    written: list[int] = []

    def write() -> None:
        for number in range(count):
            outlet.write(text)
            written.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    data = line.read(len(text))
    # Of all others at most so many wait, one is being written and one has filled the terminal.
    assert len(written) <= MOST_WAITING + 3
    data += line.read(len(text) * (count - 1))
    writer.join()
    assert data == (text * count).encode()
    outlet.close()


def test_a_descriptor_that_cannot_be_opened_anew_is_written_by_the_thread() -> None:
    reading, writing = os.pipe()
    outlet = Outlet(writing)
    outlet.write("through")
    outlet.write(" a pipe")
    outlet.close()
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read() == b"through a pipe"
