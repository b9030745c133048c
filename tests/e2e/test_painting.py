"""What reaches the terminal: nothing that is on its screen already, everything when that is lost."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Semaphore

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo terminals are POSIX", allow_module_level=True)

from tests.e2e.deck_in_pty import READY, DeckInPty
from tests.support.frames import sent_again
from tests.support.model_server import ModelServer, Reply
from tests.support.terminal import PATIENCE

PIECES = [
    "# The parser learns another form\n\nIt keeps *every* byte that it does **not** ",
    "understand, 漢字 and 👩\u200d💻 and ⚠ as well: mark0",
    *(
        part.format(number)
        for number in range(1, 9)
        for part in (
            "\n\n| field | bytes |\n|---|---:|\n| head{0} | 4 |\n\n```python\ndef read(data):  # mark{0}",
            "\n    return Form(data[4:])\n```\n\n- the header\n- the body tail{0}",
        )
    ),
]
MARKS = ["not", "mark0", *(f"{word}{number}" for number in range(1, 9) for word in ("mark", "tail"))]


class Dosed(list[str]):
    """Pieces of a reply that are sent one by one, each when it is asked for."""

    def __init__(self, pieces: list[str]) -> None:
        super().__init__(pieces)
        self.more = Semaphore(0)

    def __iter__(self) -> Iterator[str]:
        for piece in super().__iter__():
            self.more.acquire(timeout=PATIENCE)
            yield piece


def test_u4_a_row_that_did_not_change_is_never_sent_again_and_a_lost_screen_is_drawn_whole(
    tmp_path: Path,
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    pieces = Dosed(PIECES)
    with (
        ModelServer(Reply(pieces)) as server,
        DeckInPty(tmp_path, folder=project, OPENAI_BASE_URL=server.url, MODEL="scripted") as deck,
    ):
        deck.wait_for(READY)
        deck.rest()
        before = bytes(deck.raw)
        deck.ask("go")
        for mark in MARKS:
            pieces.more.release()
            deck.wait_for(mark)
        deck.wait_for("100 in")
        deck.wait_for(READY)
        deck.rest()
        assert sent_again(before, bytes(deck.raw[len(before) :])) == []
        filled = [number for number, line in enumerate(deck.lines) if line]
        deck.draw(b"\x1b[2J")
        assert MARKS[-1] not in deck.text
        # The same size once more is all that a program hears of a terminal that was lost and found.
        deck.kill(signal.SIGWINCH)
        deck.wait_until(lambda: all(deck.lines[number] for number in filled), "every line that was there")
        assert MARKS[-1] in deck.text
