"""From a key to its letter on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from time import monotonic

from tests.performance.bench import LETTERS, Bench
from tests.performance.children import PATIENCE, RawTerminal
from tests.performance.material import FIRST_ROW
from tests.performance.rows import Budget, Floor, Row

KEY_SECONDS = 0.07
ERASE = "\x7f"
PACED = "paced-2000"


def keys(bench: Bench) -> list[Row]:
    """At rest and while a reply streams."""
    seconds = len(bench.times(120)) * KEY_SECONDS
    with bench.floor("bare_prompt.py") as program:
        program.seen("the mark")
        program.rest()
        bare = tuple(typed(program, seconds))
    with bench.started() as deck:
        rest = tuple(typed(deck, seconds))
    with bench.started(model=PACED) as deck:
        deck.send("go\r")
        deck.seen(FIRST_ROW)
        streaming = tuple(typed(deck, seconds))
    floor = Floor("a bare Textual app with a TextArea, at rest", bare)
    return [
        *_echoes("at rest", rest, floor, Budget(10)),
        *_echoes("while streaming at 200 tokens/s", streaming, floor, Budget(25, goal=18)),
    ]


def _echoes(when: str, values: tuple[float, ...], floor: Floor, of_the_worst: Budget) -> list[Row]:
    return [
        Row(f"key echo {when}, p{percent:.0f}", "ms", values, (floor,), percent=percent, budget=budget)
        for percent, budget in ((50.0, None), (95.0, None), (99.0, of_the_worst))
    ]


def typed(terminal: RawTerminal, seconds: float) -> Iterator[float]:
    """Type letter after letter, taking each back, so that the next one is new on the screen; ms of each.

    A letter that never comes is an error.
    """
    end, letters = monotonic() + seconds, cycle(LETTERS)
    while monotonic() < end:
        letter = next(letters)
        yield terminal.echo(letter)
        terminal.pause(KEY_SECONDS / 2)
        terminal.send(ERASE)
        # Keys that arrive together change places in a stock text area, which the floor has.
        terminal.read(PATIENCE)
        terminal.pause(KEY_SECONDS / 2)
