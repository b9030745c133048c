"""R12: lines of a diff beside each other or below, their words, their colours, and the lines around them."""

from __future__ import annotations

from pathlib import Path

from rich.style import Style

from nanodeck_widgets.syntax import ink_of
from tests.flows.conftest import LiveStager
from tests.flows.live_deck import LiveDeck
from tests.support.model_server import ModelServer, Reply

BEFORE = '''\
FIRST = 1

def login(request):
    """Let somebody in.

    None of it is code.
    """
    limit = None
    if request:
    \tpass
    return limit
'''
EDITS = [
    {"old_string": "limit = None", "new_string": "limit = Bucket(5)"},
    {"old_string": "    \tpass", "new_string": "        pass"},
]
READ, EDIT = ("read", {"path": "a.py"}), ("edit", {"path": "a.py", "edits": EDITS})


def style_of(deck: LiveDeck, word: str) -> Style:
    """How a word is drawn, where it is on the screen first."""
    for strip in deck.app.screen._compositor.render_strips():
        for segment in strip:
            if word in segment.text and segment.style:
                return segment.style
    raise AssertionError(f"{word} is not on the screen:\n{deck.text}")


def beside(deck: LiveDeck) -> bool:
    """Whether the old and the new line are in one row."""
    return any("limit = None" in row and "limit = Bucket(5)" in row for row in deck.rows)


async def test_r12_side_by_side_where_there_is_room_with_words_and_colours(
    live: LiveStager, project: Path
) -> None:
    """R12: beside each other where there is room, below it one by one, `t` either way; words and colours."""
    (project / "a.py").write_text(BEFORE)
    with ModelServer(Reply(calls=[READ]), Reply(calls=[EDIT]), Reply(["done"])) as server:
        async with live(server, (200, 60)) as deck:
            await deck.say("edit it")
            await deck.until(lambda: bool(deck.state.requests), "the review")
            await deck.press("ctrl+x", "d")
            palette = deck.deck.diff.palette
            assert beside(deck)
            # Read alone the line begins with a keyword; in its file it is part of a text.
            string = ink_of(palette, "string").color
            await deck.until(lambda: style_of(deck, "of it is code").color == string, "colours of the file")
            assert style_of(deck, "Bucket(5)").bgcolor == palette.added_word.bgcolor
            assert style_of(deck, "return").color == ink_of(palette, "keyword").color
            await deck.press("t")
            assert not beside(deck)
            await deck.press("t", "t")
            assert beside(deck)
            assert "FIRST = 1" not in deck.text
            await deck.press(".")
            await deck.sees("FIRST = 1")
            await deck.press("W")
            assert style_of(deck, "pass").color == palette.muted.color
            for size in ((120, 40), (80, 24)):
                await deck.resize(size)
                assert not beside(deck)
            await deck.resize((120, 40))
            await deck.press("z")
            assert beside(deck)
