"""What a program writes to its terminal, looked at piece by piece."""

from __future__ import annotations

import re

import pyte

PLACED = re.compile(rb"(?=\x1b\[\d+;\d+H)")


def sent_again(before: bytes, streamed: bytes, columns: int = 120, rows: int = 40) -> list[bytes]:
    """The pieces of rows in `streamed` that changed nothing on the screen that `before` had left."""
    screen = pyte.Screen(columns, rows)
    stream = pyte.ByteStream(screen)
    stream.feed(before)
    idle = []
    for piece in PLACED.split(streamed):
        shown = {y: dict(row) for y, row in screen.buffer.items()}
        stream.feed(piece)
        if len(piece) > len(b"\x1b[40;120H") and shown == {y: dict(row) for y, row in screen.buffer.items()}:
            idle.append(piece)
    return idle
