"""What is written to terminals of all colours, of 256, of 16 and of none."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo terminals are POSIX", allow_module_level=True)

from tests.e2e.deck_in_pty import SKELETON_DRAWN, DeckInPty

UNDERLINED = re.compile(rb"\x1b\[([\d;]*;)?4(;[\d;]*)?m[^\x1b]*Go to the chat")
SELECTED = re.compile(rb"\x1b\[([\d;]+)m")
UNDECIDED, REMOVED, ADDED = "? undecided", "29     -     ", "    29 +     "


def colours_in(written: bytes) -> set[str]:
    """How colours were asked for: `all`, `256` or `16`."""
    kinds: set[str] = set()
    for found in SELECTED.findall(written):
        codes = found.decode().split(";")
        while codes:
            code = int(codes.pop(0) or 0)
            if code in (38, 48):
                long = codes.pop(0) == "2"
                kinds.add("all" if long else "256")
                del codes[: 3 if long else 1]
            elif 30 <= code <= 37 or 40 <= code <= 47 or 90 <= code <= 107:
                kinds.add("16")
    return kinds


def colours_of_a_review(deck: DeckInPty) -> set[str]:
    """Lead the demo to its review, all signs of which have to be there; how its colours were asked for."""
    deck.wait_for("ready")
    deck.ask("go")
    deck.wait_for("no key is pre-selected")
    deck.send("y")
    for sign in (UNDECIDED, REMOVED, ADDED):
        deck.wait_for(sign)
    return colours_in(bytes(deck.raw).partition(SKELETON_DRAWN)[2])


@pytest.mark.parametrize(
    ("colorterm", "term", "kind"),
    [("truecolor", "xterm-256color", "all"), ("", "xterm-256color", "256"), ("", "xterm", "16")],
)
def test_u9_a_review_is_drawn_in_the_colours_there_are(
    tmp_path: Path, colorterm: str, term: str, kind: str
) -> None:
    with DeckInPty(tmp_path, "-m", "demo", COLORTERM=colorterm, TERM=term) as deck:
        assert colours_of_a_review(deck) == {kind}


def test_u9_a_review_says_the_same_without_any_colour(tmp_path: Path) -> None:
    with DeckInPty(tmp_path, "-m", "demo", NO_COLOR="1") as deck:
        assert colours_of_a_review(deck) == set()
        # The row of a list that enter takes.
        deck.send("\x10")
        deck.wait_until(lambda: UNDERLINED.search(deck.raw) is not None, "an underlined row")


def test_the_deck_is_light_where_the_terminal_says_it_is(tmp_path: Path) -> None:
    with DeckInPty(tmp_path, "-m", "demo", COLORTERM="truecolor", TERM="xterm-256color") as deck:
        deck.wait_for("ready")
        assert b"\x1b]11;?" in deck.raw
        deck.send("\x1b]11;rgb:ffff/ffff/ffff\x1b\\typed")
        deck.wait_for("typed")
        deck.wait_for_bytes(b"48;2;250;250;248")
